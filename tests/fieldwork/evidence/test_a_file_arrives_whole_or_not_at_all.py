"""Pieces, lost answers, a full disk, a crash at the worst moment: the receipt comes only for the whole file, and then for good."""

import errno
import hashlib
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core.canonical_json import canonical
from backend.demonstration.scripted_phone import PIECE, Refused, ScriptedPhone
from backend.fieldwork.evidence import uploads
from backend.fieldwork.sync.keys import sign
from backend.plumbing.files import store
from tests.fieldwork.phones import Phones, picture
from tests.people import INSPECTOR, LEADER, Person

BIG = bytes(range(256)) * 3000


def _ready(phones: Phones, content: bytes, visit_id: str) -> tuple[ScriptedPhone, str]:
    phone = phones(LEADER)
    phone.pull()
    return phone, phone.photograph(visit_id, content, mime="application/octet-stream")


def _announce(phone: ScriptedPhone, sha: str, **altered: Any) -> Any:
    photo = phone.photos[sha]
    told = {
        "visitId": photo.visit_id,
        "size": len(photo.content),
        "mime": photo.mime,
        "capture": photo.capture,
        **altered,
    }
    told["sig"] = sign(phone.key, canonical({"sha": sha, **told}))
    return phone.send("POST", f"/api/v1/evidence/{sha}", json=told, headers={"X-Device": phone.device_id})


def _patch(phone: ScriptedPhone, sha: str, offset: int, piece: bytes) -> Any:
    headers = {
        "X-Device": phone.device_id,
        "Content-Type": "application/partial-upload",
        "Upload-Offset": str(offset),
    }
    return phone.send("PATCH", f"/api/v1/evidence/{sha}", body=piece, headers=headers)


def _head(phone: ScriptedPhone, sha: str) -> tuple[str, str]:
    answer = phone.send("HEAD", f"/api/v1/evidence/{sha}", headers={"X-Device": phone.device_id})
    assert answer.status_code == 204
    return answer.headers["Upload-Offset"], answer.headers["Upload-Complete"]


def test_the_server_says_how_far_it_is_at_every_step(phones: Phones, visit_id: str) -> None:
    phone, sha = _ready(phones, BIG, visit_id)
    first = _announce(phone, sha)
    assert (first.status_code, first.headers["Upload-Offset"]) == (201, "0")
    assert _patch(phone, sha, 0, BIG[:PIECE]).status_code == 204
    assert _head(phone, sha) == (str(PIECE), "?0")
    assert _announce(phone, sha).headers["Upload-Offset"] == str(PIECE)
    last = _patch(phone, sha, PIECE, BIG[PIECE : 2 * PIECE])
    assert last.headers["Upload-Offset"] == str(2 * PIECE)
    done = _patch(phone, sha, 2 * PIECE, BIG[2 * PIECE :])
    assert (done.status_code, done.json["receipt"]["hash"]) == (201, sha)
    assert _head(phone, sha) == (str(len(BIG)), "?1")
    assert _announce(phone, sha).status_code == 200


def test_a_first_piece_and_an_announcement_of_the_same_moment_begin_one_upload(
    phones: Phones, visit_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, sha = _ready(phones, BIG, visit_id)
    _announce(phone, sha)
    links_of, asked = uploads._links_of, list[Future[Any]]()

    def links_while_it_is_announced_again(device_id: str, sha: str) -> Any:
        found = links_of(device_id, sha)
        if not asked:
            asked.append(beside.submit(_announce, phone, sha))
            wait(asked, timeout=0.5)
        return found

    monkeypatch.setattr(uploads, "_links_of", links_while_it_is_announced_again)
    with ThreadPoolExecutor(1) as beside:
        first = _patch(phone, sha, 0, BIG[:PIECE])
        again = asked[0].result()
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(PIECE))
    assert (again.status_code, again.headers["Upload-Offset"]) == (201, str(PIECE))


def test_a_piece_sent_twice_is_answered_with_the_true_offset(phones: Phones, visit_id: str) -> None:
    phone, sha = _ready(phones, BIG, visit_id)
    _announce(phone, sha)
    _patch(phone, sha, 0, BIG[:PIECE])
    again = _patch(phone, sha, 0, BIG[:PIECE])
    assert (again.status_code, again.json["code"]) == (409, "offset-differs")
    assert again.headers["Upload-Offset"] == str(PIECE)
    phone.upload()
    assert phone.photos[sha].receipt is not None


