"""The quick spelling of an op is the canonical one, whatever its value holds; what has none is refused by both."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.canonical_json import canonical
from backend.fieldwork.sync.envelopes import envelope_fault, spelled

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def _op(value: Any, text: str = "/record/situation") -> dict[str, Any]:
    name = "0190a000-0000-7000-8000-000000000000"
    return {
        "seq": 3,
        "id": name,
        "deviceId": name,
        "userId": 7,
        "visitId": name,
        "formSha": None,
        "kind": "note.set",
        "path": text,
        "value": value,
        "baseRev": 2**53 - 1,
        "at": {"wall": -5, "monoMs": 4, "lastServerTime": None},
        "prev": "0" * 64,
    }


@given(value=VALUES, path=TEXTS)
def test_every_value_is_spelled_as_the_canonical_writer_does(value: Any, path: str) -> None:
    op = orjson.loads(orjson.dumps(_op(value, path)))
    assert spelled(op) == canonical(op)


@pytest.mark.parametrize("value", [1.5, {"deep": [2**53]}, {"号": -(2**60)}, [1e300]])
def test_what_has_no_canonical_spelling_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"spelling|canonical"):
        spelled(_op(value))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("id", "0190A000-0000-7000-8000-000000000000"),
        ("seq", 0),
        ("seq", True),
        ("userId", 2**53),
        ("visitId", "x" * 65),
        ("formSha", "f" * 63),
        ("kind", None),
        ("path", "a\0b"),
        ("baseRev", -1),
        ("prev", "0" * 65),
        ("at", {"wall": 2**53, "monoMs": 1, "lastServerTime": None}),
        ("at", {"wall": 1, "monoMs": 1}),
        ("at", {"wall": 1, "monoMs": 1, "lastServer": 1}),
    ],
)
def test_an_envelope_that_does_not_hold_names_the_member(member: str, value: Any) -> None:
    assert envelope_fault({**_op(None), member: value}) == member


def test_an_envelope_holds_with_its_twelve_members_only() -> None:
    whole = _op({"text": "x"})
    assert envelope_fault(whole) is None
    assert envelope_fault({**whole, "more": 1}) is not None
    assert envelope_fault({name: whole[name] for name in whole if name != "at"} | {"more": 1}) == "at"
