"""An agency in the field: inspectors with phones of their own, and for each submission a visit with a checklist of 120 items."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import insert

from backend.core.canonical_json import digest
from backend.fieldwork.changes.actions import next_server_seq, touch
from backend.fieldwork.checklists.models import Form
from backend.fieldwork.visits.models import Visit, VisitMember
from backend.foundation.accounts.actions import found_agency, open_session_for
from backend.foundation.accounts.models import User
from backend.foundation.permissions.roles import Role
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


@dataclass(frozen=True)
class Team:
    """One visit and those who inspect together, the leader first."""

    visit_id: str
    form_sha: str
    people: list[Inspecting]


def set_up(app: Flask, clients: int, each: int) -> list[Inspecting]:
    """The agency with `clients` inspectors who have `each` visits alone."""
    teams = set_up_teams(app, [1] * clients, each)
    return [team.people[0] for team in teams[::each]]


def set_up_teams(
    app: Flask, sizes: list[int], each: int = 1, items: int = ITEMS, photo: str = "never"
) -> list[Team]:
    """The agency with a team of every size, and `each` visits of `items` items for each team."""
    with app.app_context():
        agency = found_agency("示例市工业和信息化局", "slgx", "0123", "示工信", ["综合法规科"])
        with transaction():
            form = _form(items, photo)
            form_sha = form.sha
            db.session.add(form)
            task = _task(agency.id)
            db.session.add(task)
            db.session.flush()
            numbers = count()
            teams = [[_person(agency.id, next(numbers)) for _ in range(size)] for size in sizes]
            visits = [
                [_open_visit(agency.id, task.id, form_sha, team, n) for n in range(each)] for team in teams
            ]
        found = []
        for team, theirs in zip(teams, visits, strict=True):
            sessions = [open_session_for(db.session.get_one(User, person[0]), "bench") for person in team]
            people = [
                Inspecting(person[0], session, theirs, form_sha)
                for person, session in zip(team, sessions, strict=True)
            ]
            found += [Team(visit_id, form_sha, people) for visit_id in theirs]
        db.session.remove()
    return found


def _form(count: int, photo: str = "never") -> Form:
    item = {"type": "check", "label": "项", "required": True, "photo": photo, "relevant": None, "basis": []}
    items = [{"id": f"item{n}", **item} for n in range(count)]
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


def _open_visit(agency_id: int, task_id: int, form_sha: str, team: list[tuple[int, int]], number: int) -> str:
    visit_id, mark = new_id(), f"{team[0][0]}-{number}"
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
    members = [
        {
            "visit_id": visit_id,
            "inspector_id": inspector_id,
            "user_id": user_id,
            "position": position,
            "is_leader": position == 0,
            "name": f"检查员{user_id}",
            "certificate_no": "B",
        }
        for position, (user_id, inspector_id) in enumerate(team)
    ]
    db.session.execute(insert(VisitMember), members)
    server_seq = next_server_seq(agency_id)
    touch(agency_id, visit_id, "visit", visit_id, server_seq)
    touch(agency_id, visit_id, "form", form_sha, server_seq)
    return visit_id


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
        "entity_snapshot": {
            name: getattr(entity, name)
            for name in ("code", "name", "kind", "address", "region", "industry", "principal", "phone")
        },
        "matters": [matter],
        "task_title": "测量",
        "window_from": date(2026, 1, 1),
        "window_to": date(2026, 12, 31),
        "status": "dispatched",
        "dispatched_at": datetime(2026, 1, 2, tzinfo=UTC),
        "returned": [],
    }
