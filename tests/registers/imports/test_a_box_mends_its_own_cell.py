"""Every box of the check page stands for one cell: it shows what stands in it, writes there, and left alone changes nothing."""

import re
from collections.abc import Callable
from html import unescape

from flask.testing import FlaskClient

from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import follow_profile
from backend.plumbing.db import db
from backend.registers.imports.actions import import_rows, mend_cells, upload
from backend.registers.imports.models import ImportFile
from backend.registers.imports.queries import bad_rows
from tests.people import ADMIN, LEADER, OFFICER, Person
from tests.registers.sheets import as_xlsx, entity_rows

Acting = Callable[[Person], Actor]
LogIn = Callable[[Person], FlaskClient]

MATTER = {
    "事项编码": "SL-01",
    "抽查事项名称": "节能监察",
    "事项类别": "一般",
    "抽查对象": "工业企业",
    "抽查内容": "能源管理",
    "抽查依据": "《中华人民共和国节约能源法》第十二条",
    "抽查方式": "实地核查",
    "抽查频次": "每年 1 次",
}


def _boxes(page: str) -> dict[str, str]:
    found = re.findall(r'<input class="control err" name="([^"]*)" value="([^"]*)"', page)
    assert len(found) == len(dict(found))
    return {unescape(name): unescape(value) for name, value in found}


def _told(held: ImportFile) -> list[tuple[str, str, str]]:
    return [(fault.address, fault.heading, fault.entered) for row in bad_rows(held) for fault in row.faults]


def test_a_box_shows_what_stands_in_its_cell_whatever_found_the_fault(acting: Acting) -> None:
    admin, officer = acting(ADMIN), acting(OFFICER)
    first = upload(admin, "entities", "a.xlsx", as_xlsx(entity_rows(1, 维护科室="安全生产科")))
    import_rows(admin, first.id, good_rows_only=False)
    rows = entity_rows(3, 标记="失信行为，经营异常名录至2020-01-01")
    held = upload(officer, "entities", "b.xlsx", as_xlsx(rows))
    kept, *_ = _told(held)
    assert kept == ("Sheet1!B2", "统一社会信用代码", rows[0]["统一社会信用代码"])
    assert {told[1:] for told in _told(held)[1:]} == {("标记", rows[0]["标记"])}


def test_an_account_that_is_taken_stands_in_its_box(acting: Acting) -> None:
    rows = [
        {"姓名": f"甲{n}", "性别": "男", "岗位": "科员", "执法证号": f"SL{n}", "登录账号": LEADER.login}
        for n in (1, 2)
    ]
    held = upload(acting(OFFICER), "inspectors", "人员.xlsx", as_xlsx(rows))
    assert _told(held) == [("Sheet1!E3", "登录账号", LEADER.login)]


def test_a_column_that_the_file_lacks_gets_no_box(acting: Acting, log_in: LogIn) -> None:
    follow_profile(acting(ADMIN), "yiyuan-police")
    officer = acting(OFFICER)
    held = upload(officer, "matters", "事项.xlsx", as_xlsx([MATTER]))
    assert _told(held) == [("", "抽查比例", "")]
    page = log_in(OFFICER).get(f"/office/imports/files/{held.id}").text
    assert (_boxes(page), "文件里没有这一列" in page) == ({}, True)
    held = mend_cells(officer, held.id, {"": "5%"})
    assert held.mended == {}


def test_boxes_left_as_they_were_change_nothing(acting: Acting, log_in: LogIn) -> None:
    officer, browser = acting(OFFICER), log_in(OFFICER)
    rows = entity_rows(3, 风险等级="D")
    rows[0]["联系电话"], rows[1]["风险等级"], rows[2]["地址"] = "", "中\n高", " "
    held = upload(officer, "entities", "a.xlsx", as_xlsx(rows))
    boxes = _boxes(browser.get(f"/office/imports/files/{held.id}").text)
    sent = {name: value.replace("\n", "") for name, value in boxes.items()} | {"Sheet1!E2": "0000-0000009"}
    assert browser.post(f"/office/imports/files/{held.id}/mendings", data=sent).status_code == 303
    db.session.refresh(held)
    assert held.mended == {"Sheet1!E2": "0000-0000009"}
    assert (held.counts["new"], held.counts["refused"]) == (1, 2)


def test_a_row_tells_all_its_faults_at_once_and_a_repeated_code_too(acting: Acting, log_in: LogIn) -> None:
    rows = [MATTER, {**MATTER, "事项类别": "重要", "抽查频次": ""}]
    held = upload(
        acting(OFFICER), "matters", "事项.xlsx", as_xlsx([{**row, "抽查比例": "5%"} for row in rows])
    )
    (row,) = bad_rows(held)
    assert {fault.heading for fault in row.faults} == {"事项编码", "事项类别", "抽查频次"}
    page = log_in(OFFICER).get(f"/office/imports/files/{held.id}").text
    assert "与第 2 行重复" in page
    assert "不改的行不导入" in page


def test_a_mended_row_is_checked_whole(acting: Acting) -> None:
    officer = acting(OFFICER)
    rows = entity_rows(2, 维护科室="安全生产科")
    rows[1] |= {"统一社会信用代码": "9137", "规模": "很大"}
    rows[0] |= {"规模": "小型"}
    held = upload(officer, "entities", "a.xlsx", as_xlsx(rows))
    held = mend_cells(officer, held.id, {"Sheet1!B3": rows[0]["统一社会信用代码"], "Sheet1!H3": "小型"})
    (row,) = bad_rows(held)
    assert [(fault.address, "重复" in fault.sentence) for fault in row.faults] == [("Sheet1!B3", True)]
    held = mend_cells(officer, held.id, {"Sheet1!B3": "9137"})
    assert ["少 14 位" in fault.sentence for row in bad_rows(held) for fault in row.faults] == [True]
