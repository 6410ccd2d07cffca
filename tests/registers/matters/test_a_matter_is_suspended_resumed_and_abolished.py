"""A suspended matter is not inspected and may come back; an abolished one never does, but stays readable."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.core.errors import Refusal
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db
from backend.registers.imports.actions import upload
from backend.registers.imports.queries import bad_rows
from backend.registers.matters.actions import abolish_matter, resume_matter, submit_list, suspend_matter
from backend.registers.matters.queries import matter, matters_of, published_matters
from tests.people import OFFICER, Person
from tests.registers.matters.conftest import ROWS, bring_in
from tests.registers.sheets import as_xlsx

LogIn = Callable[[Person], FlaskClient]
REASON = "职能已划出本单位"


def test_a_suspension_holds_at_once_and_ends_as_it_began(published: Actor) -> None:
    held = published_matters(published.agency_id)[0]
    suspend_matter(published, held.id, REASON)
    assert held.code not in {each.code for each in published_matters(published.agency_id)}
    assert held.code not in {row["code"] for row in submit_list(published).snapshot}
    resume_matter(published, held.id)
    assert held.code in {each.code for each in published_matters(published.agency_id)}


def test_what_was_changed_while_suspended_comes_back_as_a_draft(published: Actor) -> None:
    held = published_matters(published.agency_id)[0]
    suspend_matter(published, held.id, REASON)
    bring_in(published, [{**ROWS[0], "抽查比例": "9%"}])
    assert matter(published.agency_id, held.id).status == "suspended"
    resume_matter(published, held.id)
    assert matter(published.agency_id, held.id).status == "draft"


def test_an_abolished_matter_stays_for_old_visits(published: Actor, log_in: LogIn) -> None:
    held = matters_of(published.agency_id)[0]
    browser = log_in(OFFICER)
    answer = browser.post(f"/office/matters/{held.id}/abolitions", data={"reason": REASON})
    assert answer.status_code == 303
    db.session.rollback()
    assert held.code not in {each.code for each in matters_of(published.agency_id)}
    page = browser.get(f"/office/matters/{held.id}").text
    assert held.legal_basis in page
    assert REASON in page
    assert "更改</a>" not in page
    with pytest.raises(Refusal, match="现在不能恢复"):
        resume_matter(published, held.id)


def test_an_abolished_code_is_not_taken_in_again(published: Actor) -> None:
    abolish_matter(published, matters_of(published.agency_id)[0].id, REASON)
    held = upload(published, "matters", "清单.xlsx", as_xlsx(ROWS))
    (bad,) = bad_rows(held)
    assert "已废止" in bad.faults[0].sentence
