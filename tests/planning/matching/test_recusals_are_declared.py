"""回避: an inspector declares for himself, the office for anyone, each once and with a reason."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.core.errors import INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, REASON_TOO_SHORT, Refusal
from backend.planning.matching.actions import declare_recusal, withdraw_recusal
from backend.planning.matching.queries import recusals_of
from backend.plumbing.db import db
from tests.people import LEADER, OUTSIDER, RECUSED, Person
from tests.planning.conftest import Acting, Stage


def test_an_inspector_declares_his_own_and_nobody_elses(stage: Stage, acting: Acting) -> None:
    leader, _, recused = stage.inspectors[:3]
    entity = stage.entities[0]
    declare_recusal(acting(RECUSED), recused.id, entity.code, "亲属任职")
    with pytest.raises(Refusal) as caught:
        declare_recusal(acting(RECUSED), leader.id, entity.code, "亲属任职")
    assert caught.value.problem is NOT_ALLOWED
    assert [(i.name, e.code) for _, i, e in recusals_of(stage.officer.agency_id)] == [("孙回避", entity.code)]


def test_the_same_is_declared_once_and_names_the_article(stage: Stage) -> None:
    recused, entity = stage.inspectors[2], stage.entities[0]
    declare_recusal(stage.officer, recused.id, entity.code, "亲属任职")
    with pytest.raises(Refusal) as caught:
        declare_recusal(stage.officer, recused.id, entity.code, "又一次")
    assert caught.value.problem is INVALID_INPUT
    assert caught.value.citation is not None
    assert caught.value.citation.article == "11"


def test_an_unknown_code_and_an_empty_reason_are_refused(stage: Stage) -> None:
    recused = stage.inspectors[2]
    with pytest.raises(Refusal) as caught:
        declare_recusal(stage.officer, recused.id, "没有这个", "亲属任职")
    assert caught.value.problem is NOT_FOUND
    with pytest.raises(Refusal) as caught:
        declare_recusal(stage.officer, recused.id, stage.entities[0].code, " ")
    assert caught.value.problem is REASON_TOO_SHORT


def test_another_agency_neither_declares_nor_withdraws(stage: Stage, acting: Acting) -> None:
    recused = stage.inspectors[2]
    recusal = declare_recusal(stage.officer, recused.id, stage.entities[0].code, "亲属任职")
    for step in (
        lambda: declare_recusal(acting(OUTSIDER), recused.id, stage.entities[1].code, "亲属任职"),
        lambda: withdraw_recusal(acting(OUTSIDER), recusal.id),
    ):
        with pytest.raises(Refusal) as caught:
            step()
        assert caught.value.problem is NOT_FOUND


def test_the_page_declares_and_withdraws(stage: Stage, log_in: Callable[[Person], FlaskClient]) -> None:
    browser = log_in(LEADER)
    fields = {"inspector_id": stage.inspectors[0].id, "entity_code": stage.entities[0].code}
    answer = browser.post("/office/recusals", data=fields)
    assert answer.status_code == 422
    assert browser.post("/office/recusals", data={**fields, "reason": "同学"}).status_code == 303
    assert stage.entities[0].name in browser.get("/office/recusals").text
    db.session.rollback()
    [(recusal, _, _)] = recusals_of(stage.officer.agency_id)
    assert browser.post(f"/office/recusals/{recusal.id}/withdrawals").status_code == 303
    db.session.rollback()
    assert recusals_of(stage.officer.agency_id) == []
