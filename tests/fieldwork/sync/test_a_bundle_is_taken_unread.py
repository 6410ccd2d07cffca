"""When sync cannot go on, the exported bundle can: taken as it is, by session or token, a few an hour."""

import argparse
import hashlib
import json
import os
import tracemalloc
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask

from backend.fieldwork.sync import cli
from backend.fieldwork.sync.bundles import BadBundle, opened
from backend.fieldwork.sync.keys import public_jwk, read_jwk
from backend.plumbing.db import db
from backend.plumbing.files import store
from tests.fieldwork.phones import Phones, picture
from tests.people import LEADER

BUNDLE = b"YAOHAO-OUTBOX-1\n{}\n" + bytes(range(256))


def _hand_in(phone: Any) -> Any:
    headers = {"X-Device": phone.device_id, "Authorization": f"Bearer {phone.push_token}"}
    return phone.send("POST", "/api/v1/rescue", body=BUNDLE, headers=headers)


def test_a_bundle_lies_in_the_store_byte_for_byte(context: Flask, phones: Phones) -> None:
    phone = phones(LEADER)
    phone.send("DELETE", "/api/v1/session")
    answer = _hand_in(phone)
    assert answer.status_code == 202
    assert store().read(f"rescue/{answer.json['rescueId']}") == BUNDLE


def test_the_seventh_bundle_within_an_hour_has_to_wait(phones: Phones, clock: Any) -> None:
    phone = phones(LEADER)
    assert [_hand_in(phone).status_code for _ in range(6)] == [202] * 6
    late = _hand_in(phone)
    assert (late.status_code, late.json["code"], late.headers["Retry-After"]) == (429, "rescue-limit", "3600")
    clock.advance(minutes=61)
    assert _hand_in(phone).status_code == 202


def test_an_app_older_than_the_protocol_is_told_so(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.note(visit_id, "/record/situation", {"text": "旧版"})
    headers = {"X-Device": phone.device_id, "X-Client": "0"}
    answer = phone.send("POST", "/api/v1/sync/push", json=phone.signed(phone.log), headers=headers)
    assert (answer.status_code, answer.json["code"]) == (426, "client-too-old")


def _bundle(phone: Any, visit_id: str, agency_key: dict[str, str]) -> bytes:
    """As pwa/src/sync/export.ts makes one."""
    content = picture(8)
    sha = phone.photograph(visit_id, content)
    files = [{"sha": sha, "size": len(content), "mime": "image/jpeg", "visitId": visit_id, "capture": {}}]
    inside = json.dumps({"ops": phone.log, "files": files}, ensure_ascii=False).encode() + b"\n" + content
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    shared = ephemeral.exchange(ec.ECDH(), read_jwk(agency_key))
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"yaohao rescue 1").derive(shared)
    iv = bytes(range(12))
    about = {"deviceId": phone.device_id, "userId": phone.user_id, "madeAt": phone.wall()}
    header = {**about, "iv": list(iv), "ephemeral": public_jwk(ephemeral.public_key())}
    return b"YAOHAO-OUTBOX-1\n" + json.dumps(header).encode() + b"\n" + AESGCM(key).encrypt(iv, inside, None)


def test_the_administrator_opens_it_at_the_command_line(
    context: Flask, phones: Phones, visit_id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.note(visit_id, "/record/situation", {"text": "没能同步"})
    agency_key = phone.send("GET", "/api/v1/meta").json["agencyKey"]
    bundle = _bundle(phone, visit_id, agency_key)
    headers = {"X-Device": phone.device_id}
    rescue_id = phone.send("POST", "/api/v1/rescue", body=bundle, headers=headers).json["rescueId"]
    chosen = argparse.Namespace(id=rescue_id, out=tmp_path / "opened")
    db.session.rollback()
    assert cli._open(chosen) == 0
    assert json.loads((chosen.out / "bundle.json").read_text("utf-8"))["ops"] == phone.log
    assert (chosen.out / "files" / next(iter(phone.photos))).read_bytes() == picture(8)
    assert cli._list(chosen) == 0
    told = capsys.readouterr().out
    assert "2 步（服务器已有 0 步），1 个文件" in told
    assert rescue_id in told


@pytest.mark.parametrize("spoil", [b"", b"YAOHAO-OUTBOX-1\n", b"YAOHAO-OUTBOX-1\n{}\n"])
def test_what_is_no_bundle_is_named_as_such(spoil: bytes) -> None:
    with pytest.raises(BadBundle), opened(BytesIO(spoil), ec.generate_private_key(ec.SECP256R1())):
        pass


def test_a_bundle_cannot_write_outside_its_folder() -> None:
    listing = json.dumps({"ops": [], "files": [{"sha": "../../evil", "size": 0}]}).encode()
    plain = b'YAOHAO-OUTBOX-1\n{"iv": null}\n' + listing + b"\n"
    key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(BadBundle, match="not named by its SHA-256"), opened(BytesIO(plain), key):
        pass


def test_a_large_bundle_never_lies_in_memory_whole() -> None:
    content = os.urandom(1 << 20) * 48
    listing = json.dumps(
        {"ops": [], "files": [{"sha": hashlib.sha256(content).hexdigest(), "size": len(content)}]}
    )
    with TemporaryFile() as sealed:
        sealed.write(b'YAOHAO-OUTBOX-1\n{"iv": null}\n' + listing.encode() + b"\n")
        sealed.write(content)
        sealed.seek(0)
        tracemalloc.start()
        with opened(sealed, ec.generate_private_key(ec.SECP256R1())) as bundle:
            assert bundle.damaged == ()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 8 << 20
