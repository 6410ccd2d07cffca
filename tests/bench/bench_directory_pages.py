"""A directory of a million: a search by two characters and the filtered list's last page, beside a page by primary key."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, text

from backend.foundation.permissions.actor import Actor
from backend.plumbing.bulk import insert_columns, next_ids
from backend.plumbing.db import db, transaction
from backend.registers.entities.index import NewPostings
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import Filters, page_of_entities
from tests.bench.directories import chunks, entity_values
from tests.bench.installations import each_installation
from tests.bench.ratios import Ratio, interleaved

ENTITIES = 1_000_000
PAGE = 50
END = (1 << 31) - 1
SEARCHES = {
    "a two-character search": (Filters(words="陶瓷"), None),
    "the filtered list's last page": (Filters(grade="D", region="样例区"), END),
}


def ratios() -> Iterator[Ratio]:
    """Each search beside the plain page, on both databases."""
    for kind, _app, actor in each_installation():
        _fill(actor)
        for what, (filters, before) in SEARCHES.items():
            yield _beside_a_plain_page(f"{what} in 1M entities, {kind}", actor.agency_id, filters, before)


def _beside_a_plain_page(what: str, agency_id: int, filters: Filters, before: int | None) -> Ratio:
    def ours() -> None:
        assert len(page_of_entities(agency_id, filters, PAGE, before=before)) == PAGE
        db.session.rollback()

    def plain() -> None:
        query = select(Entity).where(Entity.id > ENTITIES // 2).order_by(Entity.id).limit(PAGE)
        assert len(list(db.session.scalars(query))) == PAGE
        db.session.rollback()

    took, plain_took = interleaved(ours, plain, rounds=15)
    return Ratio(what, took * 1000, plain_took * 1000, 3, "ms")


def _fill(actor: Actor) -> None:
    with transaction():
        postings = NewPostings()
        for piece in chunks(entity_values(ENTITIES, actor.agency_id)):
            columns: dict[str, list[Any]] = {name: [row[name] for row in piece] for name in piece[0]}
            columns["id"] = next_ids(Entity, len(piece))
            insert_columns(Entity, columns)
            postings.add(columns["id"], columns)
        postings.write(db.session.connection(), actor.agency_id)
    if db.engine.dialect.name == "postgresql":
        with transaction():
            db.session.execute(text("ANALYZE"))
