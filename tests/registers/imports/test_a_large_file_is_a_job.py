"""A large file is checked and imported by the worker: progress, cancelling, a killed worker; what is gone is asked about."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.core.errors import Refusal
from backend.foundation.jobs import aside
from backend.foundation.jobs.actions import LEASE, work_once
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db
from backend.plumbing.spreadsheets import read_sheet
from backend.registers.entities.actions import set_status
from backend.registers.entities.index import NewPostings
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import Filters, count_entities
from backend.registers.imports import checking
from backend.registers.imports.actions import decide_on_gone, drop, import_rows, upload
from backend.registers.imports.queries import gone_rows, refused_rows_of, uploaded
from backend.settings import Settings
from tests.conftest import FixedClock
from tests.people import OFFICER, Person
from tests.registers.sheets import as_xlsx, credit_code, entity_rows

Acting = Callable[[Person], Actor]

KILLED = """
import os, signal, sys
from pathlib import Path
from backend.app import create_app
from backend.foundation.jobs.actions import work_once
from backend.registers.entities import actions
from backend.settings import Settings
from tests.conftest import FixedClock
from datetime import datetime
from backend.core.clock import SHANGHAI

writing = actions.NewPostings.write
def killed(*given):
    writing(*given)
    os.kill(os.getpid(), signal.SIGKILL)
actions.NewPostings.write = killed
clock = FixedClock(datetime(2026, 7, 21, 9, 0, tzinfo=SHANGHAI))
app = create_app(Settings(sys.argv[1], Path(sys.argv[2]), b"k" * 32, clock=clock))
with app.app_context():
    work_once()
"""


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is large, and is worked on two rows at a time."""
    monkeypatch.setattr("backend.registers.imports.actions.ANSWERED_AT_ONCE", 0)
    monkeypatch.setattr(checking, "ROWS_AT_ONCE", 2)


def _entities() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Entity.id))) or 0


@pytest.mark.usefixtures("small_steps")
def test_the_worker_checks_and_after_the_word_imports(acting: Acting) -> None:
    officer = acting(OFFICER)
    held = upload(officer, "entities", "名录.xlsx", as_xlsx(entity_rows(5)))
    assert held.state == "waiting"
    assert work_once()
    held = uploaded(officer.agency_id, held.id)
    assert (held.state, held.counts["new"], _entities()) == ("checked", 5, 0)
    job = db.session.get_one(Job, held.job_id)
    assert job.done == job.total == 5
    import_rows(officer, held.id, good_rows_only=False)
    assert work_once()
    assert (uploaded(officer.agency_id, held.id).state, _entities()) == ("imported", 5)


@pytest.mark.usefixtures("small_steps")
def test_what_was_chosen_before_needs_no_second_word(acting: Acting) -> None:
    officer = acting(OFFICER)
    rows = entity_rows(4)
    rows[3]["风险等级"] = "中"
    asked = upload(officer, "entities", "名录.xlsx", as_xlsx(rows), choice="whole")
    assert work_once()
    assert (uploaded(officer.agency_id, asked.id).state, _entities()) == ("checked", 0)
    good = upload(officer, "entities", "名录.xlsx", as_xlsx(rows), choice="good_rows")
    assert work_once()
    held = uploaded(officer.agency_id, good.id)
    assert (held.state, held.counts["new"], held.counts["refused"], _entities()) == ("imported", 3, 1, 3)
    assert len(read_sheet(refused_rows_of(held), "错误行.xlsx").rows) == 1


