"""The visits themselves: each team's leader inspects with a phone that was offline, then sends everything.

The first firm has a fault and signs; the second refuses to sign before a witness; the others pass.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.core.clock import SHANGHAI
from backend.demonstration.browser import StepFailed
from backend.demonstration.founding import person_with_login
from backend.demonstration.photographs import photograph
from backend.demonstration.scripted_phone import ScriptedPhone
from backend.demonstration.stage import Stage
from backend.fieldwork.checklists.rules import items_of
from backend.fieldwork.visits.models import Visit, VisitMember
from backend.foundation.accounts.models import User
from backend.plumbing.db import db
from backend.plumbing.randomness import new_id

PASS = {"result": "pass", "problem": None, "disposal": None}
FAIL = {
    "result": "fail",
    "problem": "在用电动机 1 台，铭牌型号已列入淘汰目录",
    "disposal": "责令改正，期限 15 日",
}
FAILED_ITEM = "obsoleteMotors"
DETAILS: dict[str, Any] = {
    "energyClass": "otherUser",
    "annualEnergy": "8200.5",
    "mainProducts": "铸件 3000 吨",
    "equipment": ["boilerKiln"],
    "circumstances": ["noneOfThese"],
}
TERM = timedelta(days=15)


@dataclass(frozen=True)
class Assignment:
    """One visit and who leads it."""

    visit_id: str
    leader_login: str


def inspect(stage: Stage, task_id: int) -> list[Assignment]:
    """Inspect every dispatched visit of the task; return them in order of their serial."""
    with stage.inside():
        assignments = _assignments(task_id)
    phones: dict[str, ScriptedPhone] = {}
    for number, assignment in enumerate(assignments):
        phone = phones.get(assignment.leader_login) or _phone(stage, assignment.leader_login)
        phones[assignment.leader_login] = phone
        _inspect_one(stage, phone, assignment.visit_id, number)
        phone.sync()
        _nothing_refused(phone)
    return assignments


def approve(stage: Stage, assignments: list[Assignment]) -> None:
    """Each team's leader looks at what was submitted and approves it."""
    for assignment in assignments:
        phone = _phone(stage, assignment.leader_login)
        phone.pull()
        phone.review(assignment.visit_id, "approve")
        phone.push()
        _nothing_refused(phone)


def _inspect_one(stage: Stage, phone: ScriptedPhone, visit_id: str, number: int) -> None:
    visit = phone.docs["visit", visit_id]["body"]
    begun = stage.clock.now()
    phone.walk_to_the_door(visit_id)
    phone.locate(visit_id)
    for matter in visit["matters"]:
        _fill_in(phone, visit_id, matter, number)
    phone.photograph(visit_id, photograph(1000 + number))
    with_fault = number == 0
    finding = "，发现 1 台淘汰电动机在用，已当场指出" if with_fault else "，检查事项未发现问题"
    phone.note(visit_id, "/record/situation", {"text": f"现场生产正常，负责人到场配合{finding}。"})
    phone.note(visit_id, "/record/startedAt", {"text": _written(begun)})
    phone.note(visit_id, "/record/endedAt", {"text": _written(stage.clock.now())})
    term = (stage.clock.now() + TERM).astimezone(SHANGHAI).date().isoformat()
    phone.walk_to_the_end(visit_id, due=term if with_fault else None)
    for member in visit["team"]:
        phone.sign(visit_id, "inspector", member["name"], member["userId"])
    if number == 1:
        witness = {"name": "社区见证人丙", "contact": "0000-0000003"}
        phone.refuse(
            visit_id, "declined", "负责人认为应由总部签字，当场拒绝签字，已告知拒签不影响检查效力。", witness
        )
        phone.sign(visit_id, "witness", witness["name"])
    else:
        phone.sign(visit_id, "party", visit["entity"]["principal"] or "现场负责人")
    phone.submit(visit_id)


def _fill_in(phone: ScriptedPhone, visit_id: str, matter: dict[str, Any], number: int) -> None:
    for item in items_of(phone.form(matter["formSha"])):
        path = f"/matters/{matter['id']}/items/{item['id']}"
        failed = number == 0 and item["id"] == FAILED_ITEM
        if item["id"] in DETAILS:
            phone.answer(visit_id, path, DETAILS[item["id"]])
        elif item["type"] == "check":
            phone.answer(visit_id, path, FAIL if failed else PASS)
        if failed:
            phone.photograph(visit_id, photograph(number), path)


def _phone(stage: Stage, login: str) -> ScriptedPhone:
    browser = stage.browser(person_with_login(login))
    with stage.inside():
        user = db.session.query(User).filter_by(login=login).one()
    phone = ScriptedPhone(
        send=browser.send,
        user_id=user.id,
        wall=lambda: int(stage.clock.now().timestamp() * 1000),
        new_id=lambda: _new_id(stage),
    )
    phone.register()
    phone.pull()
    return phone


def _new_id(stage: Stage) -> str:
    with stage.house.app_context():
        return new_id()


def _nothing_refused(phone: ScriptedPhone) -> None:
    refused = [
        result for result in phone.results.values() if result["status"] not in ("applied", "duplicate")
    ]
    if refused:
        raise StepFailed(f"the server set aside: {refused}")


def _assignments(task_id: int) -> list[Assignment]:
    rows = (
        db.session.query(Visit.id, User.login)
        .join(VisitMember, VisitMember.visit_id == Visit.id)
        .join(User, User.id == VisitMember.user_id)
        .filter(Visit.task_id == task_id, VisitMember.is_leader, Visit.status == "dispatched")
        .order_by(Visit.serial)
    )
    return [Assignment(visit_id, login) for visit_id, login in rows]


def _written(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="minutes")
