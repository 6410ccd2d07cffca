"""Whoever was inspected objects on the public site: a receipt, a case in the office, nothing about them in public."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.app import create_public_app
from backend.core.ids import uuid7
from backend.decisions.objections.queries import objections_to
from backend.decisions.results.models import Result
from backend.settings import Settings
from tests.inspections import PROBLEM, Field
from tests.people import OFFICER, Person

LogIn = Callable[[Person], FlaskClient]
PRIVATE = ("李四示例", "13912345678", "台账存放在集团")


@pytest.fixture
def public(field: Field, settings: Settings) -> FlaskClient:
    return create_public_app(settings).test_client()


def application(result: Result, number: int = 1, **changed: str) -> dict[str, str]:
    filled = {
        "form_id": uuid7(number, b"0123456789"),
        "publication_no": result.publication_no or "",
        "lodged_as": "agent",
        "lodged_by": "李四示例",
        "contact": "13912345678",
        "grounds": "台账存放在集团，当天未能出示",
    }
    return {**filled, **changed}


def test_it_gets_a_receipt_and_lands_among_the_objections(
    field: Field, public: FlaskClient, log_in: LogIn
) -> None:
    result = field.published({"originalRecords": PROBLEM})
    field.go_to(2026, 7, 23)
    assert "网上提出异议" in public.get(f"/objection?no={result.publication_no}").text
    assert "被检查的单位或个人" in public.get(f"/objection/new?no={result.publication_no}").text
    answer = public.post("/objection", data=application(result))
    assert answer.status_code == 303
    receipt = answer.headers["Location"]
    assert re.search(r"/YY(-[2-9A-Z]{4}){3}\?", receipt)
    told = public.get(receipt).text
    assert "待复查" in told
    assert not [word for word in PRIVATE if word in told]
    (objection,) = field.see(objections_to, result.id)
    officer = log_in(OFFICER)
    page = officer.get(f"/office/objections/{objection.id}").text
    assert all(word in page for word in PRIVATE)
    assert "公示网站" in officer.get("/office/objections").text
    decision = {"form_id": uuid7(9, b"0123456789"), "outcome": "turned_away", "opinion": "核实不是该单位委托"}
    assert officer.post(f"/office/objections/{objection.id}/decisions", data=decision).status_code == 303
    told = public.get(receipt).text
    assert "不予受理" in told
    assert re.search("书面答复里，最迟 2026.*送达", told)
    typed = public.get(
        "/objection/receipts", query_string={"receipt_no": (objection.receipt_no or "").lower()}
    )
    assert typed.headers["Location"].endswith(objection.receipt_no or "?")


def test_nothing_about_the_sender_is_public(field: Field, public: FlaskClient) -> None:
    result = field.published({"originalRecords": PROBLEM})
    public.post("/objection", data=application(result))
    for address in ("/", "/results", f"/results/{result.publication_no}", "/objection"):
        assert not [word for word in PRIVATE if word in public.get(address).text]


def test_what_is_missing_is_said_and_what_was_written_is_kept(field: Field, public: FlaskClient) -> None:
    result = field.published({"originalRecords": PROBLEM})
    refused = public.post("/objection", data=application(result, contact="", lodged_as=""))
    assert refused.status_code == 422
    assert "台账存放在集团" in refused.text
    assert public.post("/objection", data=application(result, contact=" ")).status_code == 422
    assert field.see(objections_to, result.id) == []


def test_one_sender_floods_nobody(field: Field, public: FlaskClient) -> None:
    result = field.published({"originalRecords": PROBLEM})
    for number in (1, 1, 2, 3):
        assert public.post("/objection", data=application(result, number)).status_code == 303
    assert public.post("/objection", data=application(result, 4)).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    for number in (5, 6):
        public.post("/objection", data=application(result, number), environ_overrides=elsewhere)
    refused = public.post("/objection", data=application(result, 7), environ_overrides=elsewhere)
    assert (refused.status_code, len(field.see(objections_to, result.id))) == (409, 5)


def test_a_program_that_fills_in_everything_lodges_nothing(field: Field, public: FlaskClient) -> None:
    result = field.published({"originalRecords": PROBLEM})
    public.post("/objection", data=application(result, website="https://example.org"))
    assert field.see(objections_to, result.id) == []


def test_it_is_refused_when_its_time_is_over_with_the_article(field: Field, public: FlaskClient) -> None:
    result = field.published({"originalRecords": PROBLEM})
    field.go_to(2026, 11, 9)
    late = public.post("/objection", data=application(result))
    assert late.status_code == 409
    assert "60个工作日" in late.text
    assert public.get("/objection/new?no=none").status_code == 404
    assert public.get("/objection/receipts/YY-0000").status_code == 404
