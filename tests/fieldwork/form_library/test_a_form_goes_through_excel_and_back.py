"""What is exported reads back as exactly the same form; what the template cannot hold is not exported at all."""

import io
import zipfile
from contextlib import suppress

import pytest

from backend.core.canonical_json import digest
from backend.core.errors import Refusal
from backend.fieldwork.checklists.definitions import CompiledForm, compiled_forms, forms_folder
from backend.fieldwork.form_library.books import exported, imported, template
from backend.plumbing.workbooks import read_book
from tests.contract.generated_forms import generated
from tests.fieldwork.form_library.workbooks import KEY, book_of, next_version, shipped

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    "form", list(compiled_forms(forms_folder())), ids=lambda form: f"{form.key} v{form.version}"
)
def test_a_shipped_form_comes_back_with_the_same_sha(form: CompiledForm) -> None:
    back, faults = imported(exported(form), "表单.xlsx")
    assert faults == []
    assert back is not None
    assert back.sha == form.sha


def test_of_generated_forms_those_the_template_can_hold_come_back_with_the_same_sha() -> None:
    came_back = 0
    for seed in range(120):
        content = generated(seed)["form"]
        form = CompiledForm(content["key"], content["version"], digest(content), content)
        with suppress(Refusal):
            back, _ = imported(exported(form), "表单.xlsx")
            assert back is not None
            assert back.sha == form.sha
            came_back += 1
    assert came_back >= 20


def test_every_item_type_and_part_comes_back() -> None:
    content = next_version(_with_everything)
    back, faults = imported(book_of(content), "表单.xlsx")
    assert faults == []
    assert back is not None
    assert back.content == content


def _with_everything(content: dict[str, object]) -> None:
    plain = {"required": False, "photo": "never", "relevant": None}
    choices = [
        {"value": "good", "label": "好、较好", "points": 5},
        {"value": "poor", "label": "差", "points": 0},
    ]
    content["bands"] = [{"atLeast": 90, "label": "优"}, {"atLeast": 60, "label": "良"}]
    sections = content["sections"]
    assert isinstance(sections, list)
    sections.append(
        {
            "id": "everything",
            "title": "各种类型",
            "relevant": {"or": [{"eq": ["business", "x"]}, {"answered": "siteAddress"}]},
            "items": [
                {"id": "grade", "type": "choice", "label": "总评", "choices": choices, "default": "good", **plain},
                {"id": "marks", "type": "multi", "label": "亮点", "choices": choices, "default": ["good", "poor"], **plain},
                {"id": "begun", "type": "date", "label": "开始", **plain},
                {"id": "ended", "type": "date", "label": "结束", **plain,
                 "constraint": {"holds": {"and": [{"ge": ["ended", {"item": "begun"}]}, {"gt": ["ended", "2020-01-01"]}]},
                                "otherwise": "不早于开始"}},
                {"id": "walk", "type": "video", "label": "巡查录像", "minPieces": 1, "maxPieces": 3, **plain},
                {"id": "talk", "type": "audio", "label": "询问录音", **plain},
                {"id": "papers", "type": "file", "label": "提取的材料", **plain,
                 "relevant": {"and": [{"ne": ["grade", "poor"]}, {"not": {"answered": "talk"}}]}},
                {"id": "rows", "type": "table", "label": "逐台登记", "minRows": 1, "maxRows": 9, **plain,
                 "columns": [{"id": "kind", "type": "choice", "label": "类别", "required": True, "choices": choices},
                             {"id": "power", "type": "number", "label": "功率", "required": False, "unit": "kW", "min": "0", "max": "900.5"}]},
            ],
        }
    )  # fmt: skip
    sections[-1]["relevant"] = {
        "or": [{"in": ["business", ["maker", "seller"]]}, {"answered": "siteAddress"}]
    }


def test_the_template_has_the_four_sheets_with_drop_downs_and_no_formula() -> None:
    book = template()
    assert list(read_book(book, "模板.xlsx")) == ["表单", "检查项", "选项", "逻辑"]
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheets = [archive.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2, 3, 4)]
    assert all("<f>" not in sheet for sheet in sheets)
    assert all("<dataValidation " in sheet for sheet in sheets)
    assert "检查项!$C$2:$C$1000" in sheets[3]


def test_a_condition_deeper_than_or_of_ands_is_not_exported() -> None:
    deep = {"not": {"and": [{"answered": "siteAddress"}, {"answered": "siteContact"}]}}
    content = next_version(lambda form: form["sections"][1]["items"][0].update(relevant=deep))
    with pytest.raises(Refusal) as refusal:
        exported(CompiledForm(KEY, content["version"], digest(content), content))
    assert refusal.value.problem.code == "form-not-expressible"


def test_what_is_exported_twice_is_the_same_file() -> None:
    assert exported(shipped()) == exported(shipped())
