"""Small directories for the tests of planning: published matters, graded entities, inspectors; and a task from a plan."""

from collections.abc import Sequence
from datetime import date

from backend.core.codes import credit_code_check_character
from backend.foundation.accounts.models import User
from backend.foundation.accounts.queries import departments_of, user_by_login
from backend.foundation.permissions.actor import Actor
from backend.planning.annual_plan.actions import approve_plan, draft_plan, publish_plan
from backend.planning.annual_plan.models import Plan
from backend.planning.draw.actions import lock, sign, signers_of
from backend.planning.draw.commit import commit_draw
from backend.planning.draw.computing import draw_now
from backend.planning.draw.inputs import enter_input
from backend.planning.draw.models import Draw
from backend.planning.draw.preparing import CommitRequest
from backend.planning.draw.queries import draw_of
from backend.planning.tasks.actions import approve_inspection, dispatch, make_task, prepare_dispatch
from backend.planning.tasks.made_before import TaskEntry
from backend.planning.tasks.models import Task
from backend.plumbing.db import db, transaction
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from backend.registers.matters.models import Matter
from tests.people import INSPECTOR, LEADER, RECUSED, Person

PEN = b"\x89PNG\r\n\x1a\n"
"""As much of a picture as a signature needs to be taken."""
GRADES = "A" * 20 + "B" * 12 + "C" * 6 + "D" * 2
WINDOW = (date(2026, 8, 1), date(2026, 9, 30))


def code(number: int) -> str:
    """A valid invented 统一社会信用代码."""
    body = f"91370300MA{number:07d}"
    return body + credit_code_check_character(body)


def add_matters(
    agency_id: int, names: Sequence[str] = ("工业节能监察",), matter_class: str = "general"
) -> list[int]:
    """Published matters that apply to enterprises, 10% each."""
    matters = [
        Matter(
            agency_id=agency_id,
            code=f"M{number:02}",
            name=name,
            matter_class=matter_class,
            objects="用能企业",
            content="示例",
            legal_basis="示例",
            methods="实地核查",
            ratio_num=10,
            ratio_den=100,
            frequency="每年一次",
            entity_kind="enterprise",
            form_key="zibo-industry/industrial-energy",
            status="published",
        )
        for number, name in enumerate(names, start=1)
    ]
    with transaction():
        db.session.add_all(matters)
    return [matter.id for matter in matters]


def add_entities(agency_id: int, grades: str = GRADES, first: int = 1) -> list[Entity]:
    """One active enterprise for each letter of `grades`; a dash is one without a grade."""
    entities = [
        Entity(
            agency_id=agency_id,
            code=code(number),
            name=f"示例{number}号企业",
            kind="enterprise",
            address="示例路 1 号",
            region="示例区",
            industry="建材",
            principal="示例人",
            phone="",
            risk_grade=None if grade == "-" else grade,
            risk_source="示例",
            risk_date=None,
            status="active",
            directories=[],
            flags=[],
        )
        for number, grade in enumerate(grades, start=first)
    ]
    with transaction():
        db.session.add_all(entities)
    return entities


def add_inspectors(agency_id: int, extra: int = 3) -> list[Inspector]:
    """The cast's three inspectors and `extra` more, all of the first department, all with certificates."""
    department = departments_of(agency_id)[0].id
    named: list[tuple[str, Person | None]] = [(p.name, p) for p in (LEADER, INSPECTOR, RECUSED)]
    named += [(f"示例检查员{n}", None) for n in range(extra)]
    people = []
    for number, (name, person) in enumerate(named, start=1):
        user = user_by_login(person.login) if person else None
        people.append(
            Inspector(
                agency_id=agency_id,
                department_id=department,
                user_id=user.id if user else None,
                name=name,
                sex="unstated",
                post="科员",
                certificate_no=f"示{number:05}",
                certificate_valid_to=date(2028, 12, 31),
                speciality="",
                status="active",
                is_expert=False,
            )
        )
    with transaction():
        db.session.add_all(people)
    return people


def give_logins(inspectors: Sequence[Inspector]) -> None:
    """A login for each who has none, so that they can be sent out."""
    with transaction():
        for inspector in inspectors:
            if inspector.user_id is None:
                account = User(
                    agency_id=inspector.agency_id,
                    department_id=inspector.department_id,
                    login=f"inspector.{inspector.id}",
                    name=inspector.name,
                    password_hash="",
                    roles=["inspector"],
                )
                db.session.add(account)
                db.session.flush()
                db.session.get_one(Inspector, inspector.id).user_id = account.id


def publish_a_plan(officer: Actor, head: Actor, oversight: Actor) -> Plan:
    """This year's plan over the published matters, approved and published."""
    plan = draft_plan(officer, 2026, "节能与综合利用科")
    approve_plan(head, plan.id)
    publish_plan(oversight, plan.id)
    return plan


def task_from(officer: Actor, plan: Plan, title: str = "示例抽查", line: int = 0, **entry: object) -> Task:
    """A task from a line of the plan."""
    given = {"title": title, "window_from": WINDOW[0], "window_to": WINDOW[1], **entry}
    return make_task(officer, plan.lines[line].id, TaskEntry(**given))  # type: ignore[arg-type]


def commit(officer: Actor, *tasks: Task, **changes: object) -> Draw:
    """Commit a draw of these tasks before two witnesses."""
    department = departments_of(officer.agency_id)[0].id
    request = {
        "task_ids": [task.id for task in tasks],
        "witnesses": [("见证人甲", "public"), ("见证人乙", "counsel")],
        "input_digits": 6,
        "departments": [department],
        "leader_departments": [department],
        "hard_cap": 20,
    }
    return commit_draw(officer, CommitRequest(**{**request, **changes}))  # type: ignore[arg-type]


def give_inputs(officer: Actor, draw: Draw, digits: Sequence[str] = ("351642", "004271")) -> None:
    for witness, written in zip(draw.witnesses, digits, strict=True):
        enter_input(officer, draw.id, witness.position, written)


def sign_all(officer: Actor, draw: Draw) -> None:
    for signer in signers_of(draw):
        sign(officer, draw.id, signer.name, signer.kind, PEN)


def hold_draw(officer: Actor, *tasks: Task, **changes: object) -> Draw:
    """A whole ceremony, from the commitment to the lock."""
    draw = commit(officer, *tasks, **changes)
    give_inputs(officer, draw)
    draw_now(officer, draw.id)
    sign_all(officer, draw_of(officer.agency_id, draw.id))
    lock(officer, draw.id)
    return draw_of(officer.agency_id, draw.id)


def send_out(officer: Actor, head: Actor, task: Task) -> None:
    """What comes before the dispatch, and the dispatch."""
    prepare_dispatch(officer, task.id, "enter", "要看现场设备", "分工：组长组织，组员记录")
    approve_inspection(head, task.id, "同意")
    dispatch(officer, task.id)
