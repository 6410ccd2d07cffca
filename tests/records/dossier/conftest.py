"""Real visits, captured on phones, decided on in the office, up to their dossiers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.decisions.publication.actions import publish
from backend.decisions.results.actions import form_report
from backend.decisions.results.queries import report_of
from backend.foundation.jobs.actions import work_once
from backend.plumbing.db import db
from backend.records.dossier.models import Dossier
from backend.records.dossier.queries import dossier_of, dossiers_of_visit
from tests.fieldwork.conftest import dispatch, matter, phones, task, visit_id
from tests.fieldwork.phones import Phones, fill_in, sign_all
from tests.inspections import CHANNELS
from tests.inspections import acting as actor_of
from tests.people import ARCHIVIST, INSPECTOR, LEADER, OFFICER, Person
from tests.records.specimens import VIDEO

__all__ = ["dispatch", "matter", "phones", "task", "visit_id"]


@dataclass
class Archive:
    """What the office does with a visit after the field is done."""

    app: Flask
    phones: Phones
    log_in: Callable[[Person], FlaskClient]

    def capture(self, visit_id: str, party: bool = True, refuse: dict[str, Any] | None = None) -> None:
        """Fill in, sign (or have the party refuse) and submit on one phone."""
        phone = self.phones(INSPECTOR)
        phone.pull()
        fill_in(phone, visit_id)
        sign_all(phone, visit_id, party=party)
        if refuse is not None:
            phone.refuse(visit_id, **refuse)
        submitted = phone.submit(visit_id)
        phone.sync()
        assert phone.results[submitted]["status"] == "applied", phone.results[submitted]

    def approve(self, visit_id: str) -> Dossier:
        """The leader approves; the dossier that begins with it."""
        leader = self.phones(LEADER)
        leader.pull()
        approved = leader.review(visit_id, "approve")
        leader.sync()
        assert leader.results[approved]["status"] == "applied", leader.results[approved]
        return self.dossier(visit_id)

    def decide(self, visit_id: str) -> None:
        """Report formed, results published."""
        db.session.rollback()
        officer = actor_of(OFFICER)
        report = report_of(officer.agency_id, visit_id)
        form_report(officer, visit_id, report.version, {k: v or "已办" for k, v in report.body}, {})
        publish(officer, visit_id, CHANNELS)

    def complete(self, visit_id: str) -> Dossier:
        """Everything up to a dossier without gaps."""
        self.capture(visit_id)
        dossier = self.approve(visit_id)
        self.decide(visit_id)
        assert self.add_video(dossier).status_code == 303
        return self.dossier(visit_id)

    def add_video(
        self, dossier: Dossier, octets: bytes = VIDEO, name: str = "执法记录仪.mp4"
    ) -> TestResponse:
        return self.post(
            ARCHIVIST,
            dossier,
            "recordings",
            file=(BytesIO(octets), name),
            minutes="127",
            taken_at="2026-07-21T09:10",
        )

    def post(self, person: Person, dossier: Dossier, verb: str, **form: Any) -> TestResponse:
        browser = self.log_in(person)
        return browser.post(f"/office/dossiers/{dossier.id}/{verb}", data=form)

    def page(self, person: Person, address: str) -> str:
        answer = self.log_in(person).get(address)
        assert answer.status_code == 200, answer.text
        return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", answer.text))

    def dossier(self, visit_id: str) -> Dossier:
        db.session.rollback()
        return dossiers_of_visit(visit_id)[-1]

    def again(self, dossier: Dossier) -> Dossier:
        db.session.rollback()
        return dossier_of(dossier.agency_id, dossier.id)

    def work(self) -> None:
        """Let the worker do everything that waits."""
        while work_once():
            pass

    def sealed(self, visit_id: str) -> Dossier:
        """A complete dossier, sealed by the archivist."""
        dossier = self.complete(visit_id)
        assert self.post(ARCHIVIST, dossier, "sealing").status_code == 303
        self.work()
        dossier = self.again(dossier)
        assert dossier.status == "sealed"
        return dossier


@pytest.fixture
def archive(context: Flask, phones: Phones, log_in: Callable[[Person], FlaskClient]) -> Archive:
    return Archive(context, phones, log_in)
