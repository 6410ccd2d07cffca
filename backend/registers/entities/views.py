"""An entity's history in words: which column changed from what to what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from backend.registers.columns.rules import Column
from backend.registers.entities.models import EntityChange, EntitySource
from backend.registers.entities.rules import FLAGS, KINDS, STATUSES

_WORDS: dict[str, dict[str, str]] = {"kind": KINDS, "status": STATUSES}


def change_lines(
    changes: Sequence[EntityChange], columns: Sequence[Column], entry: EntitySource | None
) -> list[dict[str, str | datetime]]:
    """The changes as entries of the `timeline` part, newest first as given, down to the import it came in by."""
    labels = {column.field: column.heading for column in columns}
    entered: list[dict[str, str | datetime]] = []
    if entry is not None:
        source = f"来源：{entry.source}"
        entered = [{"at": entry.at, "who": entry.by_name, "what": "入库", "detail": source, "icon": "plus"}]
    return [
        {
            "at": change.at,
            "who": change.by_name,
            "what": "入库" if change.before is None else "更改",
            "detail": "　".join(filter(None, (_detail(change, labels), f"来源：{change.source}"))),
            "icon": "plus" if change.before is None else "pencil",
        }
        for change in changes
    ] + entered


def _detail(change: EntityChange, labels: dict[str, str]) -> str:
    if change.before is None:
        return ""
    before = change.before
    return "；".join(
        f"{labels[name]}：{_spoken(name, before[name])} → {_spoken(name, after)}"
        for name, after in change.after.items()
        if name in labels
    )


def _spoken(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(FLAGS.get(part, part)) for part in value) or "无"
    if value in (None, ""):
        return "空"
    return _WORDS[name][value] if name in _WORDS else str(value)
