"""An expired regulation stops new draws, with its own article, until an administrator confirms it for the year."""

from collections.abc import Callable
from datetime import date

import pytest

from backend.core.errors import Refusal
from backend.foundation.audit.queries import entries_on
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import confirm_profile, follow_profile
from backend.foundation.rule_profiles.queries import profile_for, require_profile_in_force
from tests.conftest import FixedClock
from tests.people import ADMIN, OFFICER, Person

Acting = Callable[[Person], Actor]
NEXT_YEAR = date(2027, 3, 1)
REASON = "新的实施细则正在修订，修订前继续执行"


def test_an_expired_profile_is_refused_with_its_article(acting: Acting) -> None:
    with pytest.raises(Refusal) as refused:
        require_profile_in_force(acting(ADMIN).agency_id, NEXT_YEAR)
    assert refused.value.problem.code == "profile-not-in-force"
    assert refused.value.citation is not None
    assert refused.value.citation.article == "22"


def test_a_confirmation_opens_its_own_year_only(acting: Acting, clock: FixedClock) -> None:
    clock.advance(days=230)
    admin = acting(ADMIN)
    confirmation = confirm_profile(admin, REASON)
    assert require_profile_in_force(admin.agency_id, NEXT_YEAR).key == "zibo-industry"
    with pytest.raises(Refusal):
        require_profile_in_force(admin.agency_id, date(2028, 1, 4))
    assert entries_on(admin.agency_id, "profile_confirmation", confirmation.id)[0].detail["year"] == 2027


def test_once_a_year_is_enough(acting: Acting) -> None:
    with pytest.raises(Refusal, match="已由李主管确认"):
        confirm_profile(acting(ADMIN), REASON)


def test_a_reason_must_say_why(acting: Acting, clock: FixedClock) -> None:
    clock.advance(days=230)
    with pytest.raises(Refusal, match="理由太短"):
        confirm_profile(acting(ADMIN), "继续")


def test_only_an_administrator_confirms(acting: Acting, clock: FixedClock) -> None:
    clock.advance(days=230)
    with pytest.raises(Refusal, match="not-allowed"):
        confirm_profile(acting(OFFICER), REASON)


def test_a_profile_in_force_needs_no_confirmation(acting: Acting) -> None:
    admin = acting(ADMIN)
    follow_profile(admin, "national-default")
    assert profile_for(admin.agency_id).key == "national-default"
    with pytest.raises(Refusal, match="不用确认"):
        confirm_profile(admin, REASON)


def test_an_agency_without_a_choice_follows_the_default(acting: Acting) -> None:
    assert profile_for(999_999).key == "national-default"
