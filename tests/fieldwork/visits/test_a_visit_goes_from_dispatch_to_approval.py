"""The whole way on two phones: pulled, filled in offline, signed, submitted, approved by the leader."""

from backend.fieldwork.sync.keys import receipt_holds
from tests.conftest import FixedClock
from tests.fieldwork.phones import Phones, fill_in, picture, sign_all, visit_body
from tests.people import INSPECTOR, LEADER


def test_a_visit_is_captured_offline_and_approved(phones: Phones, visit_id: str) -> None:
    phone = phones(INSPECTOR)
    phone.pull()
    assert visit_body(phone, visit_id)["status"] == "dispatched"
    fill_in(phone, visit_id)
    sign_all(phone, visit_id)
    submitted = phone.submit(visit_id)
    phone.sync()
    assert phone.results[submitted] == {"id": submitted, "status": "applied", "rev": 0, "reason": None}
    assert visit_body(phone, visit_id)["status"] == "submitted"

    leader = phones(LEADER)
    leader.pull()
    approved = leader.review(visit_id, "approve")
    leader.sync()
    assert leader.results[approved]["status"] == "applied", leader.results[approved]
    assert visit_body(leader, visit_id)["status"] == "approved"


def test_the_receipts_are_the_servers_word(phones: Phones, visit_id: str) -> None:
    phone = phones(INSPECTOR)
    jwk = phone.send("GET", "/api/v1/meta").json["receiptKeys"][0]["jwk"]
    phone.pull()
    sha = phone.photograph(visit_id, picture())
    phone.sync()
    file_receipt = phone.photos[sha].receipt
    assert phone.receipt is not None
    assert file_receipt is not None
    assert receipt_holds(jwk, phone.receipt)
    assert receipt_holds(jwk, file_receipt)
    assert file_receipt["hash"] == sha


def test_numbers_and_forms_are_frozen_at_dispatch(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    body = visit_body(phone, visit_id)
    assert body["numbers"] == {
        "notice": "示工信检通〔2026〕0001号",
        "record": "示工信检录〔2026〕0001号",
        "rectification": "示工信责改〔2026〕0001号",
    }
    assert phone.form(body["matters"][0]["formSha"])["key"] == "zibo-industry/industrial-energy"
    assert [member["leader"] for member in body["team"]] == [True, False]
    assert body["citations"]["refusal"]["article"] == "15"


def test_a_phone_gets_the_working_days_to_count_by(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    window = visit_body(phone, visit_id)["deadlines"][0]
    assert (window["kind"], window["remaining"], window["due"]) == ("window", 18, "2026-08-14")
    assert window["days"][:4] == ["2026-07-21", "2026-07-22", "2026-07-23", "2026-07-24"]
    assert window["days"][window["wd"] - 1] == window["due"]
    assert window["days"][4] == "2026-07-27"


def test_days_before_a_window_are_left_too(phones: Phones, visit_id: str, clock: FixedClock) -> None:
    """On Thursday for a window of Monday: two days lie before, so the phone and the office say the same."""
    clock.advance(days=-5)
    phone = phones(LEADER)
    phone.pull()
    window = visit_body(phone, visit_id)["deadlines"][0]
    assert window["before"] == ["2026-07-17", "2026-07-20"]
    assert window["remaining"] == len(window["before"]) + window["wd"]
