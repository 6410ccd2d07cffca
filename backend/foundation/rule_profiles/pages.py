"""The agency's rules on a page, each with its article, and the calendar of working days."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import INVALID_INPUT, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.actions import bring_in_notice, confirm_profile, follow_profile
from backend.foundation.rule_profiles.profile_files import load_profile, profile_files
from backend.foundation.rule_profiles.queries import (
    confirmation_of,
    confirmations_of,
    notice_of,
    profile_for,
    profile_warning,
    work_calendar,
)
from backend.foundation.rule_profiles.views import months_of, rule_groups
from backend.plumbing.clock import today

blueprint = Blueprint("rule_profiles", __name__, url_prefix="/office/rules", template_folder="templates")


@blueprint.get("")
@may(Capability.USE_OFFICE)
def profile() -> str:
    """Every rule the agency follows; `#<key>` and `#article-<article>` lead to one."""
    return _profile_page(None)


@blueprint.post("/confirmations")
@may(Capability.MANAGE_RULES)
def confirm_here() -> tuple[str, int] | Response:
    """Go on with the expired rules for this year."""
    try:
        confirm_profile(current_actor(), request.form.get("reason", ""))
    except Refusal as refusal:
        return _profile_page(refusal), refusal.problem.status
    return redirect(url_for("rule_profiles.profile"), 303)


@blueprint.post("/choices")
@may(Capability.MANAGE_RULES)
def follow_here() -> tuple[str, int] | Response:
    """Follow another profile."""
    try:
        follow_profile(current_actor(), request.form.get("profile", ""))
    except Refusal as refusal:
        return _profile_page(refusal), refusal.problem.status
    return redirect(url_for("rule_profiles.profile"), 303)


@blueprint.get("/workdays")
@may(Capability.USE_OFFICE)
def workdays() -> str:
    """A year of working days."""
    return _calendar_page(None)


@blueprint.post("/workdays")
@may(Capability.MANAGE_RULES)
def bring_in_notice_here() -> tuple[str, int] | Response:
    """Take over a year's holiday notice."""
    year = request.form.get("year", type=int)
    try:
        if year is None or not 2000 <= year <= 2100:
            raise Refusal(INVALID_INPUT, detail="年份应为四位数字")
        bring_in_notice(current_actor(), year, request.form.get("days", ""), request.form.get("source", ""))
    except Refusal as refusal:
        return _calendar_page(refusal), refusal.problem.status
    return redirect(url_for("rule_profiles.workdays", year=year), 303)


def _profile_page(refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    followed = profile_for(agency_id)
    return render_template(
        "rule_profiles/profile.html",
        profile=followed,
        in_force=followed.in_force(today()),
        warning=profile_warning(agency_id, today()),
        confirmation=confirmation_of(agency_id, followed.key, today().year),
        confirmations=confirmations_of(agency_id),
        groups=rule_groups(followed),
        names={key: load_profile(key).name for key in profile_files()},
        refusal=refusal,
        entered=request.form,
        capability=Capability,
    )


def _calendar_page(refusal: Refusal | None) -> str:
    asked = request.values.get("year", type=int) or today().year
    year = min(max(asked, 2004), 2100)
    calendar = work_calendar()
    return render_template(
        "rule_profiles/workdays.html",
        year=year,
        months=months_of(year, calendar),
        published=year in calendar.published_years,
        source=notice_of(year),
        workdays=sum(day.is_workday for month in months_of(year, calendar) for day in month.days),
        refusal=refusal,
        entered=request.form,
        capability=Capability,
    )
