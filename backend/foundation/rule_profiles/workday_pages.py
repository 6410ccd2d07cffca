"""The calendar of working days, and a year's notice brought in: read, looked at with what it moves, confirmed."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core.errors import INVALID_INPUT, Refusal
from backend.foundation.accounts.queries import agencies_below
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.notice_text import Notice, lines_of_notice, read_notice
from backend.foundation.rule_profiles.notices import (
    FIRST_YEAR,
    LAST_YEAR,
    bring_in_notice,
    moves_of_notice,
)
from backend.foundation.rule_profiles.queries import calendar_with_notice, notice_of, work_calendar
from backend.foundation.rule_profiles.views import DEADLINE_WORDS, months_of
from backend.plumbing.clock import today
from backend.plumbing.spreadsheets import XLSX, NewSheet, read_sheet, write_xlsx

blueprint = Blueprint("workdays", __name__, url_prefix="/office/rules/workdays", template_folder="templates")

MOVES_SHOWN = 100
EXAMPLE = NewSheet(
    "放假通知", ("日期", "休或班"), (("2027-01-01", "休"), ("2027-02-07", "班"), ("2027-02-08", "休"))
)


@blueprint.get("")
@may(Capability.USE_OFFICE)
def calendar() -> str:
    """A year of working days."""
    return _calendar_page(None)


@blueprint.get("/template.xlsx")
@may(Capability.MANAGE_RULES)
def template() -> Response:
    """An empty notice with example rows."""
    name = "filename*=UTF-8''%E6%94%BE%E5%81%87%E9%80%9A%E7%9F%A5%E6%A8%A1%E6%9D%BF.xlsx"
    return Response(
        write_xlsx([EXAMPLE]), mimetype=XLSX, headers={"Content-Disposition": f"attachment; {name}"}
    )


@blueprint.post("/previews")
@may(Capability.MANAGE_RULES)
def preview() -> tuple[str, int] | str:
    """What the notice says and which deadlines it would move; nothing is kept yet."""
    try:
        year = _year()
        notice = read_notice(year, _text_sent())
        if not request.form.get("source", "").strip():
            raise Refusal(INVALID_INPUT, detail="请写通知名称和文号")
        return _preview_page(year, notice, None)
    except Refusal as refusal:
        return _calendar_page(refusal), refusal.problem.status


@blueprint.post("/notices")
@may(Capability.MANAGE_RULES)
def bring_in_here() -> tuple[str, int] | AnyResponse:
    """Take over the notice that was looked at."""
    try:
        year = _year()
        notice = read_notice(year, request.form.get("days", ""))
        bring_in_notice(current_actor(), year, notice.days, request.form.get("source", ""))
    except Refusal as refusal:
        return _calendar_page(refusal), refusal.problem.status
    return redirect(url_for("workdays.calendar", year=year), 303)


def _year() -> int:
    year = request.form.get("year", type=int)
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(INVALID_INPUT, detail=f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间")
    return year


def _text_sent() -> str:
    """What was pasted, and the rows of the spreadsheet that was sent, as lines."""
    lines = [request.form.get("days", "")]
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        sheet = read_sheet(sent.read(), sent.filename)
        lines.append(" ".join(sheet.headings[:2]))
        for row in sheet.rows:
            cells = [row.cells[heading].text.strip() for heading in sheet.headings if heading in row.cells]
            lines.append(" ".join(cell for cell in cells[:2] if cell))
    return "\n".join(lines)


def _preview_page(year: int, notice: Notice, refusal: Refusal | None) -> str:
    actor = current_actor()
    moves = moves_of_notice(actor, year, notice.days)
    after = calendar_with_notice(actor.agency_id, actor.agency_id, year, notice.days)
    return render_template(
        "rule_profiles/notice.html",
        year=year,
        notice=notice,
        lines=lines_of_notice(notice.days),
        source=request.form["source"].strip(),
        months=[month for month in months_of(year, after) if any(day.named for day in month.days)],
        moves=moves,
        moving=sum(each.moves for agency in moves for each in agency.deadlines),
        settling=sum(not each.moves for agency in moves for each in agency.deadlines),
        agencies=agencies_below(actor.agency_id),
        kind_words=DEADLINE_WORDS,
        shown=MOVES_SHOWN,
        refusal=refusal,
    )


def _calendar_page(refusal: Refusal | None) -> str:
    asked = request.values.get("year", type=int) or today().year
    year = min(max(asked, FIRST_YEAR), LAST_YEAR)
    agency_id = current_actor().agency_id
    days = work_calendar(agency_id)
    months = months_of(year, days)
    return render_template(
        "rule_profiles/workdays.html",
        year=year,
        months=months,
        published=year in days.published_years,
        source=notice_of(agency_id, year),
        workdays=sum(day.is_workday for month in months for day in month.days),
        below=len(agencies_below(agency_id)) - 1,
        refusal=refusal,
        entered=request.form,
        capability=Capability,
    )
