"""A matter's form is chosen by the matter, the entity's kind and class; a person may choose another before the visit starts."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.fieldwork.form_library.rules.choosing import Inspected, best_form
from backend.fieldwork.visits.models import Visit
from backend.foundation.audit.queries import entries_on
from backend.plumbing.db import db
from tests.fieldwork.phones import PASS, Phones, item
from tests.people import HEAD, LEADER, OFFICER, Person

LogIn = Callable[[Person], FlaskClient]
OTHER = "zibo-industry/civil-explosives"
REASON = "这家是民爆企业，按民爆检查表查"

FORMS = {
    "a/general": {"suits": {"matters": ["消防检查"]}},
    "a/hotels": {"suits": {"matters": ["消防检查"], "industries": ["旅馆"]}},
    "a/key-hotels": {"suits": {"matters": ["消防检查"], "industries": ["旅馆"], "directories": ["重点单位"]}},
    "a/people": {"suits": {"entityKinds": ["个体工商户"], "matterClasses": ["general"]}},
    "b/general": {"suits": {"matters": ["消防检查"]}},
    "a/plain": {},
}


def _about(**known: object) -> Inspected:
    facts = {
        "matter": "消防检查",
        "matter_class": "key",
        "kind": "企业",
        "industry": "旅馆业",
        "directories": [],
    }
    return Inspected(**{**facts, **known})  # type: ignore[arg-type]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("named", "about", "chosen"),
    [
        ("plain", _about(), "a/plain"),
        ("b/general", _about(), "b/general"),
        ("", _about(), "a/hotels"),
        ("", _about(directories=["重点单位"]), "a/key-hotels"),
        ("", _about(industry="商店"), "a/general"),
        ("", _about(matter="年检", matter_class="general", kind="个体工商户"), "a/people"),
        ("", _about(matter="年检"), None),
        ("general、hotels", _about(directories=["重点单位"]), "a/hotels"),
        ("plain、general", _about(matter="年检"), "a/plain"),
        ("unheardOf", _about(matter="年检"), None),
    ],
)
def test_the_form_that_suits_best_is_chosen(named: str, about: Inspected, chosen: str | None) -> None:
    assert best_form(FORMS, named, "a", about) == chosen


def _choose(browser: FlaskClient, visit_id: str, **sent: str) -> int:
    matter = str(db.session.get_one(Visit, visit_id).matters[0]["matterId"])
    answer = browser.post(
        f"/office/visits/{visit_id}/forms", data={"matter": matter, "form": OTHER, "reason": REASON, **sent}
    )
    db.session.rollback()
    return answer.status_code


def test_a_person_chooses_another_form_before_the_visit_starts(
    log_in: LogIn, phones: Phones, visit_id: str
) -> None:
    phone = phones(LEADER)
    phone.pull()
    assert _choose(log_in(OFFICER), visit_id) == 303
    visit = db.session.get_one(Visit, visit_id)
    chosen = visit.matters[0]["formChoice"]
    assert (chosen["how"], chosen["by"], chosen["reason"]) == ("person", OFFICER.name, REASON)
    assert [entry.verb for entry in entries_on(visit.agency_id, "visit", visit.id)][-1] == "visit.choose-form"
    phone.pull()
    assert phone.form(phone.docs["visit", visit_id]["body"]["matters"][0]["formSha"])["key"] == OTHER
    assert REASON in log_in(OFFICER).get(f"/office/visits/{visit_id}").text


def test_not_without_a_reason_nor_by_everybody_nor_an_unknown_form(log_in: LogIn, visit_id: str) -> None:
    assert _choose(log_in(OFFICER), visit_id, reason="换") == 422
    assert _choose(log_in(HEAD), visit_id) == 403
    assert _choose(log_in(OFFICER), visit_id, form="a/unheard-of") == 404
    assert _choose(log_in(OFFICER), visit_id, matter="0") == 404


def test_once_begun_the_form_stays(log_in: LogIn, phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.answer(visit_id, item(phone, visit_id, "training"), PASS)
    phone.sync()
    assert _choose(log_in(OFFICER), visit_id) == 409
