"""After the commitment: void with its number kept, drawn anew with leave, opened after the window."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from backend.core.clock import SHANGHAI
from backend.core.errors import (
    DRAW_NOT_IN_STATE,
    NOT_ALLOWED,
    REASON_TOO_SHORT,
    REDRAW_NOT_ALLOWED,
    WINDOW_STILL_OPEN,
    Refusal,
)
from backend.planning.draw import verify
from backend.planning.draw.computing import draw_now
from backend.planning.draw.endings import allow_redraw, open_record, void
from backend.planning.draw.inputs import enter_input, withdraw_input
from backend.planning.draw.models import Draw
from backend.planning.draw.queries import draw_of, published_folder, tasks_of_draw
from tests.planning.conftest import Stage
from tests.planning.directories import commit, give_inputs, hold_draw, task_from


def anew(stage: Stage, draw: Draw) -> Draw:
    return draw_of(stage.officer.agency_id, draw.id)


def verified(draw: Draw, folder: Path) -> bool:
    for name, content in published_folder(draw).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return verify.main([str(folder / "record.json")]) == 0


def test_a_void_without_inputs_is_a_whole_record_that_names_who_never_wrote(
    stage: Stage, tmp_path: Path
) -> None:
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    enter_input(stage.officer, draw.id, 0, "351642")
    void(stage.head, draw.id, "见证人乙临时离场")
    voided = anew(stage, draw)
    assert verified(voided, tmp_path)
    assert json.loads(voided.events[0].line)["missing"] == ["见证人乙"]
    assert voided.record is not None
    assert (voided.record["seed"], voided.record["picks"]) == (None, [])


def test_a_void_names_the_input_that_the_host_withdrew(stage: Stage, tmp_path: Path) -> None:
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    give_inputs(stage.officer, draw)
    withdraw_input(stage.officer, draw.id, 1)
    void(stage.head, draw.id, "见证人乙写错一位")
    voided = anew(stage, draw)
    assert verified(voided, tmp_path)
    event = json.loads(voided.events[0].line)
    assert (event["withdrawn"], event.get("missing")) == (["见证人乙"], None)


def test_a_void_draw_keeps_its_number_and_what_it_would_have_picked(stage: Stage, tmp_path: Path) -> None:
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    give_inputs(stage.officer, draw)
    void(stage.head, draw.id, "名录漏了一个乡镇")
    voided = anew(stage, draw)
    assert voided.status == "void"
    assert [pick.status for pick in voided.picks] == ["void"] * 6
    assert tasks_of_draw(voided)[0].status == "drafted"
    assert verified(voided, tmp_path)
    event = json.loads(voided.events[0].line)
    assert (event["reason"], event["approver"]) == ("名录漏了一个乡镇", "郑局长")


def test_a_void_draw_without_inputs_keeps_its_place_in_the_chain(stage: Stage) -> None:
    first = commit(stage.officer, task_from(stage.officer, stage.plan))
    void(stage.head, first.id, "会议室停电")
    second = hold_draw(stage.officer, task_from(stage.officer, stage.plan, "另一次", line=1))
    assert second.record is not None
    assert second.record["previous_record_hash"] == anew(stage, first).record_hash
    assert anew(stage, first).picks == []


def test_a_drawn_but_unlocked_draw_may_be_void_and_a_locked_one_not(stage: Stage) -> None:
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    give_inputs(stage.officer, draw)
    draw_now(stage.officer, draw.id)
    void(stage.head, draw.id, "见证人离场")
    locked = hold_draw(stage.officer, task_from(stage.officer, stage.plan, "另一次", line=1))
    with pytest.raises(Refusal) as caught:
        void(stage.head, locked.id, "反悔不算数")
    assert caught.value.problem is DRAW_NOT_IN_STATE


def test_only_the_head_voids_and_with_a_reason(stage: Stage) -> None:
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    with pytest.raises(Refusal) as caught:
        void(stage.officer, draw.id, "重来一次吧")
    assert caught.value.problem is NOT_ALLOWED
    with pytest.raises(Refusal) as caught:
        void(stage.head, draw.id, " 错 ")
    assert caught.value.problem is REASON_TOO_SHORT


def test_a_void_task_is_drawn_anew_only_with_the_heads_leave(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan)
    draw = commit(stage.officer, task)
    void(stage.head, draw.id, "会议室停电")
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, task)
    assert caught.value.problem is REDRAW_NOT_ALLOWED
    assert draw.serial in caught.value.sentence_zh
    allow_redraw(stage.head, draw.id)
    again = hold_draw(stage.officer, task)
    assert again.commit_doc["after_void"] == [{"serial": draw.serial, "approver": "郑局长"}]


def test_the_record_is_opened_after_the_last_window(stage: Stage, clock: Any, tmp_path: Path) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    with pytest.raises(Refusal) as caught:
        open_record(stage.officer, draw.id)
    assert caught.value.problem is WINDOW_STILL_OPEN
    clock.moment = datetime(2026, 10, 1, 9, 0, tzinfo=SHANGHAI)
    open_record(stage.officer, draw.id)
    opened = anew(stage, draw)
    codes = {entity.id: entity.code for entity in stage.entities}
    salts = json.loads(opened.events[-1].line)["salts"]
    assert {salt["code"] for salt in salts.values()} == {codes[pick.entity_id] for pick in opened.picks}
    assert verified(opened, tmp_path)


def test_a_false_salt_is_found(stage: Stage, clock: Any, tmp_path: Path) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    clock.moment = datetime(2026, 10, 1, 9, 0, tzinfo=SHANGHAI)
    open_record(stage.officer, draw.id)
    assert verified(anew(stage, draw), tmp_path)
    events = tmp_path / "events.jsonl"
    line = json.loads(events.read_text("utf-8").splitlines()[-1])
    opened = next(iter(line["salts"].values()))
    events.write_text(events.read_text("utf-8").replace(opened["code"], stage.entities[0].code), "utf-8")
    assert verify.main([str(tmp_path / "record.json")]) == (opened["code"] != stage.entities[0].code)
