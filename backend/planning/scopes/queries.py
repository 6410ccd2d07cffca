"""Whom the directory holds within a scope, and which words a scope may be made of."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import ColumnElement, String, cast, func, select

from backend.planning.scopes.rules import UNGRADED, Scope
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.entities.rules import DRAWABLE_STATUS, FLAGS, KINDS, SCALES


def entities_within(agency_id: int, kinds: Collection[str], scope: Scope) -> Iterator[Entity]:
    """Entities of these kinds (empty: of every kind) in a scope, whatever their status, in the order of entry."""
    query = select(Entity).where(*conditions(agency_id, kinds, scope)).order_by(Entity.id)
    found = db.session.scalars(query)
    return (entity for entity in found if is_listed(scope, entity.directories, entity.flags))


def populations(agency_id: int, kinds: Collection[str], scope: Scope) -> Mapping[str, int]:
    """How many active entities there are within a scope, by risk grade."""
    if scope.get("directory") or scope.get("flag"):
        found = entities_within(agency_id, kinds, scope)
        return Counter(e.risk_grade or UNGRADED for e in found if e.status == DRAWABLE_STATUS)
    query = (
        select(Entity.risk_grade, func.count())
        .where(*conditions(agency_id, kinds, scope), Entity.status == DRAWABLE_STATUS)
        .group_by(Entity.risk_grade)
    )
    return Counter({grade or UNGRADED: count for grade, count in db.session.execute(query)})


def populations_by_region(
    agency_id: int, kinds: Collection[str], scope: Scope
) -> dict[str, Mapping[str, int]]:
    """How many active entities there are within a scope, by region and risk grade."""
    found: dict[str, Counter[str]] = {}
    if scope.get("directory") or scope.get("flag"):
        for entity in entities_within(agency_id, kinds, scope):
            if entity.status == DRAWABLE_STATUS:
                found.setdefault(entity.region, Counter())[entity.risk_grade or UNGRADED] += 1
        return {**found}
    query = (
        select(Entity.region, Entity.risk_grade, func.count())
        .where(*conditions(agency_id, kinds, scope), Entity.status == DRAWABLE_STATUS)
        .group_by(Entity.region, Entity.risk_grade)
    )
    for region, grade, count in db.session.execute(query):
        found.setdefault(region, Counter())[grade or UNGRADED] += count
    return {**found}


def scope_options(agency_id: int) -> dict[str, list[tuple[str, str]]]:
    """What a scope can be narrowed to in this directory: (stored value, words) by the keys of `SCOPE_WORDS`."""
    of_agency = Entity.agency_id == agency_id
    regions = db.session.scalars(select(Entity.region).where(of_agency, Entity.region != "").distinct())
    industries = db.session.scalars(
        select(Entity.industry).where(of_agency, Entity.industry != "").distinct()
    )
    # PostgreSQL does not compare JSON values, only their texts.
    texts = db.session.scalars(select(cast(Entity.directories, String)).where(of_agency).distinct())
    listed = [json.loads(text) for text in texts]
    return {
        "kind": [*KINDS.items()],
        "scale": [*SCALES.items()],
        "region": [(name, name) for name in sorted(regions)],
        "industry": [(name, name) for name in sorted(industries)],
        "directory": [(name, name) for name in sorted({name for names in listed for name in names})],
        "flag": [*FLAGS.items()],
    }


def scope_in_words(scope: Scope) -> str:
    """`样例区、机械制造`; empty for an undirected draw."""
    spelled = {"kind": KINDS, "scale": SCALES, "flag": FLAGS}
    return "、".join(spelled.get(name, {}).get(value, value) for name, value in scope.items())


def conditions(agency_id: int, kinds: Collection[str], scope: Scope) -> list[ColumnElement[bool]]:
    """What the database can say of a scope; classified directories and flags are asked row by row (`is_listed`)."""
    found = [Entity.agency_id == agency_id]
    if kinds and "" not in kinds:
        found.append(Entity.kind.in_(kinds))
    for column in (Entity.kind, Entity.scale, Entity.region, Entity.industry):
        if wanted := scope.get(column.key):
            found.append(column == wanted)
    return found


def is_listed(scope: Scope, directories: Collection[str], flags: Collection[str]) -> bool:
    """Whether an entity with these directories and flags is in the scope's."""
    directory, flag = scope.get("directory"), scope.get("flag")
    return (not directory or directory in directories) and (not flag or flag in flags)
