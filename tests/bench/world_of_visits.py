"""An agency in the field: inspectors with phones of their own, and for each submission a visit with a checklist of 120 items."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import insert

from backend.core.canonical_json import digest
from backend.fieldwork.checklists.models import Form
from backend.fieldwork.visits.models import Visit, VisitMember
from backend.foundation.accounts.actions import found_agency, open_session_for
from backend.foundation.accounts.models import User
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.models import AgencyProfile
from backend.planning.tasks.models import Task
from backend.plumbing.db import db, transaction
from backend.plumbing.randomness import new_id
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector

ITEMS = 120
MATTER = 1


@dataclass(frozen=True)
class Inspecting:
    """One inspector with a session, and the visits that are theirs to submit."""

    user_id: int
    session: str
    visits: list[str]
    form_sha: str


def set_up(app: Flask, clients: int, each: int) -> list[Inspecting]:
    """The agency with `clients` inspectors who have `each` visits."""
    with app.app_context():
        agency = found_agency("示例市工业和信息化局", "slgx", "0123", "示工信", ["综合法规科"])
        with transaction():
            db.session.add(AgencyProfile(agency_id=agency.id, profile_key="national-default"))
            form = _form()
            form_sha = form.sha
            db.session.add(form)
            task = _task(agency.id)
            db.session.add(task)
            db.session.flush()
            people = [_person(agency.id, number) for number in range(clients)]
            visits = list(_visits(agency.id, task.id, form_sha, people, each))
        sessions = [open_session_for(db.session.get_one(User, user_id), "bench") for user_id, _ in people]
        db.session.remove()
    return [
        Inspecting(user_id, sessions[n], visits[n * each : (n + 1) * each], form_sha)
        for n, (user_id, _) in enumerate(people)
    ]


def _form() -> Form:
    item = {"type": "check", "label": "项", "required": True, "photo": "never", "relevant": None, "basis": []}
    items = [{"id": f"item{n}", **item} for n in range(ITEMS)]
    content = {
        "key": "bench",
        "version": 1,
        "title": "测量",
        "sections": [{"id": "s", "title": "节", "items": items}],
    }
    return Form(sha=digest(content), key="bench", version=1, content=content)


def _task(agency_id: int) -> Task:
    return Task(
        agency_id=agency_id,
        title="测量",
        serial="B-1",
        ad_hoc_reason="",
        window_from=date(2026, 1, 1),
        window_to=date(2026, 12, 31),
        scope={},
        natures=[],
        ratios={},
        status="matched",
        seats=1,
        made_by_name="测量",
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def _person(agency_id: int, number: int) -> tuple[int, int]:
    user = User(
        agency_id=agency_id,
        login=f"p{number}",
        name=f"检查员{number}",
        password_hash="",
        roles=[Role.INSPECTOR],
    )
    db.session.add(user)
    db.session.flush()
    inspector = Inspector(
        agency_id=agency_id,
        user_id=user.id,
        name=user.name,
        sex="女",
        post="科员",
        certificate_no=f"B-{number:05d}",
        speciality="",
        status="active",
        is_expert=False,
    )
    db.session.add(inspector)
    db.session.flush()
    return user.id, inspector.id


def _visits(
    agency_id: int, task_id: int, form_sha: str, people: list[tuple[int, int]], each: int
) -> Iterator[str]:
    for user_id, inspector_id in people:
        for n in range(each):
            visit_id, mark = new_id(), f"{user_id}-{n}"
            entity = Entity(
                agency_id=agency_id,
                code=f"TEST:{mark}",
                name=f"示例{mark}公司",
                kind="enterprise",
                address="",
                region="",
                industry="",
                principal="",
                phone="",
                risk_source="",
                status="active",
                directories=[],
                flags=[],
            )
            db.session.add(entity)
            db.session.flush()
            db.session.execute(insert(Visit), [_visit(agency_id, task_id, entity, visit_id, mark, form_sha)])
            member = {
                "visit_id": visit_id,
                "inspector_id": inspector_id,
                "user_id": user_id,
                "position": 0,
                "is_leader": True,
                "name": "检查员",
                "certificate_no": "B",
            }
            db.session.execute(insert(VisitMember), [member])
            yield visit_id


def _visit(
    agency_id: int, task_id: int, entity: Entity, visit_id: str, mark: str, form_sha: str
) -> dict[str, Any]:
    matter = {
        "matterId": MATTER,
        "name": "测量",
        "class": "general",
        "content": "",
        "legalBasis": "",
        "formKey": "bench",
        "formSha": form_sha,
    }
    return {
        "id": visit_id,
        "agency_id": agency_id,
        "task_id": task_id,
        "entity_id": entity.id,
        "serial": f"B-{mark}",
        "entity_snapshot": {"name": entity.name, "code": entity.code},
        "matters": [matter],
        "task_title": "测量",
        "window_from": date(2026, 1, 1),
        "window_to": date(2026, 12, 31),
        "status": "dispatched",
        "dispatched_at": datetime(2026, 1, 2, tzinfo=UTC),
        "returned": [],
    }
