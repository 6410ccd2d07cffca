"""Whatever the network does (requests lost, answers lost, repeats, any interleaving of phones), each op takes effect exactly
once, in the order of first arrival, and all phones end up showing the same."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.demonstration.scripted_phone import ScriptedPhone
from backend.fieldwork.sync.op_log import Op, ops_of_visit
from backend.plumbing.db import db
from tests.fieldwork.phones import Phones, picture
from tests.people import INSPECTOR, LEADER

FIELDS = ("situation", "partyOpinion")
PHONES = 3

ACTS = st.one_of(
    st.tuples(st.just("note"), st.integers(0, PHONES - 1), st.sampled_from(FIELDS), st.integers(0, 3)),
    st.tuples(st.just("photo"), st.integers(0, PHONES - 1), st.just(""), st.integers(0, 3)),
    st.tuples(st.just("pull"), st.integers(0, PHONES - 1), st.just(""), st.just(0)),
    st.tuples(st.just("push"), st.integers(0, PHONES - 1), st.just(""), st.just(0)),
    st.tuples(st.just("push, request lost"), st.integers(0, PHONES - 1), st.just(""), st.just(0)),
    st.tuples(st.just("push, answer lost"), st.integers(0, PHONES - 1), st.just(""), st.just(0)),
    st.tuples(st.just("push all again"), st.integers(0, PHONES - 1), st.just(""), st.just(0)),
    st.tuples(st.just("push from behind"), st.integers(0, PHONES - 1), st.just(""), st.integers(1, 3)),
)


def _take(phone: ScriptedPhone, visit_id: str, act: str, field: str, number: int) -> None:
    match act:
        case "note":
            phone.note(visit_id, f"/record/{field}", {"text": f"写法 {number}"})
        case "photo":
            phone.photograph(visit_id, picture(number, 40, 30))
        case "pull":
            phone.pull()
        case "push":
            phone.push()
        case "push, answer lost":
            if phone.log[phone.acknowledged :]:
                _send(phone, phone.log[phone.acknowledged :])
        case "push all again":
            if phone.log:
                _send(phone, phone.log)
        case "push from behind":
            if phone.log[phone.acknowledged + number :]:
                _send(phone, phone.log[phone.acknowledged + number :])


def _send(phone: ScriptedPhone, ops: list[dict[str, Any]]) -> int:
    answer = phone.send(
        "POST", "/api/v1/sync/push", json=phone.signed(ops), headers={"X-Device": phone.device_id}
    )
    assert answer.status_code in (200, 409), answer.text
    return answer.status_code


def _expected(ops: list[Op]) -> dict[str, tuple[Any, dict[str, Any]]]:
    """The notes as a person would keep them by hand: path → (value, the other phones' values beside it)."""
    kept: dict[str, tuple[Any, int, str, dict[str, Any]]] = {}
    for op in ops:
        if op.kind != "note.set":
            continue
        value, base = op.body["value"], op.body["baseRev"]
        present, rev, author, beside = kept.get(op.path, (None, 0, op.device_id, {}))
        if rev and present == value:
            beside.pop(op.device_id, None)
        elif base == rev or author == op.device_id:
            beside = {d: v for d, v in beside.items() if d != op.device_id and v != value}
            present, rev, author = value, op.server_seq, op.device_id
        else:
            beside[op.device_id] = value
        kept[op.path] = (present, rev, author, beside)
    return {path: (value, beside) for path, (value, _, _, beside) in kept.items()}


def _shown(phone: ScriptedPhone, visit_id: str) -> dict[str, tuple[Any, list[Any]]]:
    docs = [
        doc["body"]
        for (kind, _), doc in phone.docs.items()
        if kind == "answer" and doc["body"]["visitId"] == visit_id
    ]
    return {
        body["path"]: (body["value"], sorted(str(one["value"]) for one in body["candidates"]))
        for body in docs
    }


def test_any_interleaving_of_any_faults(
    context: Flask, phones: Phones, dispatch: Callable[[int], str]
) -> None:
    first, second = phones(LEADER), phones(INSPECTOR)
    number = iter(range(1, 1000))

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=st.lists(ACTS, min_size=4, max_size=30))
    def check(acts: list[tuple[str, int, str, int]]) -> None:
        visit_id = dispatch(next(number))
        team = [
            ScriptedPhone(owner.send, owner.user_id, owner.wall, owner.new_id)
            for owner in (first, first, second)
        ]
        for phone in team:
            phone.register()
            phone.pull()
        for act, index, field, choice in acts:
            _take(team[index], visit_id, act, field, choice)
        for phone in team:
            phone.push()
        for phone in team:
            phone.pull()

        db.session.rollback()
        stored = ops_of_visit(visit_id)
        made = [op["id"] for phone in team for op in phone.log]
        assert sorted(op.op_id for op in stored) == sorted(made)
        assert all(op.chain_seq is not None for op in stored)
        expected = {
            path: (value, sorted(str(one) for one in beside.values()))
            for path, (value, beside) in _expected(stored).items()
        }
        photos = {sha for phone in team for sha in phone.photos}
        for phone in team:
            assert _shown(phone, visit_id) == expected
            bodies = [doc["body"] for (kind, _), doc in phone.docs.items() if kind == "evidence"]
            assert {body["sha"] for body in bodies if body["visitId"] == visit_id} == photos

    check()


def test_the_same_push_many_times_at_once_is_taken_once(
    context: Flask, phones: Phones, visit_id: str
) -> None:
    phone = phones(LEADER)
    phone.pull()
    for n in range(10):
        phone.note(visit_id, "/record/situation", {"text": f"写法 {n}"})
    with ThreadPoolExecutor(6) as network:
        answers = list(network.map(lambda _: _send(phone, phone.log), range(6)))
    assert answers == [200] * 6
    db.session.rollback()
    assert len(ops_of_visit(visit_id)) == 10


def test_phones_pushing_at_once_get_one_order_without_holes(
    context: Flask, phones: Phones, visit_id: str
) -> None:
    team = [phones(LEADER), phones(LEADER), phones(INSPECTOR), phones(INSPECTOR)]
    for phone in team:
        phone.pull()
        for n in range(5):
            phone.note(visit_id, "/record/situation", {"text": f"{phone.device_id} {n}"})
    with ThreadPoolExecutor(4) as network:
        list(network.map(lambda phone: phone.push(), team))
    db.session.rollback()
    seqs = [op.server_seq for op in ops_of_visit(visit_id)]
    assert seqs == list(range(seqs[0], seqs[0] + 20))
