"""An entity is changed by those who keep it, with its history; an exemption needs the head and a reason."""

from collections.abc import Callable
from datetime import date

import pytest

from backend.core.errors import Refusal
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import follow_profile
from backend.registers.entities.actions import end_exemption, exempt, mend_entity
from backend.registers.entities.queries import (
    Filters,
    count_entities,
    exemptions_on,
    history_of,
    page_of_entities,
)
from backend.registers.imports.actions import import_rows, upload
from tests.conftest import FixedClock
from tests.people import ADMIN, HEAD, OFFICER, OUTSIDER, Person
from tests.registers.sheets import as_xlsx, credit_code, entity_rows

Acting = Callable[[Person], Actor]


@pytest.fixture
def officer(acting: Acting) -> Actor:
    """The officer, with twelve entities in the directory."""
    actor = acting(OFFICER)
    held = upload(actor, "entities", "a.xlsx", as_xlsx(entity_rows(12)))
    import_rows(actor, held.id, good_rows_only=False)
    return actor


@pytest.fixture
def first_id(officer: Actor) -> int:
    return page_of_entities(officer.agency_id, Filters(), 1)[0].id


def test_a_change_keeps_what_was_before(officer: Actor, first_id: int) -> None:
    mend_entity(officer, first_id, {"risk_grade": "D", "name": "示例市样例第001机械有限公司"})
    newest = history_of(first_id)[0]
    assert (newest.before, newest.after) == ({"risk_grade": "B"}, {"risk_grade": "D"})


def test_saving_without_a_change_leaves_no_trace(officer: Actor, first_id: int) -> None:
    mend_entity(officer, first_id, {"risk_grade": "B"})
    assert history_of(first_id) == []


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"risk_grade": "高"}, "风险等级"),
        ({"address": " "}, "地址：必须填写"),
        ({"flags": "很坏"}, "不在可选范围"),
    ],
)
def test_a_wrong_change_is_refused_by_its_field(
    officer: Actor, first_id: int, entered: dict[str, str], said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        mend_entity(officer, first_id, entered)
    assert history_of(first_id) == []


def test_the_outsider_does_not_find_it(officer: Actor, first_id: int, acting: Acting) -> None:
    with pytest.raises(Refusal, match="not-found"):
        mend_entity(acting(OUTSIDER), first_id, {"risk_grade": "D"})


def test_an_exemption_holds_until_its_last_day(first_id: int, acting: Acting, clock: FixedClock) -> None:
    head = acting(HEAD)
    exempt(head, first_id, "市级免检免扰名单企业", date(2026, 7, 31))
    assert [held.entity_id for held in exemptions_on(head.agency_id, date(2026, 7, 31))] == [first_id]
    assert exemptions_on(head.agency_id, date(2026, 8, 1)) == []


def test_an_ended_exemption_holds_no_more(first_id: int, acting: Acting) -> None:
    head = acting(HEAD)
    exempt(head, first_id, "市级免检免扰名单企业", None)
    with pytest.raises(Refusal, match="已在免检名单里"):
        exempt(head, first_id, "市级免检免扰名单企业", None)
    end_exemption(head, first_id, "已移出市级名单")
    assert exemptions_on(head.agency_id, date(2026, 7, 21)) == []


def test_rules_without_exemption_allow_none(first_id: int, acting: Acting) -> None:
    follow_profile(acting(ADMIN), "national-default")
    with pytest.raises(Refusal, match="没有免检免扰"):
        exempt(acting(HEAD), first_id, "市级免检免扰名单企业", None)


def test_two_characters_of_a_name_are_enough_to_find_it(officer: Actor) -> None:
    mend_entity(
        officer, page_of_entities(officer.agency_id, Filters(), 1)[0].id, {"name": "示例市演练纺织厂"}
    )
    found = page_of_entities(officer.agency_id, Filters(words="纺织"), 50)
    assert [each.name for each in found] == ["示例市演练纺织厂"]


def test_a_code_is_found_in_small_letters_and_in_part(officer: Actor) -> None:
    found = page_of_entities(officer.agency_id, Filters(words=credit_code(5).lower()[8:]), 50)
    assert [each.code for each in found] == [credit_code(5)]


def test_pages_follow_one_another_without_gap_or_overlap(officer: Actor) -> None:
    everyone = [each.id for each in page_of_entities(officer.agency_id, Filters(), 50)]
    first = [each.id for each in page_of_entities(officer.agency_id, Filters(), 5)]
    second = [each.id for each in page_of_entities(officer.agency_id, Filters(), 5, after=first[-1])]
    back = [each.id for each in page_of_entities(officer.agency_id, Filters(), 5, before=second[0])]
    assert first + second == everyone[:10]
    assert back == first
    assert count_entities(officer.agency_id, Filters()) == 12


@pytest.mark.parametrize("mark", ["%", "_", "样_第"])
def test_a_search_mark_is_no_wildcard(officer: Actor, mark: str) -> None:
    assert count_entities(officer.agency_id, Filters(words=mark)) == 0
