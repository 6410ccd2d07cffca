"""Reads of the history, and how a change is told."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from backend.plumbing.db import db
from backend.registers.changes.models import RegisterChange

Said = Callable[[str, Any], str]


def changes_of(agency_id: int, kind: str, subject_id: int) -> list[RegisterChange]:
    """Every change of one subject, newest first."""
    query = select(RegisterChange).where(
        RegisterChange.agency_id == agency_id,
        RegisterChange.kind == kind,
        RegisterChange.subject_id == subject_id,
    )
    return list(db.session.scalars(query.order_by(RegisterChange.id.desc())))


def told(changes: list[RegisterChange], labels: Mapping[str, str], said: Said) -> list[dict[str, Any]]:
    """Changes as entries of a timeline: `labels` names the fields, `said(field, value)` spells a value."""
    return [
        {
            "at": change.at,
            "who": change.by_name,
            "what": "列入" if change.before is None else "更改",
            "icon": "circle-plus" if change.before is None else "pencil",
            "detail": "；".join([change.source, *_fields(change, labels, said)]),
        }
        for change in changes
    ]


def _fields(change: RegisterChange, labels: Mapping[str, str], said: Said) -> list[str]:
    if change.before is None:
        return []
    return [
        f"{labels.get(name, name)}：{said(name, change.before.get(name)) or '空'} → {said(name, value) or '空'}"
        for name, value in change.after.items()
    ]
