"""Who is held by draws that are not locked yet: asked of the frozen rosters in the database, never read as a whole."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select

from backend.planning.draw.frozen_table import frozen_ids
from backend.planning.draw.models import FrozenEntity
from backend.planning.draw.roster import Reckoned
from backend.planning.draw.yearly_cap import open_rosters
from backend.planning.prospects.ranges import Condition, holds
from backend.plumbing.bulk import among
from backend.plumbing.db import db
from backend.registers.entities.models import Entity

Slots = Counter[tuple[int, str]]


def held_out(agency_id: int, reckoned: Reckoned) -> Condition:
    """Entities that were never drawn this year, whom so many open draws hold that no slot is left. Few draws are open at a time:
    as long as they are fewer than the cap allows, nobody is."""
    if reckoned.cap.limit is None:
        return false()
    full = []
    for slot in sorted(reckoned.slots):
        places = _places_of(agency_id, slot)
        if len(places) >= reckoned.cap.limit:
            full.append(Entity.id.in_(_held_often(places, reckoned.cap.limit)))
    free = [not_(holds(Entity.flags, flag)) for flag in sorted(reckoned.cap.not_binding)]
    return and_(or_(*full), *free) if full else false()


def held_slots(agency_id: int, reckoned: Reckoned, only: Collection[int], stands: dict[int, int]) -> Slots:
    """How often open draws hold these entities; what holds a merged entry holds the one that stands for it."""
    taken = set[tuple[int, str, int]]()
    wanted = {*only, *stands}
    for draw, slots in open_rosters(agency_id) if reckoned.cap.limit is not None else ():
        for stratum, of_stratum in slots.items():
            if draw.preparation_id is None:
                held = [number for number in frozen_ids(draw, stratum) if number in wanted]
            else:
                query = select(FrozenEntity.entity_id).where(
                    FrozenEntity.preparation_id == draw.preparation_id,
                    FrozenEntity.stratum == stratum,
                    among(FrozenEntity.entity_id, wanted),
                )
                held = list(db.session.scalars(query))
            own = reckoned.slots.intersection(of_stratum)
            taken |= {(number, slot, draw.id) for number in held for slot in own}
    return Counter((stands.get(number, number), slot) for number, slot, _ in taken)


def _places_of(agency_id: int, slot: str) -> dict[int, list[str]]:
    """The strata that could take a slot, by the preparation that froze them."""
    found: dict[int, list[str]] = {}
    for draw, slots in open_rosters(agency_id):
        strata = [stratum for stratum, of_stratum in slots.items() if slot in of_stratum]
        if strata and draw.preparation_id is not None:
            found[draw.preparation_id] = strata
    return found


def _held_often(places: dict[int, list[str]], limit: int) -> Select[int]:
    spots: list[ColumnElement[bool]] = [
        and_(FrozenEntity.preparation_id == number, FrozenEntity.stratum.in_(strata))
        for number, strata in places.items()
    ]
    often = func.count(FrozenEntity.preparation_id.distinct()) >= limit
    return select(FrozenEntity.entity_id).where(or_(*spots)).group_by(FrozenEntity.entity_id).having(often)
