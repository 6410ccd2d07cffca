"""What the search address may carry. What is not understood narrows nothing: a shared link never fails."""

from collections.abc import Mapping
from datetime import date, datetime

from backend.public_site.results.queries import Place, Search

LONGEST_WORDS = 100
_EARLIEST, _LATEST = 1949, 9000


def search_from(arguments: Mapping[str, str]) -> Search:
    """The search that an address asks for."""
    return Search(
        words=arguments.get("q", "").strip()[:LONGEST_WORDS],
        agency=arguments.get("agency", ""),
        code=arguments.get("result", ""),
        matter=arguments.get("matter", ""),
        since=_day(arguments.get("from", "")),
        until=_day(arguments.get("to", "")),
    )


def address_arguments(search: Search) -> dict[str, str]:
    """The same search as an address carries it."""
    spelled = {
        "q": search.words,
        "agency": search.agency,
        "result": search.code,
        "matter": search.matter,
        "from": search.since.isoformat() if search.since else "",
        "to": search.until.isoformat() if search.until else "",
    }
    return {name: value for name, value in spelled.items() if value}


def place_from(text: str) -> Place | None:
    """Where the page before ended."""
    moment, _, number = text.partition("~")
    try:
        at, last = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None
    return (at, last) if at.tzinfo else None


def spelled_place(place: Place) -> str:
    """The place as an address carries it."""
    return f"{place[0].isoformat()}~{place[1]}"


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _EARLIEST <= day.year <= _LATEST else None
