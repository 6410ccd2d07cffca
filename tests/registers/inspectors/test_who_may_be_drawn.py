"""Only people in post with a valid certificate are drawn; experts never are."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from backend.foundation.permissions.actor import Actor
from backend.registers.demo_data import KnownPerson, write_demo_files
from backend.registers.imports.actions import import_rows, upload
from backend.registers.inspectors.queries import (
    drawable_inspectors,
    inspector_of_user,
    inspectors_of,
)
from backend.registers.inspectors.rules import may_be_drawn
from tests.people import LEADER, OVERSIGHT, Person

Acting = Callable[[Person], Actor]
TODAY = date(2026, 7, 21)


@pytest.mark.parametrize(
    ("status", "is_expert", "valid_to", "drawn"),
    [
        ("active", False, TODAY, True),
        ("active", False, date(2026, 7, 20), False),
        ("active", False, None, False),
        ("left", False, date(2027, 1, 1), False),
        ("active", True, date(2027, 1, 1), False),
    ],
)
def test_the_certificate_must_be_valid_on_the_day(
    status: str, is_expert: bool, valid_to: date | None, drawn: bool
) -> None:
    assert may_be_drawn(status, is_expert, valid_to, TODAY) is drawn


def test_the_demonstrations_directory_comes_in_by_the_real_path(acting: Acting, tmp_path: Path) -> None:
    oversight = acting(OVERSIGHT)
    known = [KnownPerson(LEADER.name, LEADER.login, str(LEADER.department))]
    files = write_demo_files(tmp_path, 1, known)
    held = upload(oversight, "inspectors", "inspectors.xlsx", files["inspectors"].read_bytes())
    import_rows(oversight, held.id, good_rows_only=False)
    everyone = inspectors_of(oversight.agency_id)
    drawable = drawable_inspectors(oversight.agency_id, TODAY)
    assert len(everyone) == 60
    assert 0 < len(drawable) < 56
    assert not any(person.is_expert for person in drawable)
    leader = inspector_of_user(acting(LEADER).user_id)
    assert leader is not None
    assert leader.name == LEADER.name
