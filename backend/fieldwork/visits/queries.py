"""Reads of visits: which there are, whose they are, what they are made of."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import lazyload

from backend.core.errors import NOT_FOUND, Refusal
from backend.fieldwork.checklists.queries import form, item_names
from backend.fieldwork.checklists.rules import has_place
from backend.fieldwork.visits.models import MergedTask, Recheck, RecusalRequest, Visit, VisitLeft, VisitMember
from backend.fieldwork.visits.rules import VisitStatus
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.planning.companions.models import Companion
from backend.planning.companions.queries import companions_of
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.db import db, reading
from backend.registers.entities.models import Entity


def visit_of(agency_id: int, visit_id: str) -> Visit:
    """One visit of this agency; another agency's is not found."""
    visit = db.session.get(Visit, visit_id)
    if visit is None or visit.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这次检查")
    return visit


def page_of_visits(
    actor: Actor, status: str = "", words: str = "", before: str | None = None, limit: int = 50
) -> Sequence[Visit]:
    """The visits the person may see, newest serial first; `before` is the last serial of the page before."""
    query = _visible(actor)
    if status:
        query = query.where(Visit.status == status)
    if words:
        named = Entity.name.contains(words, autoescape=True) | Entity.code.contains(words, autoescape=True)
        query = query.join(Entity).where(named | Visit.serial.contains(words, autoescape=True))
    if before:
        query = query.where(Visit.serial < before)
    return list(db.session.scalars(query.order_by(Visit.serial.desc()).limit(limit)))


def count_by_status(actor: Actor) -> dict[str, int]:
    """How many visits the person may see in each status."""
    visible = _visible(actor).subquery()
    counted = select(visible.c.status, func.count()).group_by(visible.c.status)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _visible(actor: Actor) -> Select[Visit]:
    query = select(Visit).where(Visit.agency_id == actor.agency_id)
    if actor.may(Capability.SEE_EVERY_VISIT):
        return query
    own = select(VisitMember.visit_id).where(VisitMember.user_id == actor.user_id)
    return query.where(Visit.id.in_(own))


def visits_of_task(task_id: int) -> Sequence[Visit]:
    """Every visit of a task, in order of serial; those that another task's visit carries out are among them."""
    merged = select(MergedTask.visit_id).where(MergedTask.task_id == task_id)
    query = select(Visit).where((Visit.task_id == task_id) | Visit.id.in_(merged))
    return list(db.session.scalars(query.order_by(Visit.serial)))


def merged_tasks(visit_id: str) -> Sequence[MergedTask]:
    """The further tasks of a visit."""
    return list(db.session.scalars(select(MergedTask).where(MergedTask.visit_id == visit_id)))


def companions_of_visit(visit: Visit) -> list[Companion]:
    """Experts and others who go along, for whichever of its tasks they were named."""
    tasks = [visit.task_id, *(merged.task_id for merged in merged_tasks(visit.id))]
    return [one for task_id in tasks for one in companions_of(task_id, visit.entity_id)]


def task_of_matter(visit: Visit, matter_id: int) -> int:
    """The task for which a visit checks this matter."""
    merged = merged_tasks(visit.id)
    return next((one.task_id for one in merged if matter_id in one.matter_ids), visit.task_id)


def visit_ids_of_member(actor: Actor) -> Sequence[str]:
    """The visits on whose team the person is: what their phone may see."""
    query = (
        select(VisitMember.visit_id)
        .join(Visit)
        .where(VisitMember.user_id == actor.user_id, Visit.agency_id == actor.agency_id)
        .where(Visit.status != VisitStatus.WITHDRAWN)
    )
    return list(db.session.scalars(query.order_by(VisitMember.visit_id)))


_VISITS_OF_MEMBERS = (
    select(VisitMember.user_id, Visit)
    .join(VisitMember)
    .where(Visit.id.in_(bindparam("visits", expanding=True)))
    .where(VisitMember.user_id.in_(bindparam("users", expanding=True)))
    .where(Visit.agency_id == bindparam("agency"), Visit.status != VisitStatus.WITHDRAWN)
    .options(lazyload(Visit.members), lazyload(Visit.numbers))
)


def visits_of_members(
    agency_id: int, user_ids: Collection[int], visit_ids: Collection[str]
) -> dict[int, dict[str, Visit]]:
    """For each of these people those of these visits on whose team they are, without team and numbers: what a push is held to."""
    found: dict[int, dict[str, Visit]] = {user_id: {} for user_id in user_ids}
    asked = {"visits": list(visit_ids), "users": list(user_ids), "agency": agency_id}
    for user_id, visit in db.session.execute(_VISITS_OF_MEMBERS, asked):
        found[user_id][visit.id] = visit
    return found


