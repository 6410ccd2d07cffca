"""Every deadline has its length from the agency's rules and its days from the State Council's notices."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from backend.core.clock import SHANGHAI
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import follow_profile
from backend.foundation.rule_profiles.queries import deadline_for, work_calendar
from backend.foundation.rule_profiles.rules import DEADLINES
from tests.people import ADMIN, Person

Acting = Callable[[Person], Actor]


def test_the_report_is_due_five_working_days_after_the_task(acting: Acting) -> None:
    deadline = deadline_for(acting(ADMIN).agency_id, "report", date(2026, 9, 29))
    assert deadline is not None
    assert deadline.due == date(2026, 10, 12)
    assert deadline.citation is not None
    assert deadline.citation.article == "15"


def test_a_moment_counts_as_its_day_in_china(acting: Acting) -> None:
    late = datetime(2026, 7, 21, 23, 30, tzinfo=SHANGHAI)
    deadline = deadline_for(acting(ADMIN).agency_id, "publication", late)
    assert deadline is not None
    assert (deadline.start, deadline.due) == (date(2026, 7, 21), date(2026, 7, 23))


def test_where_the_rules_are_silent_there_is_no_deadline(acting: Acting) -> None:
    admin = acting(ADMIN)
    follow_profile(admin, "national-default")
    assert deadline_for(admin.agency_id, "archive", date(2026, 7, 21)) is None


def test_an_assumed_length_shows_no_article(acting: Acting) -> None:
    admin = acting(ADMIN)
    follow_profile(admin, "national-default")
    deadline = deadline_for(admin.agency_id, "publication", date(2026, 7, 21))
    assert deadline is not None
    assert deadline.citation is None


@pytest.mark.parametrize("kind", sorted(DEADLINES))
def test_every_kind_has_a_length_in_zibo(kind: str, acting: Acting) -> None:
    assert deadline_for(acting(ADMIN).agency_id, kind, date(2026, 7, 21)) is not None


def test_the_packaged_notices_reach_to_2026(acting: Acting) -> None:
    calendar = work_calendar(acting(ADMIN).agency_id)
    assert 2026 in calendar.published_years
    assert 2027 not in calendar.published_years
    assert not calendar.is_workday(date(2026, 10, 7))
