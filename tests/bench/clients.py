"""Phones in a closed loop: each sends its next prepared request when the last one is answered. Nothing is built while measured."""

import os
import socket
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import ec

from backend.core.canonical_json import canonical
from backend.core.ids import uuid7
from backend.fieldwork.sync.keys import public_jwk, sign
from backend.fieldwork.sync.rules import NO_PREVIOUS, op_hash
from tests.bench.world_of_visits import ITEMS, MATTER, Inspecting

CAPTURE = {"at": 1, "lat7": None, "lon7": None, "accuracyCm": None}


class Phone:
    """One device of one inspector, preparing whole submissions as bytes of HTTP."""

    def __init__(self, inspecting: Inspecting) -> None:
        self.inspecting = inspecting
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.device_id, self.seq, self.last = str(uuid.uuid4()), 0, NO_PREVIOUS

    def registration(self) -> bytes:
        told = {"deviceId": self.device_id, "publicJwk": public_jwk(self.key.public_key())}
        return self._request("POST", "/devices", orjson.dumps(told))

    def submission(self, visit_id: str, photos: Mapping[str, int] = MappingProxyType({})) -> bytes:
        """120 answers in one push, and the word of photos: SHA-256 → size."""
        ops = [self._answer(visit_id, n) for n in range(ITEMS)]
        ops += [self._evidence(visit_id, sha, size) for sha, size in photos.items()]
        head = {"seq": self.seq, "hash": self.last, "sig": sign(self.key, bytes.fromhex(self.last))}
        return self._request(
            "POST", "/sync/push", orjson.dumps({"deviceId": self.device_id, "ops": ops, "head": head})
        )

    def photo(self, visit_id: str, sha: str, content: bytes) -> list[bytes]:
        """A file: announced, then sent in one piece."""
        capture = {**CAPTURE, "item": None}
        told = {"visitId": visit_id, "size": len(content), "mime": "image/jpeg", "capture": capture}
        signed = {**told, "sig": sign(self.key, canonical({"sha": sha, **told}))}
        offset = {"Content-Type": "application/partial-upload", "Upload-Offset": "0"}
        return [
            self._request("POST", f"/evidence/{sha}", orjson.dumps(signed)),
            self._request("PATCH", f"/evidence/{sha}", content, offset),
        ]

    def _answer(self, visit_id: str, n: int) -> dict[str, Any]:
        path = f"/matters/{MATTER}/items/item{n}"
        return self._op("answer.set", visit_id, path, {"result": "pass", "problem": None, "disposal": None})

    def _evidence(self, visit_id: str, sha: str, size: int) -> dict[str, Any]:
        item = f"/matters/{MATTER}/items/item0"
        value = {
            "sha": sha,
            "mime": "image/jpeg",
            "size": size,
            "item": item,
            "role": "photo",
            "caption": None,
        }
        return self._op("evidence.add", visit_id, item, {**value, **CAPTURE})

    def _op(self, kind: str, visit_id: str, path: str, value: dict[str, Any]) -> dict[str, Any]:
        self.seq += 1
        op = {
            "id": uuid7(time.time_ns() // 1_000_000, os.urandom(10)),
            "deviceId": self.device_id,
            "seq": self.seq,
            "userId": self.inspecting.user_id,
            "visitId": visit_id,
            "formSha": self.inspecting.form_sha,
            "kind": kind,
            "path": path,
            "value": value,
            "baseRev": 0,
            "at": {"wall": 1_780_000_000_000 + self.seq, "monoMs": self.seq, "lastServerTime": None},
            "prev": self.last,
        }
        self.last = op_hash(op)
        return op

    def _request(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> bytes:
        told = {
            "Host": "127.0.0.1",
            "Cookie": f"yaohao_session={self.inspecting.session}",
            "X-Device": self.device_id,
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        return f"{method} /api/v1{path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def send_all(port: int, queues: Sequence[Sequence[bytes]]) -> float:
    """Send every queue over a connection of its own, all at once; the seconds until the last answer."""
    failures: list[str] = []
    begin = threading.Barrier(len(queues) + 1)

    def run(queue: Sequence[bytes]) -> None:
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            begin.wait()
            for request in queue:
                line.sendall(request)
                answer = _answer_on(line)
                if not answer.startswith(b"HTTP/1.1 20"):
                    failures.append(answer[:300].decode(errors="replace"))
                    return

    threads = [threading.Thread(target=run, args=(queue,)) for queue in queues]
    for thread in threads:
        thread.start()
    begin.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    if failures:
        raise RuntimeError(failures[0])
    return took


def _answer_on(line: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        piece = line.recv(65536)
        if not piece:
            raise RuntimeError("the server hung up")
        read += piece
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(
        (
            int(one.partition(b":")[2])
            for one in head.split(b"\r\n")
            if one.lower().startswith(b"content-length:")
        ),
        0,
    )
    missing = length - len(body)
    while missing > 0:
        missing -= len(line.recv(65536))
    return read
