"""A large export is written by the worker: a page says how far, the file waits a day, nobody else fetches it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.core.errors import Refusal
from backend.foundation.jobs.actions import work_once
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.actor import Actor
from backend.plumbing.spreadsheets import read_sheet
from backend.registers.entities.exporting import (
    KEPT,
    export_entities,
    export_name,
    export_of,
    forget_old_exports,
)
from backend.registers.entities.queries import Filters
from backend.registers.imports.actions import upload
from tests.conftest import FixedClock
from tests.people import ADMIN, OFFICER, Person
from tests.registers.sheets import as_xlsx, entity_rows

Acting = Callable[[Person], Actor]
LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def many(acting: Acting, monkeypatch: pytest.MonkeyPatch) -> Actor:
    """More entities than are exported at once."""
    monkeypatch.setattr("backend.registers.entities.exporting.WRITTEN_AT_ONCE", 3)
    for module in ("exporting", "queries"):
        monkeypatch.setattr(f"backend.registers.entities.{module}.ENTITIES_AT_ONCE", 2)
    officer = acting(OFFICER)
    upload(officer, "entities", "名录.xlsx", as_xlsx(entity_rows(5)), choice="whole", wait=True)
    return officer


@pytest.mark.usefixtures("many")
def test_a_large_export_is_written_by_the_worker_and_fetched_by_who_asked(
    log_in: LogIn, clock: FixedClock
) -> None:
    browser = log_in(OFFICER)
    page = browser.get("/office/entities/export.xlsx").headers["Location"]
    assert browser.get("/office/entities/export.xlsx").headers["Location"] == page, (
        "asked twice, written once"
    )
    assert "正在写表格" in browser.get(page).text
    assert browser.get(f"{page}/entities.xlsx").status_code == 404
    assert work_once()
    assert not work_once()
    assert "已写好" in browser.get(page).text
    assert len(read_sheet(browser.get(f"{page}/entities.xlsx").data, "a.xlsx").rows) == 5
    assert log_in(ADMIN).get(f"{page}/entities.xlsx").status_code == 404
    clock.advance(seconds=KEPT.total_seconds() + 1)
    forget_old_exports()
    assert "已经删除" in log_in(OFFICER).get(page).text


def test_a_small_export_comes_at_once(many: Actor) -> None:
    assert isinstance(export_entities(many, Filters(words="第001")), bytes)


def test_an_export_is_nobody_elses(many: Actor, acting: Acting) -> None:
    job = export_entities(many, Filters())
    assert isinstance(job, Job)
    assert export_name(job).startswith("exports/")
    with pytest.raises(Refusal, match="not-found"):
        export_of(acting(ADMIN), job.id)
