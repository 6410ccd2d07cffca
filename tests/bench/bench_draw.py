"""A draw over a million entities in four grades: each engine, the freeze, the verifier and the matching beside the plain way."""

import hashlib
import json
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from itertools import islice
from pathlib import Path

import psycopg
from consistent_sampler import sampler

from backend.planning.draw import verify
from backend.planning.draw.commitment import commitment_of
from backend.planning.draw.committed_files import CommittedFile, FrozenFiles, frozen
from backend.planning.draw.outcome import outcome_of
from backend.planning.draw.record import event_line, published, record_hash, record_of, signatures_hash
from backend.planning.draw.seed import WitnessInput
from backend.planning.draw.tickets import InMemory, Roster, below, drawn_from
from backend.planning.matching.rules import Matched, MatchingRules, match
from tests.bench.matching_by_flow import smallest_cap_by_flow
from tests.bench.ratios import Ratio, interleaved, seconds
from tests.databases import postgres_server
from tests.planning.draw.recorded_draws import AT

ENTITIES = 1_000_000
SHARES = {"A": (461_539, 1, 100), "B": (307_692, 3, 100), "C": (153_846, 5, 100), "D": (76_923, 10, 100)}
KEY = hashlib.sha256(b"bench").digest()
ROUNDS = 5
CODES = "SELECT code FROM roster WHERE stratum = %s"


def ratios() -> Iterator[Ratio]:
    """Every goal of draw.md 5 that this machine has the tools for."""
    yield from _pure_core()
    yield _freeze()
    yield from _sqlite()
    yield from _postgres()
    yield _verifier()
    yield _matching()


@cache
def roster() -> dict[str, list[str]]:
    """Invented codes by grade."""
    chance = random.Random(5)
    numbers = iter(chance.sample(range(10**9), ENTITIES))
    return {grade: [f"firm:{n:09d}" for n in islice(numbers, size)] for grade, (size, _, _) in SHARES.items()}


def quota(grade: str) -> int:
    size, numerator, denominator = SHARES[grade]
    return -(-size * numerator // denominator)


def _draw(table: Roster) -> int:
    drawn = (drawn_from(table, grade, SHARES[grade][0], quota(grade), {}, KEY) for grade in SHARES)
    return sum(len(outcome.picks) for outcome in drawn)


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

    ours, plain = interleaved(lambda: _draw(table), bare, ROUNDS)
    yield Ratio("draw 1M in memory, beside a bare hashlib loop", ours, plain, 1.4)
    size, wanted = SHARES["C"][0], quota("C")
    ours, plain = interleaved(
        lambda: drawn_from(table, "C", size, wanted, {}, KEY),
        lambda: list(islice(sampler(roster()["C"], seed=KEY.hex(), output="id"), wanted)),
        rounds=3,
    )
    yield Ratio("draw 5% of 154,000, beside consistent_sampler (goal 25 times)", ours, plain, 1 / 25)


def _freeze() -> Ratio:
    """The committed file with its root, beside reading the same rows in order from a directory on disk."""
    with (
        tempfile.TemporaryDirectory(prefix="yaohao-bench-") as folder,
        closing(sqlite3.connect(Path(folder) / "directory.sqlite3")) as connection,
    ):
        connection.execute(
            "CREATE TABLE entity (id INTEGER PRIMARY KEY, agency_id INT, code TEXT, name TEXT, address TEXT,"
            " risk_grade TEXT, status TEXT, UNIQUE (agency_id, code))"
        )
        connection.executemany(
            "INSERT INTO entity (agency_id, code, name, address, risk_grade, status)"
            " VALUES (1, ?2, '示例市样例机械有限公司', '示例市样例区样例路 1 号', ?1, 'active')",
            _rows(),
        )
        connection.commit()
        read = "SELECT code, risk_grade FROM entity WHERE agency_id = 1 AND status = 'active' ORDER BY code"

        def freeze() -> None:
            rows = connection.execute(read)
            assert len(frozen([f"{code}|{grade}" for code, grade in rows]).root) == 64

        def ordered_read() -> None:
            assert len(connection.execute(read).fetchall()) == ENTITIES

        ours, plain = interleaved(freeze, ordered_read, ROUNDS)
        return Ratio("freeze 1M, beside the ordered read", ours, plain, 1.1)


def _sqlite() -> Iterator[Ratio]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE TABLE roster (stratum TEXT, code TEXT, PRIMARY KEY (stratum, code)) WITHOUT ROWID"
        )
        connection.executemany("INSERT INTO roster VALUES (?, ?)", _rows())

        class Streamed:
            """As `FrozenTable` does on SQLite: codes are streamed and hashed here."""

            def below(self, stratum: str, key: bytes, limit: bytes) -> list[tuple[bytes, str]]:
                query = CODES.replace("%s", "?")
                return below((code for (code,) in connection.execute(query, (stratum,))), key, limit)

        def naive() -> None:
            rows = connection.execute(_naive("random()")).fetchall()
            assert len(rows) == sum(map(quota, SHARES))

        ours, plain = interleaved(lambda: _draw(Streamed()), naive, ROUNDS)
        yield Ratio("draw 1M on SQLite, beside row_number() over random()", ours, plain, 0.6)


