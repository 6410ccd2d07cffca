"""Attacks on the ceremony (draw.md 6): each is refused, or stands in the files that are published."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from backend.core.clock import SHANGHAI
from backend.core.errors import (
    DRAW_CANNOT_BE_PREPARED,
    DRAW_NOT_IN_STATE,
    FROZEN_FILE_ALTERED,
    REDRAW_NOT_ALLOWED,
    ROSTER_ALTERED,
    Refusal,
)
from backend.planning.adjustments.deciding import replace
from backend.planning.draw.actions import lock
from backend.planning.draw.computing import draw_now, restore_roster
from backend.planning.draw.endings import allow_redraw, open_record, void
from backend.planning.draw.inputs import enter_input, withdraw_input
from backend.planning.draw.models import Draw, FrozenEntity
from backend.planning.draw.preparing import renew_link
from backend.planning.draw.queries import draw_of, preparation_of
from backend.planning.draw.views import told_events, witness_links
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from tests.planning.conftest import Stage
from tests.planning.directories import commit, give_inputs, hold_draw, sign_all, task_from
from tests.planning.draw.test_what_may_still_happen_to_a_draw import anew, verified


def link_of(stage: Stage, draw: Draw, client: FlaskClient, position: int) -> str:
    preparation = preparation_of(stage.officer.agency_id, draw.preparation_id or 0)
    with client.application.test_request_context():
        return witness_links(preparation)[position].removeprefix("http://localhost")


def test_whose_hand_wrote_what_goes_out_with_the_lock(
    stage: Stage, client: FlaskClient, tmp_path: Path
) -> None:
    """The host takes a witness's place: a fresh link opened on a phone of his own, digits written for those who are there."""
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    first = link_of(stage, draw, client, 0)
    db.session.commit()
    assert client.post(f"{first}/phones").status_code == 303
    assert client.post(f"{first}/inputs", data={"digits": "111111"}).status_code == 303
    db.session.rollback()
    renew_link(stage.officer, draw.preparation_id or 0, 0)
    second = link_of(stage, anew(stage, draw), client, 0)
    db.session.commit()
    assert client.get(first).status_code == 404, "the old link is dead"
    assert client.post(f"{second}/phones").status_code == 303
    assert client.post(f"{second}/inputs", data={"digits": "222222"}).status_code == 303
    db.session.rollback()
    enter_input(stage.officer, draw.id, 1, "004271")
    withdraw_input(stage.officer, draw.id, 1)
    enter_input(stage.officer, draw.id, 1, "004272")
    draw_now(stage.officer, draw.id)
    sign_all(stage.officer, anew(stage, draw))
    lock(stage.officer, draw.id)
    locked = anew(stage, draw)
    hands = json.loads(locked.events[0].line)["hands"]
    assert hands == {
        "inputs": {"见证人甲": "phone", "见证人乙": "host"},
        "signatures": {"见证人甲": "host", "见证人乙": "host", "王科长": "host"},
        "rewritten": {"见证人甲": 1},
        "withdrawn": {"见证人乙": 1},
        "link_renewed": {"见证人甲": 1},
    }
    assert verified(locked, tmp_path)
    said = told_events(locked)[-1].detail
    assert "见证人甲换过链接 1 次" in said
    assert "见证人乙的数字写在主持人的屏幕上" in said


def test_the_host_is_no_witness_of_his_own_draw(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan)
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, task, witnesses=[(stage.officer.name, "legal"), ("见证人乙", "counsel")])
    assert caught.value.problem is DRAW_CANNOT_BE_PREPARED


def test_a_task_made_anew_is_no_way_around_a_void(stage: Stage) -> None:
    """The head voids what does not please, the officer makes the task again: it needs leave too, and its C names the void."""
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    give_inputs(stage.officer, draw)
    void(stage.head, draw.id, "名单不满意了")
    again = task_from(stage.officer, stage.plan, "换个名字再来", scope={"region": "示例区"})
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, again)
    assert caught.value.problem is REDRAW_NOT_ALLOWED
    commit(stage.officer, task_from(stage.officer, stage.plan, "另一事项", line=1))
    allow_redraw(stage.head, draw.id)
    assert commit(stage.officer, again).commit_doc["after_void"] == [
        {"serial": draw.serial, "approver": "郑局长"}
    ]


def test_once_the_next_in_order_is_public_nobody_is_replaced(stage: Stage, clock: Any) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    clock.moment = datetime(2026, 10, 1, 9, 0, tzinfo=SHANGHAI)
    open_record(stage.officer, draw.id)
    with pytest.raises(Refusal) as caught:
        replace(stage.head, draw.id, draw.picks[0].id, "企业已搬离本市")
    assert caught.value.problem is DRAW_NOT_IN_STATE
    assert draw.picks[0].status == "picked"


def test_who_stands_behind_a_code_cannot_be_changed_after_the_freeze(stage: Stage) -> None:
    """By hand, in the table or in the oversight copy: nothing is drawn for somebody else, and the table can be restored."""
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    give_inputs(stage.officer, draw)
    friend, other = stage.entities[0].id, stage.entities[1].id
    with transaction():
        frozen = update(FrozenEntity).where(FrozenEntity.preparation_id == draw.preparation_id)
        db.session.execute(frozen.values(entity_id=friend))
    with pytest.raises(Refusal) as caught:
        draw_now(stage.officer, draw.id)
    assert caught.value.problem is ROSTER_ALTERED
    restore_roster(stage.officer, draw.id)
    for name, true, false in (("entities", f"|{friend}|", f"|{other}|"), ("inspectors", "P001|", "P999|")):
        path = store().path(f"{draw.folder}/private/{name}.txt")
        content = path.read_text("utf-8")
        path.write_text(content.replace(true, false), "utf-8")
        with pytest.raises(Refusal) as caught:
            draw_now(stage.officer, draw.id)
        assert caught.value.problem is FROZEN_FILE_ALTERED
        path.write_text(content, "utf-8")
    draw_now(stage.officer, draw.id)
    assert anew(stage, draw).status == "drawn"


def test_what_the_directory_becomes_after_the_commitment_changes_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    """Exempted, closed, regraded once C is out: the draw goes by what was frozen."""
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    with transaction():
        for entity in stage.entities[:30]:
            entity.status, entity.risk_grade = "closed", "D"
    give_inputs(stage.officer, draw)
    draw_now(stage.officer, draw.id)
    sign_all(stage.officer, draw_of(stage.officer.agency_id, draw.id))
    lock(stage.officer, draw.id)
    locked = anew(stage, draw)
    assert [s["population"] for s in locked.commit_doc["strata"]] == [20, 12, 6, 2]
    assert verified(locked, tmp_path)
