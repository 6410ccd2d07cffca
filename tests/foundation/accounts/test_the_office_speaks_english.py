"""The office's navigation, heads, buttons, statuses and refusals can be read in English."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.people import INSPECTOR, OFFICER, Person

LogIn = Callable[[Person], FlaskClient]


def test_the_frame_the_heads_and_the_buttons_are_english(log_in: LogIn) -> None:
    browser = log_in(OFFICER)
    page = browser.get("/office/matters?lang=en").text
    for words in ("Work list", "Directories and rules", "List of matters", "Department officer"):
        assert words in page
    assert "Save" in browser.get("/office/matters/new").text
    assert "抽查事项清单" in browser.get("/office/matters?lang=zh").text


def test_a_refusal_is_said_in_english(log_in: LogIn) -> None:
    browser = log_in(INSPECTOR)
    browser.get("/office/?lang=en")
    answer = browser.post("/office/matters", data={})
    assert answer.status_code == 403
    assert "Your role does not include this step" in answer.text
    assert "You may not take this step" in answer.text
    unfilled = log_in(OFFICER).post("/office/trainings?lang=en", data={})
    assert "Please correct" in unfilled.text
