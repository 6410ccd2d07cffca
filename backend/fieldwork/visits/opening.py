"""Open visits at dispatch: entity, matters and forms frozen in, the team named, document numbers set aside."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from backend.core.errors import INSPECTORS_WITHOUT_LOGIN, NOT_FOUND, Refusal
from backend.fieldwork.changes.actions import next_server_seq, touch
from backend.fieldwork.checklists.actions import pin
from backend.fieldwork.form_library.queries import choice_for
from backend.fieldwork.visits.models import MergedTask, ReservedNumber, Visit, VisitMember
from backend.fieldwork.visits.queries import visits_of_task
from backend.fieldwork.visits.rules import NUMBER_WORDS, VisitStatus, document_number
from backend.foundation.accounts.queries import agency
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor
from backend.planning.draw.queries import TeamOf, drawn_order
from backend.planning.received.queries import teams_of
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import rules_of_task
from backend.planning.tasks.rules import batch_of, batch_window
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.plumbing.randomness import new_id
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from backend.registers.matters.models import Matter


@dataclass(frozen=True)
class Assignment:
    """What dispatch hands over for one entity: the task, the window, the matters, the team (inspector id, position)."""

    task_id: int
    task_title: str
    serial: str
    department_id: int | None
    draw_id: int | None
    entity_id: int
    window_from: date
    window_to: date
    matter_ids: Sequence[int]
    team: Sequence[tuple[int, int]]


def open_visits(actor: Actor, task_id: int) -> Sequence[Visit]:
    """React to a task's dispatch: one visit per drawn entity. An entity that has its visit keeps it."""
    with transaction():
        task = db.session.get_one(Task, task_id)
        _require_own(actor, task.agency_id, "这项任务")
        existing = {visit.entity_id for visit in visits_of_task(task_id)}
        windows = _windows(task)
        new = [team for team in teams_of(task) if team.entity_id not in existing]
        _refuse_without_login({inspector_id for one in new for inspector_id, _ in one.members})
        opened = []
        for number, team in enumerate(new, start=len(existing) + 1):
            asked = _assignment(task, f"{task.serial}-{number:03d}", team, windows.get(team.entity_id))
            carrier = _carrier_of(asked) if rules_of_task(task.id).flag("merge.same_window") else None
            opened.append(_merged(actor, carrier, asked) if carrier else open_visit(actor, asked))
        return opened


def _carrier_of(asked: Assignment) -> Visit | None:
    """Another task's visit to the same entity that nobody has begun, on overlapping days: it can carry this one too."""
    return db.session.scalar(
        select(Visit)
        .where(
            Visit.entity_id == asked.entity_id,
            Visit.task_id != asked.task_id,
            Visit.status == VisitStatus.DISPATCHED,
            Visit.window_from <= asked.window_to,
            Visit.window_to >= asked.window_from,
        )
        .order_by(Visit.dispatched_at, Visit.id)
        .limit(1)
    )


def _merged(actor: Actor, visit: Visit, asked: Assignment) -> Visit:
    """One visit carries the matters of both, on the days that both allow; both serials are kept."""
    held = {matter["matterId"] for matter in visit.matters}
    new = [matter_id for matter_id in asked.matter_ids if matter_id not in held]
    profile_key = rules_of_task(asked.task_id).key
    visit.matters = [
        *visit.matters,
        *(_frozen_matter(actor, one, asked.entity_id, profile_key) for one in new),
    ]
    visit.window_from = max(visit.window_from, asked.window_from)
    visit.window_to = min(visit.window_to, asked.window_to)
    db.session.add(
        MergedTask(
            visit_id=visit.id,
            task_id=asked.task_id,
            draw_id=asked.draw_id,
            serial=asked.serial,
            matter_ids=new,
        )
    )
    db.session.flush()
    _tell_phones(visit, next_server_seq(visit.agency_id))
    after = {"serial": asked.serial, "task": asked.task_id, "matters": new}
    record(actor, "visit.merge", "visit", visit.id, after=after)
    return visit


def open_visit(actor: Actor, assignment: Assignment) -> Visit:
    """Make one visit: entity and forms frozen into it, its team named, its document numbers set aside."""
    with transaction():
        hold_chain(actor.agency_id)
        profile_key = rules_of_task(assignment.task_id).key
        visit = Visit(
            id=new_id(),
            agency_id=actor.agency_id,
            department_id=assignment.department_id,
            task_id=assignment.task_id,
            draw_id=assignment.draw_id,
            entity_id=assignment.entity_id,
            serial=assignment.serial,
            entity_snapshot=_snapshot(actor, assignment.entity_id),
            matters=[
                _frozen_matter(actor, matter_id, assignment.entity_id, profile_key)
                for matter_id in assignment.matter_ids
            ],
            task_title=assignment.task_title,
            window_from=assignment.window_from,
            window_to=assignment.window_to,
            status=VisitStatus.DISPATCHED,
            dispatched_at=now(),
            returned=[],
            mended=[],
            procedure=_procedure(assignment.task_id),
            members=members_of(actor, assignment.team),
        )
        db.session.add(visit)
        db.session.flush()
        visit.numbers.extend(_reserve(visit, kind) for kind in NUMBER_WORDS)
        _tell_phones(visit, next_server_seq(visit.agency_id))
        members = [member.inspector_id for member in visit.members]
        after = {"serial": visit.serial, "entity": visit.entity_snapshot["code"], "team": members}
        record(actor, "visit.open", "visit", visit.id, after=after)
        return visit


