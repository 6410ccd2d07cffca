"""Walk through every page that a person can reach by links, as a browser without scripts would."""

from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

KINDS = {"register_key", "key"}
"""Parts of an address that name a kind of thing, not a thing somebody has."""

LOOKS_ALIKE = {"lang"}
"""Parts of a query that leave the page as it is, but for its language."""


@dataclass
class Walk:
    """What was met: the answer's status by address, and every form's (method, address)."""

    statuses: dict[str, int] = field(default_factory=dict)
    forms: set[tuple[str, str]] = field(default_factory=set)
    met_on: dict[str, str] = field(default_factory=dict)
    html: list[str] = field(default_factory=list)

    @property
    def broken(self) -> dict[str, str]:
        """Addresses that a page links to and that do not open, with the page."""
        return {address: self.met_on[address] for address, status in self.statuses.items() if status >= 400}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.links.append(values["href"] or "")
        if tag == "form":
            self.forms.append(((values.get("method") or "get").upper(), values.get("action") or ""))


def walk(browser: FlaskClient, start: str, within: tuple[str, ...], most_of_a_kind: int = 3) -> Walk:
    """Follow links from `start` below `within`; of pages that differ only in an id or a query, a few are enough."""
    app, found, kinds = browser.application, Walk(), dict[str, int]()
    waiting = deque([start])
    found.met_on[start] = "the start"
    while waiting:
        address = waiting.popleft()
        kind = kind_of(app, address)
        kinds[kind] = kinds.get(kind, 0) + 1
        if address in found.statuses or kinds[kind] > most_of_a_kind:
            continue
        answer = browser.get(address)
        found.statuses[address] = answer.status_code
        if answer.mimetype != "text/html" or answer.status_code >= 400:
            continue
        found.html.append(address)
        page = _Links()
        page.feed(answer.text)
        found.forms |= {(method, urljoin(address, action)) for method, action in page.forms}
        for link in page.links:
            target = urljoin(address, link).partition("#")[0]
            if urlsplit(target).netloc in ("", "localhost") and urlsplit(target).path.startswith(within):
                found.met_on.setdefault(target, address)
                waiting.append(target)
    return found


def kind_of(app: Flask, address: str) -> str:
    """The endpoint behind an address, with the names of its query: pages of one kind look alike."""
    parts = urlsplit(address)
    try:
        endpoint, _ = app.url_map.bind("localhost").match(parts.path)
    except HTTPException:
        return address
    names = {pair.partition("=")[0] for pair in parts.query.split("&")} - LOOKS_ALIKE
    return f"{endpoint}?{'&'.join(sorted(names))}"


def arguments_of(app: Flask, address: str, method: str = "GET") -> dict[str, object]:
    """What an address names by its path: the ids of things. Empty for a page that is about nothing in particular."""
    try:
        _, arguments = app.url_map.bind("localhost").match(urlsplit(address).path, method=method)
    except HTTPException:
        return {}
    return {name: value for name, value in arguments.items() if name not in KINDS}
