"""Reads of the entity directory: the list with its filters, one entity with its history, exemptions."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice

from sqlalchemy import ColumnElement, and_, or_, select

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.accounts.models import Department
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.plumbing.bulk import among
from backend.plumbing.clock import today
from backend.plumbing.db import db
from backend.registers.columns.rules import Column, Fault, GoodRow, RowCheck, Standing
from backend.registers.entities.columns import KEY_FIELD, columns
from backend.registers.entities.models import (
    Entity,
    EntityChange,
    EntityFlag,
    EntityMerge,
    EntitySource,
    Exemption,
)
from backend.registers.entities.postings import facet, folded, is_exact
from backend.registers.entities.rules import DRAWABLE_STATUS, FLAGS, MERGED, DatedFlag, holds_as_long
from backend.registers.entities.search import clauses_of, count_of, ids_after, ids_before, words_of_facet

FACETS = ("grade", "region", "industry", "kind", "status", "directory", "flag", "department")
ENTITIES_AT_ONCE = 1_000
_MOST_LOOKED_AT = 2_000
_KEEPERS_OF_ALL = frozenset({Role.ADMIN, Role.OVERSIGHT})


@dataclass(frozen=True)
class Filters:
    """What the list of entities is narrowed to; an empty word narrows nothing."""

    words: str = ""
    grade: str = ""
    region: str = ""
    industry: str = ""
    kind: str = ""
    status: str = ""
    directory: str = ""
    flag: str = ""
    department_id: int | None = None

    def facets(self) -> list[str]:
        """The terms of the index that say the same."""
        asked = {**asdict(self), "department": self.department_id}
        return [facet(name, asked[name]) for name in FACETS if asked[name]]


def entity_columns(agency_id: int) -> tuple[Column, ...]:
    """The spreadsheet's columns for this agency."""
    return columns({department.name: department.id for department in departments_of(agency_id)})


def entity(agency_id: int, entity_id: int) -> Entity:
    """One entity of the agency; refused when it is not there or not theirs."""
    found = db.session.get(Entity, entity_id)
    if found is None or found.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="检查对象")
    return found


def entity_by_code(agency_id: int, code: str) -> Entity | None:
    """The agency's entry with this code, if there is one."""
    return db.session.scalar(select(Entity).where(Entity.agency_id == agency_id, Entity.code == code))


def page_of_entities(
    agency_id: int, filters: Filters, limit: int, after: int | None = None, before: int | None = None
) -> list[Entity]:
    """One page in the order of entry: what follows `after` or precedes `before`."""
    if before is not None:
        return _entities(list(islice(_ids(agency_id, filters, before, upwards=False), limit))[::-1])
    start = -1 if after is None else after
    return _entities(list(islice(_ids(agency_id, filters, start, upwards=True), limit)))


def entities_by_id(agency_id: int, ids: Sequence[int]) -> list[Entity]:
    """These entities of the agency, in the order of the ids; others are left out."""
    found = {row.id: row for row in db.session.scalars(select(Entity).where(Entity.id.in_(ids)))}
    return [found[number] for number in ids if number in found and found[number].agency_id == agency_id]


def every_entity(agency_id: int, filters: Filters) -> Iterator[Entity]:
    """All entities that the filters leave, in the order of entry, read a thousand at a time."""
    ids = _ids(agency_id, filters, -1, upwards=True)
    while piece := list(islice(ids, ENTITIES_AT_ONCE)):
        for found in _entities(piece):
            yield found
            db.session.expunge(found)


def count_entities(agency_id: int, filters: Filters) -> int:
    """How many entities the filters leave; with a word of three or more letters, at most a little too many."""
    words = filters.words.split()
    counted = count_of(agency_id, clauses_of(words, filters.facets()))
    if counted > _MOST_LOOKED_AT or all(map(is_exact, words)):
        return counted
    return sum(1 for _ in _ids(agency_id, filters, -1, upwards=True))


def regions_of(agency_id: int) -> list[str]:
    """The regions that occur in the directory."""
    return sorted(words_of_facet(agency_id, "region"))


def history_of(entity_id: int) -> list[EntityChange]:
    """Every change of an entity since it came in, newest first."""
    query = select(EntityChange).where(EntityChange.entity_id == entity_id)
    return list(db.session.scalars(query.order_by(EntityChange.id.desc())))


