"""Whatever an action writes on the trail, a person can read it: each verb and each kind of subject has a word."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import backend
from backend.foundation.audit.words import SUBJECTS, VERBS

SOURCES = Path(backend.__file__).parent


def _recorded(position: int) -> Iterator[str]:
    """The words written as text in the calls of `record(actor, verb, on_kind, …)`, anywhere in the product."""
    for source in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and len(node.args) > 3:
                said = node.args[position]
                if isinstance(said, ast.Constant):
                    yield str(said.value)


@pytest.mark.parametrize("verb", sorted(set(_recorded(1))))
def test_a_verb_has_a_word(verb: str) -> None:
    assert VERBS[verb]


@pytest.mark.parametrize("kind", sorted(set(_recorded(2))))
def test_a_subject_has_a_word(kind: str) -> None:
    assert SUBJECTS[kind]
