"""The registers' pages: what a clerk sees, sends and is told."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.__main__ import main
from backend.plumbing.spreadsheets import read_sheet
from backend.registers.demo_data import write_demo_files
from tests.people import ADMIN, HEAD, INSPECTOR, OFFICER, OUTSIDER, OVERSIGHT, Person
from tests.registers.sheets import as_xlsx, entity_rows

LogIn = Callable[[Person], FlaskClient]


def _send(browser: FlaskClient, register: str, content: bytes, name: str = "名录.xlsx") -> str:
    """Upload a file; return the address of its check page."""
    answer = browser.post(f"/office/imports/{register}", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def _import(browser: FlaskClient, register: str, content: bytes) -> str:
    address = _send(browser, register, content)
    assert browser.post(f"{address}/imports").status_code == 303
    return address


@pytest.fixture
def filled(log_in: LogIn, tmp_path: Path) -> FlaskClient:
    """The officer's browser, all three registers filled with the demonstration's files."""
    browser = log_in(OFFICER)
    for register, path in write_demo_files(tmp_path, 1).items():
        _import(browser, register, path.read_bytes())
    return browser


PAGES = [
    "/office/entities",
    "/office/inspectors",
    "/office/matters",
    "/office/rules",
    "/office/rules/workdays",
]


@pytest.mark.parametrize("address", PAGES)
def test_an_empty_register_says_what_to_do_next(log_in: LogIn, address: str) -> None:
    answer = log_in(OFFICER).get(address)
    assert answer.status_code == 200
    if "rules" not in address:
        assert "从表格导入" in answer.text or "没有列入清单的" in answer.text


@pytest.mark.parametrize(
    "address", [*PAGES, "/office/entities/1", "/office/matters/1", "/office/imports/files/1"]
)
def test_every_page_opens_filled(filled: FlaskClient, address: str) -> None:
    assert filled.get(address).status_code == 200


def test_the_list_is_narrowed_and_paged(filled: FlaskClient) -> None:
    page = filled.get("/office/entities?q=陶瓷&grade=D").text
    assert "风险等级：<b>D 级</b>" in page
    later = filled.get("/office/entities").text
    assert "共 2,000 家" in later
    assert "after=50" in later


def test_an_exported_list_comes_back_unchanged(filled: FlaskClient) -> None:
    exported = filled.get("/office/entities/export.xlsx?grade=D").data
    assert 0 < len(read_sheet(exported, "a.xlsx").rows) < 300
    page = filled.get(_send(filled, "entities", exported)).text
    assert "没有可导入的行" in page
    assert "没有错行" in page


def test_another_agencys_entity_is_not_found(filled: FlaskClient, log_in: LogIn) -> None:
    outsider = log_in(OUTSIDER)
    assert outsider.get("/office/entities/1").status_code == 404
    assert outsider.post("/office/entities/1/changes", data={"risk_grade": "A"}).status_code == 404
    assert outsider.get("/office/imports/files/1").status_code == 404


def test_a_telephone_number_is_masked_until_it_is_asked_for(filled: FlaskClient, log_in: LogIn) -> None:
    for browser in (filled, log_in(INSPECTOR)):
        assert "0000-0000001" not in browser.get("/office/entities/1").text
    assert "0000-0000001" in filled.post("/office/entities/1/numbers", data={"number": "phone"}).text


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7", "方案.pdf", "这是 PDF"),
        (b"", "空.xlsx", "文件是空的"),
        ("甲,乙\n1,2\n".encode(), "a.csv", "缺少必需的列"),
    ],
)
def test_a_wrong_file_is_told_on_the_page(log_in: LogIn, content: bytes, name: str, said: str) -> None:
    answer = log_in(OFFICER).post("/office/imports/entities", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 422
    assert said in answer.text


def test_no_file_at_all_is_told_too(log_in: LogIn) -> None:
    assert "请先选一个文件" in log_in(OFFICER).post("/office/imports/entities").text


def test_wrong_rows_are_listed_mended_and_imported(log_in: LogIn) -> None:
    browser = log_in(OFFICER)
    rows = entity_rows(3)
    rows[1]["风险等级"] = "中"
    rows[2]["地址"] = ""
    address = _send(browser, "entities", as_xlsx(rows))
    page = browser.get(address).text
    assert "有错的 2 行" in page
    assert "导入其余 1 行" in page
    refused = browser.post(f"{address}/imports")
    assert refused.status_code == 422
    assert "有 2 行有错" in refused.text
    back = read_sheet(browser.get(f"{address}/refused.xlsx").data, "错误行.xlsx")
    assert len(back.rows) == 2
    browser.post(f"{address}/mendings", data={"Sheet1!F3": "C", "Sheet1!C4": "示例市样例区示例路3号"})
    assert "导入 3 行" in browser.get(address).text
    assert browser.post(f"{address}/imports").status_code == 303
    assert "已导入。" in browser.get(address).text


@pytest.mark.parametrize("register", ["entities", "inspectors", "matters"])
def test_a_template_is_taken_in_as_it_is(log_in: LogIn, register: str) -> None:
    browser = log_in(OFFICER)
    template = browser.get(f"/office/imports/{register}/template.xlsx").data
    page = browser.get(_send(browser, register, template)).text
    assert "没有错行" in page


def test_the_list_goes_from_the_clerk_to_the_head_to_publication(filled: FlaskClient, log_in: LogIn) -> None:
    assert filled.post("/office/matters/versions").status_code == 303
    head = log_in(HEAD)
    assert "批准第 1 版" in head.get("/office/matters").text
    assert head.post("/office/matters/versions/1/approvals").status_code == 303
    assert log_in(OVERSIGHT).post("/office/matters/versions/1/publications").status_code == 303
    assert "已公布" in filled.get("/office/matters").text
    assert filled.get("/office/matters/versions/1").status_code == 200
    assert "现在不能批准" in head.post("/office/matters/versions/1/approvals").text


def test_every_rule_can_be_linked_to_by_key_and_by_article(log_in: LogIn) -> None:
    page = log_in(OFFICER).get("/office/rules").text
    assert 'id="publication.deadline_wd"' in page
    assert 'id="article-15"' in page
    assert "除依法依规不予公开的情形外，检查情况结果报告应在形成后2个工作日内" in page


def test_a_confirmation_and_a_notice_are_refused_on_their_pages(log_in: LogIn) -> None:
    admin = log_in(ADMIN)
    assert admin.post("/office/rules/confirmations", data={"reason": "继续"}).status_code == 422
    notice = {"year": "2027", "days": "2027-02-30 休", "source": "示例通知"}
    assert "没有“2027-02-30”这一天" in admin.post("/office/rules/workdays/previews", data=notice).text
    taken = admin.post("/office/rules/workdays/notices", data={**notice, "days": "2027-02-05 休"})
    assert taken.headers["Location"].endswith("year=2027")


@pytest.fixture
def command_line(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run against the test's own application."""
    monkeypatch.setattr("backend.__main__.create_app", lambda _settings: app)
    monkeypatch.setattr("backend.__main__.settings_from_environment", lambda: None)


