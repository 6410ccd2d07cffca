"""The world after a whole story: one prepared demonstration, shared by the tests that only look at it."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from tests.people import PASSWORD, Person


@dataclass
class World:
    """The staff's and the public application over the same finished story."""

    app: Flask
    public: Flask

    def browser(self, person: Person) -> FlaskClient:
        """A browser in which `person` is logged in."""
        browser = self.app.test_client()
        answer = browser.post("/api/v1/session", json={"login": person.login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return browser

    def visitor(self) -> FlaskClient:
        """A citizen's browser before the public site."""
        return self.public.test_client()
