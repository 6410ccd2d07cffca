"""The stage the story is played on: one installation, its clock, and everyone's browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from flask import Flask

from backend.app import create_app, joined
from backend.demonstration.browser import Browser
from backend.demonstration.cast import AGENCY, Person
from backend.demonstration.moment import StoryClock
from backend.foundation.accounts.queries import agency_by_code
from backend.plumbing.db import db
from backend.settings import Settings


@dataclass
class Stage:
    """Where the story happens. `folder` takes the files that people bring along."""

    settings: Settings
    clock: StoryClock
    folder: Path
    application: Any = field(init=False)
    house: Flask = field(init=False)
    timings: dict[str, float] = field(default_factory=dict)
    _browsers: dict[Person, Browser] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.application = joined(self.settings)
        self.house = create_app(self.settings)

    def browser(self, person: Person) -> Browser:
        """The person's browser, logged in at the first use and again when the session has run out."""
        if person not in self._browsers or not self._browsers[person].is_logged_in:
            self._browsers[person] = Browser(self.application, person)
        return self._browsers[person]

    def visitor(self) -> Browser:
        """A citizen's browser."""
        return Browser(self.application)

    @property
    def agency_id(self) -> int:
        """The demonstration's agency; asked inside."""
        return agency_by_code(AGENCY).id

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Look into the database, for finding out ids; the story itself never writes this way."""
        with self.house.app_context():
            yield
            db.session.remove()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Take the time of one step, in seconds."""
        begun = perf_counter()
        yield
        self.timings[name] = self.timings.get(name, 0.0) + round(perf_counter() - begun, 3)
