"""Who is frozen: the cap, exemptions, recusals, those no longer active; all listed, none hidden."""

from collections import Counter
from datetime import date

import pytest

from backend.core.errors import DRAW_CANNOT_BE_PREPARED, DRAW_CODES_FAULTY, Refusal
from backend.fieldwork.visits.queries import visits_of_task
from backend.planning.draw.files_at_rest import kept_files, known_entities, known_inspectors
from backend.planning.draw.models import Draw
from backend.planning.draw.queries import teams_of
from backend.planning.draw.roster import prospect_of
from backend.planning.draw.yearly_cap import entities_at_their_cap
from backend.planning.matching.actions import declare_recusal
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.registers.entities.merging import merge, take_back
from backend.registers.entities.models import Entity, Exemption
from tests.planning.conftest import Stage
from tests.planning.directories import add_entities, commit, give_logins, hold_draw, send_out, task_from

EVERYONE = {grade: [1, 1] for grade in "ABCD"}


def draw_everyone(stage: Stage, line: int = 0, **entry: object) -> Draw:
    """A locked draw of every eligible entity."""
    task = task_from(stage.officer, stage.plan, "示例抽查", line, **entry)
    with transaction():
        task.ratios = EVERYONE
    return hold_draw(stage.officer, task, hard_cap=99)


def exempt(stage: Stage, entity: Entity) -> None:
    with transaction():
        db.session.add(
            Exemption(
                agency_id=stage.officer.agency_id,
                entity_id=entity.id,
                reason="信用优良",
                valid_from=date(2026, 1, 1),
                valid_to=None,
                approved_by_name="郑局长",
                approved_at=now(),
                ended_at=None,
                ended_reason=None,
            )
        )


def test_an_entity_is_drawn_twice_a_year_for_one_matter_and_no_more(stage: Stage) -> None:
    for _ in range(2):
        assert len(draw_everyone(stage).picks) == 40
    with pytest.raises(Refusal) as caught:
        draw_everyone(stage)
    assert caught.value.problem is DRAW_CANNOT_BE_PREPARED
    assert len(draw_everyone(stage, line=1).picks) == 40, "another matter counts for itself (003 art. 12)"


def test_the_capped_are_listed_with_their_reason(stage: Stage) -> None:
    for _ in range(2):
        draw_everyone(stage)
    fresh = add_entities(stage.officer.agency_id, "A", first=900)
    draw = draw_everyone(stage)
    assert [pick.entity_id for pick in draw.picks] == [fresh[0].id]
    assert [(e["reason"], e["rows"]) for e in draw.commit_doc["exclusions"]] == [
        ("本年同一事项、同一检查对象已抽查满 2 次", 40)
    ]


def test_the_years_times_of_merged_entries_add_up_and_come_apart_again(stage: Stage) -> None:
    kept, merged = stage.entities[0], stage.entities[1]
    draw_everyone(stage)
    made = merge(stage.officer, kept.id, merged.id, "核对营业执照，同一主体")
    assert [each.id for each in entities_at_their_cap(stage.officer.agency_id)] == [kept.id]
    assert kept.id not in [pick.entity_id for pick in draw_everyone(stage).picks]
    take_back(stage.officer, made.id, "两户住所不同，不是一户")
    assert kept.id not in [each.id for each in entities_at_their_cap(stage.officer.agency_id)]
    assert {pick.entity_id for pick in draw_everyone(stage).picks} == {kept.id, merged.id}


def test_whom_another_department_inspects_in_the_same_days_is_left_out_unless_complained_of(
    stage: Stage,
) -> None:
    give_logins(stage.inspectors)
    task = task_from(stage.officer, stage.plan)
    hold_draw(stage.officer, task)
    send_out(stage.officer, stage.head, task)
    begun, waiting, complained = visits_of_task(task.id)[:3]
    with transaction():
        for visit in (begun, complained):
            visit.department_id, visit.status = None, "in_progress"
        waiting.department_id = None
        db.session.get_one(Entity, complained.entity_id).flags = ["complaints"]
    later = task_from(stage.officer, stage.plan, "另一科室的抽查", 1)
    left_out = prospect_of([later]).left_out
    assert {reason: [c.entity_id for c in found] for reason, found in left_out.items()} == {
        "同期已由其他科室检查，不能再合并成一次": [begun.entity_id]
    }


def test_the_cap_does_not_bind_where_the_article_says_so(stage: Stage) -> None:
    flagged = stage.entities[0]
    with transaction():
        db.session.get_one(Entity, flagged.id).flags = ["complaints"]
    for _ in range(2):
        draw_everyone(stage)
    assert [pick.entity_id for pick in draw_everyone(stage).picks] == [flagged.id]


def test_an_open_draw_holds_what_it_could_still_take(stage: Stage) -> None:
    draw_everyone(stage)
    commit(stage.officer, task_from(stage.officer, stage.plan, "还没抽的"))
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, task_from(stage.officer, stage.plan, "抢名额的"))
    assert caught.value.problem is DRAW_CANNOT_BE_PREPARED


