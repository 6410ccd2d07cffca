"""A server killed in the middle, a witness who never opens, a roster changed by hand: each ends stated and recoverable."""

import json
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from backend.core.errors import (
    COMMITMENT_ALTERED,
    DRAW_NOT_IN_STATE,
    FROZEN_FILE_ALTERED,
    ROSTER_ALTERED,
    WITNESSES_STILL_WRITING,
    Refusal,
)
from backend.foundation.accounts.queries import departments_of
from backend.foundation.audit.models import AuditEntry
from backend.foundation.jobs.actions import work_once
from backend.planning.draw import commit as committing
from backend.planning.draw import computing, freezing, verify
from backend.planning.draw.computing import draw_now, restore_roster
from backend.planning.draw.endings import allow_redraw, void
from backend.planning.draw.files_at_rest import keep_files
from backend.planning.draw.frozen_table import table_root
from backend.planning.draw.models import Draw, DrawPreparation, FrozenEntity
from backend.planning.draw.preparing import CommitRequest, drop, prepare
from backend.planning.draw.queries import (
    draw_of,
    draw_prepared_as,
    preparation_of,
    published_folder,
    tasks_of_draw,
)
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from tests.planning.conftest import Stage
from tests.planning.directories import commit, give_inputs, sign_all, task_from


class Killed(BaseException):
    """The process is gone at once: nothing catches this, as nothing catches SIGKILL."""


@pytest.fixture
def draw(stage: Stage) -> Draw:
    return commit(stage.officer, task_from(stage.officer, stage.plan))


