"""Changes of the inspector directory: a file's rows, one person by hand, leaves, export."""

from collections.abc import Mapping
from datetime import date

from backend.core.errors import INVALID_INPUT, NOT_FOUND, Refusal
from backend.foundation.accounts.queries import departments_of, people_of
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import now
from backend.plumbing.db import db, in_transaction, transaction
from backend.plumbing.spreadsheets import NewSheet, write_xlsx
from backend.registers.changes.actions import remember
from backend.registers.columns.forms import read_form
from backend.registers.columns.rules import Comparison, Fault, Standing, compare, demands_of, spelled
from backend.registers.inspectors.columns import KEY_FIELD, cell_text, columns
from backend.registers.inspectors.models import Inspector, InspectorLeave
from backend.registers.inspectors.queries import (
    Filters,
    accounts_are_free,
    inspector,
    inspector_columns,
    leaves_of,
    people_in,
    record_of,
    standing_inspectors,
)
from backend.registers.inspectors.rules import LEAVES

BY_HAND = "手工填写"


def take_in_inspectors(actor: Actor, comparison: Comparison, source: str) -> None:
    """Write a file's new and changed rows, each with its audit entry, inside the caller's transaction."""
    if not in_transaction():
        raise RuntimeError("rows are taken in inside the transaction of their import")
    defaults = {column.field: column.default for column in columns({}, {})}
    for row in comparison.new:
        values = {**defaults, **row.values}
        person = Inspector(agency_id=actor.agency_id, **values)
        db.session.add(person)
        db.session.flush()
        remember(actor, "inspector", person.id, source, None, values)
        record(actor, "inspector.enter", "inspector", person.id, after={**spelled(values), "source": source})
    for change in comparison.updated:
        person = db.session.get_one(Inspector, change.id)
        for name, value in change.after.items():
            setattr(person, name, value)
        db.session.flush()
        remember(actor, "inspector", person.id, source, change.before, change.after)
        record(
            actor,
            "inspector.change",
            "inspector",
            person.id,
            before=spelled(change.before),
            after={**spelled(change.after), "source": source},
        )


def fill_in_inspector(
    actor: Actor, entered: Mapping[str, str], inspector_id: int | None = None
) -> Inspector | tuple[Fault, ...]:
    """Enter one person by hand, or change one: the same columns, checks and writes as a file's row. Faults change nothing."""
    require(actor, Capability.KEEP_INSPECTORS)
    with transaction():
        hold_chain(actor.agency_id)
        everyone = standing_inspectors(actor.agency_id)
        person = inspector(actor.agency_id, inspector_id) if inspector_id is not None else None
        others = {key: s for key, s in everyone.items() if person is None or s.id != person.id}
        profile, known = profile_for(actor.agency_id), inspector_columns(actor.agency_id)
        demands = demands_of(known, profile.words("inspector.fields"), profile.cite("inspector.fields"))
        row = read_form(known, entered, demands, KEY_FIELD, accounts_are_free(actor, others))
        if isinstance(row, tuple):
            return row
        number = row.values[KEY_FIELD]
        if number in others:
            return (Fault(KEY_FIELD, "执法证号", number, "名录里已有这个号码，请核对，或打开那个人更改"),)
        standing = {number: Standing(person.id, record_of(person))} if person else {}
        take_in_inspectors(actor, compare([row], standing, KEY_FIELD), BY_HAND)
        return inspector(actor.agency_id, standing_inspectors(actor.agency_id)[number].id)


def enter_leave(
    actor: Actor, inspector_id: int, kind: str, first: date | None, last: date | None
) -> InspectorLeave:
    """Somebody is away on these days: a draw whose whole window they miss leaves them out.

    Entered twice, it counts once.
    """
    require(actor, Capability.KEEP_INSPECTORS)
    if kind not in LEAVES or first is None or last is None or last < first:
        raise Refusal(INVALID_INPUT, detail="请选种类，写起止日期，止期不早于起期")
    with transaction():
        hold_chain(actor.agency_id)
        person = inspector(actor.agency_id, inspector_id)
        told = (kind, first, last)
        for known in leaves_of(actor.agency_id, person.id):
            if (known.kind, known.first, known.last) == told:
                return known
        leave = InspectorLeave(
            agency_id=actor.agency_id,
            inspector_id=person.id,
            kind=kind,
            first=first,
            last=last,
            entered_by_name=actor.name,
            entered_at=now(),
        )
        db.session.add(leave)
        db.session.flush()
        after = {"kind": kind, "first": first.isoformat(), "last": last.isoformat()}
        record(actor, "inspector.leave", "inspector", person.id, after=after)
        return leave


def cancel_leave(actor: Actor, leave_id: int) -> int:
    """The person is not away after all; the entry stays in the trail. Returns whose leave it was."""
    require(actor, Capability.KEEP_INSPECTORS)
    with transaction():
        leave = db.session.get(InspectorLeave, leave_id)
        if leave is None or leave.agency_id != actor.agency_id or leave.cancelled_at is not None:
            raise Refusal(NOT_FOUND, what="这次请假")
        leave.cancelled_at = now()
        before = {"kind": leave.kind, "first": leave.first.isoformat(), "last": leave.last.isoformat()}
        record(actor, "inspector.unleave", "inspector", leave.inspector_id, before=before)
        return leave.inspector_id


def export_inspectors(actor: Actor, filters: Filters) -> bytes:
    """An .xlsx of what the filters leave, in the columns of the import; who took how much away is on the trail."""
    require(actor, Capability.KEEP_INSPECTORS)
    held = people_in(actor.agency_id, filters)
    with transaction():
        after = {"people": len(held), "experts": filters.experts}
        record(actor, "inspectors.export", "agency", actor.agency_id, after=after)
    departments = {department.id: department.name for department in departments_of(actor.agency_id)}
    logins = {person.id: person.login for person in people_of(actor.agency_id)}
    known = columns({}, {})
    rows = [[cell_text(c.field, getattr(each, c.field), departments, logins) for c in known] for each in held]
    return write_xlsx([NewSheet("执法检查人员", [column.heading for column in known], rows)])
