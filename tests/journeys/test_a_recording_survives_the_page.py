"""A recording is on the phone's disk while it runs: the page is killed in the middle, and what was recorded arrives all the same."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser

from backend.fieldwork.evidence.queries import evidence_of, files_held_for
from backend.plumbing.db import db
from tests.fieldwork import conftest as fieldwork
from tests.journeys.handset import Handset
from tests.people import LEADER

matter = fieldwork.matter
task = fieldwork.task
dispatch = fieldwork.dispatch

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

MICROPHONE = """navigator.mediaDevices.getUserMedia = async () => {
  const room = new AudioContext();
  const [tone, ear] = [room.createOscillator(), room.createMediaStreamDestination()];
  tone.connect(ear);
  tone.start();
  return ear.stream;
};"""


def test_what_was_recorded_before_the_page_was_killed_is_evidence(
    context: Flask, dispatch: Callable[..., str], live_address: str, browser: Browser
) -> None:
    visit_id = dispatch()
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    phone.phone.add_init_script(MICROPHONE)
    phone.is_killed()
    phone.goes_to(f"visit/{visit_id}/evidence")
    phone.presses("录音")
    phone.presses("开始录音")
    phone.page.wait_for_function("() => !document.querySelector('dialog').innerText.includes('已存 0 B')")
    phone.is_killed()
    phone.sees("上次没录完的 1 段已存在本机")
    phone.goes_to(f"visit/{visit_id}/evidence")
    phone.sees("录音 01")
    phone.sees("服务器已存")
    db.session.rollback()
    (piece,) = evidence_of(visit_id)
    assert piece.mime.startswith("audio/")
    assert piece.size > 0
    assert files_held_for(visit_id, [piece.sha])
    assert phone.faults == []