@pytest.fixture
def as_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every roster for a large one."""
    monkeypatch.setattr(committing, "AT_ONCE", 0)
    monkeypatch.setattr(computing, "AT_ONCE", 0)


def anew(stage: Stage, draw: Draw) -> Draw:
    db.session.rollback()
    db.session.expire_all()
    return draw_of(stage.officer.agency_id, draw.id)


def verbs(draw: Draw) -> list[str]:
    query = select(AuditEntry.verb).where(AuditEntry.on_kind == "draw", AuditEntry.on_id == str(draw.id))
    return list(db.session.scalars(query.order_by(AuditEntry.number)))


def verified(draw: Draw, folder: Path) -> bool:
    for name, content in published_folder(draw).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return verify.main([str(folder / "record.json")]) == 0


def test_a_server_killed_between_commitment_and_outcome_draws_the_same_afterwards(
    stage: Stage, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_inputs(stage.officer, draw)
    expected = computing.computed_record(anew(stage, draw)).record

    def killed(*_given: object, **_more: object) -> None:
        raise Killed

    with monkeypatch.context() as at_the_worst_moment:
        at_the_worst_moment.setattr(computing, "keep", killed)
        with pytest.raises(Killed):
            draw_now(stage.officer, draw.id)
    left = anew(stage, draw)
    assert (left.status, left.record_hash, left.shown_at is not None) == ("committed", None, True)
    draw_now(stage.officer, draw.id)
    held = anew(stage, draw)
    assert held.status == "drawn"
    assert held.record == expected
    assert len(held.picks) == 6


def test_a_worker_killed_in_a_job_leaves_it_to_the_next_and_nothing_is_drawn_twice(
    stage: Stage, draw: Draw, as_jobs: None, monkeypatch: pytest.MonkeyPatch, clock: object
) -> None:
    give_inputs(stage.officer, draw)
    draw_now(stage.officer, draw.id)
    assert anew(stage, draw).status == "committed"

    def killed(*_given: object, **_more: object) -> None:
        raise Killed

    with monkeypatch.context() as at_the_worst_moment:
        at_the_worst_moment.setattr(computing, "keep", killed)
        with pytest.raises(Killed):
            work_once()
    assert anew(stage, draw).status == "committed"
    clock.advance(minutes=6)  # type: ignore[attr-defined]
    assert work_once()
    held = anew(stage, draw)
    assert (held.status, len(held.picks)) == ("drawn", 6)
    assert not work_once()


def test_a_second_press_asks_for_no_second_job_and_a_late_one_touches_no_pick(
    stage: Stage, draw: Draw, as_jobs: None
) -> None:
    give_inputs(stage.officer, draw)
    draw_now(stage.officer, draw.id)
    draw_now(stage.officer, draw.id)
    assert work_once()
    drawn = [pick.id for pick in anew(stage, draw).picks]
    assert len(drawn) == 6
    assert not work_once()
    with pytest.raises(Refusal) as caught:
        computing.compute_now(stage.officer, draw.id)
    assert caught.value.problem is DRAW_NOT_IN_STATE
    assert [pick.id for pick in anew(stage, draw).picks] == drawn


def test_freezing_twice_at_once_commits_once_over_the_rows_that_were_committed(
    stage: Stage, context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    preparation = prepare(stage.officer, asked_for(stage))

    def freeze_too() -> None:
        with context.app_context():
            committing.freeze_now(stage.officer, preparation.id)

    other = Thread(target=freeze_too)

    def interrupted(*given: Any) -> dict[str, str]:
        roots = keep_files(*given)
        if not other.ident:
            other.start()
            other.join(0.5)
        return roots

    monkeypatch.setattr(freezing, "keep_files", interrupted)
    held = committing.freeze_now(stage.officer, preparation.id)
    other.join()
    db.session.rollback()
    assert table_root(preparation.id) == held.commit_doc["roster"]["root"]


def test_a_preparation_whose_task_was_drawn_meanwhile_says_so_and_can_be_dropped(stage: Stage) -> None:
    first, second = (prepare(stage.officer, asked) for asked in [asked_for(stage)] * 2)
    committing.start_freezing(stage.officer, first.id)
    with pytest.raises(Refusal):
        committing.start_freezing(stage.officer, second.id)
    assert preparation_of(stage.officer.agency_id, second.id).status == "refused"
    drop(stage.officer, second.id)


def asked_for(stage: Stage) -> CommitRequest:
    task = task_from(stage.officer, stage.plan)
    department = departments_of(stage.officer.agency_id)[0].id
    return CommitRequest([task.id], [("见证人甲", "public")], 6, [department], [department], 20)


def test_a_large_roster_is_frozen_by_a_job_and_the_page_does_not_wait(stage: Stage, as_jobs: None) -> None:
    preparation = prepare(stage.officer, asked_for(stage))
    committing.start_freezing(stage.officer, preparation.id)
    assert draw_prepared_as(preparation.id) is None
    assert work_once()
    db.session.expire_all()
    assert preparation_of(stage.officer.agency_id, preparation.id).status == "committed"
    drawn = draw_prepared_as(preparation.id)
    assert drawn is not None
    assert drawn.commit_doc["roster"]["rows"] == 40


def test_a_freeze_that_is_refused_in_a_job_says_why_and_takes_no_serial(stage: Stage, as_jobs: None) -> None:
    preparation = prepare(stage.officer, asked_for(stage))
    committing.start_freezing(stage.officer, preparation.id)
    with transaction():
        for entity in stage.entities:
            db.session.merge(entity).status = "deregistered"
    assert work_once()
    db.session.expire_all()
    refused = db.session.get_one(DrawPreparation, preparation.id)
    assert refused.status == "refused"
    assert refused.refusal is not None
    assert draw_prepared_as(preparation.id) is None


def test_a_witness_who_never_opens_is_named_in_public_and_the_task_can_be_drawn_anew(
    stage: Stage, draw: Draw, tmp_path: Path
) -> None:
    with pytest.raises(Refusal) as caught:
        draw_now(stage.officer, draw.id)
    assert caught.value.problem is WITNESSES_STILL_WRITING
    void(stage.head, draw.id, "见证人拒绝打开密封的内容")
    voided = anew(stage, draw)
    assert json.loads(voided.events[0].line)["missing"] == ["见证人甲", "见证人乙"]
    assert verified(voided, tmp_path)
    allow_redraw(stage.head, draw.id)
    again = commit(stage.officer, *tasks_of_draw(anew(stage, draw)))
    assert again.commit_doc["after_void"] == [{"serial": draw.serial, "approver": "郑局长"}]


def test_a_roster_changed_in_the_database_is_refused_recorded_and_restored(
    stage: Stage, draw: Draw, tmp_path: Path
) -> None:
    give_inputs(stage.officer, draw)
    with transaction():
        one = db.session.scalars(select(FrozenEntity.code).limit(1)).one()
        db.session.execute(update(FrozenEntity).where(FrozenEntity.code == one).values(code="x:" + "0" * 64))
    with pytest.raises(Refusal) as caught:
        draw_now(stage.officer, draw.id)
    assert caught.value.problem is ROSTER_ALTERED
    assert anew(stage, draw).record_hash is None
    assert "draw.found_altered" in verbs(draw)
    restore_roster(stage.officer, draw.id)
    draw_now(stage.officer, draw.id)
    sign_all(stage.officer, anew(stage, draw))
    computing_done = anew(stage, draw)
    assert computing_done.status == "drawn"
    assert "draw.restore_roster" in verbs(draw)


def test_entities_changed_in_the_directory_after_the_freeze_change_nothing(stage: Stage, draw: Draw) -> None:
    give_inputs(stage.officer, draw)
    expected = computing.computed_record(anew(stage, draw)).record
    with transaction():
        for entity in stage.entities:
            db.session.merge(entity).risk_grade = "A"
    draw_now(stage.officer, draw.id)
    assert anew(stage, draw).record == expected


def test_a_changed_file_or_commitment_is_refused_and_the_void_says_so(
    stage: Stage, draw: Draw, context: Flask
) -> None:
    give_inputs(stage.officer, draw)
    path = store().path(f"{draw.folder}/roster.txt")
    true = path.read_bytes()
    path.write_bytes(bytes([true[0] ^ 1]) + true[1:])
    with pytest.raises(Refusal) as caught:
        draw_now(stage.officer, draw.id)
    assert caught.value.problem is FROZEN_FILE_ALTERED
    path.write_bytes(true)
    with transaction():
        changed = draw_of(stage.officer.agency_id, draw.id)
        strata = [{**s, "quota": s["quota"] + 1} for s in changed.commit_doc["strata"]]
        changed.commit_doc = {**changed.commit_doc, "strata": strata}
    with pytest.raises(Refusal) as caught:
        draw_now(stage.officer, draw.id)
    assert caught.value.problem is COMMITMENT_ALTERED
    void(stage.head, draw.id, "承诺内容在数据库里被改过")
    assert "altered" in json.loads(anew(stage, draw).events[0].line)
