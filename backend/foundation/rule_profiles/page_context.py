"""The rule profile in every office page's head: its name, and whether its own validity has ended."""

from dataclasses import dataclass

from flask import Flask
from flask_login import current_user

from backend.foundation.rule_profiles.profile_files import load_profile, profile_files
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import today
from backend.plumbing.web.words import long_day_words


@dataclass(frozen=True)
class HeadLine:
    """What the top bar says of the rules."""

    name: str
    expired: bool


def install(app: Flask) -> None:
    """Offer `rule_profile` to the pages of people who are logged in."""
    app.context_processor(_rule_profile)


def name_profiles(app: Flask) -> None:
    """Let a citation say its profile by name and validity instead of its key."""
    app.jinja_env.globals["profile_words"] = profile_words


def profile_words(key: str) -> str:
    """`《…实施细则》　2020年6月6日起，2025年6月5日止`."""
    if key not in profile_files():
        return key
    profile = load_profile(key)
    begins = f"{long_day_words(profile.valid_from)}起" if profile.valid_from else ""
    ends = f"{long_day_words(profile.valid_to)}止" if profile.valid_to else ""
    validity = "，".join(filter(None, (begins, ends)))
    return f"{profile.name}　{validity}" if validity else profile.name


def _rule_profile() -> dict[str, HeadLine | None]:
    if not current_user.is_authenticated:
        return {"rule_profile": None}
    profile = profile_for(current_user.actor.agency_id)
    return {"rule_profile": HeadLine(profile.name, not profile.in_force(today()))}
