"""Open a rescue bundle (pwa/src/store/export.ts says how one is made): for an administrator at a command line, never in a request.

A line `YAOHAO-OUTBOX-1`, a line of JSON `{deviceId, userId, madeAt, iv, ephemeral}`, then AES-256-GCM under HKDF-SHA-256 of
ECDH between the phone's ephemeral P-256 key and the agency's; with `iv` null the inside is plain. Inside: a line of JSON
`{ops, files: [{sha, size, …}], declarations}`, then the files' bytes one after the other. A bundle may be larger than the memory: it is
decrypted into a file without a name, and nothing of that is read before the whole has proven true.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.fieldwork.sync.keys import read_jwk

_MAGIC = b"YAOHAO-OUTBOX-1\n"
_INFO = b"yaohao rescue 1"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PIECE = 1 << 20
_LONGEST_HEADER = 64 << 10
_LONGEST_LISTING = 256 << 20
_TAG = 16


class BadBundle(ValueError):
    """What was handed in is no bundle, was cut off, or is encrypted to another key."""


@dataclass(frozen=True)
class Bundle:
    """What a phone still held: whose, its ops, what was declared, where each file lies inside, and which files do not hash to their name."""

    about: Mapping[str, Any]
    ops: list[dict[str, Any]]
    declarations: list[dict[str, Any]]
    """利害关系申报 that were not sent; bundles of the first version have none."""
    files: Mapping[str, range]
    damaged: tuple[str, ...]
    inside: IO[bytes]

    def file(self, sha: str) -> Iterator[bytes]:
        """A file's bytes, a piece at a time."""
        return _read(self.inside, self.files[sha])


@contextmanager
def opened(sealed: IO[bytes], private: ec.EllipticCurvePrivateKey) -> Iterator[Bundle]:
    """Decrypt and take apart; every file is hashed. What was decrypted is gone when the context ends. Raises BadBundle."""
    if sealed.read(len(_MAGIC)) != _MAGIC:
        raise BadBundle("it does not begin with YAOHAO-OUTBOX-1")
    with TemporaryFile() as inside:
        yield _take_apart(sealed, inside, private)


def _take_apart(sealed: IO[bytes], inside: IO[bytes], private: ec.EllipticCurvePrivateKey) -> Bundle:
    try:
        about = json.loads(sealed.readline(_LONGEST_HEADER))
        if about["iv"] is None:
            _copy(sealed, inside)
        else:
            _decrypt(about, sealed, inside, private)
        inside.seek(0)
        told = json.loads(inside.readline(_LONGEST_LISTING))
        files = _places(told["files"], inside.tell())
        damaged = tuple(sha for sha, place in files.items() if _sha256(inside, place) != sha)
        return Bundle(about, told["ops"], told.get("declarations", []), files, damaged, inside)
    except (KeyError, TypeError, ValueError) as fault:
        raise BadBundle(str(fault)) from fault
    except InvalidTag as fault:
        raise BadBundle("it is encrypted to another key or was altered") from fault


def _decrypt(
    about: Mapping[str, Any], sealed: IO[bytes], inside: IO[bytes], private: ec.EllipticCurvePrivateKey
) -> None:
    shared = private.exchange(ec.ECDH(), read_jwk(about["ephemeral"]))
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(shared)
    cipher = Cipher(AES256(key), GCM(bytes(about["iv"]))).decryptor()
    held = b""
    while piece := sealed.read(_PIECE):
        held += piece
        inside.write(cipher.update(held[:-_TAG]))
        held = held[-_TAG:]
    cipher.finalize_with_tag(held)


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    while piece := source.read(_PIECE):
        target.write(piece)


def _places(files: list[dict[str, Any]], begin: int) -> dict[str, range]:
    places = {}
    for file in files:
        if not _SHA256.fullmatch(file["sha"]) or file["size"] < 0:
            raise BadBundle("a file is not named by its SHA-256")
        places[file["sha"]] = range(begin, begin := begin + file["size"])
    return places


def _read(inside: IO[bytes], place: range) -> Iterator[bytes]:
    inside.seek(place.start)
    left = len(place)
    while left and (piece := inside.read(min(left, _PIECE))):
        left -= len(piece)
        yield piece


def _sha256(inside: IO[bytes], place: range) -> str:
    running = hashlib.sha256()
    for piece in _read(inside, place):
        running.update(piece)
    return running.hexdigest()
