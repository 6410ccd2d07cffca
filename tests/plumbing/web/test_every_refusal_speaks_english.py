"""What Python says in a refusal, or of a wrong cell, has its English: a half-translated sentence is worse than none."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import backend
from backend.plumbing.web.english import english

HERE = Path(backend.__file__).parent
SAYS = {"Refusal", "Fault", "ValueError", "_flag_fault"}
"""Calls whose texts reach a page."""
IDEOGRAPH = re.compile("[一-鿿]")
OUTSIDE = ("demonstration", "core/errors.py", "cli.py")
MODULES = [
    path
    for path in sorted(HERE.rglob("*.py"))
    if not any(part in str(path.relative_to(HERE)) for part in OUTSIDE)
    and IDEOGRAPH.search(path.read_text("utf-8"))
]


def _texts(call: ast.Call) -> Iterator[str]:
    """The texts among what a call is given; a value that is filled in stands as `{1}`."""
    inside: set[ast.AST] = set()
    for part in (
        part for given in [*call.args, *(word.value for word in call.keywords)] for part in ast.walk(given)
    ):
        if isinstance(part, ast.JoinedStr):
            count = 0
            text = ""
            for piece in part.values:
                inside.add(piece)
                if isinstance(piece, ast.Constant):
                    text += str(piece.value)
                else:
                    count += 1
                    text += f"{{{count}}}"
            yield text
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and part not in inside:
            yield part.value


def said(source: str) -> set[str]:
    """Every Chinese text that the calls of a module say."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    texts = {text.strip() for call in calls if getattr(call.func, "id", "") in SAYS for text in _texts(call)}
    return {text for text in texts if IDEOGRAPH.search(text)}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(HERE)))
def test_every_text_of_a_refusal_has_its_english(module: Path) -> None:
    known = {message.strip() for message in english()}
    assert said(module.read_text("utf-8")) - known == set(), "add it to backend/translations/en.po"
