"""Scripts and styles go out compressed to whoever takes them so, and unchanged ones not at all."""

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

SCRIPT = "console.log('摇号');\n" * 400


@pytest.fixture
def address(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A built script of the phone app."""
    built = tmp_path / "app" / "assets"
    built.mkdir(parents=True)
    (built / "index-1.js").write_text(SCRIPT, encoding="utf-8")
    monkeypatch.setattr("backend.plumbing.web.assets._built", lambda: tmp_path)
    return "/app/assets/index-1.js"


def test_whoever_takes_gzip_gets_the_same_file_in_fewer_bytes(address: str, client: FlaskClient) -> None:
    answer = client.get(address, headers={"Accept-Encoding": "br, gzip"})
    assert gzip.decompress(answer.data).decode() == SCRIPT
    assert len(answer.data) < len(SCRIPT) // 10
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert answer.content_encoding == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_whoever_does_not_gets_it_plain(address: str, client: FlaskClient) -> None:
    answer = client.get(address, headers={"Accept-Encoding": "identity"})
    assert answer.text == SCRIPT
    assert answer.content_encoding is None


def test_what_a_browser_holds_already_is_not_sent_again(address: str, client: FlaskClient) -> None:
    first = client.get(address, headers={"Accept-Encoding": "gzip"})
    again = client.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_download_that_broke_off_begins_anew(address: str, client: FlaskClient) -> None:
    first = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert first.headers["Accept-Ranges"] == "none"
    rest = {"Accept-Encoding": "gzip", "Range": "bytes=10-", "If-Range": first.headers["ETag"]}
    again = client.get(address, headers=rest)
    assert (again.status_code, again.data) == (200, first.data)
