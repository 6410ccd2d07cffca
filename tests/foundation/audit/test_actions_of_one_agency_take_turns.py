"""Whatever an action locks, it takes the agency's turn first: two at once wait for each other and both succeed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from flask import Flask

from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.audit.queries import chain_fault
from backend.foundation.permissions.actor import Actor
from backend.planning.tasks.serials import locked_agency
from backend.plumbing.db import db, transaction
from tests.people import OFFICER, Person

LONG_ENOUGH = 5.0
A_WHILE = 0.3

Acting = Callable[[Person], Actor]


def both(app: Flask, first: Callable[[Event], None], second: Callable[[], None]) -> None:
    """Begin `first`; once it holds its lock begin `second`. Raises what either raises."""
    holds = Event()

    def in_context(step: Callable[[], None]) -> None:
        with app.app_context():
            try:
                step()
            finally:
                db.session.remove()

    def afterwards() -> None:
        assert holds.wait(LONG_ENOUGH)
        second()

    with ThreadPoolExecutor(2) as threads:
        started = [
            threads.submit(in_context, lambda: first(holds)),
            threads.submit(in_context, afterwards),
        ]
        for each in started:
            each.result(60)


def test_a_freeze_and_any_other_action_do_not_lock_each_other_out(
    context: Flask, app: Flask, acting: Acting
) -> None:
    actor = acting(OFFICER)
    db.session.rollback()

    def numbering(holds: Event) -> None:
        with transaction():
            locked_agency(actor.agency_id)
            holds.set()
            Event().wait(A_WHILE)
            record(actor, "test.number", "note", 1)

    def another() -> None:
        with transaction():
            record(actor, "test.other", "note", 2)

    both(app, numbering, another)
    assert chain_fault(actor.agency_id) is None


def test_sealing_and_numbering_do_not_lock_each_other_out(context: Flask, app: Flask, acting: Acting) -> None:
    actor = acting(OFFICER)
    db.session.rollback()

    def sealing(holds: Event) -> None:
        with transaction():
            hold_chain(actor.agency_id)
            holds.set()
            Event().wait(A_WHILE)
            locked_agency(actor.agency_id)
            record(actor, "test.seal", "note", 1)

    def numbering() -> None:
        with transaction():
            locked_agency(actor.agency_id)
            record(actor, "test.number", "note", 2)

    both(app, sealing, numbering)
    assert chain_fault(actor.agency_id) is None