def _postgres() -> Iterator[Ratio]:
    with postgres_server() as server, psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(
            'CREATE TABLE roster (stratum text COLLATE "C", code text COLLATE "C", PRIMARY KEY (stratum, code))'
        )
        with connection.cursor().copy("COPY roster FROM STDIN") as copy:
            for row in _rows():
                copy.write_row(row)
        connection.execute("VACUUM ANALYZE roster")

        class Filtered:
            """As `FrozenTable` does on PostgreSQL: the engine hashes and gives back what is below the threshold."""

            def below(self, stratum: str, key: bytes, limit: bytes) -> list[tuple[bytes, str]]:
                ticket = "sha256(convert_to(%s || code, 'UTF8'))"
                query = f"SELECT {ticket}, code FROM roster WHERE stratum = %s AND {ticket} < %s"
                rows = connection.execute(query.encode(), (key.hex(), stratum, key.hex(), limit))
                return [(bytes(found), code) for found, code in rows]

        def naive() -> None:
            assert len(connection.execute(_naive("random()").encode()).fetchall()) == sum(map(quota, SHARES))

        def threshold() -> None:
            """Chance cut off at a threshold before it is sorted, as one who knows the engine would."""
            for grade, (size, _, _) in SHARES.items():
                wanted = quota(grade)
                share = wanted / size + 6 * wanted**0.5 / size
                query = (
                    "SELECT code FROM (SELECT code, random() AS r FROM roster WHERE stratum = %s) AS drawn"
                    " WHERE r < %s ORDER BY r LIMIT %s"
                )
                assert len(connection.execute(query, (grade, share, wanted)).fetchall()) == wanted

        ours, plain = interleaved(lambda: _draw(Filtered()), naive, ROUNDS)
        yield Ratio("draw 1M on PostgreSQL, beside row_number() over random()", ours, plain, 0.25)
        ours, plain = interleaved(lambda: _draw(Filtered()), threshold, ROUNDS)
        yield Ratio("draw 1M on PostgreSQL, beside a threshold on random()", ours, plain, 1.2)


