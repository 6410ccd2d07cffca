"""Let visits follow what was changed in their draw: a new team while nothing is submitted, a withdrawn visit while nothing is begun."""

from sqlalchemy import select, update

from backend.core.errors import VISIT_ALREADY_BEGUN, VISIT_MERGED, Refusal
from backend.fieldwork.changes.actions import next_server_seq, touch
from backend.fieldwork.changes.models import Change
from backend.fieldwork.checklists.queries import answers_of
from backend.fieldwork.visits.models import MergedTask, Visit, VisitLeft, VisitMember
from backend.fieldwork.visits.opening import members_of, open_visits
from backend.fieldwork.visits.queries import merged_tasks, visit_of
from backend.fieldwork.visits.rules import CAPTURING, STATUS_WORDS, VisitStatus
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor
from backend.planning.adjustments.asking import take_up_recusal
from backend.planning.draw.models import DrawTask
from backend.planning.draw.queries import seated
from backend.planning.received.queries import seats_of
from backend.planning.tasks.models import Task
from backend.plumbing.db import db, transaction

REPLACED = "对象已替换"


def follow_team(actor: Actor, task_id: int | None, draw_id: int | None, entity_id: int) -> None:
    """React to a changed team of a draw, or of a received task's list (`task_id`).

    The visit gets it, the newcomer's phone everything, the leaver's phone drops the visit.
    """
    with transaction():
        for visit in _visits(draw_id, entity_id, task_id):
            _refuse_unless(visit, VisitStatus(visit.status) in CAPTURING)
            team = members_of(actor, _seated_now(task_id, draw_id, entity_id))
            before = {member.user_id: member for member in visit.members}
            server_seq = next_server_seq(visit.agency_id)
            staying = {member.user_id for member in team}
            for member in list(visit.members):
                db.session.delete(member)
            db.session.flush()
            for member in team:
                member.visit_id = visit.id
                db.session.add(member)
            db.session.flush()
            db.session.refresh(visit, ["members"])
            for user_id in before.keys() - staying:
                _leaves(visit, user_id, server_seq)
            if staying - before.keys():
                _tell_everything(visit, server_seq)
            touch(visit.agency_id, visit.id, "visit", visit.id, server_seq)
            names = [member.name for member in team]
            record(
                actor,
                "visit.reassign",
                "visit",
                visit.id,
                before={"team": [m.name for m in before.values()]},
                after={"team": names},
            )


def follow_inspector(actor: Actor, inspector_id: int) -> None:
    """React to what is shown of an inspector at the door: the phones of open visits get it with the next pull."""
    with transaction():
        query = (
            select(Visit)
            .join(VisitMember)
            .where(VisitMember.inspector_id == inspector_id, Visit.status.in_(CAPTURING))
        )
        visits = list(db.session.scalars(query))
        server_seq = next_server_seq(actor.agency_id) if visits else 0
        for visit in visits:
            touch(visit.agency_id, visit.id, "visit", visit.id, server_seq)


def follow_replacement(actor: Actor, draw_id: int, entity_id: int, reason: str) -> None:
    """React to a replaced entity: its visit is withdrawn with its numbers void, and the newcomer's is opened."""
    with transaction():
        for visit in _visits(draw_id, entity_id):
            _refuse_unless(visit, visit.status == VisitStatus.DISPATCHED)
            if any(one.draw_id != draw_id for one in merged_tasks(visit.id)):
                raise Refusal(VISIT_MERGED, name=visit.entity_snapshot["name"])
            visit.status = VisitStatus.WITHDRAWN
            for number in visit.numbers:
                if number.status == "reserved":
                    number.status, number.void_reason = "void", REPLACED
            server_seq = next_server_seq(visit.agency_id)
            for member in visit.members:
                _leaves(visit, member.user_id, server_seq)
            record(actor, "visit.withdraw", "visit", visit.id, after={"reason": reason})
        tasks = select(Task.id).join(DrawTask, DrawTask.task_id == Task.id).where(DrawTask.draw_id == draw_id)
        for task_id in db.session.scalars(tasks.where(Task.status == "dispatched")).all():
            open_visits(actor, task_id)


def follow_companions(actor: Actor, task_id: int, entity_id: int) -> None:
    """React to somebody who goes along, or no longer: the team's phones see it at their next pull."""
    with transaction():
        carried = select(MergedTask.visit_id).where(MergedTask.task_id == task_id)
        query = select(Visit).where(Visit.entity_id == entity_id, Visit.status != VisitStatus.WITHDRAWN)
        for visit in db.session.scalars(
            query.where((Visit.task_id == task_id) | Visit.id.in_(carried))
        ).all():
            touch(visit.agency_id, visit.id, "visit", visit.id, next_server_seq(visit.agency_id))


def pass_on_recusal(actor: Actor, visit_id: str, inspector_id: int, entity_id: int, reason: str) -> None:
    """React to a granted recusal: the draw behind the visit learns of it, and the unit's leader chooses how it is met."""
    visit = visit_of(actor.agency_id, visit_id)
    take_up_recusal(actor, visit.draw_id, entity_id, inspector_id, reason, visit.task_id)


def _seated_now(task_id: int | None, draw_id: int | None, entity_id: int) -> list[tuple[int, int]]:
    if draw_id is not None:
        return seated(draw_id, entity_id)
    return [(seat.inspector_id, seat.position) for seat in seats_of(task_id or 0, entity_id)]


def _visits(draw_id: int | None, entity_id: int, task_id: int | None = None) -> list[Visit]:
    """The visits of a drawn entity or, without a draw, of a received one. Refused where another task's visit carries it."""
    standing = select(Visit).where(Visit.entity_id == entity_id, Visit.status != VisitStatus.WITHDRAWN)
    if draw_id is not None:
        carried = standing.join(MergedTask).where(
            MergedTask.draw_id == draw_id, Visit.draw_id.is_distinct_from(draw_id)
        )
        query = standing.where(Visit.draw_id == draw_id)
    else:
        carried = standing.join(MergedTask).where(MergedTask.task_id == task_id)
        query = standing.where(Visit.task_id == task_id)
    carrier = db.session.scalar(carried.limit(1))
    if carrier is not None:
        raise Refusal(VISIT_MERGED, name=carrier.entity_snapshot["name"])
    return list(db.session.scalars(query.order_by(Visit.serial)))


def _refuse_unless(visit: Visit, possible: bool) -> None:
    if not possible:
        state = STATUS_WORDS[VisitStatus(visit.status)]
        raise Refusal(VISIT_ALREADY_BEGUN, name=visit.entity_snapshot["name"], state=state)


def _leaves(visit: Visit, user_id: int, server_seq: int) -> None:
    db.session.merge(
        VisitLeft(visit_id=visit.id, user_id=user_id, agency_id=visit.agency_id, server_seq=server_seq)
    )
    db.session.flush()


def _tell_everything(visit: Visit, server_seq: int) -> None:
    """A newcomer's cursor may lie beyond all that was told of this visit."""
    for path in answers_of(visit.id):
        touch(visit.agency_id, visit.id, "answer", f"{visit.id} {path}", server_seq)
    db.session.execute(update(Change).where(Change.visit_id == visit.id).values(server_seq=server_seq))
    db.session.expire_all()
