"""What the rules forbid a new task: no law behind it, a mode they do not know, risk grades that are treated alike."""

import pytest

from backend.core.errors import Refusal
from backend.foundation.rule_profiles.profile_files import load_profile
from backend.planning.scopes.rules import UNGRADED
from backend.planning.tasks.held_to_rules import (
    grades_fault,
    refuse_campaign_without_grounds,
    refuse_grades_alike,
    refuse_low_risk_first,
    refuse_outside_plan,
    refuse_unknown_mode,
    refuse_without_legal_basis,
    refuse_without_scheme,
)

ZIBO = load_profile("zibo-industry")
POLICE = load_profile("yiyuan-police")


def test_the_police_draw_by_risk_grade() -> None:
    with pytest.raises(Refusal, match="不能相同") as refused:
        refuse_grades_alike(POLICE, {"A": [5, 100], "D": [5, 100]})
    assert refused.value.citation is not None
    assert refused.value.citation.article == "18"
    refuse_grades_alike(ZIBO, {"A": [5, 100], "D": [5, 100]})
    refuse_grades_alike(POLICE, {"A": [5, 100], "D": [20, 100]})


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        ({"A": [1, 10], UNGRADED: [1, 10]}, "先评定等级"),
        ({"A": [1, 10], "B": [1, 20]}, "不能低于风险低的"),
        ({"D": [1, 10]}, None),
        ({"A": [3], "D": [9]}, None),
    ],
)
def test_ratios_are_by_risk_or_it_is_said_why_not(ratios: dict[str, list[int]], said: str | None) -> None:
    fault = grades_fault(ratios)
    assert (fault is None) if said is None else (fault is not None and said in fault)


def test_no_law_no_inspection() -> None:
    with pytest.raises(Refusal, match="节能监察没有写明法定依据") as refused:
        refuse_without_legal_basis(ZIBO, [("节能监察", " "), ("民爆检查", "《民用爆炸物品安全管理条例》")])
    assert refused.value.citation is not None
    assert refused.value.citation.article == "2"


def test_the_industry_bureau_knows_no_task_outside_the_plan_and_commerce_does() -> None:
    with pytest.raises(Refusal):
        refuse_outside_plan(ZIBO)
    refuse_outside_plan(load_profile("yiyuan-commerce"))


def test_both_modes_of_drawing_are_known_to_all() -> None:
    for directed in (True, False):
        refuse_unknown_mode(ZIBO, directed)


def test_where_every_draw_has_its_scheme_the_demands_are_written() -> None:
    shijiazhuang = load_profile("shijiazhuang-justice")
    with pytest.raises(Refusal, match="请写明工作要求") as refused:
        refuse_without_scheme(shijiazhuang, " ")
    assert refused.value.citation is not None
    assert refused.value.citation.article == "二（二）"
    refuse_without_scheme(shijiazhuang, "两人以上，出示证件")
    refuse_without_scheme(ZIBO, "")


def test_commerce_orders_no_campaign_over_listed_matters_without_grounds() -> None:
    commerce = load_profile("yiyuan-commerce")
    with pytest.raises(Refusal, match="原则上不再部署专项检查"):
        refuse_campaign_without_grounds(commerce, "special", "")
    refuse_campaign_without_grounds(commerce, "special", "省厅专项部署，鲁商函〔2026〕3号")
    refuse_campaign_without_grounds(commerce, "routine", "")
    refuse_campaign_without_grounds(ZIBO, "special", "")


def test_a_higher_risk_is_never_drawn_less() -> None:
    with pytest.raises(Refusal, match="不能低于风险低的"):
        refuse_low_risk_first(load_profile("yiyuan-commerce"), {"A": [1, 10], "D": [1, 20]})
    refuse_low_risk_first(ZIBO, {"A": [1, 10], "D": [1, 10]})
    refuse_low_risk_first(ZIBO, {"A": [9], "D": [1]})
