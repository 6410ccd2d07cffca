"""公示 (003 art. 15): two working days after the report, numbered once, never twice."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from flask.testing import FlaskClient

from backend.decisions.publication.actions import publish
from backend.decisions.results.queries import line_of
from backend.foundation.audit.queries import entries_on
from tests.inspections import CHANNELS, PROBLEM, Field
from tests.people import OFFICER, OUTSIDER, OVERSIGHT, Person

LogIn = Callable[[Person], FlaskClient]


def send(browser: FlaskClient, visit_id: str, channels: Sequence[str] = CHANNELS) -> int:
    return browser.post(
        f"/office/results/{visit_id}/publications", data={"channels": list(channels)}
    ).status_code


def test_a_formed_report_is_published_with_number_and_channels(field: Field, log_in: LogIn) -> None:
    visit_id = field.formed({"originalRecords": PROBLEM})
    assert send(log_in(OFFICER), visit_id) == 303
    assert field.result(visit_id).publication_no == "slgx-2026-000001"
    assert field.result(visit_id).channels == CHANNELS


def test_pressing_twice_publishes_once(field: Field, log_in: LogIn) -> None:
    visit_id = field.formed()
    officer = log_in(OFFICER)
    assert [send(officer, visit_id), send(officer, visit_id)] == [303, 303]
    verbs = [
        one.verb
        for one in field.see(
            entries_on, field.result(visit_id).agency_id, "result", field.result(visit_id).id
        )
    ]
    assert verbs == ["result.publish"]


def test_two_officers_pressing_at_once_publish_once_each_with_its_own_number(field: Field) -> None:
    visits = [field.formed() for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        pressed = [pool.submit(field.act, OFFICER, publish, visit_id, CHANNELS) for visit_id in visits * 2]
        shown = [[result.publication_no for result in one.result()] for one in pressed]
    assert shown[:3] == shown[3:]
    assert {number for (number,) in shown[:3]} == {f"slgx-2026-00000{n}" for n in (1, 2, 3)}


def test_numbers_follow_each_other_without_a_gap(field: Field) -> None:
    visits = [field.formed() for _ in range(3)]
    numbers = [field.act(OVERSIGHT, publish, visit_id, CHANNELS)[0].publication_no for visit_id in visits]
    assert numbers == ["slgx-2026-000001", "slgx-2026-000002", "slgx-2026-000003"]


def test_a_draft_is_not_published(field: Field, log_in: LogIn) -> None:
    visit_id = field.approved()
    assert send(log_in(OFFICER), visit_id) == 409
    assert field.result(visit_id).published_at is None


def test_without_a_channel_nothing_is_published_and_the_article_is_cited(field: Field, log_in: LogIn) -> None:
    visit_id = field.formed()
    answer = log_in(OFFICER).post(f"/office/results/{visit_id}/publications", data={"channels": "别处"})
    assert answer.status_code == 422
    assert "请至少勾选一个公示途径" in answer.text
    assert "门户网站、国家企业信用信息公示系统（山东）网站" in answer.text


def test_the_clock_runs_two_working_days_from_the_report(field: Field) -> None:
    field.go_to(2026, 7, 21)
    visit_id = field.approved()
    field.go_to(2026, 7, 24)
    field.form(visit_id)
    clocks = field.see(line_of, field.report(visit_id)).clocks
    assert clocks.report is not None
    assert clocks.publication is not None
    assert (clocks.report.due.isoformat(), clocks.publication.due.isoformat()) == ("2026-07-28", "2026-07-28")
    assert clocks.publication.citation is not None
    assert clocks.publication.citation.article == "15"


def test_a_late_result_is_shown_as_overdue_and_the_trail_says_by_how_much(
    field: Field, log_in: LogIn
) -> None:
    visit_id = field.formed()
    field.go_to(2026, 7, 28)
    assert "已超 3 个工作日" in log_in(OFFICER).get("/office/results?stage=to_publish").text
    field.act(OFFICER, publish, visit_id, CHANNELS)
    (entry,) = field.see(entries_on, field.result(visit_id).agency_id, "result", field.result(visit_id).id)
    assert entry.detail["late_by_wd"] == 3


def test_another_agency_can_neither_publish_nor_withhold_it(field: Field, log_in: LogIn) -> None:
    visit_id = field.formed()
    outsider = log_in(OUTSIDER)
    assert send(outsider, visit_id) == 404
    withheld = outsider.post(
        f"/office/results/items/{field.result(visit_id).id}/withholdings", data={"reason": "密"}
    )
    assert withheld.status_code == 404


def test_what_may_not_be_public_is_withheld_with_its_reason(field: Field, log_in: LogIn) -> None:
    visit_id = field.formed({"originalRecords": PROBLEM})
    address = f"/office/results/items/{field.result(visit_id).id}/withholdings"
    officer = log_in(OFFICER)
    assert officer.post(address, data={"reason": " "}).status_code == 422
    told = {"reason": "涉及商业秘密", "told_to": "市发展改革委"}
    assert officer.post(address, data=told).status_code == 303
    assert send(officer, visit_id) == 303
    assert field.result(visit_id).publication_no is None
    assert "涉及商业秘密" in officer.get("/office/results?stage=withheld").text


def test_what_is_public_cannot_be_taken_back(field: Field, log_in: LogIn) -> None:
    visit_id = field.formed()
    field.act(OFFICER, publish, visit_id, CHANNELS)
    address = f"/office/results/items/{field.result(visit_id).id}/withholdings"
    assert log_in(OFFICER).post(address, data={"reason": "算了"}).status_code == 409
    assert field.result(visit_id).withheld_at is None
