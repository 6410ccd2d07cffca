"""The leader's approval in the field is heard here: results and report are drafted in the same transaction."""

from collections.abc import Callable

from flask.testing import FlaskClient

from backend.decisions.approval.queries import approvals_of
from backend.decisions.results.drafting import draft_results
from backend.foundation.audit.queries import entries_on
from tests.inspections import PROBLEM, Field
from tests.people import LEADER, OFFICER, Person

LogIn = Callable[[Person], FlaskClient]


def test_one_result_stands_for_each_matter_with_what_was_found(field: Field) -> None:
    result = field.result(field.approved({"originalRecords": PROBLEM}))
    assert (result.code, result.text) == ("corrected", "未建能源消费统计台账")
    assert [one["item"] for one in result.found] == ["originalRecords"]
    assert len(result.checks) > 15
    assert result.team[0]["name"] == LEADER.name


def test_the_report_has_every_field_the_profile_asks_for(field: Field) -> None:
    visit_id = field.approved({"originalRecords": PROBLEM})
    body = dict(field.report(visit_id).body)
    assert list(body) == ["抽查时间", "检查对象数量", "抽查内容", "抽查情况", "处理意见和建议"]
    assert "不合格 1 项" in body["抽查情况"]
    assert body["处理意见和建议"] == "责令限期改正"


def test_the_leaders_approval_is_kept_with_the_fingerprint_that_was_approved(field: Field) -> None:
    (approval,) = field.see(approvals_of, field.approved())
    assert (approval.stage, approval.decision, approval.by_name) == ("leader", "approve", LEADER.name)
    assert len(approval.digest) == 64


def test_hearing_of_an_approval_twice_drafts_once(field: Field) -> None:
    visit_id = field.approved()
    field.act(LEADER, draft_results, visit_id)
    entries = field.see(entries_on, field.result(visit_id).agency_id, "visit", visit_id)
    assert [one.verb for one in entries] == ["result.draft"]


def test_what_cannot_be_inspected_becomes_a_direct_result(field: Field) -> None:
    told = {"document": "登记机关 7 月 3 日准予注销"}
    result = field.result(field.closed("deregistered", told=told))
    assert (result.code, result.checks) == ("deregistered", [])
    assert result.text == "登记信息的出处、文号、日期：登记机关 7 月 3 日准予注销。"


def test_whom_the_team_asked_is_not_proposed_for_publication(field: Field) -> None:
    told = {"found": "大门上锁，设备已拆除", "confirmedBy": "隔壁商户王某 13800000000"}
    note = "现场情况：大门上锁，设备已拆除；何人证实：隔壁商户王某 13800000000。"
    assert field.result(field.closed("closed", note, told)).text == "现场情况：大门上锁，设备已拆除。"


def test_a_note_from_the_office_about_its_evidence_is_not_proposed_for_publication(field: Field) -> None:
    assert field.result(field.closed("closed", "王某作证")).text == "已关闭停业或正在组织清算"


def test_the_office_sees_who_still_waits_for_the_leader(field: Field, log_in: LogIn) -> None:
    field.visit()
    page = log_in(OFFICER).get("/office/results?stage=to_approve").text
    assert "示例市测试冶炼有限公司1" in page
    assert f"组长 {LEADER.name}" in page