def test_of_a_piece_cut_on_the_way_the_beginning_need_not_be_sent_again(
    phones: Phones, log_in: Callable[[Person], FlaskClient], visit_id: str
) -> None:
    phone, sha = _ready(phones, BIG, visit_id)
    _announce(phone, sha)
    cut = log_in(LEADER).patch(
        f"/api/v1/evidence/{sha}",
        data=BIG[: PIECE // 2],
        headers={"X-Device": phone.device_id, "Upload-Offset": "0"},
        content_type="application/partial-upload",
        environ_overrides={"CONTENT_LENGTH": str(PIECE)},
    )
    assert cut.headers["Upload-Offset"] == str(PIECE // 2)
    assert _head(phone, sha) == (str(PIECE // 2), "?0")
    phone.upload()
    assert phone.photos[sha].receipt is not None


def test_bytes_that_hash_otherwise_are_dropped_and_the_phone_starts_again(
    phones: Phones, visit_id: str
) -> None:
    phone, sha = _ready(phones, b"x" * 100, visit_id)
    _announce(phone, sha)
    wrong = _patch(phone, sha, 0, b"y" * 100)
    assert (wrong.status_code, wrong.json["code"]) == (422, "hash-differs")
    assert _head(phone, sha) == ("0", "?0")
    phone.upload()
    assert phone.photos[sha].receipt is not None


def test_more_bytes_than_announced_are_refused(phones: Phones, visit_id: str) -> None:
    phone, sha = _ready(phones, b"x" * 100, visit_id)
    _announce(phone, sha)
    assert _patch(phone, sha, 0, b"x" * 101).status_code == 413
    assert _patch(phone, sha, 0, b"x" * ((1 << 20) + 1)).status_code == 413


def test_a_forged_announcement_is_refused(phones: Phones, visit_id: str) -> None:
    phone, sha = _ready(phones, b"x" * 100, visit_id)
    phone.key = phones(INSPECTOR).key
    assert _announce(phone, sha).json["code"] == "bad-signature"


def test_a_known_file_for_another_visit_is_linked_without_bytes(phones: Phones, dispatch: Any) -> None:
    first, second = dispatch(1), dispatch(2)
    phone, sha = _ready(phones, BIG, first)
    phone.sync()
    phone.photos[sha].visit_id = second
    answer = _announce(phone, sha)
    assert (answer.status_code, answer.json["receipt"]["hash"]) == (200, sha)
    assert phone.send("GET", f"/api/v1/evidence/{sha}?visit={second}").status_code == 200


def test_two_phones_may_send_the_same_file_at_once(phones: Phones, visit_id: str) -> None:
    mine, sha = _ready(phones, BIG, visit_id)
    other = phones(INSPECTOR)
    other.pull()
    other.photograph(visit_id, BIG, mime="application/octet-stream")
    for phone in (mine, other):
        _announce(phone, sha)
        _patch(phone, sha, 0, BIG[:PIECE])
    mine.upload()
    other.upload()
    assert mine.photos[sha].receipt is not None
    assert other.photos[sha].receipt is not None


def test_a_full_disk_keeps_what_is_on_the_phone_and_goes_on_later(
    phones: Phones, visit_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, sha = _ready(phones, BIG, visit_id)
    _announce(phone, sha)
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", _no_space)
        with pytest.raises(Refused, match="store-full"):
            phone.upload()
    assert _head(phone, sha) == ("0", "?0")
    phone.upload()
    assert phone.photos[sha].receipt is not None


def _no_space(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_crash_between_the_file_and_its_row_loses_nothing(
    context: Flask, phones: Phones, visit_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, sha = _ready(phones, picture(4), visit_id)
    with monkeypatch.context() as crash:
        crash.setattr(uploads, "_count", _power_cut)
        with pytest.raises(Refused, match="500"):
            phone.upload()
    assert store().exists(f"evidence/{sha}")
    asked = {"opIds": [], "shas": [sha]}
    told = phone.send(
        "POST", "/api/v1/receipts/query", json=asked, headers={"X-Device": phone.device_id}
    ).json
    assert told["shas"] == {sha: None}
    phone.upload()
    assert phone.photos[sha].receipt is not None


def _power_cut(*_arguments: object) -> None:
    raise RuntimeError("power cut")


def test_the_bytes_may_come_before_the_op_that_adds_them(phones: Phones, visit_id: str) -> None:
    phone, sha = _ready(phones, BIG, visit_id)
    phone.upload()
    phone.push()
    phone.pull()
    assert phone.docs["evidence", f"{visit_id} {sha} "]["body"]["complete"] is True


def test_the_original_is_given_back_byte_for_byte(phones: Phones, visit_id: str) -> None:
    content = picture(5)
    phone, sha = _ready(phones, content, visit_id)
    phone.sync()
    seen = phone.send("GET", f"/api/v1/evidence/{sha}?visit={visit_id}").data  # type: ignore[attr-defined]
    assert hashlib.sha256(seen).hexdigest() == sha
