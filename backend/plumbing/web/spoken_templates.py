"""Every Chinese text that stands in a template is a message: nobody has to mark it.

A template is written in plain Chinese. While it is compiled, its texts, the attributes that people read or hear and the
literals of its expressions become messages of `language.translated`. A text with expressions in it is one message,
`由{1}签字后生效`; what an expression gives is looked up too, so that a status or a label from Python speaks English. Names
and data have no entry and stay as they are. What a form sends back (`value`, a textarea) is never touched.
"""

import re
from collections.abc import Iterable

from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

CHINESE = re.compile(r"[一-鿿、。，；：（）！？“”《》]")
MARKED = {"_", "gettext", "ngettext", "translated", "_text"}
_READ_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title", "data-label", "summary"}
_PARTS = {"icon", "chip", "citation", "button", "field", "confirm", "entity_grade", "ruler", "note"}
"""Macros whose outcome stands beside a text and not in it."""
_PIECES = re.compile(r"[<>\"'=]|\s+|[^<>\"'=\s]+")

Part = str | list[Token]
"""A stretch of text, or the tokens of an expression."""


class SpokenTemplates(Extension):
    """Adds the calls that translate; installed by `language.speak`."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        return _Reader().read(list(stream))


def messages(env: Environment, source: str) -> list[str]:
    """The messages of a template's source, in their order."""
    tokens = _Reader().read(list(env.lexer.tokenize(source)))
    return [
        said.value
        for name, opened, said in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if name.type == "name" and name.value in MARKED and opened.type == "lparen" and said.type == "string"
    ]


class _Place:
    """Where in the HTML the text stands: between tags, in a tag, or in the value of one of its attributes."""

    def __init__(self) -> None:
        self.in_tag = self.has_value = False
        self.quote = self.attribute = self.tag = ""

    @property
    def is_read(self) -> bool:
        """Whether people read what stands here, and no form sends it back."""
        if self.in_tag:
            return bool(self.quote) and self.attribute in _READ_ATTRIBUTES
        return self.tag not in ("textarea", "script", "style") and (self.tag != "option" or self.has_value)

    def ends_at(self, piece: str) -> bool:
        """Whether the text that stands here ends with this piece."""
        return piece == self.quote if self.quote else self.in_tag or piece == "<"

    def pass_over(self, piece: str) -> None:
        if not self.in_tag:
            self.in_tag, self.tag, self.has_value, self.attribute = True, "", False, ""
        elif self.quote:
            self.quote = ""
        elif piece == ">":
            self.in_tag = False
        elif piece in "\"'":
            self.quote = piece
        elif piece == "=" or piece.isspace():
            pass
        elif not self.tag:
            self.tag = piece.strip("/").lower()
        else:
            self.attribute = piece.lower()
            self.has_value = self.has_value or self.attribute == "value"


class _Reader:
    """Reads the tokens of one template and writes them anew."""

    def __init__(self) -> None:
        self.place = _Place()
        self.run: list[Part] = []
        self.found: list[Token] = []

    def read(self, tokens: list[Token]) -> list[Token]:
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "data":
                self._data(token)
            elif token.type in ("variable_begin", "block_begin"):
                ends = "variable_end" if token.type == "variable_begin" else "block_end"
                last = next(n for n in range(at, len(tokens)) if tokens[n].type == ends)
                self._expression(tokens, at, last)
                at = last
            else:
                self._flush(token)
                self.found.append(token)
            at += 1
        if tokens:
            self._flush(tokens[-1])
        return self.found

    def _data(self, token: Token) -> None:
        for piece in _PIECES.findall(token.value):
            if self.place.ends_at(piece):
                self._flush(token)
                self.place.pass_over(piece)
                self._plain(token, piece)
            elif self.place.is_read:
                self.run.append(piece)
            else:
                self._plain(token, piece)

    def _expression(self, tokens: list[Token], at: int, last: int) -> None:
        block, is_read = tokens[at].type == "block_begin", self.place.is_read
        inner: list[Token] = []
        for n in range(at + 1, last):
            wrapped = (block or is_read) and tokens[n].type == "string" and _is_words(tokens, n)
            inner += _call(tokens[n], "translated") if wrapped else [tokens[n]]
        if is_read and not block:
            self.run.append(inner)
            return
        self._flush(tokens[at])
        self.found += [tokens[at], *inner, tokens[last]]

    def _flush(self, token: Token) -> None:
        """Write the texts and expressions gathered so far: those from the first to the last word as one message."""
        run, self.run = _joined(self.run), []
        words = [n for n, part in enumerate(run) if isinstance(part, str) and CHINESE.search(part)]
        if not words:
            self._beside(token, run)
            return
        first = next((n for n in range(words[0]) if _belongs(run[n])), words[0])
        last = next((n for n in range(len(run) - 1, words[-1], -1) if _belongs(run[n])), words[-1])
        self._beside(token, run[:first])
        self._message(token, run[first : last + 1])
        self._beside(token, run[last + 1 :])

    def _beside(self, token: Token, run: list[Part]) -> None:
        for part in run:
            if isinstance(part, str):
                self._plain(token, part)
            else:
                looked_up = [
                    _mark(token, *t) for t in (("rparen", ")"), ("pipe", "|"), ("name", "translated"))
                ]
                self._variable(token, [_mark(token, "lparen", "("), *part, *looked_up])

    def _message(self, token: Token, run: list[Part]) -> None:
        text, number, values = "", 0, list[Token]()
        for part in run:
            if isinstance(part, str):
                text += part
                continue
            number += 1
            text += f"{{{number}}}"
            values += [
                _mark(token, "comma", ","),
                _mark(token, "lparen", "("),
                *part,
                _mark(token, "rparen", ")"),
            ]
        words = text.strip()
        before, _, after = text.partition(words)
        self._plain(token, before)
        called = _call(_mark(token, "string", words), "_text")
        self._variable(token, [*called[:-1], *values, called[-1]])
        self._plain(token, after)

    def _variable(self, token: Token, inner: list[Token]) -> None:
        self.found += [_mark(token, "variable_begin", "{{"), *inner, _mark(token, "variable_end", "}}")]

    def _plain(self, token: Token, text: str) -> None:
        if self.found and self.found[-1].type == "data":
            text = self.found.pop().value + text
        if text:
            self.found.append(_mark(token, "data", text))


def _joined(run: list[Part]) -> list[Part]:
    joined: list[Part] = []
    for part in run:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _belongs(part: Part) -> bool:
    """Whether this is an expression in a sentence: neither a blank nor an icon or a mark beside it."""
    return not isinstance(part, str) and bool(part) and part[0].value not in _PARTS


def _is_words(tokens: list[Token], at: int) -> bool:
    """Whether a literal is there to be read, and not to be compared or looked up."""
    said, before, after, first = tokens[at], tokens[at - 1], tokens[at + 1], tokens[at - 2]
    if not CHINESE.search(said.value):
        return False
    if {before.type, after.type} & {"eq", "ne"} or after.type == "colon":
        return False
    if "in" in (before.value, after.value) or after.value == "not":
        return False
    if before.type == "lbracket" and first.type in ("name", "rbracket", "rparen"):
        return False
    return not (before.type == "lparen" and first.type == "name" and first.value in MARKED)


def _call(token: Token, name: str) -> list[Token]:
    opened, closed = _mark(token, "lparen", "("), _mark(token, "rparen", ")")
    return [_mark(token, "name", name), opened, token, closed]


def _mark(token: Token, kind: str, text: str) -> Token:
    return Token(token.lineno, kind, text)
