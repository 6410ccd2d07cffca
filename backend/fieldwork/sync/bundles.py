"""Open a rescue bundle (pwa/src/store/export.ts says how one is made): for an administrator at a command line, never in a request.

A line `YAOHAO-OUTBOX-1`, a line of JSON `{deviceId, userId, madeAt, iv, ephemeral}`, then AES-256-GCM under HKDF-SHA-256 of
ECDH between the phone's ephemeral P-256 key and the agency's; with `iv` null the inside is plain. Inside: a line of JSON
`{ops, files: [{sha, size, …}]}`, then the files' bytes one after the other.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.fieldwork.sync.keys import read_jwk

_MAGIC = b"YAOHAO-OUTBOX-1"
_INFO = b"yaohao rescue 1"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class BadBundle(ValueError):
    """What was handed in is no bundle, was cut off, or is encrypted to another key."""


@dataclass(frozen=True)
class Bundle:
    """What a phone still held: whose, its ops, its files by SHA-256, and which files do not hash to their name."""

    about: Mapping[str, Any]
    ops: list[dict[str, Any]]
    files: Mapping[str, bytes]
    damaged: tuple[str, ...]


def open_bundle(content: bytes, private: ec.EllipticCurvePrivateKey) -> Bundle:
    """Decrypt and take apart; every file is hashed. Raises BadBundle."""
    magic, _, rest = content.partition(b"\n")
    if magic != _MAGIC:
        raise BadBundle("it does not begin with YAOHAO-OUTBOX-1")
    header, _, body = rest.partition(b"\n")
    try:
        about = json.loads(header)
        inside = body if about["iv"] is None else _decrypt(about, body, private)
        listing, _, stream = inside.partition(b"\n")
        told = json.loads(listing)
        files = _cut(told["files"], stream)
    except (KeyError, TypeError, ValueError) as fault:
        raise BadBundle(str(fault)) from fault
    except InvalidTag as fault:
        raise BadBundle("it is encrypted to another key or was altered") from fault
    damaged = tuple(sha for sha, file in files.items() if hashlib.sha256(file).hexdigest() != sha)
    return Bundle(about, told["ops"], files, damaged)


def _decrypt(about: Mapping[str, Any], body: bytes, private: ec.EllipticCurvePrivateKey) -> bytes:
    shared = private.exchange(ec.ECDH(), read_jwk(about["ephemeral"]))
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(shared)
    return AESGCM(key).decrypt(bytes(about["iv"]), body, None)


def _cut(files: list[dict[str, Any]], stream: bytes) -> dict[str, bytes]:
    cut, at = {}, 0
    for file in files:
        if not _SHA256.fullmatch(file["sha"]):
            raise BadBundle("a file is not named by its SHA-256")
        cut[file["sha"]] = stream[at : at + file["size"]]
        at += file["size"]
    return cut
