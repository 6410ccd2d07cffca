"""A million entities in four grades frozen, committed and drawn on the ceremony page of a served installation, both databases.

Limits are seconds that a room can wait; another person's pages are asked for all the while.
"""

import re
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.client import HTTPResponse
from statistics import quantiles
from typing import Any

from sqlalchemy import text

from backend.foundation.accounts.actions import found_agency, open_session_for
from backend.foundation.accounts.models import User
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.actions import follow_profile
from backend.planning.annual_plan.actions import approve_plan, draft_plan, publish_plan
from backend.plumbing.bulk import insert_columns, next_ids
from backend.plumbing.clock import today
from backend.plumbing.db import db, transaction
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from tests.bench.directories import chunks, entity_values
from tests.bench.installations import kinds
from tests.bench.ratios import Ratio
from tests.bench.serving import Served, served
from tests.planning.directories import add_matters, task_from

ENTITIES = 1_000_000
INSPECTORS = 400
FREEZE_SECONDS, DRAW_SECONDS, PAGE_SECONDS, OTHERS_SECONDS = 60, 60, 2, 0.5
POLL = 0.5


def ratios() -> Iterator[Ratio]:
    """Both jobs by the clock on the wall, the host's own pages, and everybody else's meanwhile."""
    for kind in kinds():
        with served(kind) as server:
            session = _set_up(server)
            yield from _ceremony(kind, Browser(server.port, session), server)


class Browser:
    """Somebody with a session; `slowest` is the longest that a page of theirs took."""

    def __init__(self, port: int, session: str) -> None:
        self._base, self._session, self.slowest = f"http://127.0.0.1:{port}", session, 0.0

    def get(self, path: str) -> tuple[str, str]:
        """Where the page was at last, and its text."""
        return self._asked(path, None)

    def post(self, path: str, **fields: object) -> tuple[str, str]:
        return self._asked(path, urllib.parse.urlencode(fields, doseq=True).encode())

    def _asked(self, path: str, body: bytes | None) -> tuple[str, str]:
        headers = {"Cookie": f"yaohao_session={self._session}", "Origin": self._base}
        begun = time.perf_counter()
        answer: HTTPResponse
        with urllib.request.urlopen(
            urllib.request.Request(self._base + path, body, headers), timeout=300
        ) as answer:
            found = answer.geturl().removeprefix(self._base), answer.read().decode()
        self.slowest = max(self.slowest, time.perf_counter() - begun)
        return found


def _ceremony(kind: str, host: Browser, server: Served) -> Iterator[Ratio]:
    request = {
        "task": 1,
        "witness_name": ["见证人甲", "见证人乙"],
        "witness_kind": ["public", "counsel"],
        "input_digits": 6,
        "hard_cap": 999,
        "departments": [1],
        "leader_departments": [1],
    }
    host.get("/office/draws/new?task=1")
    yield Ratio(f"the page before a draw of 1M, {kind}", host.slowest, PAGE_SECONDS, 1)
    host.slowest = 0
    others = Browser(server.port, host._session)
    with _meanwhile(others, server) as seen:
        begun = time.perf_counter()
        address, _page = host.post("/office/draws", **request)
        while "/preparations/" in address:
            time.sleep(POLL)
            address, page = host.get(address)
            assert "没有锁定。" not in page
        yield Ratio(f"freeze and commit 1M as a job, {kind}", time.perf_counter() - begun, FREEZE_SECONDS, 1)
        draw = address.removesuffix("/ceremony")
        for position, digits in enumerate(("351642", "004271")):
            host.post(f"{draw}/inputs", position=position, digits=digits)
        begun = time.perf_counter()
        _address, page = host.post(f"{draw}/outcomes")
        while "data-waiting" in page:
            time.sleep(POLL)
            _address, page = host.get(f"{draw}/ceremony")
        yield Ratio(f"draw 1M with teams as a job, {kind}", time.perf_counter() - begun, DRAW_SECONDS, 1)
    assert re.search("种子", page)
    _address, page = host.get(f"{draw}/ceremony?shown=all")
    yield Ratio(f"slowest page of the host meanwhile, {kind}", host.slowest, PAGE_SECONDS, 1)
    most_waited = quantiles(seen.waits, n=20)[-1]
    yield Ratio(
        f"others' pages meanwhile, 19 of 20 of {len(seen.waits)}, {kind}", most_waited, OTHERS_SECONDS, 1
    )
    yield Ratio(f"the slowest of them, {kind}", max(seen.waits), 4 * OTHERS_SECONDS, 1)
    yield Ratio(f"most memory of server and worker, {kind}", seen.most_memory / 2**20, 2500, 1, "MB")


class Seen:
    """What somebody else met while the jobs ran."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.most_memory = 0


@contextmanager
def _meanwhile(browser: Browser, server: Served) -> Iterator[Seen]:
    """Another person opens pages, one after the other, until the block ends."""
    seen, ended = Seen(), threading.Event()

    def read_on() -> None:
        while not ended.wait(0.1):
            for path in ("/office/tasks", "/office/draws", "/office/plans"):
                begun = time.perf_counter()
                browser.get(path)
                seen.waits.append(time.perf_counter() - begun)
            seen.most_memory = max(seen.most_memory, server.memory_bytes())

    thread = threading.Thread(target=read_on)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def _set_up(server: Served) -> str:
    """An agency with a published plan, a task over a million entities, and the session of its officer."""
    with server.app.app_context():
        agency = found_agency("示例市工业和信息化局", "slgx", "0123", "示工信", ["综合法规科"])
        everybody = Actor(0, agency.id, None, "测量", frozenset(Role))
        follow_profile(everybody, "national-default")
        add_matters(agency.id)
        for piece in chunks(entity_values(ENTITIES, agency.id)):
            with transaction():
                columns = {name: [values[name] for values in piece] for name in piece[0]}
                insert_columns(Entity, {"id": next_ids(Entity, len(piece)), **columns})
        with transaction():
            db.session.add_all(_inspector(agency.id, number) for number in range(INSPECTORS))
            officer = User(
                agency_id=agency.id,
                department_id=1,
                login="host",
                name="王科长",
                password_hash="",
                roles=[Role.OFFICER, Role.HEAD, Role.OVERSIGHT],
            )
            db.session.add(officer)
            db.session.execute(text("ANALYZE"))
        _task(everybody)
        session = open_session_for(officer, "bench")
        db.session.remove()
    return session


def _task(actor: Actor) -> None:
    plan = draft_plan(actor, today().year, "综合法规科")
    with transaction():
        plan.lines[0].ratios = {"A": [1, 100], "B": [3, 100], "C": [5, 100], "D": [10, 100]}
    approve_plan(Actor(-1, actor.agency_id, None, "郑局长", frozenset({Role.HEAD})), plan.id)
    publish_plan(actor, plan.id)
    window: dict[str, Any] = {"window_from": today() + timedelta(1), "window_to": today() + timedelta(40)}
    task_from(actor, plan, "百万家抽查", **window)


def _inspector(agency_id: int, number: int) -> Inspector:
    return Inspector(
        agency_id=agency_id,
        department_id=1,
        name=f"示例检查员{number}",
        sex="unstated",
        post="科员",
        certificate_no=f"示{number:05}",
        certificate_valid_to=date(2099, 12, 31),
        speciality="",
        status="active",
        is_expert=False,
    )
