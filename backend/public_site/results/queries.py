"""Reads of what is public. A natural person is never found by the full name (national.md 1.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from backend.core.clock import SHANGHAI
from backend.core.errors import NOT_FOUND, Refusal
from backend.decisions.results.codes import result_codes
from backend.decisions.results.models import Result
from backend.foundation.accounts.models import Agency
from backend.plumbing.db import db

Place = tuple[datetime, int]
"""Where a page ends: the moment of publication and the id of its last result."""


@dataclass(frozen=True)
class Search:
    """What the list is narrowed to; None and empty words narrow nothing. `since` and `until` are days, both included."""

    words: str = ""
    agency: str = ""
    code: str = ""
    matter: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        return self == Search()


@dataclass(frozen=True)
class PublicResult:
    """A public result with the name of the agency that published it."""

    result: Result
    agency: str


def search_results(search: Search, before: Place | None, limit: int) -> list[PublicResult]:
    """The newest public results that fit, below `before` (keyset paging)."""
    query = _narrowed(_public(), search)
    if before is not None:
        at, number = before
        query = query.where(
            or_(Result.published_at < at, and_(Result.published_at == at, Result.id < number))
        )
    query = query.order_by(Result.published_at.desc(), Result.id.desc()).limit(limit)
    return [PublicResult(*row) for row in db.session.execute(query)]


def count_results(search: Search) -> int:
    """How many public results fit."""
    counted = _narrowed(_public(), search).with_only_columns(func.count(Result.id))
    return db.session.scalar(counted) or 0


def public_result(publication_no: str) -> PublicResult:
    """The public result that bears this number; refused as not found otherwise."""
    row = db.session.execute(_public().where(Result.publication_no == publication_no)).first()
    if row is None:
        raise Refusal(NOT_FOUND, what=f"公示号 {publication_no}")
    return PublicResult(*row)


def siblings_of(result: Result) -> Sequence[Result]:
    """The public results of the same visit's other matters."""
    query = select(Result).where(
        Result.visit_id == result.visit_id, Result.id != result.id, Result.published_at.is_not(None)
    )
    return db.session.scalars(query.order_by(Result.id)).all()


def public_matters(agency: str = "") -> list[str]:
    """The names of the matters that have public results."""
    query = _narrowed(_public(), Search(agency=agency)).with_only_columns(Result.matter_name)
    return list(db.session.scalars(query.distinct().order_by(Result.matter_name)))


def publishing_agencies() -> Sequence[Agency]:
    """Every agency that has published a result."""
    having = select(Result.agency_id).where(Result.published_at.is_not(None))
    return db.session.scalars(select(Agency).where(Agency.id.in_(having)).order_by(Agency.id)).all()


def totals_of(year: int) -> tuple[int, int, int]:
    """Of a year: public results, entities inspected, results that found a problem."""
    begins = datetime.combine(date(year, 1, 1), time(), SHANGHAI)
    ends = datetime.combine(date(year + 1, 1, 1), time(), SHANGHAI)
    problems = [code.slug for code in result_codes().values() if code.tone == "problem"]
    query = select(
        func.count(Result.id),
        func.count(func.distinct(Result.entity_id)),
        func.count(Result.id).filter(Result.code.in_(problems)),
    ).where(Result.published_at >= begins, Result.published_at < ends)
    results, entities, found = db.session.execute(query).one()
    return results, entities, found


def _public() -> Select[Result, str]:
    joined = select(Result, Agency.name).join(Agency, Agency.id == Result.agency_id)
    return joined.where(Result.published_at.is_not(None))


def _narrowed(query: Select[*tuple[Any, ...]], search: Search) -> Select[*tuple[Any, ...]]:
    for word in search.words.split():
        query = query.where(_holds(word))
    if search.agency:
        query = query.where(Agency.code == search.agency)
    if search.code:
        query = query.where(Result.code == search.code)
    if search.matter:
        query = query.where(Result.matter_name == search.matter)
    if search.since is not None:
        query = query.where(Result.published_at >= datetime.combine(search.since, time(), SHANGHAI))
    if search.until is not None:
        day_after = search.until + timedelta(days=1)
        query = query.where(Result.published_at < datetime.combine(day_after, time(), SHANGHAI))
    return query


def _holds(word: str) -> ColumnElement[bool]:
    by_name = or_(
        Result.entity_name.icontains(word, autoescape=True),
        Result.entity_code.icontains(word, autoescape=True),
    )
    return or_(
        and_(Result.entity_kind != "person", by_name),
        Result.matter_name.icontains(word, autoescape=True),
    )
