"""Every deadline has its length from the agency's rules and its days from the State Council's notices."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from backend.core.clock import SHANGHAI
from backend.core.errors import Refusal
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import bring_in_notice, follow_profile
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


def test_a_notice_makes_a_provisional_deadline_final(acting: Acting) -> None:
    admin = acting(ADMIN)
    before = deadline_for(admin.agency_id, "archive", date(2026, 12, 15))
    bring_in_notice(admin, 2027, "2027-01-01 休\n2027-01-04 休\n2027-01-09 班\n", "示例通知")
    after = deadline_for(admin.agency_id, "archive", date(2026, 12, 15))
    assert before is not None
    assert after is not None
    assert before.provisional
    assert not after.provisional
    assert after.calendar.is_workday(date(2027, 1, 9))
    assert not after.calendar.is_workday(date(2027, 1, 4))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有任何一天"),
        ("2027-01-01 休\n2027-02-30 休", "第 2 行"),
        ("2026-01-01 休", "不在 2027 年"),
        ("2027-01-01", "“休”或“班”"),
        ("2027-01-01 休\n2027-01-01 班", "写了两次"),
    ],
)
def test_a_wrong_notice_is_refused_and_nothing_is_kept(text: str, said: str, acting: Acting) -> None:
    with pytest.raises(Refusal, match=said):
        bring_in_notice(acting(ADMIN), 2027, text, "示例通知")
    assert 2027 not in work_calendar().published_years


def test_the_packaged_notices_reach_to_2026(acting: Acting) -> None:
    calendar = work_calendar()
    assert 2026 in calendar.published_years
    assert 2027 not in calendar.published_years
    assert not calendar.is_workday(date(2026, 10, 7))