@pytest.mark.usefixtures("small_steps")
def test_a_cancelled_import_stops_and_changes_nothing(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = acting(OFFICER)
    held = upload(officer, "entities", "名录.xlsx", as_xlsx(entity_rows(9)), choice="whole")
    file_id, seen = held.id, []
    compared = checking.CheckedSheet._compared

    def cancelled_meanwhile(sheet: checking.CheckedSheet, rows: list[object]) -> checking.Piece:
        seen.append(len(rows))
        if len(seen) == 2:
            drop(officer, file_id)
        return compared(sheet, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(checking.CheckedSheet, "_compared", cancelled_meanwhile)
    assert work_once()
    assert not work_once()
    held = uploaded(officer.agency_id, file_id)
    assert (held.state, len(seen), _entities()) == ("dropped", 2, 0)
    assert db.session.get_one(Job, held.job_id).state == "cancelled"


@pytest.mark.usefixtures("small_steps")
def test_the_page_shows_the_writing_and_a_cancel_in_its_midst_leaves_no_row(
    acting: Acting, log_in: Callable[[Person], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "_SECONDS_BETWEEN_BEATS", 0)
    officer, browser = acting(OFFICER), log_in(OFFICER)
    file_id = upload(officer, "entities", "名录.xlsx", as_xlsx(entity_rows(9)), choice="whole").id
    page = f"/office/imports/files/{file_id}"
    pages: list[str] = []
    asked = threading.Event()
    asking = threading.Thread(target=lambda: browser.post(f"{page}/droppings"))
    taken_in, ask_to_stop = NewPostings.add, aside.ask_to_stop

    def looked_at_and_cancelled(*given: Any) -> None:
        taken_in(*given)
        pages.append(browser.get(page).text)
        if len(pages) == 3:
            asking.start()
            assert asked.wait(30)

    def asked_now(job_id: int) -> None:
        ask_to_stop(job_id)
        asked.set()

    monkeypatch.setattr(NewPostings, "add", looked_at_and_cancelled)
    monkeypatch.setattr(aside, "ask_to_stop", asked_now)
    assert work_once()
    asking.join(30)
    assert "已写 4 行，共约 9 行" in pages[2]
    held = uploaded(officer.agency_id, file_id)
    assert (held.state, len(pages), _entities()) == ("dropped", 3, 0)
    assert count_entities(officer.agency_id, Filters(words="样例")) == 0
    assert not work_once()


@pytest.mark.usefixtures("small_steps")
def test_an_unreadable_file_says_so_on_its_page(
    acting: Acting, log_in: Callable[[Person], FlaskClient]
) -> None:
    officer = acting(OFFICER)
    rows = [{key: value for key, value in row.items() if key != "负责人"} for row in entity_rows(2)]
    held = upload(officer, "entities", "名录.xlsx", as_xlsx(rows))
    file_id = held.id
    assert work_once()
    page = log_in(OFFICER).get(f"/office/imports/files/{file_id}").text
    assert "缺少必需的列：负责人" in page


@pytest.mark.usefixtures("small_steps")
def test_a_killed_worker_leaves_nothing_half_imported_and_the_job_goes_on(
    acting: Acting, clock: FixedClock, settings: Settings, tmp_path: Path
) -> None:
    officer = acting(OFFICER)
    held = upload(officer, "entities", "名录.xlsx", as_xlsx(entity_rows(7)), choice="whole")
    file_id = held.id
    db.session.remove()
    command = [sys.executable, "-c", KILLED, settings.database_url, str(settings.data_dir)]
    died = subprocess.run(command, check=False, cwd=Path(__file__).parents[3], env={**os.environ})
    assert died.returncode == -9
    assert (_entities(), uploaded(officer.agency_id, file_id).state) == (0, "importing")
    assert not work_once()
    clock.advance(seconds=LEASE.total_seconds() + 1)
    assert work_once()
    held = uploaded(officer.agency_id, file_id)
    assert (held.state, held.counts["new"], _entities()) == ("imported", 7, 7)
    assert count_entities(officer.agency_id, Filters(words="样例")) == 7


def test_what_a_complete_file_lacks_is_asked_about_and_never_removed(acting: Acting) -> None:
    officer = acting(OFFICER)
    first = upload(officer, "entities", "a.xlsx", as_xlsx(entity_rows(5)))
    import_rows(officer, first.id, good_rows_only=False)
    second = upload(officer, "entities", "b.xlsx", as_xlsx(entity_rows(3)), is_complete=True)
    assert second.counts["gone"] == 2
    gone = [row.record_id for row in gone_rows(second)]
    set_status(officer, gone[:1], "closed", "完整名录里没有")
    decide_on_gone(officer, second.id, gone[:1], "已关闭停业")
    assert [row.decision for row in gone_rows(second)] == ["已关闭停业", ""]
    assert _entities() == 5
    with pytest.raises(Refusal, match="都已经处理过了"):
        decide_on_gone(officer, second.id, gone[:1], "已关闭停业")


cells = st.sampled_from(["", "B", "Z", credit_code(1), credit_code(2), "9137", "示例路1号", "\ufffd", "𠮷"])


@given(st.lists(st.lists(cells, min_size=6, max_size=6).filter(any), min_size=1, max_size=8))
@examples(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@pytest.mark.usefixtures("small_steps")
def test_every_row_of_every_imported_file_is_accounted_for(acting: Acting, rows: list[list[str]]) -> None:
    officer, headings = acting(OFFICER), list(entity_rows(1)[0])
    content = as_xlsx([dict(zip(headings, row, strict=True)) for row in rows])
    before = _entities()
    held = upload(officer, "entities", "a.xlsx", content, choice="good_rows", wait=True)
    counts = held.counts
    assert counts["read"] == len(rows) == sum(counts[part] for part in ("new", "updated", "same", "refused"))
    refused = len(read_sheet(refused_rows_of(held), "r.xlsx").rows) if counts["refused"] else 0
    assert refused == counts["refused"]
    assert _entities() - before == (counts["new"] if held.state == "imported" else 0)
