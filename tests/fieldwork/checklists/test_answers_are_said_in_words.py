"""Every kind of answer has its words, on a page and in print; an article is said as far as it is known."""

from typing import Any

import pytest

from backend.fieldwork.checklists.wording import answer_words, basis_words, table_words

pytestmark = pytest.mark.one_database

CHOICES = [{"value": "good", "label": "好"}, {"value": "poor", "label": "差"}]
PLACE = {"lat7": 361865000, "lon7": -1181682000, "accuracyCm": 901, "at": 1}


@pytest.mark.parametrize(
    ("item", "value", "said"),
    [
        ({"type": "check"}, {"result": "fail", "problem": "缺台账"}, "不合格：缺台账"),
        ({"type": "number", "unit": "吨"}, "12.5", "12.5 吨"),
        ({"type": "multi", "choices": CHOICES}, ["good", "poor"], "好、差"),
        ({"type": "date"}, "2026-07-08", "2026年7月8日"),
        ({"type": "date"}, "七月", "七月"),
        ({"type": "location"}, PLACE, "北纬36.186500°，西经118.168200°，误差10米"),
        ({"type": "location"}, {**PLACE, "accuracyCm": None}, "北纬36.186500°，西经118.168200°，误差未记录"),
        ({"type": "signature"}, {"name": "陪同员甲", "image": ""}, "陪同员甲"),
    ],
)
def test_an_answer_in_words(item: dict[str, Any], value: object, said: str) -> None:
    assert answer_words(item, value) == said


def test_a_table_in_words_keeps_the_order_of_making_and_leaves_blanks() -> None:
    columns = [
        {"id": "kind", "type": "choice", "label": "设备", "choices": CHOICES},
        {"id": "made", "type": "date", "label": "出厂"},
    ]
    cells = {"0b": {"made": "2012-03-01"}, "0a": {"kind": "good", "gone": "x"}}
    assert table_words({"columns": columns}, cells) == (("设备", "出厂"), ("好", ""), ("", "2012年3月1日"))


@pytest.mark.parametrize(
    ("verified", "basis", "said"),
    [
        (True, [{"law": "甲法", "article": "22"}, {"law": "甲法", "article": "16(4)"}], "《甲法》第22条、第16条(4)"),
        (True, [{"law": "甲法", "article": "22"}, {"law": "乙办法", "pending": True}], "《甲法》第22条；《乙办法》（待核）"),
        (True, [{"law": "丙通知", "unnumbered": True}], "《丙通知》"),
        (False, [{"law": "甲法"}], "《甲法》（待核）"),
    ],
)  # fmt: skip
def test_a_basis_in_words(verified: bool, basis: list[dict[str, Any]], said: str) -> None:
    assert basis_words({"verified": verified, "basis": basis}) == said