def entry_of(found: Entity) -> EntitySource | None:
    """The import by which an entity came in; None when it was entered by hand (then a change says so)."""
    return db.session.get(EntitySource, found.source_id) if found.source_id else None


def exemptions_on(agency_id: int, day: date) -> list[Exemption]:
    """The exemptions that hold on this day."""
    return list(db.session.scalars(select(Exemption).where(_holds(agency_id, day)).order_by(Exemption.id)))


def exempt_among(agency_id: int, ids: Sequence[int], day: date) -> set[int]:
    """Which of these entities are exempt on this day."""
    query = select(Exemption.entity_id).where(_holds(agency_id, day), Exemption.entity_id.in_(ids))
    return set(db.session.scalars(query))


def exemption_of(agency_id: int, entity_id: int, day: date) -> Exemption | None:
    """The exemption of this entity that holds on this day, if any."""
    query = select(Exemption).where(_holds(agency_id, day), Exemption.entity_id == entity_id)
    return db.session.scalar(query.limit(1))


def drawable_entities(agency_id: int) -> list[Entity]:
    """Every entity that can be in a draw at all, by code."""
    query = select(Entity).where(Entity.agency_id == agency_id, Entity.status == DRAWABLE_STATUS)
    return list(db.session.scalars(query.order_by(Entity.code)))


def standing_entities(agency_id: int, codes: Collection[str]) -> Mapping[str, Standing]:
    """The entries with these codes, for comparison with a file."""
    names = [column.field for column in columns({})]
    query = select(Entity.id, *(getattr(Entity, name) for name in names)).where(
        Entity.agency_id == agency_id, among(Entity.code, codes)
    )
    records = {number: dict(zip(names, values, strict=True)) for number, *values in db.session.execute(query)}
    flagged = {number: record["flags"] for number, record in records.items() if record["flags"]}
    for number, dated in dated_flags(flagged).items():
        records[number]["flags"] = dated
    return {record[KEY_FIELD]: Standing(number, record) for number, record in records.items()}


def dated_flags(borne: Mapping[int, Sequence[str]]) -> dict[int, list[DatedFlag]]:
    """The flags that entities bear, each with its last day: the latest where it was raised twice."""
    last: dict[tuple[int, str], date | None] = {}
    ids = list(borne)
    for start in range(0, len(ids), ENTITIES_AT_ONCE):
        for held in open_flags_of(ids[start : start + ENTITIES_AT_ONCE]):
            key = held.entity_id, held.flag
            if key not in last or holds_as_long(held.until, last[key]):
                last[key] = held.until
    return {
        number: [DatedFlag(word, until := last.get((number, word)), until is None) for word in words]
        for number, words in borne.items()
    }


def open_flags_of(ids: Sequence[int]) -> list[EntityFlag]:
    """The flags of these entities that are not ended, with who says so and how long they hold."""
    query = select(EntityFlag).where(EntityFlag.entity_id.in_(ids), EntityFlag.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(EntityFlag.id)))


def may_be_taken_in(actor: Actor, standing: Mapping[str, Standing]) -> RowCheck:
    """Refuse rows of entities that another department keeps or that were merged, and flags that do not say how long they
    hold."""
    kept, told = _kept_by_own_department(actor, standing), _flags_say_how_long(standing, today())
    return lambda row: [*_merge_stands(standing, row), *kept(row), *told(row)]


def _merge_stands(standing: Mapping[str, Standing], row: GoodRow) -> list[Fault]:
    """A file that still holds a merged entry must not let one firm stand twice again."""
    known = standing.get(row.values[KEY_FIELD])
    if known is None or known.values["status"] != MERGED or row.values.get("status", MERGED) == MERGED:
        return []
    sentence = "这一户已并入另一户：从文件里删去这一行，或先在名录里撤回合并"
    return [Fault(row.addresses[KEY_FIELD], "状态", row.values[KEY_FIELD], sentence)]