def _windows(task: Task) -> dict[int, tuple[date, date]]:
    """The days of each entity's batch, where the drawn order decides who comes when (002（八）)."""
    if task.batches < 2:
        return {}
    order = drawn_order(task.id)
    return {
        entity_id: batch_window(
            task.window_from, task.window_to, batch_of(place, len(order), task.batches), task.batches
        )
        for entity_id, place in order.items()
    }


def _assignment(task: Task, serial: str, team: TeamOf, window: tuple[date, date] | None) -> Assignment:
    window_from, window_to = window or (task.window_from, task.window_to)
    return Assignment(
        task_id=task.id,
        task_title=task.title,
        serial=serial,
        department_id=task.department_id,
        draw_id=team.draw_id,
        entity_id=team.entity_id,
        window_from=window_from,
        window_to=window_to,
        matter_ids=[one.matter_id for one in task.matters],
        team=team.members,
    )


def _tell_phones(visit: Visit, server_seq: int) -> None:
    touch(visit.agency_id, visit.id, "visit", visit.id, server_seq)
    for sha in sorted({matter["formSha"] for matter in visit.matters if matter["formSha"]}):
        touch(visit.agency_id, visit.id, "form", sha, server_seq)


def _procedure(task_id: int) -> dict[str, Any]:
    """What the walk of a visit asks for, by the rules that the task was made under, less the steps that it leaves out."""
    rules, left_out = rules_of_task(task_id), db.session.get_one(Task, task_id).left_out_steps
    fewest = rules.count("onsite.min_inspectors") or 1
    precheck = rules.flag("precheck.required") and "precheck" not in left_out
    return {"version": 1, "minInspectors": fewest, "precheck": precheck}


def _snapshot(actor: Actor, entity_id: int) -> dict[str, Any]:
    entity = db.session.get_one(Entity, entity_id)
    _require_own(actor, entity.agency_id, entity.name)
    names = ("code", "name", "kind", "address", "region", "industry", "principal", "phone")
    return {name: getattr(entity, name) for name in names}


def _frozen_matter(actor: Actor, matter_id: int, entity_id: int, profile_key: str) -> dict[str, Any]:
    matter = db.session.get_one(Matter, matter_id)
    _require_own(actor, matter.agency_id, matter.name)
    choice = choice_for(actor.agency_id, profile_key, matter, db.session.get_one(Entity, entity_id))
    pinned = choice.form
    return {
        "matterId": matter.id,
        "name": matter.name,
        "class": matter.matter_class,
        "content": matter.content,
        "legalBasis": matter.legal_basis,
        "formKey": pinned.key if pinned else None,
        "formSha": pin(pinned) if pinned else None,
        "formChoice": {"how": choice.how},
    }


def members_of(actor: Actor, team: Sequence[tuple[int, int]]) -> list[VisitMember]:
    """The team of these (inspector id, position); the lowest position leads."""
    in_order = sorted(team, key=lambda seat: seat[1])
    return [_member(actor, *seat, is_leader=seat is in_order[0]) for seat in in_order]


def _refuse_without_login(inspector_ids: Collection[int]) -> None:
    """All of them in one sentence: whoever mends it goes there once."""
    seated = select(Inspector).where(Inspector.id.in_(inspector_ids), Inspector.user_id.is_(None))
    if missing := list(db.session.scalars(seated.order_by(Inspector.id))):
        raise _without_login(missing)


def _without_login(missing: Sequence[Inspector]) -> Refusal:
    names = "、".join(person.name for person in missing)
    return Refusal(INSPECTORS_WITHOUT_LOGIN, count=len(missing), names=names)


def _member(actor: Actor, inspector_id: int, position: int, is_leader: bool) -> VisitMember:
    inspector = db.session.get_one(Inspector, inspector_id)
    _require_own(actor, inspector.agency_id, inspector.name)
    if inspector.user_id is None:
        raise _without_login([inspector])
    return VisitMember(
        inspector_id=inspector.id,
        user_id=inspector.user_id,
        position=position,
        is_leader=is_leader,
        name=inspector.name,
        certificate_no=inspector.certificate_no,
    )


def _require_own(actor: Actor, agency_id: int, what: str) -> None:
    if agency_id != actor.agency_id:
        raise Refusal(NOT_FOUND, what=what)


def _reserve(visit: Visit, kind: str) -> ReservedNumber:
    year = today().year
    of_this_kind = (
        (ReservedNumber.agency_id == visit.agency_id)
        & (ReservedNumber.year == year)
        & (ReservedNumber.kind == kind)
    )
    last = db.session.scalar(select(func.max(ReservedNumber.ordinal)).where(of_this_kind)) or 0
    number = document_number(agency(visit.agency_id).doc_prefix, kind, year, last + 1)
    return ReservedNumber(
        agency_id=visit.agency_id, kind=kind, year=year, ordinal=last + 1, number=number, status="reserved"
    )
