"""In English no page shows Chinese running text: what is left in Chinese is data, names, and the words of regulations."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.fieldwork.checklists.definitions import forms_folder
from backend.foundation.rule_profiles import profiles
from backend.plumbing.db import Base, db
from backend.plumbing.web.language import COOKIE
from tests.journeys.crawling import kind_of, walk
from tests.journeys.world import World
from tests.people import ADMIN, HEAD, OFFICER, Person

IDEOGRAPHS = re.compile(r"[一-鿿]+")
LONGEST_DATA = 3
"""Runs up to this length pass as names, grades and marks."""

STILL_CHINESE: set[str] = set()
"""Kinds of pages that Python still words in Chinese. The list only ever gets shorter."""


class _Texts(HTMLParser):
    """What people read on a page: its texts and labels, without what they wrote themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.inside.append(tag)
        self.found += [
            values[name] or "" for name in ("aria-label", "title", "placeholder") if name in values
        ]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {"textarea", "script", "style", "blockquote", "q"} & {*self.inside[-1:]}:
            self.found.append(data)


def _data(world: World) -> str:
    """Everything that the database and the regulations say, as one text to look into."""
    with world.app.app_context():
        rows = (row for table in Base.metadata.sorted_tables for row in db.session.execute(select(table)))
        held = [json.dumps([*row], ensure_ascii=False, default=str) for row in rows]
    files = [*Path(profiles.__file__).parent.glob("*.yaml"), *forms_folder().rglob("*.yaml")]
    return "\n".join([*held, *(path.read_text("utf-8") for path in files)])


def _left(page: str, data: str) -> list[str]:
    texts = _Texts()
    texts.feed(page)
    runs = (run for text in texts.found for run in IDEOGRAPHS.findall(text))
    return [run for run in dict.fromkeys(runs) if len(run) > LONGEST_DATA and run not in data]


@pytest.mark.one_database
@pytest.mark.parametrize("person", [OFFICER, HEAD, ADMIN], ids=lambda person: person.login)
def test_no_page_shows_chinese_running_text_in_english(person: Person, world: World) -> None:
    browser, data = world.browser(person), _data(world)
    browser.set_cookie(COOKIE, "en")
    left = {}
    for address in walk(browser, "/office/", ("/office",), most_of_a_kind=1).html:
        if "lang=zh" not in address and (found := _left(browser.get(address).text, data)):
            left[kind_of(world.app, address)] = found
    told = [f"{kind}: {'、'.join(found)}" for kind, found in left.items() if kind not in STILL_CHINESE]
    assert not told, "\n".join(told)
