"""Changes of the entity directory: take in a file's rows, mend one entity, grant and end exemptions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, update

from backend.core.errors import (
    ALREADY_EXEMPT,
    EXEMPTION_NOT_ALLOWED,
    INVALID_INPUT,
    KEPT_BY_ANOTHER_DEPARTMENT,
    NOT_FOUND,
    REASON_TOO_SHORT,
    Refusal,
)
from backend.foundation.accounts.queries import departments_of
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability, Role
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, in_transaction, transaction
from backend.plumbing.spreadsheets import NewSheet, write_xlsx
from backend.registers.columns.rules import Comparison, Record, spelled
from backend.registers.entities.columns import cell_text, columns
from backend.registers.entities.models import Entity, EntityChange, Exemption
from backend.registers.entities.queries import (
    Filters,
    entity,
    entity_columns,
    every_entity,
    exemption_of,
    keeper_of,
)

SHORTEST_REASON = 5
_CHUNK = 1000


def take_in_entities(actor: Actor, comparison: Comparison, source: str) -> None:
    """Write a file's new and changed rows with their history, inside the caller's transaction."""
    if not in_transaction():
        raise RuntimeError("rows are taken in inside the transaction of their import")
    defaults = {column.field: column.default for column in columns({})}
    defaults["department_id"] = actor.department_id
    new = [_complete(defaults, row.values, actor) for row in comparison.new]
    for chunk in _chunks(new):
        ids = db.session.scalars(insert(Entity).returning(Entity.id, sort_by_parameter_order=True), chunk)
        _remember(actor, source, [(number, None, values) for number, values in zip(ids, chunk, strict=True)])
    for chunk in _chunks([{"id": change.id, **change.after} for change in comparison.updated]):
        for values in chunk:
            number = values.pop("id")
            db.session.execute(update(Entity).where(Entity.id == number).values(values))
    _remember(actor, source, [(change.id, change.before, change.after) for change in comparison.updated])


def mend_entity(actor: Actor, entity_id: int, entered: Mapping[str, str]) -> Entity:
    """Change one entity by hand: `entered` holds the texts of the columns to change, as in a spreadsheet cell."""
    require(actor, Capability.KEEP_ENTITIES)
    with transaction():
        found = entity(actor.agency_id, entity_id)
        _require_keeper(actor, found)
        after = _read(actor, entered)
        before = {name: getattr(found, name) for name in after}
        changed = {name: value for name, value in after.items() if value != before[name]}
        if not changed:
            return found
        before = {name: before[name] for name in changed}
        for name, value in changed.items():
            setattr(found, name, value)
        _remember(actor, "手工修改", [(found.id, before, changed)])
        record(actor, "entity.mend", "entity", found.id, before=spelled(before), after=spelled(changed))
        return found


def export_entities(actor: Actor, filters: Filters) -> bytes:
    """An .xlsx of what the filters leave, in the columns of the import; who took how much away is on the trail."""
    require(actor, Capability.KEEP_ENTITIES)
    held = every_entity(actor.agency_id, filters)
    with transaction():
        record(actor, "entities.export", "agency", actor.agency_id, after={"entities": len(held)})
    names = {department.id: department.name for department in departments_of(actor.agency_id)}
    sheet_columns = columns({})
    rows = [
        [cell_text(column.field, getattr(each, column.field), names) for column in sheet_columns]
        for each in held
    ]
    return write_xlsx([NewSheet("检查对象", [column.heading for column in sheet_columns], rows)])


def exempt(actor: Actor, entity_id: int, reason: str, valid_to: date | None) -> Exemption:
    """Put an entity on the exemption list: once drawn it is let off and replaced (003 art. 9)."""
    require(actor, Capability.GRANT_EXEMPTION)
    profile = profile_for(actor.agency_id)
    if not profile.flag("exemption.allowed"):
        raise Refusal(EXEMPTION_NOT_ALLOWED, citation=profile.cite("exemption.allowed"))
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    if valid_to is not None and valid_to < today():
        raise Refusal(INVALID_INPUT, detail="截止日期已过")
    with transaction():
        hold_chain(actor.agency_id)
        found = entity(actor.agency_id, entity_id)
        if exemption_of(actor.agency_id, entity_id, today()):
            raise Refusal(ALREADY_EXEMPT, name=found.name)
        granted = Exemption(
            agency_id=actor.agency_id,
            entity_id=found.id,
            reason=reason.strip(),
            valid_from=today(),
            valid_to=valid_to,
            approved_by_name=actor.name,
            approved_at=now(),
        )
        db.session.add(granted)
        db.session.flush()
        record(
            actor,
            "exemption.grant",
            "entity",
            found.id,
            after={"reason": granted.reason, "validTo": valid_to.isoformat() if valid_to else None},
        )
        return granted


def end_exemption(actor: Actor, entity_id: int, reason: str) -> None:
    """Take an entity off the exemption list."""
    require(actor, Capability.GRANT_EXEMPTION)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        held = exemption_of(actor.agency_id, entity_id, today())
        if held is None:
            raise Refusal(NOT_FOUND, what="免检记录")
        held.ended_at, held.ended_reason = now(), reason.strip()
        record(actor, "exemption.end", "entity", entity_id, after={"reason": held.ended_reason})


def _read(actor: Actor, entered: Mapping[str, str]) -> Record:
    known = {column.field: column for column in entity_columns(actor.agency_id)}
    asked = profile_for(actor.agency_id).words("entity.fields")
    values: Record = {}
    for name, text in entered.items():
        column = known[name]
        words = text if column.exact else text.strip()
        try:
            if words == "" and (column.required or set(column.asked_as) & set(asked)):
                raise ValueError("必填")
            values[name] = column.read(words) if words else column.default
        except ValueError as error:
            raise Refusal(INVALID_INPUT, detail=f"{column.heading}：{error}") from None
    return values


def _require_keeper(actor: Actor, found: Entity) -> None:
    keeps_all = actor.roles & {Role.ADMIN, Role.OVERSIGHT}
    if found.department_id not in (None, actor.department_id) and not keeps_all:
        raise Refusal(KEPT_BY_ANOTHER_DEPARTMENT, name=found.name, department=keeper_of(found))


def _complete(defaults: Record, values: Record, actor: Actor) -> Record:
    filled = {**defaults, **values, "agency_id": actor.agency_id}
    if filled["department_id"] is None:
        filled["department_id"] = actor.department_id
    return filled


def _remember(actor: Actor, source: str, changes: list[tuple[int, Record | None, Record]]) -> None:
    moment = now()
    rows: list[dict[str, Any]] = [
        {
            "entity_id": number,
            "at": moment,
            "by_name": actor.name,
            "source": source,
            "before": None if before is None else spelled(before),
            "after": spelled({name: value for name, value in after.items() if name != "agency_id"}),
        }
        for number, before, after in changes
    ]
    for chunk in _chunks(rows):
        db.session.execute(insert(EntityChange), chunk)


def _chunks(rows: list[Record]) -> list[list[Record]]:
    return [rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK)]
