"""Each step of a ceremony only at its time: witnesses, covered inputs, all at once, signatures, lock."""

from collections.abc import Callable

import pytest

from backend.core.errors import (
    ALREADY_SIGNED,
    DRAW_CANNOT_BE_PREPARED,
    DRAW_NOT_IN_STATE,
    EARLIER_DRAW_OPEN,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_PRESENT_AT_DRAW,
    PROFILE_NOT_IN_FORCE,
    SIGNATURE_NOT_A_PICTURE,
    SIGNATURES_MISSING,
    TASK_NOT_IN_STATE,
    TOO_FEW_INSPECTORS,
    TOO_FEW_WITNESSES,
    WITNESS_INPUT_GIVEN,
    WITNESS_INPUT_WRONG,
    WITNESS_KIND_UNKNOWN,
    WITNESSES_STILL_WRITING,
    Problem,
    Refusal,
)
from backend.foundation.rule_profiles.models import ProfileConfirmation
from backend.planning.draw.actions import lock, sign, signers_of
from backend.planning.draw.computing import draw_now
from backend.planning.draw.inputs import enter_input
from backend.planning.draw.models import Draw
from backend.planning.draw.queries import draw_of, draws_of, tasks_of_draw
from backend.plumbing.db import db, transaction
from tests.people import OUTSIDER
from tests.planning.conftest import Acting, Stage
from tests.planning.directories import PEN, commit, give_inputs, hold_draw, sign_all, task_from


def refused_with(caught: pytest.ExceptionInfo[Refusal], problem: Problem, article: str | None = None) -> None:
    assert caught.value.problem is problem
    if article:
        assert caught.value.citation is not None
        assert caught.value.citation.article == article


@pytest.fixture
def draw(stage: Stage) -> Draw:
    return commit(stage.officer, task_from(stage.officer, stage.plan))


def test_without_a_witness_there_is_no_draw(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan)
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, task, witnesses=[("  ", "public")])
    refused_with(caught, TOO_FEW_WITNESSES, "9")
    assert draws_of(stage.officer.agency_id) == []


def test_a_witness_comes_from_where_the_article_says(stage: Stage) -> None:
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, task_from(stage.officer, stage.plan), witnesses=[("见证人甲", "other")])
    refused_with(caught, WITNESS_KIND_UNKNOWN, "9")


def test_an_expired_profile_that_nobody_confirmed_holds_no_draw(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan)
    with transaction():
        db.session.query(ProfileConfirmation).delete()
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, task)
    refused_with(caught, PROFILE_NOT_IN_FORCE, "22")


def test_too_few_inspectors_are_refused_before_the_serial_is_taken(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan)
    with transaction():
        for inspector in stage.inspectors[1:]:
            inspector.is_expert = True
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, task)
    refused_with(caught, TOO_FEW_INSPECTORS, "10")
    assert draws_of(stage.officer.agency_id) == []


def test_a_committed_task_is_not_committed_again(stage: Stage, draw: Draw) -> None:
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, *tasks_of_draw(draw))
    refused_with(caught, TASK_NOT_IN_STATE)


@pytest.mark.parametrize("digits", ["12345", "1234567", "12345x", "１２３４５６", "", " 12345"])
def test_an_input_has_exactly_the_committed_digits(stage: Stage, draw: Draw, digits: str) -> None:
    with pytest.raises(Refusal) as caught:
        enter_input(stage.officer, draw.id, 0, digits)
    refused_with(caught, WITNESS_INPUT_WRONG)


def test_an_input_once_given_stays(stage: Stage, draw: Draw) -> None:
    enter_input(stage.officer, draw.id, 0, "123456")
    with pytest.raises(Refusal) as caught:
        enter_input(stage.officer, draw.id, 0, "654321")
    refused_with(caught, WITNESS_INPUT_GIVEN)


def test_nothing_is_drawn_until_the_last_witness_has_written(stage: Stage, draw: Draw) -> None:
    enter_input(stage.officer, draw.id, 0, "123456")
    with pytest.raises(Refusal) as caught:
        draw_now(stage.officer, draw.id)
    refused_with(caught, WITNESSES_STILL_WRITING)
    assert "见证人乙" in caught.value.sentence_zh
    assert draw_of(stage.officer.agency_id, draw.id).record is None