def visits_left(actor: Actor, server_seq: int) -> Sequence[VisitLeft]:
    """The visits that left the person's phone after this place in the order, oldest first."""
    query = select(VisitLeft).where(VisitLeft.user_id == actor.user_id, VisitLeft.server_seq > server_seq)
    return list(db.session.scalars(query.order_by(VisitLeft.server_seq)))


_IS_ON_TEAM = (
    select(VisitMember.visit_id)
    .join(Visit)
    .where(VisitMember.visit_id == bindparam("visit"), VisitMember.user_id == bindparam("user"))
    .where(Visit.agency_id == bindparam("agency"))
    .limit(1)
)


def is_on_team(actor: Actor, visit_id: str) -> bool:
    """Whether the person is on the team of this visit, withdrawn or not."""
    asked = {"visit": visit_id, "user": actor.user_id, "agency": actor.agency_id}
    with reading() as connection:
        return connection.execute(_IS_ON_TEAM, asked).first() is not None


def visit_of_member(actor: Actor, visit_id: str) -> Visit:
    """One visit on whose team the person is; any other is not found."""
    visit = visit_of(actor.agency_id, visit_id)
    if not any(member.user_id == actor.user_id for member in visit.members):
        raise Refusal(NOT_FOUND, what="这次检查")
    return visit


def visit_for(actor: Actor, visit_id: str) -> Visit:
    """One visit that the person may see: any of the agency's for the office, for an inspector those of their teams."""
    if actor.may(Capability.SEE_EVERY_VISIT):
        return visit_of(actor.agency_id, visit_id)
    return visit_of_member(actor, visit_id)


def visits_open_to(actor: Actor) -> Sequence[str] | None:
    """The ids of the visits the person may see; None stands for all of the agency's."""
    return None if actor.may(Capability.SEE_EVERY_VISIT) else visit_ids_of_member(actor)


def leader_of(visit: Visit) -> VisitMember:
    """组长: the member in position 0."""
    return next(member for member in visit.members if member.is_leader)


def pinned_forms(visit: Visit) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
    """Each matter that has a checklist, with the content of the form it is pinned to."""
    for matter in visit.matters:
        if matter["formSha"]:
            yield matter, form(matter["formSha"]).content


def forms_of_path(visit: Visit, path: str) -> list[str]:
    """The SHA-256 of every form of the visit that holds the item or table cell at `path`, the pinned one first.

    The forms a matter had before another one was chosen are among them: a phone that had not heard of the choice may
    still answer, and what it says stays on record.
    """
    for matter in visit.matters:
        below = item_path(matter["matterId"], "")
        if path.startswith(below):
            place = path.removeprefix(below)
            shas = [matter["formSha"], *matter.get("formerForms", ())]
            return [sha for sha in shas if sha and _holds(sha, place)]
    return []


def _holds(sha: str, place: str) -> bool:
    return place in item_names(sha) or has_place(form(sha).content, place)


def item_path(matter_id: int, item_id: str) -> str:
    """Where the answer to an item of a matter's checklist stands."""
    return f"/matters/{matter_id}/items/{item_id}"


def rules_of(visit: Visit) -> RuleProfile:
    """The rules the visit's task was made under."""
    return rules_of_task(visit.task_id)


def tell_inspected(task: Task, found: set[int]) -> None:
    """Answer `inspected.asked`: the entities that another department's team has begun to inspect or has inspected in the
    days of this task, so that no joint visit can be made of both."""
    begun = select(Visit.entity_id).where(
        Visit.agency_id == task.agency_id,
        Visit.department_id.is_distinct_from(task.department_id),
        Visit.status.not_in((VisitStatus.DISPATCHED, VisitStatus.CLOSED, VisitStatus.WITHDRAWN)),
        Visit.window_from <= task.window_to,
        Visit.window_to >= task.window_from,
    )
    found.update(db.session.scalars(begun))


def recusals_of(visit_id: str) -> Sequence[RecusalRequest]:
    """Every 回避申请 made on this visit, in the order they were made."""
    query = select(RecusalRequest).where(RecusalRequest.visit_id == visit_id)
    return list(db.session.scalars(query.order_by(RecusalRequest.id)))


def rechecks_of(visit_id: str) -> Sequence[Recheck]:
    """Every 复查 of what was ordered on this visit, oldest first."""
    return list(db.session.scalars(select(Recheck).where(Recheck.visit_id == visit_id).order_by(Recheck.id)))