def _verifier() -> Ratio:
    """The stand-alone program beside the draw's own freeze and outcome, over the same published folder."""
    files = FrozenFiles(
        frozen(f"{code}|{grade}" for grade, codes in roster().items() for code in codes),
        frozen(f"P{n:03}|甲科" for n in range(400)),
        CommittedFile(()),
        CommittedFile(()),
        (),
    )
    document = _document(files)
    inputs, nonce = [WitnessInput("见证人甲", "351642")], b"n" * 32

    def draw() -> None:
        frozen(files.roster.lines)
        outcome_of(document, files, nonce, inputs)

    with tempfile.TemporaryDirectory(prefix="yaohao-bench-") as folder:
        outcome = outcome_of(document, files, nonce, inputs)
        record = record_of(document, files, nonce, inputs, None, outcome, AT, None)
        signed = {"name": "见证人甲", "kind": "群众代表", "covers": record_hash(record)}
        record["signatures"] = [{**signed, "at": AT.isoformat(), "image_sha256": None}]
        for name, file in files.by_name().items():
            (Path(folder) / name).write_bytes(file.content)
        line = event_line(record_hash(record), None, "locked", AT, {"signatures": signatures_hash(record)})
        (Path(folder) / "events.jsonl").write_text(f"{line}\n", "utf-8")
        path = Path(folder) / "record.json"
        path.write_bytes(published(record))
        assert json.loads(path.read_bytes())["C"] == commitment_of(document)

        def check() -> None:
            assert verify.Verifier(path).run() == []

        ours, plain = interleaved(check, draw, rounds=3)
    return Ratio("verify 1M with teams, beside the draw itself", ours, plain, 2)


def _matching() -> Ratio:
    """5,000 entities and 400 inspectors, beside a min-cost-flow solver; both must come to the same smallest cap."""
    chance = random.Random(7)
    people = [(f"P{n:03}", f"G{n % 12}") for n in range(400)]
    entities = [(f"firm:{n:05}", f"S{chance.randrange(6)}") for n in range(5000)]
    allowed = {f"S{s}": tuple(f"G{g}" for g in chance.sample(range(12), 5)) for s in range(6)}
    rules = MatchingRules(2, 200, allowed, {s: groups[:3] for s, groups in allowed.items()})
    recused = {(p, e) for p, _ in people for e, _ in chance.sample(entities, 3)}
    found = match(entities, people, recused, rules, KEY)
    assert isinstance(found, Matched)
    start = seconds(lambda: match(entities, people, recused, rules, KEY))
    solved: list[int] = []
    solver = seconds(lambda: solved.append(smallest_cap_by_flow(entities, people, recused, rules)))
    assert solved == [found.cap], "the solver and the matching agree on the smallest cap"
    return Ratio("match 5,000 × 400, beside a flow solver", start, solver, 1)


def _rows() -> Iterator[tuple[str, str]]:
    return ((grade, code) for grade, codes in roster().items() for code in codes)


def _naive(chance: str) -> str:
    cuts = " OR ".join(f"(stratum = '{grade}' AND place <= {quota(grade)})" for grade in SHARES)
    ranked = f"SELECT stratum, code, row_number() OVER (PARTITION BY stratum ORDER BY {chance}) AS place FROM roster"
    return f"SELECT stratum, code FROM ({ranked}) AS ranked WHERE {cuts}"


def _document(files: FrozenFiles) -> dict[str, object]:
    strata = [
        {"id": grade, "population": size, "ratio": [numerator, denominator], "quota": quota(grade)}
        for grade, (size, numerator, denominator) in SHARES.items()
    ]
    groups = {grade: ["甲科"] for grade in SHARES}
    return {
        "v": "draw/1",
        "serial": "示例摇号〔2026〕1号",
        "title": "量时间",
        "codes": "open",
        "window": {"from": "2026-12-01", "to": "2026-12-31"},
        "tasks": [{"id": "T1", "matters": ["M01"], "strata": list(SHARES)}],
        "strata": strata,
        "allocation": None,
        "roster": files.roster.described,
        "inspectors": files.inspectors.described,
        "recusals": files.recusals.described,
        "exemptions": files.exemptions.described,
        "exclusions": [],
        "matching": {"seats": 2, "hard_cap": 999, "eligible": groups, "leader": groups},
        "nonce_hash": hashlib.sha256(b"n" * 32).hexdigest(),
        "input_digits": 6,
        "witnesses": [{"name": "见证人甲", "kind": "群众代表", "commitment": None}],
        "beacon": None,
        "software": "bench",
        "reveal_by": "2027-01-31",
    }
