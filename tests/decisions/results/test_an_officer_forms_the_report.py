"""补全处理意见、形成报告 (003 art. 15): saved, formed, then standing."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.inspections import PROBLEM, Field
from tests.people import OFFICER, OUTSIDER, OVERSIGHT, Person

LogIn = Callable[[Person], FlaskClient]
UNSETTLED = {**PROBLEM, "disposal": None}


def wording(field: Field, visit_id: str, **changed: str) -> dict[str, str]:
    result, report = field.result(visit_id), field.report(visit_id)
    return {
        "version": str(report.version),
        f"code-{result.id}": changed.get("code", result.code),
        f"text-{result.id}": changed.get("text", result.text),
        f"disposal-{result.id}": changed.get("disposal", result.disposal),
        **{f"field-{n}": words or changed.get("opinion", "") for n, (_, words) in enumerate(report.body)},
        "step": changed.get("step", "form"),
    }


def test_a_complete_report_is_formed_and_stands(field: Field, log_in: LogIn) -> None:
    visit_id = field.approved({"originalRecords": PROBLEM})
    officer = log_in(OFFICER)
    assert (
        officer.post(f"/office/results/{visit_id}/report", data=wording(field, visit_id)).status_code == 303
    )
    again = officer.post(f"/office/results/{visit_id}/report", data=wording(field, visit_id, text="别的话"))
    assert again.status_code == 409
    assert "不能再改" in again.text
    assert field.result(visit_id).text == "未建能源消费统计台账"


def test_a_problem_without_a_disposal_keeps_the_report_open_and_says_what_is_missing(
    field: Field, log_in: LogIn
) -> None:
    visit_id = field.approved({"originalRecords": UNSETTLED})
    answer = log_in(OFFICER).post(f"/office/results/{visit_id}/report", data=wording(field, visit_id))
    assert answer.status_code == 422
    assert "还不能形成报告：处理意见和建议、“工业企业节能监察”的处理意见没有填写" in answer.text
    assert field.report(visit_id).formed_at is None


def test_the_officers_opinion_completes_it(field: Field, log_in: LogIn) -> None:
    visit_id = field.approved({"originalRecords": UNSETTLED})
    filled = wording(field, visit_id, disposal="责令改正", opinion="责令 30 日内改正并复查")
    assert log_in(OFFICER).post(f"/office/results/{visit_id}/report", data=filled).status_code == 303
    assert field.report(visit_id).formed_by_name == OFFICER.name


def test_a_found_problem_cannot_be_reworded_into_nothing_found(field: Field, log_in: LogIn) -> None:
    visit_id = field.approved({"originalRecords": PROBLEM})
    filled = wording(field, visit_id, code="nothing-found")
    answer = log_in(OFFICER).post(f"/office/results/{visit_id}/report", data=filled)
    assert answer.status_code == 422
    assert "“未发现问题”与检查情况不符" in answer.text
    assert field.result(visit_id).code == "corrected"


def test_two_officers_cannot_overwrite_each_other_unseen(field: Field, log_in: LogIn) -> None:
    visit_id = field.approved({"originalRecords": PROBLEM})
    seen = wording(field, visit_id, text="甲写的", step="save")
    log_in(OFFICER).post(f"/office/results/{visit_id}/report", data=seen)
    late = log_in(OFFICER).post(
        f"/office/results/{visit_id}/report", data={**seen, f"text-{field.result(visit_id).id}": "乙写的"}
    )
    assert late.status_code == 409
    assert f"{OFFICER.name}在您打开之后改过这份报告" in late.text
    assert "乙写的" in late.text
    assert field.result(visit_id).text == "甲写的"


def test_oversight_reads_the_report_but_does_not_write_it(field: Field, log_in: LogIn) -> None:
    visit_id = field.approved()
    oversight = log_in(OVERSIGHT)
    assert "形成报告</button>" not in oversight.get(f"/office/results/{visit_id}").text
    assert (
        oversight.post(f"/office/results/{visit_id}/report", data=wording(field, visit_id)).status_code == 403
    )


def test_another_agency_does_not_find_it(field: Field, log_in: LogIn) -> None:
    visit_id = field.approved()
    assert log_in(OUTSIDER).get(f"/office/results/{visit_id}").status_code == 404
