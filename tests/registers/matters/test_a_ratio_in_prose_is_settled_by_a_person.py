"""A ratio in prose holds the list up until somebody says what it means; the words themselves stay."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.core.errors import Refusal
from backend.plumbing.db import db
from backend.registers.matters.actions import answer_ratio, submit_list
from backend.registers.matters.queries import matters_of, published_matters, unread_ratios
from tests.people import OFFICER, Person
from tests.registers.matters.conftest import ROWS, Acting, bring_in, put_in_force

LogIn = Callable[[Person], FlaskClient]
PROSE = "每年1次20%；或者每年2次各10%"
IN_PROSE = {**ROWS[1], "抽查比例": PROSE}


def test_the_list_waits_until_it_is_answered_on_the_page(acting: Acting, log_in: LogIn) -> None:
    officer = acting(OFFICER)
    bring_in(officer, [ROWS[0], IN_PROSE])
    with pytest.raises(Refusal, match=ROWS[1]["抽查事项名称"]):
        submit_list(officer)
    (asked,) = unread_ratios(officer.agency_id)
    assert (asked.ratio_num, asked.ratio_den) == (None, None)
    browser = log_in(OFFICER)
    page = browser.get("/office/matters/ratios").text
    assert PROSE in page
    assert 'value="1/5"' in page
    assert 'value="1/10"' in page
    assert "checked" not in page
    address = f"/office/matters/{asked.id}/ratio-answers"
    assert browser.post(address, data={}).status_code == 422
    answer = browser.post(address, data={"share": "1/10", "frequency": "每年 2 次"})
    assert answer.status_code == 303
    db.session.rollback()
    assert unread_ratios(officer.agency_id) == []
    put_in_force(acting)
    settled = next(m for m in published_matters(officer.agency_id) if m.ratio_text == PROSE)
    assert (settled.ratio_num, settled.ratio_den, settled.frequency) == (1, 10, "每年 2 次")
    assert f"{PROSE}（按 10% 执行）" in browser.get("/office/matters").text


def test_new_words_are_asked_about_anew(acting: Acting) -> None:
    officer = acting(OFFICER)
    bring_in(officer, [IN_PROSE])
    answer_ratio(officer, matters_of(officer.agency_id)[0].id, (1, 5), "每年 1 次")
    bring_in(officer, [{**IN_PROSE, "抽查事项名称": "换了名称"}])
    assert unread_ratios(officer.agency_id) == []
    bring_in(officer, [{**IN_PROSE, "抽查比例": "不低于10%"}])
    assert [m.ratio_num for m in unread_ratios(officer.agency_id)] == [None]


def test_a_general_matter_cannot_be_answered_with_no_limit(acting: Acting) -> None:
    officer = acting(OFFICER)
    bring_in(officer, [IN_PROSE])
    with pytest.raises(Refusal, match="一般事项的比例有限制") as refused:
        answer_ratio(officer, matters_of(officer.agency_id)[0].id, None, "")
    assert refused.value.citation is not None
    assert refused.value.citation.article == "5"
