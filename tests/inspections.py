"""Visits as fieldwork leaves them behind: checked, approved by their leader, or closed because nothing could be inspected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from flask import Flask

from backend.decisions.publication.actions import publish
from backend.decisions.results.actions import form_report
from backend.decisions.results.models import Report, Result
from backend.decisions.results.queries import report_of, results_of
from backend.fieldwork.checklists.definitions import forms_folder, load_forms
from backend.fieldwork.checklists.models import Answer, Form
from backend.fieldwork.checklists.rules import items_of
from backend.fieldwork.visits.models import Visit, VisitMember
from backend.foundation.accounts.queries import actor_of, agency_by_code, user_by_login
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce
from backend.settings import Settings
from tests.conftest import FixedClock
from tests.people import AGENCY, INSPECTOR, LEADER, OFFICER, Person
from tests.registered import FORM, a_task, an_entity, enlisted, the_matter

PROBLEM = {"result": "fail", "problem": "未建能源消费统计台账", "disposal": "责令限期改正"}
CHANNELS = ["市工业和信息化局门户网站", "信用中国（山东）"]
Seen = TypeVar("Seen")


@dataclass
class Field:
    """What an inspection leaves behind, made without a phone."""

    app: Flask
    clock: FixedClock
    settings: Settings
    made: int = 0

    def see(self, query: Callable[..., Seen], *arguments: Any) -> Seen:
        """Run a query in a context of its own, as a request would."""
        with self.app.app_context():
            return query(*arguments)

    def act(self, person: Person, action: Callable[..., Seen], *arguments: Any) -> Seen:
        """Let a person of the cast do something in a context of its own."""
        with self.app.app_context():
            return action(acting(person), *arguments)

    def results(self, visit_id: str) -> list[Result]:
        return self.see(results_of, visit_id)

    def result(self, visit_id: str) -> Result:
        """The only result of a visit of one matter."""
        (result,) = self.results(visit_id)
        return result

    def report(self, visit_id: str) -> Report:
        return self.see(report_of, self.result(visit_id).agency_id, visit_id)

    def formed(self, failed: Mapping[str, Mapping[str, Any]] | None = None, **facts: Any) -> str:
        """An approved visit whose report an officer has formed."""
        visit_id = self.approved(failed, **facts)
        self.form(visit_id)
        return visit_id

    def form(self, visit_id: str) -> None:
        report = self.report(visit_id)
        self.act(OFFICER, form_report, visit_id, report.version, dict(report.body), {})

    def published(self, failed: Mapping[str, Mapping[str, Any]] | None = None, **facts: Any) -> Result:
        """The result of a visit, public."""
        visit_id = self.formed(failed, **facts)
        self.act(OFFICER, publish, visit_id, CHANNELS)
        return self.result(visit_id)

    def visit(
        self,
        failed: Mapping[str, Mapping[str, Any]] | None = None,
        agency: str = AGENCY,
        window_to: date = date(2026, 7, 31),
        **entity: str,
    ) -> str:
        """A submitted visit of one matter; `failed` holds the check items that were not in order."""
        self.made += 1
        form = load_forms(forms_folder())[FORM]
        with self.app.app_context(), transaction():
            db.session.merge(
                Form(sha=form.sha, key=form.key, version=form.version, content=dict(form.content))
            )
            agency_id = agency_by_code(agency).id
            facts = {
                "name": f"示例市测试冶炼有限公司{self.made}",
                "code": f"91370300TEST{self.made:05d}X",
                "kind": "enterprise",
                "address": f"示例街道演示路 {self.made} 号",
                "principal": "李示范",
                "phone": "13800000000",
                **entity,
            }
            inspected = an_entity(agency_id, **facts)
            task = a_task(
                agency_id,
                f"任务〔2026〕{self.made}号",
                window_from=date(2026, 7, 1),
                window_to=window_to,
                made_at=self.clock.now(),
            )
            matter = the_matter(agency_id, matter_class="general")
            visit = Visit(
                id=f"0198{self.made:04d}-0000-7000-8000-000000000000",
                agency_id=agency_id,
                task_id=task.id,
                entity_id=inspected.id,
                serial=f"示工信检字〔2026〕{self.made}号",
                entity_snapshot=facts,
                matters=[{"matterId": matter.id, "name": matter.name, "formKey": FORM, "formSha": form.sha}],
                task_title="2026 年节能监察",
                window_from=date(2026, 7, 1),
                window_to=window_to,
                status="submitted",
                dispatched_at=self.clock.now(),
                started_at=self.clock.now(),
                submitted_at=self.clock.now(),
                digest=f"{self.made:064x}",
                returned=[],
            )
            db.session.add(visit)
            db.session.flush()
            for position, person in enumerate((LEADER, INSPECTOR)):
                user = user_by_login(person.login)
                assert user is not None
                db.session.add(
                    VisitMember(
                        visit_id=visit.id,
                        inspector_id=enlisted(actor_of(user)).id,
                        user_id=user.id,
                        position=position,
                        is_leader=position == 0,
                        name=user.name,
                        certificate_no=f"示例执{position:04d}",
                    )
                )
            self._answer(visit, matter.id, form.content, failed or {})
            return visit.id

    def approved(self, failed: Mapping[str, Mapping[str, Any]] | None = None, **facts: Any) -> str:
        """A visit whose leader has approved it: its results are drafted."""
        visit_id = self.visit(failed, **facts)
        with self.app.app_context(), transaction():
            visit = db.session.get_one(Visit, visit_id)
            visit.status, visit.approved_at = "approved", self.clock.now()
            announce("visit.approved", actor=acting(LEADER), visit_id=visit_id)
        return visit_id

    def closed(self, reason: str, note: str = "", told: Mapping[str, str] | None = None) -> str:
        """A visit that could not take place; `told` is what the team wrote about it on the phone."""
        visit_id = self.visit()
        with self.app.app_context(), transaction():
            visit = db.session.get_one(Visit, visit_id)
            visit.status, visit.submitted_at, visit.closed_at = "closed", None, self.clock.now()
            visit.closed_reason, visit.closed_note = reason, note
            if told is not None:
                self._keep(visit, "/exception", {"kind": reason, **told})
            announce("visit.closed", actor=acting(LEADER), visit_id=visit_id)
        return visit_id

    def go_to(self, year: int, month: int, day: int) -> None:
        """Let the calendar stand at ten o'clock of this day."""
        self.clock.moment = datetime(year, month, day, 10, tzinfo=self.clock.moment.tzinfo)

    def _answer(
        self,
        visit: Visit,
        matter_id: int,
        form: Mapping[str, Any],
        failed: Mapping[str, Mapping[str, Any]],
    ) -> None:
        for item in items_of(form):
            if item["type"] == "check":
                value = failed.get(item["id"], {"result": "pass", "problem": None, "disposal": None})
                self._keep(visit, f"/matters/{matter_id}/items/{item['id']}", value)

    def _keep(self, visit: Visit, path: str, value: Mapping[str, Any]) -> None:
        db.session.add(
            Answer(
                visit_id=visit.id,
                path=path,
                value=value,
                rev=1,
                op_id="1",
                device_id="1",
                user_id=1,
                at=self.clock.now(),
            )
        )


def acting(person: Person) -> Actor:
    user = user_by_login(person.login)
    assert user is not None
    return actor_of(user)
