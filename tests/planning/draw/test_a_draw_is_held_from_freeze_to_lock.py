"""A whole ceremony: frozen, committed, witnessed, drawn, signed, locked, and verified by the stand-alone program."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from backend.planning.draw import verify
from backend.planning.draw.actions import lock
from backend.planning.draw.computing import draw_now
from backend.planning.draw.inputs import enter_input
from backend.planning.draw.models import Draw
from backend.planning.draw.queries import draw_of, published_folder, teams_of
from backend.plumbing.files import store
from tests.planning.conftest import Stage
from tests.planning.directories import commit, give_inputs, hold_draw, sign_all, task_from
from tests.planning.draw.test_the_command_line_checks_a_draw import SCHEMA


def written_out(draw: Draw, folder: Path) -> Path:
    for name, content in published_folder(draw).items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder / "record.json"


def test_a_held_draw_is_verified_by_the_stand_alone_program(stage: Stage, tmp_path: Path) -> None:
    task = task_from(stage.officer, stage.plan)
    draw = hold_draw(stage.officer, task)
    assert (draw.status, task.status) == ("locked", "matched")
    record = written_out(draw, tmp_path)
    assert verify.main([str(record)]) == 0
    Draft202012Validator(SCHEMA).validate(json.loads(record.read_bytes()))


def test_each_grade_gives_its_quota_and_each_pick_a_whole_team(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan)
    draw = hold_draw(stage.officer, task)
    quotas = {s["id"]: s["quota"] for s in draw.commit_doc["strata"]}
    assert quotas == {"A": 2, "B": 2, "C": 1, "D": 1}
    grades = {entity.id: entity.risk_grade for entity in stage.entities}
    assert all(grades[pick.entity_id] == pick.stratum for pick in draw.picks)
    teams = teams_of(task.id)
    assert sorted(team.entity_id for team in teams) == sorted(pick.entity_id for pick in draw.picks)
    assert all([position for _, position in team.members] == [0, 1] for team in teams)


def test_no_committed_file_names_an_entity_or_an_inspector(stage: Stage) -> None:
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    for name in ("roster.txt", "inspectors.txt", "recusals.txt", "exemptions.txt"):
        text = store().read(f"{draw.folder}/{name}").decode()
        assert not any(entity.code in text or entity.name in text for entity in stage.entities)
        assert not any(inspector.name in text for inspector in stage.inspectors)


def test_nothing_in_the_database_shows_an_input_or_the_nonce_before_all_are_in(stage: Stage) -> None:
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    enter_input(stage.officer, draw.id, 0, "351642")
    witness = draw_of(stage.officer.agency_id, draw.id).witnesses[0]
    assert witness.input is None
    assert witness.input_sealed is not None
    assert "351642" not in witness.input_sealed
    assert draw.record is None


def test_records_form_a_chain_by_serial(stage: Stage) -> None:
    first = hold_draw(stage.officer, task_from(stage.officer, stage.plan, "第一次"))
    second = hold_draw(stage.officer, task_from(stage.officer, stage.plan, "第二次", line=1))
    assert (first.serial, second.serial) == ("示工信摇号〔2026〕1号", "示工信摇号〔2026〕2号")
    assert first.record is not None
    assert second.record is not None
    assert first.record["previous_record_hash"] is None
    assert second.record["previous_record_hash"] == first.record_hash


def test_the_locked_record_lies_in_the_store_as_it_is_published(stage: Stage) -> None:
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    give_inputs(stage.officer, draw)
    draw_now(stage.officer, draw.id)
    sign_all(stage.officer, draw_of(stage.officer.agency_id, draw.id))
    lock(stage.officer, draw.id)
    locked = draw_of(stage.officer.agency_id, draw.id)
    assert store().read(f"{locked.folder}/record.json") == published_folder(locked)["record.json"]
