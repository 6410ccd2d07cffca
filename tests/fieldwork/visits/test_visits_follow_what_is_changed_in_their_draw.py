"""After the dispatch: a replaced entity's visit is withdrawn and the newcomer's opened; a changed team changes on the phones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.core.errors import VISIT_ALREADY_BEGUN, Refusal
from backend.fieldwork.sync.queries import pull
from backend.fieldwork.visits.clocks import tasks_done
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import visits_of_task
from backend.foundation.accounts.models import User
from backend.foundation.accounts.queries import actor_of
from backend.foundation.permissions.actor import Actor
from backend.planning.adjustments.asking import Paper
from backend.planning.adjustments.deciding import grant, redraw_seat, replace
from backend.planning.adjustments.queries import told_adjustments
from backend.planning.adjustments.seating import seats_of, seats_to_swap_with
from backend.planning.draw.models import Draw
from backend.planning.matching.models import Recusal
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce
from tests.people import HEAD, OFFICER, OVERSIGHT, Person
from tests.planning.conftest import Stage
from tests.planning.directories import (
    add_entities,
    add_inspectors,
    add_matters,
    give_logins,
    hold_draw,
    publish_a_plan,
    send_out,
    task_from,
)
from tests.planning.draw.test_what_may_still_happen_to_a_draw import anew, verified

NOTE = Paper("说明.jpg", b"\xff\xd8\xff handwritten")


@pytest.fixture
def stage(acting: Callable[[Person], Actor]) -> Stage:
    officer, head, oversight = acting(OFFICER), acting(HEAD), acting(OVERSIGHT)
    matters = add_matters(officer.agency_id, ("工业节能监察", "安全生产检查"))
    entities = add_entities(officer.agency_id)
    inspectors = add_inspectors(officer.agency_id)
    give_logins(inspectors)
    return Stage(
        officer, head, oversight, matters, entities, inspectors, publish_a_plan(officer, head, oversight)
    )


@pytest.fixture
def draw(stage: Stage) -> Draw:
    """A draw whose task is out."""
    task = task_from(stage.officer, stage.plan)
    draw = hold_draw(stage.officer, task)
    send_out(stage.officer, stage.head, task)
    return draw


def visits(draw: Draw) -> list[Visit]:
    return list(visits_of_task(draw.tasks[0].task_id))


def holder(visit: Visit, position: int) -> Actor:
    return actor_of(db.session.get_one(User, visit.members[position].user_id))


def test_a_replaced_entity_leaves_the_phones_and_the_newcomer_gets_a_visit(stage: Stage, draw: Draw) -> None:
    before = visits(draw)
    leaver = next(pick for pick in draw.picks if pick.stratum == "C")
    visit = next(v for v in before if v.entity_id == leaver.entity_id)
    inspector = holder(visit, 0)
    seen = pull(inspector, None)
    replace(stage.head, draw.id, leaver.id, "企业已搬离本市")
    after = visits(draw)
    assert visit.status == "withdrawn"
    assert {number.status for number in visit.numbers} == {"void"}
    (newcomer,) = [v for v in after if v.id not in {b.id for b in before}]
    assert len({v.serial for v in after}) == len(after)
    pulled = pull(inspector, seen.cursor)
    assert {"type": "visit", "id": visit.id} in pulled.tombstones
    assert newcomer.id in {document["id"] for document in pulled.docs}
    assert pull(inspector, pulled.cursor).tombstones == []
    with transaction():
        for other in after:
            if other.status == "dispatched":
                other.status, other.submitted_at = "submitted", other.dispatched_at
    assert tasks_done([visit.task_id])[visit.task_id] < visit.window_to, "a withdrawn visit holds no task up"


def test_a_visit_that_was_begun_is_neither_withdrawn_nor_half_changed(stage: Stage, draw: Draw) -> None:
    visit = visits(draw)[0]
    with transaction():
        visit.status = "in_progress"
    pick = next(p for p in draw.picks if p.entity_id == visit.entity_id)
    with pytest.raises(Refusal) as caught:
        replace(stage.head, draw.id, pick.id, "企业已搬离本市")
    assert caught.value.problem is VISIT_ALREADY_BEGUN
    db.session.expire_all()
    assert (pick.status, visit.status) == ("picked", "in_progress")


def test_a_redrawn_seat_changes_the_team_on_both_phones(stage: Stage, draw: Draw) -> None:
    visit = visits(draw)[0]
    leaver = holder(visit, 1)
    cursors = {
        i.id: pull(actor_of(db.session.get_one(User, i.user_id)), None).cursor for i in stage.inspectors
    }
    seat = seats_of(draw, visit.entity_id)[1]
    redraw_seat(stage.head, draw.id, seat.id, "工作冲突，本人书面说明", NOTE)
    db.session.refresh(visit)
    assert leaver.user_id not in {member.user_id for member in visit.members}
    assert len(visit.members) == 2
    entered = visit.members[1]
    assert pull(leaver, cursors[seat.inspector_id or 0]).tombstones == [{"type": "visit", "id": visit.id}]
    docs = pull(actor_of(db.session.get_one(User, entered.user_id)), cursors[entered.inspector_id]).docs
    assert {document["type"] for document in docs} >= {"visit", "form"}


def test_a_granted_recusal_is_met_by_a_swap_and_holds_from_then_on(
    stage: Stage, draw: Draw, tmp_path: Path
) -> None:
    visit = visits(draw)[0]
    member = visit.members[1]
    arguments = {
        "actor": stage.head,
        "visit_id": visit.id,
        "inspector_id": member.inspector_id,
        "entity_id": visit.entity_id,
        "reason": "配偶在该企业任职",
    }
    announce("recusal.granted", **arguments)
    announce("recusal.granted", **arguments)
    (told,) = told_adjustments(stage.head.agency_id, ("asked",))
    assert told.adjustment.asked_by_name == member.name
    seat = seats_of(draw, visit.entity_id)[1]
    others = seats_to_swap_with(draw, seat)
    assert others
    grant(stage.head, told.adjustment.id, "", "swap", others[0].id)
    db.session.refresh(visit)
    assert member.user_id not in {held.user_id for held in visit.members}
    other = next(v for v in visits(draw) if v.entity_id == others[0].entity_id)
    db.session.refresh(other)
    assert member.user_id in {held.user_id for held in other.members}
    assert verified(anew(stage, draw), tmp_path)
    assert db.session.query(Recusal).filter_by(entity_id=visit.entity_id).count() == 1
