"""The whole office is walked after a whole story: no link is broken, and nothing opens for another agency's people."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.journeys.crawling import Walk, arguments_of, walk
from tests.journeys.world import World
from tests.people import ADMIN, ARCHIVIST, HEAD, INSPECTOR, LEADER, OFFICER, OUTSIDER, OVERSIGHT, Person

STAFF = (ADMIN, OFFICER, OVERSIGHT, HEAD, LEADER, INSPECTOR, ARCHIVIST)


@pytest.fixture(scope="module")
def walks(world: World) -> dict[Person, Walk]:
    return {person: walk(world.browser(person), "/office/", ("/office",)) for person in STAFF}


def test_every_link_in_the_office_opens(walks: dict[Person, Walk]) -> None:
    broken = {person.name: found.broken for person, found in walks.items() if found.broken}
    assert broken == {}


def test_the_walk_met_every_stage_of_the_work(walks: dict[Person, Walk]) -> None:
    met = {
        address.split("/")[2]
        for found in walks.values()
        for address in found.statuses
        if address.count("/") > 1
    }
    assert {
        "entities",
        "inspectors",
        "matters",
        "plans",
        "tasks",
        "draws",
        "visits",
        "results",
        "dossiers",
    } <= met


def test_what_belongs_to_an_agency_does_not_exist_for_another(
    world: World, walks: dict[Person, Walk]
) -> None:
    stranger = world.browser(OUTSIDER)
    opened = [
        address
        for address in sorted({a for found in walks.values() for a in found.statuses})
        if arguments_of(world.app, address) and _opens(stranger, "GET", address)
    ]
    assert opened == []


def test_no_form_of_an_agency_can_be_sent_by_another(world: World, walks: dict[Person, Walk]) -> None:
    stranger = world.browser(OUTSIDER)
    forms = sorted({form for found in walks.values() for form in found.forms if form[0] == "POST"})
    about_something = [(m, a) for m, a in forms if arguments_of(world.app, a, m)]
    assert about_something
    assert [form for form in about_something if _opens(stranger, *form)] == []


def test_every_link_on_the_public_site_opens(world: World) -> None:
    assert walk(world.visitor(), "/", ("/",)).broken == {}


def _opens(browser: FlaskClient, method: str, address: str) -> bool:
    return browser.open(address, method=method).status_code not in (403, 404)


def test_a_stranger_is_told_apart_from_nobody(world: World) -> None:
    app: Flask = world.app
    assert app.test_client().get("/office/").status_code == 303
    assert world.browser(OUTSIDER).get("/office/").status_code == 200
