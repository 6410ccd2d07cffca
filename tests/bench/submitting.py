"""What the peer does: one submission is 120 answers in one push, with or without 6 photos; and the floor of such work.

ODK Central, published for such a machine: 142 submissions a second at 10 ms of CPU each, and 36 with their photos at
24 ms of CPU per MB.
"""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psycopg

from tests.bench.clients import Phone, send_all
from tests.bench.serving import Served
from tests.bench.world_of_visits import ITEMS, set_up
from tests.databases import postgres_server

CENTRAL_MS, CENTRAL_CPU_MS = 1000 / 142, 10.0
CENTRAL_PHOTOS_MS, CENTRAL_CPU_MS_PER_MB = 1000 / 36, 24.0
TEXT_BY_FLOOR, PHOTOS_BY_FLOOR = 698 / (3 * 142), 88 / (2 * 36)
"""How far above the floor of the machine on which Central was measured the goals lie: a minute in which this one is slow is told from a slow product."""
PHOTOS, PHOTO = 6, 400 << 10
CLIENTS = (8, 32)
FLOOR = 200


def submit(server: Served, clients: int, count: int, warm: int, photos: int) -> tuple[float, float, int]:
    """Seconds and CPU seconds of one submission, and the memory held after the last."""
    each, first = count // clients, warm // clients
    phones = [Phone(one) for one in set_up(server.app, clients, each + first)]
    send_all(server.port, [[phone.registration()] for phone in phones])
    send_all(server.port, [queue(phone, phone.inspecting.visits[:first], photos) for phone in phones])
    queues = [queue(phone, phone.inspecting.visits[first:], photos) for phone in phones]
    before = server.cpu_seconds()
    took = send_all(server.port, queues)
    return took / count, (server.cpu_seconds() - before) / count, server.memory_bytes()


def queue(phone: Phone, visits: list[str], photos: int) -> list[bytes]:
    """Each visit's answers and the word of its photos in one push, then the photos."""
    requests = []
    for visit_id in visits:
        pictures = {hashlib.sha256(one).hexdigest(): one for one in map(os.urandom, [PHOTO] * photos)}
        requests.append(phone.submission(visit_id, {sha: len(one) for sha, one in pictures.items()}))
        for sha, content in pictures.items():
            requests += phone.photo(visit_id, sha, content)
    return requests


def floor(photos: int, times: int = FLOOR) -> float:
    """Seconds of the least that a submission can cost, in one process: what it brings is hashed, written and fsynced, and 120 rows stand in PostgreSQL."""
    files = [os.urandom(60_000), *(os.urandom(PHOTO) for _ in range(photos))]
    with (
        TemporaryDirectory(prefix="yaohao-bench-") as folder,
        postgres_server(durable=True) as server,
        psycopg.connect(f"{server}/postgres") as connection,
    ):
        connection.execute("CREATE TABLE floor (id serial PRIMARY KEY, visit text, path text, value json)")
        connection.commit()
        return _each(times, lambda n: _store(Path(folder), connection, n, files))


def _each(times: int, work: Callable[[int], None]) -> float:
    """The median, lest one long wait for the disk passes for the floor."""
    took = []
    for n in range(times):
        begun = time.perf_counter()
        work(n)
        took.append(time.perf_counter() - begun)
    return median(took)


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