def test_an_exempt_entity_is_skipped_on_the_record_and_the_next_enters(stage: Stage) -> None:
    for entity in stage.entities[:19]:
        exempt(stage, entity)
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    assert draw.record is not None
    in_a = [pick.entity_id for pick in draw.picks if pick.stratum == "A"]
    assert in_a == [stage.entities[19].id]
    assert {skipped["reason"] for skipped in draw.record["skipped"]} == {"信用优良"}
    assert draw.record["strata"][0]["shortfall"] == 1


def test_exemptions_never_cover_a_safety_inspection(stage: Stage) -> None:
    for entity in stage.entities:
        exempt(stage, entity)
    draw = draw_everyone(stage, natures=["safety"])
    assert len(draw.picks) == 40
    assert kept_files(draw).exemptions.rows == 0


def test_tasks_that_differ_in_exemption_are_not_drawn_together(stage: Stage) -> None:
    exempt(stage, stage.entities[0])
    tasks = [
        task_from(stage.officer, stage.plan, "节能"),
        task_from(stage.officer, stage.plan, "安全", line=1, natures=["safety"]),
    ]
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, *tasks)
    assert caught.value.citation is not None
    assert caught.value.citation.article == "9"


def test_a_recused_inspector_never_meets_the_entity(stage: Stage) -> None:
    recused = stage.inspectors[2]
    for entity in stage.entities[:20]:
        declare_recusal(stage.officer, recused.id, entity.code, "亲属在该企业任职")
    task = task_from(stage.officer, stage.plan)
    with transaction():
        task.ratios = EVERYONE
    draw = hold_draw(stage.officer, task, hard_cap=99)
    visited = {team.entity_id for team in teams_of(task.id) if recused.id in dict(team.members)}
    assert visited.isdisjoint(entity.id for entity in stage.entities[:20])
    assert visited
    assert kept_files(draw).recusals.rows == 20


def test_no_expert_and_nobody_whose_certificate_runs_out_is_drawn(stage: Stage) -> None:
    with transaction():
        stage.inspectors[0].is_expert = True
        stage.inspectors[1].certificate_valid_to = date(2026, 9, 29)
        stage.inspectors[2].status = "left"
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    drawn = {inspector.inspector_id for inspector in known_inspectors(draw).values()}
    assert drawn == {inspector.id for inspector in stage.inspectors[3:]}


def test_those_no_longer_active_are_left_out_by_their_status(stage: Stage) -> None:
    with transaction():
        for entity, status in zip(
            stage.entities, ("deregistered", "deregistered", "moved_out"), strict=False
        ):
            db.session.get_one(Entity, entity.id).status = status
    draw = commit(stage.officer, task_from(stage.officer, stage.plan))
    assert Counter({e["reason"]: e["rows"] for e in draw.commit_doc["exclusions"]}) == {
        "已注销": 2,
        "已迁出": 1,
    }
    assert draw.left_out[0] == {"stratum": "A", "count": 3}


def test_a_directed_draw_keeps_to_its_scope(stage: Stage) -> None:
    with transaction():
        for entity in stage.entities[:5]:
            db.session.get_one(Entity, entity.id).region = "另一区"
    draw = draw_everyone(stage, scope={"region": "另一区"})
    assert {pick.entity_id for pick in draw.picks} == {entity.id for entity in stage.entities[:5]}


def test_a_grade_without_a_ratio_stops_the_freeze(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan)
    with transaction():
        task.ratios = {"A": [1, 10]}
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, task)
    assert caught.value.problem is DRAW_CANNOT_BE_PREPARED
    assert "D 级 2 家" in caught.value.sentence_zh


def test_a_wrong_code_is_refused_never_repaired(stage: Stage) -> None:
    with transaction():
        db.session.get_one(Entity, stage.entities[7].id).code = "91370300MA000000 8"
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, task_from(stage.officer, stage.plan))
    assert caught.value.problem is DRAW_CODES_FAULTY
    assert "91370300MA000000 8" in caught.value.sentence_zh


def test_one_entity_drawn_by_two_tasks_has_one_team(stage: Stage) -> None:
    tasks = [
        task_from(stage.officer, stage.plan, "节能"),
        task_from(stage.officer, stage.plan, "安全", line=1),
    ]
    with transaction():
        for task in tasks:
            task.ratios = EVERYONE
    draw = hold_draw(stage.officer, *tasks, hard_cap=99)
    assert [s["id"] for s in draw.commit_doc["strata"]] == [f"{n}·{g}" for n in (1, 2) for g in "ABCD"]
    first, second = (sorted(teams_of(task.id), key=lambda team: team.entity_id) for task in tasks)
    assert first == second
    assert len(known_entities(draw)) == len(first) == 40
