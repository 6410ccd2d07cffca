"""The rule profile in every office page's head: its name, and whether its own validity has ended."""

from dataclasses import dataclass

from flask import Flask
from flask_login import current_user

from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import today


@dataclass(frozen=True)
class HeadLine:
    """What the top bar says of the rules."""

    name: str
    expired: bool


def install(app: Flask) -> None:
    """Offer `rule_profile` to the pages of people who are logged in."""
    app.context_processor(_rule_profile)


def _rule_profile() -> dict[str, HeadLine | None]:
    if not current_user.is_authenticated:
        return {"rule_profile": None}
    profile = profile_for(current_user.actor.agency_id)
    return {"rule_profile": HeadLine(profile.name, not profile.in_force(today()))}
