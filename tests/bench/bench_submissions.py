"""The peer's work: one submission is 120 answers in one push, with and without 6 photos; ODK Central on such a machine takes 142/s at 10 ms of CPU each, and 36/s."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from tests.bench.clients import Phone, send_all
from tests.bench.ratios import Ratio
from tests.bench.serving import Served, served
from tests.bench.world_of_visits import ITEMS, set_up
from tests.databases import postgres_server

CENTRAL_MS, CENTRAL_CPU_MS = 1000 / 142, 10.0
CENTRAL_PHOTOS_MS, CENTRAL_CPU_MS_PER_MB = 1000 / 36, 24.0
MOST_MEMORY_MB = 250
TEXT, WARM = 960, 160
PHOTOS, PHOTO = 6, 400 << 10
WITH_PHOTOS, WARM_PHOTOS = 96, 32
FLOOR = 200


def ratios() -> Iterator[Ratio]:
    """The floor of this machine and minute, then a closed loop of 8 and of 32 phones."""
    text, photos = _floor()
    yield Ratio("floor: sha256, file, fsync, 120 rows in one transaction", text * 1000, CENTRAL_MS, 1, "ms")
    yield Ratio("floor: the same with 6 photos of 400 kB", photos * 1000, CENTRAL_PHOTOS_MS, 1, "ms")
    for clients in (8, 32):
        with served("postgres") as server:
            took, cpu, _ = _submit(server, clients, TEXT, WARM, 0)
        what = f"a submission of 120 answers, {clients} phones"
        yield Ratio(f"{what}: wall", took * 1000, CENTRAL_MS, 1 / 3, "ms")
        yield Ratio(f"{what}: CPU", cpu * 1000, CENTRAL_CPU_MS, 1 / 3, "ms")
    for clients in (8, 32):
        with served("postgres") as server:
            took, cpu, memory = _submit(server, clients, WITH_PHOTOS, WARM_PHOTOS, PHOTOS)
        what = f"with 6 photos of 400 kB, {clients} phones"
        megabytes = PHOTOS * PHOTO / 1e6
        yield Ratio(f"{what}: wall", took * 1000, CENTRAL_PHOTOS_MS, 1 / 2, "ms")
        yield Ratio(f"{what}: CPU per MB", cpu * 1000 / megabytes, CENTRAL_CPU_MS_PER_MB, 1 / 2, "ms")
        yield Ratio(f"{what}: memory of all processes", memory / 1e6, MOST_MEMORY_MB, 1, "MB")


def _submit(server: Served, clients: int, count: int, warm: int, photos: int) -> tuple[float, float, int]:
    """Seconds and CPU seconds of one submission, and the memory held after the last."""
    each, first = count // clients, warm // clients
    phones = [Phone(one) for one in set_up(server.app, clients, each + first)]
    send_all(server.port, [[phone.registration()] for phone in phones])
    send_all(server.port, [_queue(phone, phone.inspecting.visits[:first], photos) for phone in phones])
    queues = [_queue(phone, phone.inspecting.visits[first:], photos) for phone in phones]
    before = server.cpu_seconds()
    took = send_all(server.port, queues)
    return took / count, (server.cpu_seconds() - before) / count, server.memory_bytes()


def _queue(phone: Phone, visits: list[str], photos: int) -> list[bytes]:
    """Each visit's answers and the word of its photos in one push, then the photos."""
    requests = []
    for visit_id in visits:
        pictures = {hashlib.sha256(one).hexdigest(): one for one in map(os.urandom, [PHOTO] * photos)}
        requests.append(phone.submission(visit_id, {sha: len(one) for sha, one in pictures.items()}))
        for sha, content in pictures.items():
            requests += phone.photo(visit_id, sha, content)
    return requests


def _floor() -> tuple[float, float]:
    """Seconds of the least that a submission can cost, in one process: what it brings is hashed, written and fsynced, and 120 rows stand in PostgreSQL."""
    body, pictures = os.urandom(60_000), [os.urandom(PHOTO) for _ in range(PHOTOS)]
    with (
        TemporaryDirectory(prefix="yaohao-bench-") as folder,
        postgres_server(durable=True) as server,
        psycopg.connect(f"{server}/postgres") as connection,
    ):
        connection.execute("CREATE TABLE floor (id serial PRIMARY KEY, visit text, path text, value json)")
        connection.commit()
        text = _each(FLOOR, lambda n: _store(Path(folder), connection, n, [body]))
        photos = _each(FLOOR // 8, lambda n: _store(Path(folder), connection, FLOOR + n, [body, *pictures]))
    return text, photos


def _each(times: int, work: Callable[[int], None]) -> float:
    begun = time.perf_counter()
    for n in range(times):
        work(n)
    return (time.perf_counter() - begun) / times


def _store(
    folder: Path, connection: "psycopg.Connection[tuple[object, ...]]", n: int, files: list[bytes]
) -> None:
    for place, content in enumerate(files):
        hashlib.sha256(content).hexdigest()
        with open(folder / f"{n}-{place}", "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    rows = [(f"visit {n}", f"/items/{item}", '{"result": "pass"}') for item in range(ITEMS)]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO floor (visit, path, value) VALUES (%s, %s, %s)", rows)
    connection.commit()