@pytest.mark.usefixtures("command_line")
def test_the_command_line_takes_the_same_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = entity_rows(3)
    rows[1]["风险等级"] = "中"
    file = tmp_path / "名录.xlsx"
    file.write_bytes(as_xlsx(rows))
    assert main(["import", "entities", str(file), "--agency", "slgx"]) == 1
    told = capsys.readouterr()
    assert "Sheet1!F3：“中”不在可选范围" in told.err
    assert "读到 3 行：没有导入任何一行，没有变化 0，有错 1" in told.out
    assert main(["import", "entities", str(file), "--agency", "slgx", "--good-rows"]) == 0
    assert "读到 3 行：新增 2，更新 0，没有变化 0，有错 1" in capsys.readouterr().out
    assert len(read_sheet((tmp_path / "名录.refused.xlsx").read_bytes(), "r.xlsx").rows) == 1


@pytest.mark.usefixtures("command_line")
def test_the_command_line_names_a_missing_file_and_an_unknown_agency(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "entities", str(tmp_path / "没有.xlsx"), "--agency", "slgx"]) == 1
    assert "读不了“没有.xlsx”" in capsys.readouterr().err
    assert main(["import", "entities", str(tmp_path / "没有.xlsx"), "--agency", "nowhere"]) == 1
    assert "没有找到：单位 nowhere" in capsys.readouterr().err
