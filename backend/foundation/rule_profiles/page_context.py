"""The rule profile in every office page's head: its name, and whether its own validity has ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flask import Flask, render_template
from flask_login import current_user
from markupsafe import Markup

from backend.core.errors import Assumption, Citation, Ground
from backend.core.workdays import Deadline
from backend.foundation.rule_profiles.profile_files import load_profile, profile_files
from backend.foundation.rule_profiles.queries import profile_for, profile_warning
from backend.foundation.rule_profiles.rules import DEADLINES, WINDOW, RuleProfile
from backend.foundation.rule_profiles.views import rule_lines
from backend.plumbing.clock import today
from backend.plumbing.web.words import long_day_words


@dataclass(frozen=True)
class HeadLine:
    """What the top bar says of the rules: past their own validity, and whether that stops new draws this year."""

    name: str
    expired: bool
    stops: bool
    year: int


def install(app: Flask) -> None:
    """Offer `rule_profile` and `rules_here` to the pages of people who are logged in."""
    app.context_processor(_rule_profile)
    app.jinja_env.globals["rules_here"] = rules_here
    app.jinja_env.globals["rule_anchor"] = rule_anchor
    app.jinja_env.globals["deadline_ground"] = deadline_ground


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


def rule_anchor(citation: Citation) -> str:
    """Where on the page of rules a citation leads: the first value that stands on these words, else the article."""
    article = f"article-{citation.article}"
    if citation.profile in profile_files():
        return _anchors(citation.profile).get(citation, article)
    if current_user.is_authenticated:
        return _keys_by_citation(profile_for(current_user.actor.agency_id)).get(citation, article)
    return article


def deadline_ground(deadline: Deadline) -> Ground:
    """What a deadline rests on: its article, or the key under which the product's default stands."""
    return deadline.citation or Assumption(DEADLINES.get(deadline.kind, WINDOW))


@cache
def _anchors(profile_key: str) -> Mapping[Citation, str]:
    return _keys_by_citation(load_profile(profile_key))


def _keys_by_citation(profile: RuleProfile) -> dict[Citation, str]:
    keys: dict[Citation, str] = {}
    if profile.validity is not None:
        keys[profile.validity.citation] = "validity"
    for value in profile.values.values():
        if value.citation is not None:
            keys.setdefault(value.citation, value.key)
    return keys


def rules_here(*keys: str, rules: RuleProfile | None = None) -> Markup:
    """The rules that govern a page, as a part of it; those on which the text is silent stay out.

    `rules` are the pinned ones where the page is about a task; else those the reader's agency follows now.
    """
    profile = rules or profile_for(current_user.actor.agency_id)
    lines = [line for line in rule_lines(profile, keys) if line.value.value not in (None, [])]
    return Markup(render_template("rule_profiles/here.html", lines=lines) if lines else "")


def _rule_profile() -> dict[str, HeadLine | None]:
    if not current_user.is_authenticated:
        return {"rule_profile": None}
    agency_id, day = current_user.actor.agency_id, today()
    profile = profile_for(agency_id)
    stops = profile_warning(agency_id, day, profile) is not None
    return {"rule_profile": HeadLine(profile.name, not profile.in_force(day), stops, day.year)}
