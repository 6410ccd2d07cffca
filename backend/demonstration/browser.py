"""A person at a browser without JavaScript: logs in, opens pages, fills in forms, and stops at the first refusal."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.test import Client, TestResponse

from backend.demonstration.cast import PASSWORD, Person


class StepFailed(Exception):
    """A step of the story was answered otherwise than the story needs."""


class Browser:
    """One person's browser before the joined application."""

    def __init__(self, application: Any, person: Person | None = None) -> None:
        self._client = Client(application)
        if person is not None:
            self.submit("/office/login", login=person.login, password=PASSWORD)

    @property
    def is_logged_in(self) -> bool:
        """Whether the session still holds."""
        return self._client.get("/api/v1/session").status_code == 200

    def open(self, address: str) -> TestResponse:
        """GET a page that must be there."""
        return _good(self._client.get(address), "GET", address)

    def submit(self, address: str, **fields: Any) -> str:
        """POST a form that must be accepted; return the address it leads on to."""
        answer = _good(self._client.post(address, data=fields), "POST", address)
        if answer.status_code != 303:
            raise StepFailed(f"POST {address} was not accepted: {_visible(answer)}")
        location: str = answer.headers["Location"]
        return location

    def send(
        self,
        method: str,
        address: str,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Any call of the API, answered as it is."""
        return self._client.open(address, method=method, json=json, data=body, headers=dict(headers or {}))

    def download(self, address: str) -> bytes:
        """The bytes behind an address."""
        content: bytes = self.open(address).data
        return content


def _good(answer: TestResponse, method: str, address: str) -> TestResponse:
    if answer.status_code >= 400:
        raise StepFailed(f"{method} {address} → {answer.status}: {_visible(answer)}")
    return answer


def _visible(answer: TestResponse) -> str:
    text = re.sub(r"<(style|script|nav|header)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())[:600]
