"""The switch of the language on a form's answer leads back to where the form stands, never out of the office."""

import re
from collections.abc import Callable
from html import unescape

from flask.testing import FlaskClient

from tests.people import OFFICER, Person

LogIn = Callable[[Person], FlaskClient]


def _switch(page: str) -> str:
    found = re.search(r'<a class="language[^"]*" href="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def test_the_answer_to_a_form_leads_to_the_page_it_was_sent_from(log_in: LogIn) -> None:
    browser = log_in(OFFICER)
    headers = {"Referer": "http://localhost/office/matters/new?from=3&lang=zh"}
    failed = browser.post("/office/matters", data={}, headers=headers)
    assert failed.status_code == 422
    assert _switch(failed.text) == "/office/matters/new?from=3&lang=en"
    assert browser.get(_switch(failed.text)).status_code == 200


def test_without_such_a_page_it_leads_to_the_nearest_one_above_the_form(log_in: LogIn) -> None:
    browser = log_in(OFFICER)
    for sent_from in ("", "https://elsewhere.example/office/matters", "http://localhost/office/nowhere"):
        failed = browser.post("/office/matters", data={}, headers={"Referer": sent_from})
        assert _switch(failed.text) == "/office/matters?lang=en"
    failed = browser.post("/office/imports/files/9/mendings", data={})
    assert _switch(failed.text) == "/office/imports/files/9?lang=en"
    failed = browser.post("/office/no/such/form", data={})
    assert _switch(failed.text) == "/office/?lang=en"
