"""A draw over a million entities in four grades on each engine, as the product draws, beside the plain ways (draw.md 5)."""

import hashlib
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from consistent_sampler import sampler
from sqlalchemy import text

from backend.foundation.permissions.actor import Actor
from backend.planning.draw.committed_files import joined
from backend.planning.draw.frozen_table import table_root, write_rows
from backend.planning.draw.models import DrawPreparation
from backend.planning.draw.prefilter import FrozenTable
from backend.planning.draw.tickets import InMemory, Roster, all_drawn
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from tests.bench.installations import each_installation
from tests.bench.ratios import Ratio, medians
from tests.bench.rosters import ENTITIES, KEY, SHARES, drawn_in_all, quota, roster, rows, wanted

MEGABYTE = 1 << 20
ROSTER = "FROM frozen_entity WHERE preparation_id = {}"


def ratios() -> Iterator[Ratio]:
    """The pure core, then each engine."""
    yield from _pure_core()
    for kind, _app, actor in each_installation():
        preparation = _frozen(actor)
        yield from _engine(kind, preparation)
        yield _freeze(kind, preparation)
        yield _memory(kind, preparation)


def _draw(table: Roster) -> None:
    drawn = all_drawn(table, wanted(), {}, KEY)
    assert sum(len(outcome.picks) for outcome in drawn) == drawn_in_all()


def _pure_core() -> Iterator[Ratio]:
    everyone = [code for codes in roster().values() for code in codes]
    table = InMemory(roster())

    def bare() -> None:
        """What nobody can leave out: one SHA-256 of key and code for each, the key's block hashed once."""
        start = hashlib.sha256(KEY.hex().encode())
        for code in everyone:
            hashing = start.copy()
            hashing.update(code.encode())
            hashing.digest()

    def sampled() -> None:
        for grade, codes in roster().items():
            assert len(list(islice(sampler(codes, seed=KEY.hex(), output="id"), quota(grade)))) == quota(
                grade
            )

    ours, plain = medians(lambda: _draw(table), bare)
    yield Ratio("draw 1M in memory, beside a bare hashlib loop", ours, plain, 1.4)
    ours, plain = medians(lambda: _draw(table), sampled)
    yield Ratio("draw 1M in memory, beside consistent_sampler (goal: 25 times)", ours, plain, 1 / 25)
    least, plain = medians(bare, sampled, rounds=1)
    yield Ratio("  for comparison: the bare hashlib loop alone, beside it", least, plain, 1)


def _engine(kind: str, preparation: int) -> Iterator[Ratio]:
    def ours() -> None:
        _draw(FrozenTable(preparation))
        db.session.rollback()

    took, plain = medians(ours, lambda: _naive(preparation))
    goal = {"sqlite": 0.6, "postgres": 0.25}[kind]
    yield Ratio(f"draw 1M on {kind}, beside row_number() over random()", took, plain, goal)
    if kind == "postgres":
        took, plain = medians(ours, lambda: _cut_by_chance(preparation))
        yield Ratio(f"draw 1M on {kind}, beside a threshold on random()", took, plain, 1.2)
        least, plain = medians(lambda: _hashed(preparation), lambda: _cut_by_chance(preparation))
        yield Ratio(
            "  for comparison: the database's own SHA-256 of each code alone, beside it", least, plain, 1
        )


def _naive(preparation: int) -> None:
    """Everyone numbered in an order of chance, as anybody would write it."""
    cuts = " OR ".join(f"(stratum = '{grade}' AND place <= {quota(grade)})" for grade in SHARES)
    ranked = (
        "SELECT stratum, code, row_number() OVER (PARTITION BY stratum ORDER BY random()) AS place "
        + ROSTER.format(preparation)
    )
    assert len(_fetched(f"SELECT stratum, code FROM ({ranked}) AS ranked WHERE {cuts}")) == drawn_in_all()


def _cut_by_chance(preparation: int) -> None:
    """One scan, chance cut off at a threshold before anything is sorted, as one who knows the engine would write it."""
    shares = {
        grade: (quota(grade) + 6 * quota(grade) ** 0.5) / size for grade, (size, _, _) in SHARES.items()
    }
    cut = " ".join(f"WHEN '{grade}' THEN {share}" for grade, share in shares.items())
    scan = f"SELECT stratum, code, random() AS r {ROSTER.format(preparation)}"
    found = _fetched(
        f"SELECT stratum, code FROM ({scan}) AS d WHERE r < CASE stratum {cut} END ORDER BY stratum, r"
    )
    taken = dict.fromkeys(SHARES, 0)
    for grade, _code in found:
        taken[grade] += taken[grade] < quota(grade)
    assert sum(taken.values()) == drawn_in_all()


def _hashed(preparation: int) -> None:
    """What no draw by SHA-256 can leave out on this engine, on all its workers: one hash for each code, nothing fetched."""
    for setting in ("parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size"):
        db.session.execute(text(f"SET LOCAL {setting} = 0"))
    hashed = "sha256(convert_to(:key || code, 'UTF8')) < :none"
    query = f"SELECT count(*) {ROSTER.format(preparation)} AND {hashed}"
    assert db.session.scalar(text(query), {"key": KEY.hex(), "none": b""}) == 0
    db.session.rollback()


def _freeze(kind: str, preparation: int) -> Ratio:
    """The committed file's root out of the database, beside reading the same rows in order."""
    root = joined((code, grade) for grade, code, _ in rows()).root

    def frozen() -> None:
        assert table_root(preparation) == root
        db.session.rollback()

    def ordered_read() -> None:
        query = f"SELECT code, stratum {ROSTER.format(preparation)} ORDER BY code, stratum"
        assert len(_fetched(query)) == ENTITIES

    took, plain = medians(frozen, ordered_read)
    return Ratio(f"freeze 1M on {kind}, beside the ordered read", took, plain, 1.1)


def _memory(kind: str, preparation: int) -> Ratio:
    """Beside what the plain way holds at its peak and 16 MB more; neither keeps the million."""
    most = _peak(lambda: _draw(FrozenTable(preparation)))
    allowed = _peak(lambda: _naive(preparation)) + 16
    return Ratio(
        f"most memory of a draw of 1M on {kind}, beside the plain way's + 16 MB", most, allowed, 1, "MB"
    )


def _peak(work: Callable[[], None]) -> float:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MEGABYTE
    finally:
        tracemalloc.stop()
        db.session.rollback()


def _fetched(query: str) -> list[Any]:
    """By the driver alone."""
    driver: Any = db.session.connection().connection.dbapi_connection
    found: list[Any] = driver.execute(query).fetchall()
    db.session.rollback()
    return found


def _frozen(actor: Actor) -> int:
    with transaction():
        preparation = DrawPreparation(
            agency_id=actor.agency_id,
            request={},
            rehearsal=True,
            status="freezing",
            prepared_by_name="测量",
            prepared_at=now(),
        )
        db.session.add(preparation)
    write_rows(preparation.id, rows(), lambda _done: None)
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE frozen_entity"))
    return preparation.id
