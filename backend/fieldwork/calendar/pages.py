"""The calendar in the office: one month, and the visits of one day."""

from datetime import date

from flask import Blueprint, render_template, request

from backend.fieldwork.calendar.queries import open_visits_between, windows_of
from backend.fieldwork.calendar.rules import month_from, neighbours, weeks_of
from backend.fieldwork.visits.models import Visit
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import work_calendar
from backend.plumbing.clock import today

blueprint = Blueprint("calendar", __name__, url_prefix="/office/calendar", template_folder="templates")

NAMES = ("一", "二", "三", "四", "五", "六", "日")


@blueprint.get("")
@may(Capability.SEE_VISITS)
def month() -> str:
    """One month; `day` opens the visits that may be made on it."""
    actor, here = current_actor(), today()
    year, number = month_from(request.args.get("month", ""), here)
    days = [day for week in weeks_of(year, number, (), work_calendar(actor.agency_id)) for day in week]
    visits = open_visits_between(actor, days[0].on, days[-1].on)
    of_month = [day.on for day in days if day.in_month]
    chosen = _day(request.args.get("day", "")) or (
        here if here in of_month else _first_to_do(of_month, visits)
    )
    return render_template(
        "calendar/month.html",
        year=year,
        number=number,
        weeks=weeks_of(year, number, windows_of(visits), work_calendar(actor.agency_id)),
        names=NAMES,
        around=neighbours(year, number),
        here=here,
        chosen=chosen,
        of_day=[visit for visit in visits if visit.window_from <= chosen <= visit.window_to],
    )


def _first_to_do(of_month: list[date], visits: list[Visit]) -> date:
    """The first day of another month on which a visit may be made; its first day where there is none."""
    open_on = (day for day in of_month if any(v.window_from <= day <= v.window_to for v in visits))
    return next(open_on, of_month[0])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
