"""Changes of the entity directory: take in a file's rows, mend one entity, grant and end exemptions."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from backend.core.errors import (
    ALREADY_EXEMPT,
    EXEMPTION_NOT_ALLOWED,
    INVALID_INPUT,
    KEPT_BY_ANOTHER_DEPARTMENT,
    MERGE_STANDS,
    NOT_FOUND,
    REASON_TOO_SHORT,
    Refusal,
)
from backend.core.masking import without_personal_numbers
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability, Role
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.bulk import insert_columns, next_ids
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, in_transaction, table_of, transaction
from backend.registers.columns.row_reader import read_text
from backend.registers.columns.rules import Comparison, GoodRow, Record, Update, spelled
from backend.registers.entities.columns import columns
from backend.registers.entities.index import INDEXED, NewPostings, move_rows
from backend.registers.entities.models import Entity, EntityChange, EntityFlag, EntitySource, Exemption
from backend.registers.entities.postings import name_key, name_keys
from backend.registers.entities.queries import (
    dated_flags,
    entity,
    entity_columns,
    exemption_of,
    keeper_of,
)
from backend.registers.entities.rules import MERGED, DatedFlag

SHORTEST_REASON = 5
BY_HAND = "手工修改"
_CHUNK = 1000


@contextmanager
def taking_in_entities(
    actor: Actor, source: str, still_at_it: Callable[[], None] = lambda: None
) -> Iterator[Callable[[Comparison], None]]:
    """An import inside the caller's transaction: the function given writes some of its rows; the index follows at the end,
    and calls `still_at_it` between its pieces."""
    if not in_transaction():
        raise RuntimeError("rows are taken in inside the transaction of their import")
    begun = EntitySource(agency_id=actor.agency_id, at=now(), by_name=actor.name, source=source)
    db.session.add(begun)
    db.session.flush()
    postings = NewPostings()

    def take_in(rows: Comparison) -> None:
        _enter(actor, rows.new, begun, postings)
        _update(actor, rows.updated, source)

    yield take_in
    postings.write(db.session.connection(), actor.agency_id, still_at_it)


def mend_entity(actor: Actor, entity_id: int, entered: Mapping[str, str]) -> Entity:
    """Change one entity by hand: `entered` holds the texts of the columns to change, as in a spreadsheet cell."""
    require(actor, Capability.KEEP_ENTITIES)
    with transaction():
        hold_chain(actor.agency_id)
        found = entity(actor.agency_id, entity_id)
        require_keeper(actor, found)
        after = _read(actor, entered)
        before = {name: getattr(found, name) for name in after}
        if "flags" in before:
            before["flags"] = dated_flags({found.id: found.flags})[found.id]
        changed = {name: value for name, value in after.items() if value != before[name]}
        if not changed:
            return found
        if "status" in changed:
            _require_unmerged(found)
        before = {name: before[name] for name in changed}
        for name, value in changed.items():
            setattr(found, name, value)
        if "flags" in changed:
            _change_flags(actor, found.id, before["flags"], changed["flags"], BY_HAND)
        remember(actor, BY_HAND, [(found.id, before, changed)])
        record(
            actor,
            "entity.mend",
            "entity",
            found.id,
            before=_for_history(before),
            after=_for_history(changed),
        )
        return found


def set_status(actor: Actor, entity_ids: Sequence[int], status: str, source: str) -> None:
    """Say of several entities what has become of them, each with its history."""
    require(actor, Capability.KEEP_ENTITIES)
    with transaction():
        hold_chain(actor.agency_id)
        for entity_id in entity_ids:
            found = entity(actor.agency_id, entity_id)
            require_keeper(actor, found)
            if found.status == status:
                continue
            _require_unmerged(found)
            before, found.status = {"status": found.status}, status
            remember(actor, source, [(found.id, before, {"status": status})])
            after = {"status": status, "source": source}
            record(actor, "entity.status", "entity", found.id, before=before, after=after)


def exempt(
    actor: Actor, entity_id: int, reason: str, valid_to: date | None, scope: Sequence[str] = ()
) -> Exemption:
    """Put an entity on the exemption list: once drawn it is let off and replaced (003 art. 9).

    `scope` holds the codes of the matters it is granted for; empty for all that an exemption may cover.
    """
    require(actor, Capability.GRANT_EXEMPTION)
    profile = profile_for(actor.agency_id)
    if not profile.flag("exemption.allowed"):
        raise Refusal(EXEMPTION_NOT_ALLOWED, profile.ground("exemption.allowed"))
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
            scope=sorted(set(scope)),
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
            after={
                "reason": granted.reason,
                "validTo": valid_to.isoformat() if valid_to else None,
                "scope": granted.scope,
            },
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
    asked = set(profile_for(actor.agency_id).words("entity.fields"))
    values: Record = {}
    for name, text in entered.items():
        column = known[name]
        try:
            values[name] = read_text(column, text, column.required or bool(set(column.asked_as) & asked))
        except ValueError as error:
            raise Refusal(
                INVALID_INPUT, detail=f"{column.heading}：{str(error).removeprefix(column.heading)}"
            ) from None
    return values


def _require_unmerged(found: Entity) -> None:
    """Only taking the merge back lets a merged entry stand again: one firm must not stand twice."""
    if found.status == MERGED:
        raise Refusal(MERGE_STANDS, name=found.name)


def require_keeper(actor: Actor, found: Entity) -> None:
    """Refuse who does not keep this entry (谁管辖、谁维护)."""
    keeps_all = actor.roles & {Role.ADMIN, Role.OVERSIGHT}
    if found.department_id not in (None, actor.department_id) and not keeps_all:
        raise Refusal(KEPT_BY_ANOTHER_DEPARTMENT, name=found.name, department=keeper_of(found))


def _enter(actor: Actor, rows: Sequence[GoodRow], source: EntitySource, postings: NewPostings) -> None:
    """New rows in bulk: their history begins with the import, which their `source_id` names."""
    if not rows:
        return
    filled = {column.field: _values_of(rows, column.field, column.default) for column in columns({})}
    keepers = [kept or actor.department_id for kept in filled["department_id"]]
    ids = next_ids(Entity, len(rows))
    whole = {
        **filled,
        "id": ids,
        "agency_id": [actor.agency_id] * len(rows),
        "department_id": keepers,
        "name_key": name_keys(filled["name"]),
        "source_id": [source.id] * len(rows),
    }
    insert_columns(Entity, whole)
    postings.add(ids, whole)
    flagged = [(number, flag) for number, held in zip(ids, whole["flags"], strict=True) for flag in held]
    open_flags(actor, flagged, source.source)


def _values_of(rows: Sequence[GoodRow], field: str, default: Any) -> list[Any]:
    if field in rows[0].values:
        return [row.values[field] for row in rows]
    return [default] * len(rows)


def _update(actor: Actor, updates: Sequence[Update], source: str) -> None:
    if not updates:
        return
    ids = [change.id for change in updates]
    held = {number: dict(zip(INDEXED, values, strict=True)) for number, *values in _indexed_columns(ids)}
    _write_changes(updates)
    moved = [(each.id, held[each.id], {**held[each.id], **each.after}) for each in updates]
    move_rows(db.session.connection(), actor.agency_id, moved)
    remember(actor, source, [(change.id, change.before, change.after) for change in updates])
    for change in updates:
        if "flags" in change.after:
            _change_flags(actor, change.id, change.before["flags"], change.after["flags"], source)


def _write_changes(updates: Sequence[Update]) -> None:
    """Changes of the same columns in one statement."""
    alike: defaultdict[tuple[str, ...], list[Record]] = defaultdict(list)
    for change in updates:
        after = dict(change.after)
        if "name" in after:
            after["name_key"] = name_key(after["name"])
        alike[tuple(after)].append({"changed": change.id, **{f"new_{name}": v for name, v in after.items()}})
    table = table_of(Entity)
    for names, rows in alike.items():
        fresh: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        db.session.execute(update(table).where(table.c.id == bindparam("changed")).values(fresh), rows)


def _indexed_columns(ids: Sequence[int]) -> Iterator[Sequence[Any]]:
    columns_read = [getattr(Entity, name) for name in INDEXED]
    for start in range(0, len(ids), _CHUNK):
        piece = ids[start : start + _CHUNK]
        yield from db.session.execute(select(Entity.id, *columns_read).where(Entity.id.in_(piece)))


def _change_flags(
    actor: Actor, entity_id: int, before: Sequence[str], after: Sequence[str], source: str
) -> None:
    """End flags that are gone or hold until another day now, and open what is new."""
    gone = [str(flag) for flag in before if flag not in after]
    if gone:
        ended = update(EntityFlag).where(
            EntityFlag.entity_id == entity_id, EntityFlag.flag.in_(gone), EntityFlag.ended_at.is_(None)
        )
        db.session.execute(ended.values(ended_at=now(), ended_reason=source))
    open_flags(actor, [(entity_id, flag) for flag in after if flag not in before], source)


def open_flags(actor: Actor, flagged: Sequence[tuple[int, str]], source: str) -> None:
    """Note flags that came with a row, as of today; open-ended where they say no last day."""
    rows = [
        {
            "agency_id": actor.agency_id,
            "entity_id": number,
            "flag": flag,
            "source": source,
            "since": today(),
            "until": flag.until if isinstance(flag, DatedFlag) else None,
            "by_name": actor.name,
            "ended_reason": "",
        }
        for number, flag in flagged
    ]
    for chunk in _chunks(rows):
        db.session.execute(insert(EntityFlag), chunk)


def remember(actor: Actor, source: str, changes: list[tuple[int, Record | None, Record]]) -> None:
    """Add to the history of entities: what was before (None for a new one) and what is now."""
    moment = now()
    rows: list[dict[str, Any]] = [
        {
            "entity_id": number,
            "at": moment,
            "by_name": actor.name,
            "source": source,
            "before": None if before is None else _for_history(before),
            "after": _for_history(after),
        }
        for number, before, after in changes
    ]
    for chunk in _chunks(rows):
        db.session.execute(insert(EntityChange), chunk)


def _for_history(values: Record) -> Record:
    """A record as the history keeps it: identity numbers only with their middle struck out."""
    kept = spelled({name: value for name, value in values.items() if name != "agency_id"})
    if "flags" in kept:
        kept["flags"] = [flag.words if isinstance(flag, DatedFlag) else flag for flag in kept["flags"]]
    if kept.get("identity_no"):
        kept["identity_no"] = without_personal_numbers(kept["identity_no"])
    return kept


def _chunks(rows: list[Record]) -> list[list[Record]]:
    return [rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK)]
