"""Pushes that share a transaction: each stands or falls by itself, takes effect as whoever sent it, and repeats without harm."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from backend.core.errors import OP_GAP, Refusal
from backend.demonstration.scripted_phone import ScriptedPhone
from backend.fieldwork.sync.actions import Pushed, _Push, _take_together
from backend.fieldwork.sync.devices import Sender
from backend.fieldwork.sync.envelopes import spelled
from backend.fieldwork.sync.intake import Intake, Received
from backend.fieldwork.sync.keys import public_jwk
from backend.fieldwork.sync.models import OpPlace
from backend.fieldwork.sync.rules import op_hash
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db
from backend.plumbing.together import Together, _Waiting
from tests.fieldwork.phones import FAIL, PASS, Phones, fill_in, item, sign_all
from tests.people import INSPECTOR, LEADER, Person

Acting = Callable[[Person], Actor]


def _of(phone: ScriptedPhone, actor: Actor, ops: list[dict[str, Any]], by_session: bool = True) -> _Push:
    sender = Sender(actor, phone.device_id, public_jwk(phone.key.public_key()), by_session)
    return _Push(sender, Received(ops, [spelled(op) for op in ops], [op_hash(op) for op in ops]))


def _at_once(*pushes: _Push) -> list[Any]:
    line: Together[_Push, Pushed] = Together(_take_together)
    waiting: list[_Waiting[_Push, Pushed]] = [_Waiting(one) for one in pushes]
    line._settle(waiting)
    return [one.fault or one.done[0].results for one in waiting]


def test_two_phones_that_meet_at_one_answer_in_one_batch(
    phones: Phones, visit_id: str, acting: Acting
) -> None:
    first, second = phones(LEADER), phones(INSPECTOR)
    for phone, value in ((first, PASS), (second, FAIL)):
        phone.pull()
        phone.answer(visit_id, item(phone, visit_id, "obsoleteMotors"), value)
    told = _at_once(_of(first, acting(LEADER), first.log), _of(second, acting(INSPECTOR), second.log))
    assert [[one["status"] for one in results] for results in told] == [["applied"], ["conflict"]]
    again = _at_once(_of(second, acting(INSPECTOR), second.log), _of(first, acting(LEADER), first.log))
    assert [results[0]["original"]["status"] for results in again] == ["conflict", "applied"]


def test_a_gap_a_reused_id_and_a_stranger_harm_nobody_in_their_batch(
    phones: Phones, visit_id: str, acting: Acting
) -> None:
    good, gap, twin = phones(LEADER), phones(INSPECTOR), phones(LEADER)
    for phone in (good, gap, twin):
        phone.pull()
        phone.note(visit_id, "/record/situation", {"text": "一"})
        phone.note(visit_id, "/record/startedAt", {"text": "2026-07-21T09:10:00+08:00"})
    twin.log[0]["id"] = good.log[0]["id"]
    twin.log[1]["prev"] = op_hash(twin.log[0])
    told = _at_once(
        _of(twin, acting(LEADER), twin.log),
        _of(gap, acting(INSPECTOR), gap.log[1:]),
        _of(good, acting(LEADER), good.log),
    )
    assert isinstance(told[1], Refusal)
    assert told[1].problem is OP_GAP
    assert [one["status"] for one in told[0]] == ["applied", "applied"]
    assert (told[2][0]["status"], told[2][0]["reason"]) == ("quarantined", "id-reused")
    db.session.rollback()
    assert db.session.query(OpPlace).filter(OpPlace.claims).count() == 3


def test_a_batch_with_one_that_throws_is_taken_but_for_that_one(
    context: Flask, phones: Phones, visit_id: str, acting: Acting, monkeypatch: Any
) -> None:
    first, second = phones(LEADER), phones(INSPECTOR)
    for phone in (first, second):
        phone.pull()
        phone.note(visit_id, "/record/situation", {"text": phone.device_id})
    plain = Intake.take_all

    def take_all(self: Any, *rest: Any) -> Any:
        told = plain(self, *rest)
        if self._sender.device_id == second.device_id:
            raise OSError("disk")
        return told

    monkeypatch.setattr(Intake, "take_all", take_all)
    told = _at_once(_of(first, acting(LEADER), first.log), _of(second, acting(INSPECTOR), second.log))
    assert told[0][0]["status"] == "applied"
    assert isinstance(told[1], OSError)
    monkeypatch.undo()
    (again,) = _at_once(_of(second, acting(INSPECTOR), second.log))
    assert again[0]["status"] == "conflict"


def test_a_whole_visit_is_signed_and_submitted_beside_a_colleagues_late_answer(
    phones: Phones, visit_id: str, acting: Acting
) -> None:
    first, second = phones(LEADER), phones(INSPECTOR)
    first.pull()
    second.pull()
    fill_in(first, visit_id)
    sign_all(first, visit_id)
    first.act("submit", visit_id, "/submit", {"digest": first.digest(visit_id)})
    second.answer(visit_id, item(second, visit_id, "obsoleteMotors"), PASS)
    told = _at_once(_of(first, acting(LEADER), first.log), _of(second, acting(INSPECTOR), second.log))
    assert told[0][-1]["status"] == "applied"
    assert (told[1][0]["status"], told[1][0]["reason"]) == ("conflict", "unconfirmed")


def test_a_token_carries_no_review_in_a_batch_that_a_session_leads(
    phones: Phones, visit_id: str, acting: Acting
) -> None:
    first, second = phones(LEADER), phones(INSPECTOR)
    for phone in (first, second):
        phone.pull()
    first.note(visit_id, "/record/situation", {"text": "一"})
    second.act("conflict.resolve", visit_id, "/x", {"path": "/record/situation", "keep": None})
    stranger = phones(INSPECTOR)
    stranger.user_id = first.user_id
    stranger.note(visit_id, "/record/situation", {"text": "冒名"})
    told = _at_once(
        _of(first, acting(LEADER), first.log),
        _of(second, acting(INSPECTOR), second.log, by_session=False),
        _of(stranger, acting(INSPECTOR), stranger.log),
    )
    assert [results[0]["reason"] for results in told] == [None, "needs-session", "wrong-user"]
