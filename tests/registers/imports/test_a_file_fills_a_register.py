"""A file fills a register all or nothing, unless the good rows are chosen; nothing is counted twice."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.core.errors import Refusal
from backend.foundation.audit.queries import entries_on
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db
from backend.plumbing.spreadsheets import read_sheet
from backend.registers.entities.flagging import flags_of
from backend.registers.entities.models import Entity, EntityChange, EntitySource
from backend.registers.entities.queries import Filters, history_of, page_of_entities
from backend.registers.imports.actions import drop, import_rows, mend_cells, upload
from backend.registers.imports.checking import REASON_HEADING
from backend.registers.imports.queries import bad_rows, refused_rows_of
from tests.people import ADMIN, INSPECTOR, OFFICER, OUTSIDER, Person
from tests.registers.sheets import as_xlsx, credit_code, entity_rows

Acting = Callable[[Person], Actor]


def _names(actor: Actor) -> list[str]:
    query = select(Entity.name).where(Entity.agency_id == actor.agency_id).order_by(Entity.id)
    return list(db.session.scalars(query))


def test_a_clean_file_is_taken_in_with_history_and_trail(acting: Acting) -> None:
    officer = acting(OFFICER)
    held = upload(officer, "entities", "名录.xlsx", as_xlsx(entity_rows(3)))
    assert _names(officer) == []
    verdict = import_rows(officer, held.id, good_rows_only=False)
    assert verdict.counts == {"read": 3, "new": 3, "updated": 0, "same": 0, "refused": 0}
    assert len(_names(officer)) == 3
    entered = select(EntitySource.source).join(Entity, Entity.source_id == EntitySource.id)
    assert list(db.session.scalars(entered)) == ["名录.xlsx（Sheet1）"] * 3
    verbs = [entry.verb for entry in entries_on(officer.agency_id, "import_file", held.id)]
    assert verbs == ["import.upload", "entities.import"]


def test_the_same_file_again_changes_nothing(acting: Acting) -> None:
    officer = acting(OFFICER)
    content = as_xlsx(entity_rows(3))
    for _ in range(2):
        held = upload(officer, "entities", "名录.xlsx", content)
        verdict = import_rows(officer, held.id, good_rows_only=False)
    assert verdict.counts == {"read": 3, "new": 0, "updated": 0, "same": 3, "refused": 0}
    assert db.session.scalar(select(func.count(EntityChange.id))) == 0


def test_a_later_file_updates_only_what_it_says_otherwise(acting: Acting) -> None:
    officer = acting(OFFICER)
    first = upload(officer, "entities", "a.xlsx", as_xlsx(entity_rows(2)))
    import_rows(officer, first.id, good_rows_only=False)
    rows = [
        {key: row[key] for key in ("名称", "统一社会信用代码", "地址", "负责人", "联系电话")}
        for row in entity_rows(2)
    ]
    rows[1]["地址"] = "示例市样例区示例路99号"
    second = upload(officer, "entities", "b.xlsx", as_xlsx(rows))
    verdict = import_rows(officer, second.id, good_rows_only=False)
    assert (verdict.counts["updated"], verdict.counts["same"]) == (1, 1)
    changed = db.session.scalars(select(Entity).where(Entity.code == credit_code(2))).one()
    assert (changed.address, changed.risk_grade) == ("示例市样例区示例路99号", "B")
    newest = db.session.scalars(select(EntityChange).order_by(EntityChange.id.desc())).first()
    assert newest is not None
    assert newest.before == {"address": "示例市样例区示例路1号"}
    assert newest.after == {"address": "示例市样例区示例路99号"}


def test_one_bad_row_keeps_the_whole_file_out(acting: Acting) -> None:
    officer = acting(OFFICER)
    rows = entity_rows(3)
    rows[1]["统一社会信用代码"] = "9137"
    held = upload(officer, "entities", "a.xlsx", as_xlsx(rows))
    with pytest.raises(Refusal, match="有 1 行有错，什么都没有导入"):
        import_rows(officer, held.id, good_rows_only=False)
    assert _names(officer) == []


def test_the_good_rows_need_not_wait_and_the_bad_come_back_with_reasons(acting: Acting) -> None:
    officer = acting(OFFICER)
    rows = entity_rows(3)
    rows[1]["统一社会信用代码"] = "9137"
    held = upload(officer, "entities", "a.xlsx", as_xlsx(rows))
    verdict = import_rows(officer, held.id, good_rows_only=True)
    assert len(_names(officer)) == 2
    back = read_sheet(refused_rows_of(verdict), "错误行.xlsx")
    assert [row.cells["名称"].text for row in back.rows] == ["示例市样例第002机械有限公司"]
    assert back.rows[0].cells[REASON_HEADING].text == "Sheet1!B3：少 14 位，应为 18 位"


def test_the_mended_bad_rows_come_in_with_their_reason_column_left_aside(acting: Acting) -> None:
    officer = acting(OFFICER)
    rows = entity_rows(1)
    rows[0][REASON_HEADING] = "Sheet1!B2：…"
    held = upload(officer, "entities", "错误行.xlsx", as_xlsx(rows))
    assert held.unread == []
    assert import_rows(officer, held.id, good_rows_only=False).counts["new"] == 1


def test_a_wrong_cell_is_mended_on_the_page(acting: Acting) -> None:
    officer = acting(OFFICER)
    rows = entity_rows(2)
    rows[1]["风险等级"] = "中"
    held = upload(officer, "entities", "a.xlsx", as_xlsx(rows))
    assert held.counts["refused"] == 1
    held = mend_cells(officer, held.id, {"Sheet1!F3": "C", "Sheet1!A2": "不许改好的行"})
    assert held.counts == {"read": 2, "new": 2, "updated": 0, "same": 0, "refused": 0}
    import_rows(officer, held.id, good_rows_only=False)
    assert _names(officer)[0] == "示例市样例第001机械有限公司"


@pytest.mark.parametrize(
    ("heading", "entered", "said"),
    [
        ("名称", "", "Sheet1!A2：名称必须填写"),
        ("地址", " ", "Sheet1!C2：地址必须填写"),
        ("统一社会信用代码", " " + credit_code(1), "Sheet1!B2：前后有空格，请删去"),
        ("统一社会信用代码", "11010119900307003X", "校验位不对"),
        ("统一社会信用代码", "110101199003070038", "这是身份证号"),
        ("风险等级", "中", "Sheet1!F2：“中”不在可选范围，应为A、B、C、D之一"),
    ],
)
def test_each_wrong_cell_is_named_with_what_is_expected(
    acting: Acting, heading: str, entered: str, said: str
) -> None:
    officer = acting(OFFICER)
    held = upload(officer, "entities", "a.xlsx", as_xlsx(entity_rows(1, **{heading: entered})))
    faults = [str(fault) for row in bad_rows(held) for fault in row.faults]
    assert any(said in fault for fault in faults), faults


def test_what_the_rules_demand_is_refused_with_their_article(acting: Acting) -> None:
    officer = acting(OFFICER)
    held = upload(officer, "entities", "a.xlsx", as_xlsx(entity_rows(1, 联系电话="")))
    citation = bad_rows(held)[0].faults[0].citation
    assert citation is not None
    assert (citation.source, citation.article) == ("003", "6")


def test_the_second_row_with_the_same_code_is_wrong(acting: Acting) -> None:
    officer = acting(OFFICER)
    rows = entity_rows(2, 统一社会信用代码=credit_code(7))
    held = upload(officer, "entities", "a.xlsx", as_xlsx(rows))
    assert "与第 2 行重复" in str(bad_rows(held)[0].faults[0])
    assert held.counts["new"] == 1


def test_a_file_without_a_needed_column_is_refused_at_once(acting: Acting) -> None:
    rows = [{key: value for key, value in row.items() if key != "负责人"} for row in entity_rows(1)]
    with pytest.raises(Refusal, match="缺少必需的列：负责人"):
        upload(acting(OFFICER), "entities", "a.xlsx", as_xlsx(rows))


def test_a_file_is_imported_once(acting: Acting) -> None:
    officer = acting(OFFICER)
    held = upload(officer, "entities", "a.xlsx", as_xlsx(entity_rows(1)))
    import_rows(officer, held.id, good_rows_only=False)
    with pytest.raises(Refusal, match="已经处理过了（已导入）"):
        import_rows(officer, held.id, good_rows_only=False)


def test_a_dropped_file_changes_nothing(acting: Acting) -> None:
    officer = acting(OFFICER)
    held = upload(officer, "entities", "a.xlsx", as_xlsx(entity_rows(1)))
    drop(officer, held.id)
    with pytest.raises(Refusal, match="已取消"):
        import_rows(officer, held.id, good_rows_only=False)
    assert _names(officer) == []


def test_another_agency_does_not_find_the_file(acting: Acting) -> None:
    held = upload(acting(OFFICER), "entities", "a.xlsx", as_xlsx(entity_rows(1)))
    with pytest.raises(Refusal, match="not-found"):
        import_rows(acting(OUTSIDER), held.id, good_rows_only=False)


def test_an_inspector_fills_no_register(acting: Acting) -> None:
    with pytest.raises(Refusal, match="not-allowed"):
        upload(acting(INSPECTOR), "entities", "a.xlsx", as_xlsx(entity_rows(1)))


def test_what_another_department_keeps_is_left_to_it(acting: Acting) -> None:
    admin, officer = acting(ADMIN), acting(OFFICER)
    first = upload(admin, "entities", "a.xlsx", as_xlsx(entity_rows(1, 维护科室="安全生产科")))
    import_rows(admin, first.id, good_rows_only=False)
    second = upload(officer, "entities", "b.xlsx", as_xlsx(entity_rows(1, 地址="示例市别处")))
    assert "由安全生产科维护" in str(bad_rows(second)[0].faults[0])


cells = st.sampled_from(["", "B", "Z", credit_code(1), credit_code(2), "9137", "示例路1号", "=1+1", "𠀀"])


@given(st.lists(st.lists(cells, min_size=6, max_size=6), min_size=1, max_size=8))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_read_is_always_imported_plus_same_plus_refused(acting: Acting, rows: list[list[str]]) -> None:
    headings = list(entity_rows(1)[0])
    content = as_xlsx([dict(zip(headings, row, strict=True)) for row in rows])
    counts = upload(acting(OFFICER), "entities", "a.xlsx", content).counts if any(map(any, rows)) else None
    if counts is not None:
        assert counts["read"] == counts["new"] + counts["updated"] + counts["same"] + counts["refused"]


def test_a_flag_says_how_long_it_holds_or_its_row_is_refused(acting: Acting) -> None:
    officer = acting(OFFICER)
    cells = [
        "经营异常名录",
        "失信行为至2020-01-01",
        "经营异常名录至2027-03-01、失信行为（长期）",
        "严重违法违规至明年",
        "",
    ]
    rows = [{**row, "标记": cell} for row, cell in zip(entity_rows(5), cells, strict=True)]
    held = upload(officer, "entities", "名录.xlsx", as_xlsx(rows))
    said = [fault.sentence for row in bad_rows(held) for fault in row.faults]
    assert ["写明到哪天为止" in said[0], "已过" in said[1], "不是日期" in said[2]] == [True, True, True]
    held = mend_cells(officer, held.id, {bad_rows(held)[0].faults[0].address: "经营异常名录长期"})
    import_rows(officer, held.id, good_rows_only=True)
    first, flagged, plain = page_of_entities(officer.agency_id, Filters(), 9)
    assert (first.flags, flagged.flags, plain.flags) == (["abnormal"], ["abnormal", "dishonest"], [])
    assert {row.flag: row.until for row in flags_of(flagged.id)} == {
        "abnormal": date(2027, 3, 1),
        "dishonest": None,
    }


def test_a_flag_that_is_borne_already_need_not_say_so_again(acting: Acting) -> None:
    officer = acting(OFFICER)
    (row,) = entity_rows(1)
    upload(
        officer, "entities", "a.xlsx", as_xlsx([{**row, "标记": "失信行为长期"}]), choice="whole", wait=True
    )
    again = upload(officer, "entities", "b.xlsx", as_xlsx([{**row, "标记": "失信行为"}]))
    assert again.counts["same"] == 1


def test_changed_rows_are_written_with_their_history_and_found_anew(acting: Acting) -> None:
    officer = acting(OFFICER)
    rows = entity_rows(3)
    upload(officer, "entities", "a.xlsx", as_xlsx(rows), choice="whole", wait=True)
    rows[0]["名称"], rows[1]["联系电话"], rows[2]["名称"] = "示例市陶瓷厂", "0000-0000009", "示例市（水泥）厂"
    upload(officer, "entities", "b.xlsx", as_xlsx(rows), choice="whole", wait=True)
    first, second, third = page_of_entities(officer.agency_id, Filters(), 9)
    assert (first.name, second.phone, third.name_key) == ("示例市陶瓷厂", "0000-0000009", "示例市(水泥)厂")
    assert [each.id for each in page_of_entities(officer.agency_id, Filters(words="陶瓷"), 9)] == [first.id]
    assert [each.id for each in page_of_entities(officer.agency_id, Filters(words="机械"), 9)] == [second.id]
    assert history_of(second.id)[0].after == {"phone": "0000-0000009"}