def _kept_by_own_department(actor: Actor, standing: Mapping[str, Standing]) -> RowCheck:
    """谁管辖、谁维护, unless the actor keeps all."""
    if actor.roles & _KEEPERS_OF_ALL:
        return lambda row: ()
    names = {department.id: department.name for department in departments_of(actor.agency_id)}

    def check(row: GoodRow) -> list[Fault]:
        known = standing.get(row.values[KEY_FIELD])
        keeper = known.values["department_id"] if known else None
        if keeper is None or keeper == actor.department_id:
            return []
        sentence = f"这一户由{names[keeper]}维护，请找该科室更改"
        return [Fault(row.addresses[KEY_FIELD], "维护科室", row.values[KEY_FIELD], sentence)]

    return check


def _flags_say_how_long(standing: Mapping[str, Standing], day: date) -> RowCheck:
    """A flag that the entity does not bear yet comes with its last day, or says that it has none; no new day is over."""

    def check(row: GoodRow) -> list[Fault]:
        flags: list[DatedFlag] = row.values.get("flags", [])
        if not flags:
            return []
        known = standing.get(row.values[KEY_FIELD])
        fresh = [flag for flag in flags if known is None or flag not in known.values["flags"]]
        for flag in fresh:
            if not flag.says_how_long:
                words = FLAGS[flag]
                return [
                    _flag_fault(row, f"写明到哪天为止，如“{words}至2027-03-01”；没有期限的写“{words}长期”")
                ]
            if flag.until is not None and flag.until < day:
                return [_flag_fault(row, f"{FLAGS[flag]}的截止日期 {flag.until} 已过，请删去或改正")]
        return []

    return check


def _flag_fault(row: GoodRow, sentence: str) -> Fault:
    entered = "、".join(flag.words for flag in row.values["flags"])
    return Fault(row.addresses["flags"], "标记", entered, sentence)


def gone_from(actor: Actor, codes: Collection[str]) -> Iterator[int]:
    """Entries on the register that the actor keeps and that are not among these codes."""
    query = select(Entity.id, Entity.code).where(
        Entity.agency_id == actor.agency_id, Entity.status == DRAWABLE_STATUS
    )
    if not actor.roles & _KEEPERS_OF_ALL:
        query = query.where(Entity.department_id == actor.department_id)
    for number, code in db.session.execute(query.execution_options(yield_per=ENTITIES_AT_ONCE)):
        if code not in codes:
            yield number


def standing_for(agency_id: int) -> dict[int, int]:
    """For each entry that was merged, the one that stands for it today, whatever stood between."""
    query = select(EntityMerge.merged_id, EntityMerge.kept_id).where(
        EntityMerge.agency_id == agency_id, EntityMerge.undone_at.is_(None)
    )
    kept = {row[0]: row[1] for row in db.session.execute(query)}
    found = {}
    for merged in kept:
        last = kept[merged]
        while last in kept:
            last = kept[last]
        found[merged] = last
    return found


def keeper_of(found: Entity) -> str:
    """The name of the department that keeps an entity; empty when kept in common."""
    return db.session.get_one(Department, found.department_id).name if found.department_id else ""


def _ids(agency_id: int, filters: Filters, start: int, upwards: bool) -> Iterator[int]:
    words = filters.words.split()
    clauses = clauses_of(words, filters.facets())
    found = (ids_after if upwards else ids_before)(agency_id, clauses, start)
    longer = [folded(word) for word in words if not is_exact(word)]
    return _holding(found, longer) if longer else found


def _holding(found: Iterator[int], words: Sequence[str]) -> Iterator[int]:
    """Those whose texts truly hold the words: pairs of letters may all be there and the word not."""
    looked_at = [Entity.name, Entity.code, Entity.address, Entity.principal, Entity.registration_no]
    while piece := list(islice(found, ENTITIES_AT_ONCE)):
        query = select(Entity.id, *looked_at).where(Entity.id.in_(piece))
        texts = {row[0]: "\n".join(folded(text) for text in row[1:]) for row in db.session.execute(query)}
        yield from (number for number in piece if all(word in texts[number] for word in words))


def _entities(ids: Sequence[int]) -> list[Entity]:
    found = {row.id: row for row in db.session.scalars(select(Entity).where(Entity.id.in_(ids)))}
    return [found[number] for number in ids]


def _holds(agency_id: int, day: date) -> ColumnElement[bool]:
    return and_(
        Exemption.agency_id == agency_id,
        Exemption.ended_at.is_(None),
        Exemption.valid_from <= day,
        or_(Exemption.valid_to.is_(None), Exemption.valid_to >= day),
    )
