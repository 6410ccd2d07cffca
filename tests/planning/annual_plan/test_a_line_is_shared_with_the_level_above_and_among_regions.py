"""省/市分配比例 and 地区抽查比重 steer what is drawn: this level's part, region by region."""

from collections.abc import Callable

from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.planning.annual_plan.queries import numbers_by_region
from backend.planning.annual_plan.sharing import among_regions, own_amount, own_number
from backend.planning.draw.queries import teams_of
from backend.planning.tasks.queries import classes_of_task
from backend.plumbing.db import db, transaction
from backend.registers.entities.models import Entity
from backend.registers.matters.models import Matter
from tests.people import OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import hold_draw, task_from


def test_an_amount_is_cut_to_what_is_left_for_this_level() -> None:
    assert own_amount([5, 100], 30) == [7, 200]
    assert own_amount([5, 100], None) == [5, 100]
    assert own_amount([9], 30) == [7]
    assert (own_number(10, 25), own_number(10, None)) == (8, 10)


@settings(max_examples=60)
@given(
    totals=st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 40), min_size=1),
    rooms=st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=3, max_size=3),
    cut=st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted),
)
def test_numbers_add_up_and_no_region_gives_more_than_it_has(
    totals: dict[str, int], rooms: list[list[int]], cut: list[int]
) -> None:
    populations = {
        name: dict(zip("ABCD", room, strict=True)) for name, room in zip("甲乙丙", rooms, strict=True)
    }
    weights = {"甲": cut[0], "乙": cut[1] - cut[0], "丙": 100 - cut[1]}
    shared = among_regions(totals, populations, weights)
    for grade, total in totals.items():
        given_by = {region: shared[region][grade] for region in weights}
        assert all(0 <= number <= populations[region][grade] for region, number in given_by.items())
        assert sum(given_by.values()) == min(total, sum(populations[r][grade] for r in weights))


def test_small_numbers_even_out_over_the_grades() -> None:
    room = dict.fromkeys("ABCD", 50)
    shared = among_regions(dict.fromkeys("ABCD", 1), {"甲": room, "乙": room}, {"甲": 50, "乙": 50})
    assert {region: sum(numbers.values()) for region, numbers in shared.items()} == {"甲": 2, "乙": 2}


def weighted(stage: Stage) -> None:
    line = stage.plan.lines[0]
    with transaction():
        for number, entity in enumerate(stage.entities):
            entity.region = ("东区", "西区")[number % 2]
        line.ratios = {"A": [20, 100], "B": [30, 100], "C": [50, 100], "D": [50, 100]}
        line.region_weights, line.upper_share_percent = {"东区": 75, "西区": 25}, 50


def test_a_task_of_the_line_draws_its_own_part_region_by_region(stage: Stage) -> None:
    weighted(stage)
    task = task_from(stage.officer, stage.plan)
    numbers = {
        one.name: {grade: amount[0] for grade, amount in one.amounts.items()} for one in classes_of_task(task)
    }
    assert (
        numbers == {"东区": {"A": 2, "B": 1, "C": 2, "D": 1}, "西区": {"B": 1}}
        or (sum(numbers["东区"].values()), sum(numbers["西区"].values())) == (6, 1)
        or (sum(numbers["东区"].values()), sum(numbers["西区"].values())) == (5, 2)
    )
    matter = db.session.get_one(Matter, stage.plan.lines[0].matter_id)
    assert numbers_by_region(stage.plan.lines[0], matter) == {
        region: sum(by_grade.values()) for region, by_grade in numbers.items()
    }
    hold_draw(stage.officer, task)
    regions = [db.session.get_one(Entity, team.entity_id).region for team in teams_of(task.id)]
    assert {region: regions.count(region) for region in set(regions)} == {
        region: sum(by_grade.values()) for region, by_grade in numbers.items()
    }


def test_the_pages_say_how_the_number_is_shared(
    stage: Stage, log_in: Callable[[Person], FlaskClient]
) -> None:
    weighted(stage)
    db.session.commit()
    officer = log_in(OFFICER)
    plan = officer.get(f"/office/plans/{stage.plan.id}").text
    assert "上级统一抽取" in plan
    assert "本级按地区：东区" in plan
    new = officer.get(f"/office/tasks/new?line={stage.plan.lines[0].id}").text
    assert "上级统一抽 50%" in new
    assert "东区 75%" in new


def test_a_draw_is_directed_by_scale(stage: Stage, log_in: Callable[[Person], FlaskClient]) -> None:
    with transaction():
        for entity in stage.entities:
            entity.scale = "micro" if entity.risk_grade == "A" else "large"
    task = task_from(stage.officer, stage.plan, scope={"scale": "micro"})
    draw = hold_draw(stage.officer, task)
    assert {pick.stratum for pick in draw.picks} == {"A"}
    db.session.commit()
    officer = log_in(OFFICER)
    assert "微型" in officer.get(f"/office/tasks/{task.id}").text
    entity = stage.entities[0]
    assert "微型" in officer.get(f"/office/entities/{entity.id}").text
