"""卷内目录 and cover tell the pages on which the documents really stand, also where the catalogue has two pages."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from backend.records.documents.content import DossierContent
from backend.records.dossier.binding import BoundDossier
from tests.records import specimens
from tests.records.reading import lines_of, pages_of

pytestmark = pytest.mark.one_database
Bind = Callable[[DossierContent], BoundDossier]


def long_catalogue() -> DossierContent:
    content = specimens.complete()
    many = tuple(specimens.checklist(f"第{n}项检查事项", sections=1, items=3) for n in range(1, 22))
    return replace(content, checklists=many)


@pytest.fixture(params=["one page", "two pages"])
def dossier(request: pytest.FixtureRequest, complete_dossier: BoundDossier, bind_anew: Bind) -> BoundDossier:
    return complete_dossier if request.param == "one page" else bind_anew(long_catalogue())


def test_the_printed_page_numbers_are_those_of_the_layout(dossier: BoundDossier) -> None:
    pages = pages_of(dossier.pdf)
    numbered = {int(m[1]): page for page in pages if (m := re.search(r"—(\d+)—$", page))}
    assert sorted(numbered) == list(range(1, dossier.pages + 1))
    for row in dossier.printed:
        heading = re.split("（|及送达", row.document.title)[0]
        assert heading in numbered[row.first_page]


def test_the_catalogue_prints_those_numbers(dossier: BoundDossier) -> None:
    before = dossier.sheets - dossier.pages - 1
    lines = [line for page in range(1, before) for line in lines_of(dossier.pdf, page)]
    assert "卷内目录" in lines
    printed = [int(found[1]) for line in lines if (found := re.search(r"\b2026\d{4} (\d+)", line))]
    assert printed == [row.first_page for row in dossier.printed]
    assert any(line.endswith(f" {printed[-1]}—{dossier.pages}") for line in lines)


def test_cover_and_closing_note_count_the_pages(dossier: BoundDossier) -> None:
    pages = pages_of(dossier.pdf)
    assert f"{dossier.pages}页" in pages[0]
    assert f"{len(dossier.printed)}件、{dossier.pages}页" in pages[-1]


def test_the_long_catalogue_does_take_two_pages(bind_anew: Bind) -> None:
    pages = pages_of(bind_anew(long_catalogue()).pdf)
    assert "题名" in pages[1]
    assert "题名" in pages[2]
    assert "抽查任务通知" in pages[3]
