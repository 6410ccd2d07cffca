"""Only people in post with a valid certificate are drawn; experts never are."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.foundation.permissions.actor import Actor
from backend.registers.demo_data import KnownPerson, write_demo_files
from backend.registers.imports.actions import import_rows, upload
from backend.registers.inspectors.queries import (
    drawable_inspectors,
    inspector_of_user,
    inspectors_of,
)
from backend.registers.inspectors.rules import Person as Facts
from backend.registers.inspectors.rules import bar_to_drawing
from tests.people import LEADER, OVERSIGHT, Person

Acting = Callable[[Person], Actor]
TODAY = date(2026, 7, 21)


def test_who_is_of_another_establishment_than_the_rules_name_is_barred() -> None:
    def bar(establishment: str, named: tuple[str, ...]) -> str | None:
        facts = Facts("active", False, date(2030, 1, 1), (), establishment)
        found = bar_to_drawing(facts, TODAY, TODAY, True, named)
        return found.rule if found else None

    assert bar("administrative", ("administrative",)) is None
    assert bar("institution", ("administrative",)) == "inspector.establishment"
    assert bar("institution", ()) is None
    assert bar("", ("police",)) is None, "nobody is barred by what nobody has entered"


@pytest.mark.parametrize(
    ("status", "is_expert", "valid_to", "barred_by"),
    [
        ("active", False, TODAY, None),
        ("active", False, date(2026, 7, 20), "证件已过期"),
        ("active", False, None, "没有证件期限"),
        ("left", False, date(2027, 1, 1), "离岗"),
        ("active", True, date(2027, 1, 1), "专家，只辅助"),
    ],
)
def test_the_certificate_must_be_valid_on_the_day(
    status: str, is_expert: bool, valid_to: date | None, barred_by: str | None
) -> None:
    bar = bar_to_drawing(Facts(status, is_expert, valid_to), TODAY, TODAY)
    assert (bar and bar.words) == barred_by


def test_a_certificate_that_ends_within_the_window_is_not_enough() -> None:
    bar = bar_to_drawing(Facts("active", False, date(2026, 8, 1)), TODAY, date(2026, 8, 14))
    assert bar is not None
    assert bar.rule == "inspector.certificate_required"


DAYS = some.integers(0, 40).map(lambda n: date.fromordinal(TODAY.toordinal() + n))
LEAVES = some.lists(some.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair))), max_size=4)


@given(leaves=LEAVES, first=DAYS, length=some.integers(0, 10))
def test_only_who_is_away_on_every_day_is_left_out(
    leaves: list[tuple[date, date]], first: date, length: int
) -> None:
    window = [date.fromordinal(first.toordinal() + n) for n in range(length + 1)]
    away_always = all(any(a <= day <= b for a, b in leaves) for day in window)
    person = Facts("active", False, date(2030, 1, 1), tuple(leaves))
    assert (bar_to_drawing(person, window[0], window[-1]) is not None) == away_always


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
