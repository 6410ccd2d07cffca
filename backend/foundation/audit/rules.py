"""How an entry's hash is made and how a chain is checked. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from backend.core.canonical_json import digest

FIRST = "0" * 64

HASHED = (
    "agency_id",
    "number",
    "at",
    "actor_id",
    "actor_name",
    "verb",
    "on_kind",
    "on_id",
    "before_digest",
    "after_digest",
    "detail",
    "prev",
)


def entry_hash(entry: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of every member named in `HASHED`; `at` is its ISO text."""
    return digest({name: entry[name] for name in HASHED})


def first_fault(entries: Iterable[Mapping[str, Any]], prev: str | None = FIRST, start: int = 1) -> str | None:
    """Walk one agency's entries in order; the first thing that does not hold, as a sentence, or None.

    A piece of the chain is walked from number `start`; `prev` is the hash before it, None where that is not known.
    """
    for number, entry in enumerate(entries, start=start):
        if entry["number"] != number:
            return f"第 {number} 条缺失（读到第 {entry['number']} 条）"
        if prev is not None and entry["prev"] != prev:
            return f"第 {number} 条没有接上前一条"
        if entry["hash"] != entry_hash(entry):
            return f"第 {number} 条的内容与指纹不符"
        prev = entry["hash"]
    return None
