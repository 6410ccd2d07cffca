"""执法记录仪 files from an office PC, in a real browser: the line breaks, the upload goes on, the file is tied to the visit."""

import os
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Route

from backend.plumbing.db import db
from backend.plumbing.files import store
from backend.records.dossier.evidence_parts import recordings_of
from tests.people import ARCHIVIST, PASSWORD
from tests.records.dossier import conftest as records
from tests.records.dossier.conftest import Archive
from tests.records.specimens import VIDEO

archive = records.archive
matter, task, dispatch, phones, visit_id = (
    records.matter,
    records.task,
    records.dispatch,
    records.phones,
    records.visit_id,
)

pytestmark = pytest.mark.browser


def test_a_file_goes_on_where_the_line_broke(
    context: Flask, archive: Archive, visit_id: str, page: Page, live_address: str, tmp_path: Path
) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    film = tmp_path / "执法记录仪 01.mp4"
    film.write_bytes(VIDEO + os.urandom(5 << 20))
    page.goto(f"{live_address}/office/login")
    page.get_by_label("账号").fill(ARCHIVIST.login)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/office/**")
    page.goto(f"{live_address}/office/dossiers/{dossier.id}")
    pieces: list[str] = []

    def breaks_once(route: Route) -> None:
        pieces.append(route.request.headers["upload-offset"])
        route.abort() if len(pieces) == 3 else route.continue_()

    page.route(
        "**/recordings/*",
        lambda route: breaks_once(route) if route.request.method == "PATCH" else route.continue_(),
    )
    page.get_by_text("登记执法记录仪文件").click()
    page.get_by_label("录音录像文件").set_input_files(film)
    page.get_by_label("时长（分钟）").fill("12")
    with page.expect_event("load", timeout=30_000):
        page.get_by_role("button", name="登记文件").click()
    assert pieces.count(pieces[2]) == 2
    db.session.rollback()
    (row,) = recordings_of(visit_id)
    assert (row.size, row.duration_s) == (film.stat().st_size, 12 * 60)
    assert store().read(f"evidence/{row.sha256}") == film.read_bytes()
