"""How often each inspector was seated this year: what the directory's pages and the matching ask."""

from datetime import date, datetime, time

from flask import Flask
from sqlalchemy import func, select

from backend.core.clock import SHANGHAI
from backend.planning.draw.models import Draw
from backend.planning.matching.models import Seat
from backend.plumbing.db import db


def load_of_year(agency_id: int, year: int) -> dict[int, int]:
    """In how many teams of this year's locked draws each inspector sits, by inspector id."""
    begin, end = (datetime.combine(date(y, 1, 1), time(), SHANGHAI) for y in (year, year + 1))
    counted = (
        select(Seat.inspector_id, func.count())
        .join(Draw, Draw.id == Seat.draw_id)
        .where(Draw.agency_id == agency_id, Draw.status == "locked", Seat.status == "seated")
        .where(Draw.locked_at >= begin, Draw.locked_at < end, Seat.inspector_id.is_not(None))
        .group_by(Seat.inspector_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted) if row[0] is not None}


def install(app: Flask) -> None:
    """Let templates of earlier stages call `load_of_year(agency_id, year)`."""
    app.jinja_env.globals["load_of_year"] = load_of_year
