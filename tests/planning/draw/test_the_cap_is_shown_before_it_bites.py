"""Who has been drawn as often as the year allows is known before the next draw."""

from collections import Counter

from backend.planning.draw.yearly_cap import entities_at_their_cap
from tests.planning.conftest import Stage
from tests.planning.directories import hold_draw, task_from


def test_nobody_is_at_the_cap_after_one_draw(stage: Stage) -> None:
    hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    assert entities_at_their_cap(stage.officer.agency_id) == []


def test_three_draws_of_the_same_matter_bring_one_of_two_entities_to_its_cap_of_two(stage: Stage) -> None:
    draws = [hold_draw(stage.officer, task_from(stage.officer, stage.plan, f"第 {n} 次")) for n in range(3)]
    times = Counter(pick.entity_id for draw in draws for pick in draw.picks if pick.status == "picked")
    full = {entity.id for entity in entities_at_their_cap(stage.officer.agency_id)}
    assert full == {entity_id for entity_id, count in times.items() if count >= 2}
    assert any(entity.risk_grade == "D" for entity in entities_at_their_cap(stage.officer.agency_id))


def test_draws_of_another_matter_do_not_count_with_it(stage: Stage) -> None:
    hold_draw(stage.officer, task_from(stage.officer, stage.plan, "节能", line=0))
    hold_draw(stage.officer, task_from(stage.officer, stage.plan, "安全", line=1))
    assert entities_at_their_cap(stage.officer.agency_id) == []
