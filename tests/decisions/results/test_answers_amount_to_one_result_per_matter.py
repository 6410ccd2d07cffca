"""From a visit's answers to its results: one per matter, worded and coded by what was found."""

from typing import Any

import pytest

from backend.decisions.results.codes import result_codes
from backend.decisions.results.rules.drafts import (
    CheckedMatter,
    codes_open_to,
    disposal_spoken,
    drafts_of,
    drafts_without_inspection,
)
from backend.foundation.rule_profiles.profile_files import known_keys

FAIL_ORDERED = {"result": "fail", "problem": "台账缺 3 个月", "disposal": "责令限期改正，15 日内完成"}


def check(name: str, relevant: Any = None) -> dict[str, Any]:
    return {
        "id": name,
        "type": "check",
        "label": f"有{name}",
        "required": True,
        "photo": "never",
        "relevant": relevant,
        "basis": [{"law": "节约能源法", "article": "24(2)"}],
        "verified": True,
        "method": "看",
        "failText": f"没有{name}",
        "severity": "minor",
    }


FORM = {"sections": [{"id": "one", "title": "一", "items": [check("ledger"), check("meter")]}]}


def matter(**answers: Any) -> CheckedMatter:
    return CheckedMatter(7, "节能监察", FORM, answers)


PASS, NOT_APPLICABLE = {"result": "pass"}, {"result": "na"}


def test_nothing_failed_means_nothing_was_found() -> None:
    (draft,) = drafts_of([matter(ledger=PASS, meter=NOT_APPLICABLE)])
    assert (draft.code, draft.text, draft.disposal) == ("nothing-found", "未发现问题", "无需后续处置")
    assert draft.found == ()


def test_problems_all_ordered_to_be_corrected_are_told_as_corrected() -> None:
    (draft,) = drafts_of([matter(ledger=FAIL_ORDERED, meter=PASS)])
    assert (draft.code, draft.text) == ("corrected", "台账缺 3 个月")
    assert draft.disposal == "责令限期改正，15 日内完成"
    assert draft.found[0].basis == "《节约能源法》第24条(2)"


@pytest.mark.parametrize("disposal", [None, "案件线索移送", "另行研究"])
def test_one_problem_not_ordered_to_be_corrected_leaves_the_result_pending(disposal: str | None) -> None:
    meter = {"result": "fail", "problem": "计量表未检定", "disposal": disposal}
    (draft,) = drafts_of([matter(ledger=FAIL_ORDERED, meter=meter)])
    assert draft.code == "pending"
    assert draft.text == "发现 2 处问题：1. 台账缺 3 个月；2. 计量表未检定。"


def test_a_checklist_on_which_nothing_applies_means_no_such_business() -> None:
    (draft,) = drafts_of([matter(ledger=NOT_APPLICABLE, meter=NOT_APPLICABLE)])
    assert draft.code == "no-such-business"


def test_what_is_not_relevant_is_not_in_the_result() -> None:
    form = {
        "sections": [
            {"id": "one", "title": "一", "items": [check("a"), check("b", {"eq": ["a", "fail"]})]},
        ]
    }
    stale = {"result": "fail", "problem": "早先答的", "disposal": None}
    (draft,) = drafts_of([CheckedMatter(7, "节能监察", form, {"a": PASS, "b": stale})])
    assert [one.item for one in draft.checks] == ["a"]
    assert draft.code == "nothing-found"


def test_each_matter_of_a_visit_has_its_own_result() -> None:
    second = CheckedMatter(8, "淘汰设备", FORM, {"ledger": FAIL_ORDERED, "meter": PASS})
    drafts = drafts_of([matter(ledger=PASS, meter=PASS), second])
    assert [(one.matter_id, one.code) for one in drafts] == [(7, "nothing-found"), (8, "corrected")]


def test_every_reason_for_not_inspecting_has_a_published_result() -> None:
    for reason in known_keys()["cannot_inspect.reasons"].words:
        (draft,) = drafts_without_inspection([matter()], reason, "")
        assert result_codes()[draft.code].from_reasons
        assert draft.text == result_codes()[draft.code].text


def test_an_officer_cannot_turn_found_problems_into_nothing_found() -> None:
    (draft,) = drafts_of([matter(ledger=FAIL_ORDERED, meter=PASS)])
    open_to_officer = codes_open_to(draft.code, draft.found)
    assert open_to_officer[0].slug == "corrected"
    assert {one.tone for one in open_to_officer} == {"problem"}


def test_an_officer_cannot_invent_a_problem_nobody_found() -> None:
    assert {one.tone for one in codes_open_to("nothing-found", ())} == {"clean", "absent"}


def test_a_direct_result_can_only_be_what_its_reason_says() -> None:
    assert [one.slug for one in codes_open_to("deregistered", ())] == ["deregistered"]


def test_slugs_and_platform_codes_name_one_result_each() -> None:
    used = [(name, code) for one in result_codes().values() for name, code in one.platform.items()]
    assert len(used) == len(set(used))


def test_an_inspectors_own_words_are_recognised_as_a_disposal() -> None:
    spoken = disposal_spoken("当场改正并复查")
    assert spoken is not None
    assert spoken.slug == "order"
    assert disposal_spoken("再议") is None
