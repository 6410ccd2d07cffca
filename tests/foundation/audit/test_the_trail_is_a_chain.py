"""The audit trail: one entry for each action, and no entry can be changed or lost unnoticed."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from backend.foundation.audit.actions import record
from backend.foundation.audit.queries import chain_fault, entries_of
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db, transaction
from tests.people import OFFICER, OVERSIGHT, Person

Acting = Callable[[Person], Actor]


@pytest.fixture
def agency_id(context: Flask, acting: Acting) -> int:
    actor = acting(OFFICER)
    for number in range(2):
        with transaction():
            record(
                actor,
                "test.write",
                "note",
                number,
                before={"n": number},
                after={"n": number + 1, "text": "字"},
            )
    return actor.agency_id


def test_an_untouched_chain_holds(agency_id: int) -> None:
    assert chain_fault(agency_id) is None
    assert [entry.number for entry in entries_of(agency_id)] == [1, 2, 3, 4]


@pytest.mark.parametrize("column", ["actor_name", "verb", "on_id", "before_digest", "detail"])
def test_a_changed_entry_is_named(agency_id: int, column: str) -> None:
    value = "'\"changed\"'" if column == "detail" else "'changed'"
    with transaction():
        db.session.execute(
            text(f"UPDATE audit_entry SET {column} = {value} WHERE number = 3 AND agency_id = :a"),
            {"a": agency_id},
        )
    db.session.expire_all()
    assert chain_fault(agency_id) == "第 3 条的内容与指纹不符"


def test_a_missing_entry_is_noticed_even_at_the_end(agency_id: int) -> None:
    with transaction():
        db.session.execute(
            text("DELETE FROM audit_entry WHERE number = 4 AND agency_id = :a"), {"a": agency_id}
        )
    assert chain_fault(agency_id) == "末尾的记录缺失，与链头不符"


def test_an_entry_stands_or_falls_with_its_action(agency_id: int, acting: Acting) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        record(acting(OFFICER), "test.write", "note", 9)
        raise ZeroDivisionError
    assert [entry.number for entry in entries_of(agency_id)] == [1, 2, 3, 4]


def test_the_page_checks_what_it_shows_and_the_whole_chain_when_asked(
    agency_id: int, acting: Acting, log_in: Callable[[Person], FlaskClient]
) -> None:
    with transaction():
        for number in range(60):
            record(acting(OFFICER), "test.write", "note", number)
    browser = log_in(OVERSIGHT)
    assert "本页的记录首尾相连" in browser.get("/office/audit").text
    with transaction():
        db.session.execute(
            text("UPDATE audit_entry SET verb = 'changed' WHERE number = 2 AND agency_id = :a"),
            {"a": agency_id},
        )
    assert "本页的记录首尾相连" in browser.get("/office/audit").text
    assert "第 2 条的内容与指纹不符" in browser.get("/office/audit?whole=1").text
    assert "第 2 条的内容与指纹不符" in browser.get("/office/audit?before=4").text
