"""Before a draw: how many are in range, left out, exempt, flagged, under way elsewhere and left, with the list behind each."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.core.errors import Citation
from backend.planning.draw.roster import prospect_of
from backend.planning.prospects.queries import Group, entities_of_group, outlook_of
from backend.plumbing.db import db, transaction
from backend.registers.entities.merging import merge
from tests.people import INSPECTOR, OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import commit, hold_draw, task_from
from tests.planning.draw.test_the_roster_keeps_the_cap_and_the_exemptions import exempt

CLASSES = [
    {"name": "重点用能", "scope": {"directory": "重点用能单位"}, "amounts": {"A": [1, 2], "B": [1, 1]}},
    {"name": "投诉多", "scope": {"flag": "complaints"}, "amounts": {"A": [1], "B": [1]}},
]


def listed(group: Group) -> list[int]:
    return [entity.id for entity in entities_of_group(group, 100)]


@pytest.mark.parametrize("classes", [[], CLASSES], ids=["one class", "three classes"])
def test_what_the_database_counts_is_what_a_freeze_would_read(stage: Stage, classes: list[Any]) -> None:
    """Everything at once: capped, held by an open draw, exempt, flagged, merged, departed."""
    entities = stage.entities
    for title in ("第一次", "第二次"):
        capped = task_from(stage.officer, stage.plan, title)
        with transaction():
            capped.ratios = {"A": [0, 1], "B": [1, 2], "C": [1, 1], "D": [0, 1]}
        hold_draw(stage.officer, capped)
    with transaction():
        held = task_from(stage.officer, stage.plan, "正在摇的")
        held.ratios = {"A": [0, 1], "B": [1, 3], "C": [0, 1], "D": [1, 1]}
    commit(stage.officer, held)
    merge(stage.officer, entities[0].id, entities[22].id, "核对营业执照，同一主体")
    exempt(stage, entities[1])
    exempt(stage, entities[33])
    with transaction():
        entities[5].flags, entities[34].flags = ["serious"], ["key_sector"]
        entities[6].flags = entities[23].flags = ["complaints", "dishonest"]
        entities[7].status, entities[24].status = "closed", "moved_out"
        entities[8].risk_grade = None
        entities[9].region = "别处"
        entities[9].directories = entities[25].directories = ["重点用能单位"]
    task = task_from(stage.officer, stage.plan)
    with transaction():
        task.ratios, task.classes = {"A": [1, 10], "B": [1, 3], "C": [2]}, classes
    read, outlook = prospect_of([task]), outlook_of(task)
    assert [(r.id, r.left_out, r.taking_part, r.exempt, r.flagged) for r in outlook.rows] == [
        (
            s.id,
            s.left_out,
            len(s.candidates),
            sum(c.entity_id in read.exempt for c in s.candidates),
            sum(bool(c.flags) for c in s.candidates),
        )
        for s in read.strata
    ]
    assert outlook.without_ratio == read.without_ratio
    groups = {group.words: sorted(listed(group)) for group in outlook.groups}
    for group in outlook.groups:
        assert group.count == len(groups[group.words]), group.words
    for reason, candidates in read.left_out.items():
        assert groups[f"不参加：{reason}"] == sorted(c.entity_id for c in candidates), reason
    assert len(read.left_out) == len([group for group in groups if group.startswith("不参加")]) > 3
    assert groups["免检，抽到后由下一家替代"] == sorted(read.exempt)
    taking_part = {c.entity_id: c for s in read.strata for c in s.candidates}
    flagged = sorted(number for number, c in taking_part.items() if "complaints" in c.flags)
    assert groups["多次投诉举报，不受次数限制"] == flagged


def test_a_list_is_turned_page_by_page(stage: Stage) -> None:
    with transaction():
        for entity in stage.entities[:30]:
            entity.status = "closed"
    (group,) = outlook_of(task_from(stage.officer, stage.plan)).groups
    ids = [entity.id for entity in stage.entities[:30]]
    second = entities_of_group(group, 10, after=ids[9])
    assert [entity.id for entity in second] == ids[10:20]
    assert [entity.id for entity in entities_of_group(group, 10, before=ids[10])] == ids[:10]


def test_every_number_adds_up_and_names_its_article(stage: Stage) -> None:
    with transaction():
        for entity in stage.entities[:3]:
            entity.status = "closed"
        stage.entities[5].flags = ["serious"]
    other = task_from(stage.officer, stage.plan, "另一个任务", line=1)
    drawn = hold_draw(stage.officer, other)
    outlook = outlook_of(task_from(stage.officer, stage.plan))
    total = {row.id: row.in_range for row in outlook.rows}
    assert total == {"A": 20, "B": 12, "C": 6, "D": 2}
    assert sum(row.left_out for row in outlook.rows) == 3
    groups = {group.key: group for group in outlook.groups}
    assert listed(groups["out-0"]) == [entity.id for entity in stage.entities[:3]]
    assert listed(groups["serious"]) == [stage.entities[5].id]
    assert isinstance(groups["serious"].citation, Citation)
    assert groups["serious"].citation.article == "12"
    assert set(listed(groups["under-way"])) == {pick.entity_id for pick in drawn.picks}
    assert sum(row.under_way for row in outlook.rows) == groups["under-way"].count


def test_the_lists_are_pages_of_the_office(stage: Stage, log_in: Callable[[Person], FlaskClient]) -> None:
    with transaction():
        stage.entities[0].status = "closed"
    task = task_from(stage.officer, stage.plan)
    name = stage.entities[0].name
    db.session.commit()
    officer, inspector = log_in(OFFICER), log_in(INSPECTOR)
    address = f"/office/tasks/{task.id}/prospect"
    assert "不参加：已关闭停业" in officer.get(address).text
    assert name in officer.get(f"{address}/out-0").text
    assert officer.get(f"{address}/nothing").status_code == 404
    assert inspector.get(address).status_code == 403
