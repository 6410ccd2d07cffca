"""What the agency changes in its rules after a task was made counts for the next task, not for this one."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.core.errors import DRAW_CANNOT_BE_PREPARED, TOO_FEW_WITNESSES, Refusal
from backend.decisions.referrals.queries import routes
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import follow_profile, set_value
from backend.planning.draw.pinned_rules import rules_of_draw
from backend.planning.draw.roster import barred_now, prospect_of
from backend.plumbing.db import db, transaction
from tests.people import ADMIN, OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import commit, hold_draw, task_from

Acting = Callable[[Person], Actor]
LogIn = Callable[[Person], FlaskClient]
REASON, SOURCE = "局长办公会研究决定，从下一个任务起执行", "示工信发〔2026〕8号"
ONE_WITNESS = {"witnesses": [("见证人甲", "public")]}


def test_the_ceremony_asks_the_rules_of_its_task(stage: Stage, acting: Acting) -> None:
    before = task_from(stage.officer, stage.plan)
    set_value(acting(ADMIN), "draw.witnesses_min", "3", REASON, SOURCE)
    after = task_from(stage.officer, stage.plan, "改规则之后的", line=1)
    with pytest.raises(Refusal) as refused:
        commit(stage.officer, after)
    assert refused.value.problem is TOO_FEW_WITNESSES
    assert refused.value.citation is not None
    assert refused.value.citation.source == SOURCE
    draw = commit(stage.officer, before, **ONE_WITNESS)
    assert rules_of_draw(draw).count("draw.witnesses_min") == 1


def test_the_cap_and_the_codes_are_those_of_the_task(stage: Stage, acting: Acting) -> None:
    with transaction():
        before = task_from(stage.officer, stage.plan)
        before.ratios = {grade: [1, 1] for grade in "ABCD"}
    hold_draw(stage.officer, before, hard_cap=99)
    second = task_from(stage.officer, stage.plan, "第二次")
    set_value(acting(ADMIN), "cap.value", "1", REASON, SOURCE)
    third = task_from(stage.officer, stage.plan, "第三次")
    assert not prospect_of([second]).left_out
    assert list(prospect_of([third]).left_out) == ["本年同一事项、同一检查对象已抽查满 1 次"]
    assert not barred_now(second, stage.entities[:1])
    assert barred_now(third, stage.entities[:1])


def test_another_regulation_leaves_a_task_its_own(stage: Stage, acting: Acting, log_in: LogIn) -> None:
    before = task_from(stage.officer, stage.plan)
    follow_profile(acting(ADMIN), "yiyuan-commerce")
    after = task_from(stage.officer, stage.plan, "改规则之后的", line=1)
    with pytest.raises(Refusal) as refused:
        commit(stage.officer, before, after)
    assert refused.value.problem is DRAW_CANNOT_BE_PREPARED
    assert "规则版本不同" in refused.value.sentence_zh
    kept, new = (
        {route.kind: route.citation.source for route in routes(task.id) if route.citation}
        for task in (before, after)
    )
    assert kept["crime"] != new["crime"]
    db.session.rollback()
    office = log_in(OFFICER)
    page = office.get(f"/office/tasks/{before.id}").text
    assert "按规则第 1 版" in page
    assert "淄博市工业和信息化局" in page
    both = office.get(f"/office/draws/new?task={before.id}&task={after.id}")
    assert both.status_code == 200
    assert "请分开摇号" in both.text
