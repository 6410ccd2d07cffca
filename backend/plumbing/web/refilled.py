"""A form that was refused comes back as it was filled in, on every page and without a script.

A refusal is shown by rendering the page again. This writes into the form that was sent what was typed into it, so that no
page has to carry each field back by hand. Passwords, files and what the page itself put into hidden fields stay as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask, Response, request
from markupsafe import escape
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

Typed = MultiDict[str, str]
_LEFT_ALONE = {"hidden", "password", "file", "submit", "button", "reset", "image"}


@dataclass
class _Piece:
    """One piece of a page as it was written: a tag with its attributes, or what stands between tags."""

    written: str
    opens: str = ""
    closes: str = ""
    given: dict[str, str | None] = field(default_factory=dict)


class _Pieces(HTMLParser):
    """A page in pieces; joined again they are the page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.all: list[_Piece] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append(_Piece(self.get_starttag_text() or "", opens=tag, given=dict(attrs)))

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        self.all.append(_Piece(f"</{tag}>", closes=tag))

    def handle_data(self, data: str) -> None:
        self.all.append(_Piece(data))

    def handle_entityref(self, name: str) -> None:
        self.all.append(_Piece(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.all.append(_Piece(f"&#{name};"))

    def handle_comment(self, data: str) -> None:
        self.all.append(_Piece(f"<!--{data}-->"))

    def handle_decl(self, decl: str) -> None:
        self.all.append(_Piece(f"<!{decl}>"))


def install(app: Flask) -> None:
    """Fill in the refused forms of `app`."""
    app.after_request(_with_what_was_typed)


def refilled(page: str, action: str, typed: Typed) -> str:
    """`page` with every form that posts to the path `action`, and holds the same hidden values, filled in as `typed`.

    Folds around such a form are opened.
    """
    pieces = _Pieces(page).all
    for first, last, folds in _forms(pieces, action):
        within = pieces[first:last]
        if _is_the_one_sent(within, typed):
            _fill(within, typed)
            for fold in folds:
                _mark(fold, "open", True)
    return "".join(piece.written for piece in pieces)


def _with_what_was_typed(response: Response) -> Response:
    refused = request.method == "POST" and response.status_code >= 400 and response.mimetype == "text/html"
    if refused and not response.direct_passthrough:
        page = refilled(response.get_data(as_text=True), request.path, _typed())
        # What the page cannot show again, because it is another one, the browser has kept (office/typed.ts).
        response.set_data(page.replace("<body ", "<body data-refused ", 1))
    return response


def _typed() -> Typed:
    try:
        return request.form
    except HTTPException:
        # What came was refused for its size or did not come whole: there is nothing to give back.
        return MultiDict()


def _forms(pieces: list[_Piece], action: str) -> Iterator[tuple[int, int, list[_Piece]]]:
    """Where each form that posts to `action` begins and ends, with the folds around it."""
    folds: list[_Piece] = []
    first = None
    for at, piece in enumerate(pieces):
        if piece.opens == "details":
            folds.append(piece)
        elif piece.closes == "details" and folds:
            folds.pop()
        elif piece.opens == "form" and (piece.given.get("method") or "").lower() == "post":
            path = urlsplit(urljoin(action, piece.given.get("action") or "")).path
            first = at if path == action else None
        elif piece.closes == "form" and first is not None:
            yield first, at, [*folds]
            first = None


def _is_the_one_sent(form: list[_Piece], typed: Typed) -> bool:
    """Forms of one action are told apart by what the page put into their hidden fields."""
    hidden = [piece.given for piece in form if piece.given.get("type") == "hidden"]
    return all((given.get("value") or "") in typed.getlist(given.get("name") or "") for given in hidden)


def _fill(form: list[_Piece], typed: Typed) -> None:
    waiting = {name: iter(values) for name, values in typed.lists()}
    chosen: list[str] | None = None
    for at, piece in enumerate(form):
        name, kind = piece.given.get("name") or "", piece.given.get("type") or "text"
        if piece.opens == "input" and kind in ("checkbox", "radio"):
            _mark(piece, "checked", (piece.given.get("value") or "on") in typed.getlist(name))
        elif piece.opens == "input" and kind not in _LEFT_ALONE and name in waiting:
            piece.given["value"] = next(waiting[name], "")
            piece.written = _tag(piece)
        elif piece.opens == "select":
            chosen = [next(waiting[name], "")] if name in waiting else None
        elif piece.opens == "option" and "value" in piece.given and chosen is not None:
            _mark(piece, "selected", (piece.given["value"] or "") in chosen)
        elif piece.opens == "textarea" and name in waiting:
            _write(form, at + 1, next(waiting[name], ""))


def _write(form: list[_Piece], at: int, text: str) -> None:
    """Text in place of what stands from `at` to the end of the field; a browser drops one line break at its beginning."""
    while form[at].closes != "textarea":
        form[at].written = ""
        at += 1
    form[at].written = f"\n{escape(text)}</textarea>"


def _mark(piece: _Piece, name: str, on: bool) -> None:
    if on:
        piece.given[name] = None
    else:
        piece.given.pop(name, None)
    piece.written = _tag(piece)


def _tag(piece: _Piece) -> str:
    said = (name if value is None else f'{name}="{escape(value)}"' for name, value in piece.given.items())
    return f"<{' '.join([piece.opens, *said])}>"