def test_a_draw_is_drawn_once(stage: Stage, draw: Draw) -> None:
    give_inputs(stage.officer, draw)
    draw_now(stage.officer, draw.id)
    before = draw_of(stage.officer.agency_id, draw.id).record_hash
    with pytest.raises(Refusal) as caught:
        draw_now(stage.officer, draw.id)
    refused_with(caught, DRAW_NOT_IN_STATE)
    assert draw_of(stage.officer.agency_id, draw.id).record_hash == before


def test_the_record_is_locked_when_everyone_present_has_signed(stage: Stage, draw: Draw) -> None:
    give_inputs(stage.officer, draw)
    draw_now(stage.officer, draw.id)
    sign(stage.officer, draw.id, "见证人甲", "群众代表", PEN)
    with pytest.raises(Refusal) as caught:
        lock(stage.officer, draw.id)
    refused_with(caught, SIGNATURES_MISSING, "9")
    assert "见证人乙、王科长" in caught.value.sentence_zh


def test_only_those_present_sign_and_only_once(stage: Stage, draw: Draw) -> None:
    give_inputs(stage.officer, draw)
    draw_now(stage.officer, draw.id)
    with pytest.raises(Refusal) as caught:
        sign(stage.officer, draw.id, "路人", "群众代表", PEN)
    refused_with(caught, NOT_PRESENT_AT_DRAW)
    sign(stage.officer, draw.id, "见证人甲", "群众代表", PEN)
    with pytest.raises(Refusal) as caught:
        sign(stage.officer, draw.id, "见证人甲", "群众代表", PEN)
    refused_with(caught, ALREADY_SIGNED)


def test_a_file_that_is_no_picture_signs_nothing(stage: Stage, draw: Draw) -> None:
    give_inputs(stage.officer, draw)
    draw_now(stage.officer, draw.id)
    with pytest.raises(Refusal) as caught:
        sign(stage.officer, draw.id, "见证人甲", "群众代表", b"hello")
    refused_with(caught, SIGNATURE_NOT_A_PICTURE)
    assert all(signer.signed_at is None for signer in signers_of(draw))


def test_the_signature_covers_the_record(stage: Stage, draw: Draw) -> None:
    give_inputs(stage.officer, draw)
    draw_now(stage.officer, draw.id)
    sign_all(stage.officer, draw_of(stage.officer.agency_id, draw.id))
    lock(stage.officer, draw.id)
    locked = draw_of(stage.officer.agency_id, draw.id)
    assert locked.record is not None
    assert {s["covers"] for s in locked.record["signatures"]} == {locked.record_hash}
    assert [s.name for s in signers_of(locked)] == ["见证人甲", "见证人乙", "王科长"]


def test_a_later_serial_waits_for_an_earlier_one(stage: Stage, draw: Draw) -> None:
    later = commit(stage.officer, task_from(stage.officer, stage.plan, "第二次", line=1))
    give_inputs(stage.officer, later)
    with pytest.raises(Refusal) as caught:
        draw_now(stage.officer, later.id)
    refused_with(caught, EARLIER_DRAW_OPEN)
    assert draw.serial in caught.value.sentence_zh


def test_another_agency_finds_no_draw_and_a_head_holds_none(stage: Stage, draw: Draw, acting: Acting) -> None:
    with pytest.raises(Refusal) as caught:
        enter_input(acting(OUTSIDER), draw.id, 0, "123456")
    refused_with(caught, NOT_FOUND)
    with pytest.raises(Refusal) as caught:
        enter_input(stage.head, draw.id, 0, "123456")
    refused_with(caught, NOT_ALLOWED)


def test_a_locked_draw_takes_no_more_steps(stage: Stage) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    steps: list[Callable[[], None]] = [
        lambda: enter_input(stage.officer, draw.id, 0, "123456"),
        lambda: draw_now(stage.officer, draw.id),
        lambda: sign(stage.officer, draw.id, "见证人甲", "群众代表", PEN),
        lambda: lock(stage.officer, draw.id),
    ]
    for step in steps:
        with pytest.raises(Refusal) as caught:
            step()
        refused_with(caught, DRAW_NOT_IN_STATE)


def test_a_task_named_twice_is_drawn_once_and_a_foreign_department_is_refused(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan)
    with pytest.raises(Refusal) as refused:
        commit(stage.officer, task, leader_departments=[999_999])
    assert refused.value.problem is DRAW_CANNOT_BE_PREPARED
    draw = commit(stage.officer, task, task)
    assert [held.task_id for held in draw.tasks] == [task.id]
