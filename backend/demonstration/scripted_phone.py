"""A phone without a screen: it keeps an op log, signs, pushes, uploads and pulls by the protocol of sync.md.

It is the demonstration's inspector and the tests' adversary. `send` is any caller of the API; a lost answer is an
exception out of it, after which the same method may simply be called again.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from backend.core.canonical_json import canonical
from backend.fieldwork.sync.keys import public_jwk, sign
from backend.fieldwork.sync.rules import MOST_OPS, NO_PREVIOUS, op_hash
from backend.fieldwork.visits.rules import counts_as_signed, signed_answers, visit_digest

PIECE = 256 * 1024
STROKES = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAyNDAgODAiPjxwYXRoIGQ9Ik0yMCA1MEM0MCAxMCA2MCA3MCA4MCA0MFMxMjAgMjAgMTQwIDUwIDIwMCAzMCAyMjAgNDUiIGZpbGw9Im5vbmUiIHN0cm9rZT0iIzAwMCIgc3Ryb2tlLXdpZHRoPSIzIi8+PC9zdmc+"


class Answer(Protocol):
    """What a call of the API brings back."""

    @property
    def status_code(self) -> int: ...
    @property
    def json(self) -> Any: ...
    @property
    def text(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


class Send(Protocol):
    """One call of the API."""

    def __call__(
        self,
        method: str,
        address: str,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer: ...


class Refused(Exception):
    """The server answered otherwise than the phone can go on with."""

    def __init__(self, step: str, answer: Answer) -> None:
        self.answer = answer
        super().__init__(f"{step}: {answer.status_code} {answer.text[:400]}")


@dataclass
class Photo:
    """A file on the phone, and whether the server's receipt for it is here."""

    visit_id: str
    content: bytes
    mime: str
    capture: dict[str, Any]
    receipt: dict[str, Any] | None = None


@dataclass
class ScriptedPhone:
    """One device of one person. `wall` gives milliseconds, `new_id` UUIDv7s."""

    send: Send
    user_id: int
    wall: Callable[[], int]
    new_id: Callable[[], str]
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    device_id: str = ""
    push_token: str = ""
    cursor: str = ""
    log: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: int = 0
    pulled_after: int = 0
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    receipt: dict[str, Any] | None = None
    docs: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)

    def register(self) -> None:
        """Make this device known and keep its push token."""
        self.device_id = self.device_id or self.new_id()
        jwk = public_jwk(self.key.public_key())
        answer = self._call("POST", "/devices", {"deviceId": self.device_id, "publicJwk": jwk})
        if answer.status_code not in (200, 201):
            raise Refused("register", answer)
        self.push_token = answer.json["pushToken"]

    # What the person does: every act is an op in the log, saved before anything is sent.

    def answer(self, visit_id: str, path: str, value: Any) -> str:
        """Answer a checklist item."""
        return self.act("answer.set", visit_id, path, value, self._form_of(visit_id, path))

    def note(self, visit_id: str, path: str, value: Any) -> str:
        """Fill in a field of the on-site record, or tick a step."""
        return self.act("note.set", visit_id, path, value)

    def photograph(
        self,
        visit_id: str,
        content: bytes,
        item: str | None = None,
        mime: str = "image/jpeg",
        role: str = "photo",
    ) -> str:
        """Take a photo, for an item or for the visit; return its SHA-256."""
        sha = hashlib.sha256(content).hexdigest()
        place = {"at": self.wall(), "lat7": 368001234, "lon7": 1180001234, "accuracyCm": 900}
        self.photos[sha] = Photo(visit_id, content, mime, {**place, "item": item})
        value = {"sha": sha, "mime": mime, "size": len(content), "item": item, "role": role, "caption": ""}
        self.act("evidence.add", visit_id, item or "/evidence", {**value, **place})
        return sha

    def void_photo(self, visit_id: str, sha: str, reason: str) -> str:
        """Void a photo with a reason."""
        return self.act("evidence.void", visit_id, "/evidence", {"sha": sha, "reason": reason})

    def locate(self, visit_id: str) -> str:
        """Record where the phone is."""
        place = {"lat7": 368001234, "lon7": 1180001234, "accuracyCm": 900, "at": self.wall()}
        return self.act("location.add", visit_id, "/location", place)

    def sign(self, visit_id: str, role: str, name: str, user_id: int | None = None) -> str:
        """Let somebody sign the document as it stands on this phone."""
        digest = self.digest(visit_id)
        value = {
            "role": role,
            "name": name,
            "userId": user_id,
            "digest": digest,
            "image": STROKES,
            "strokes": 3,
        }
        return self.act("sign", visit_id, f"/signatures/{role}/{len(self.log)}", value)

    def refuse(self, visit_id: str, reason: str, statement: str, witness: dict[str, str] | None) -> str:
        """Record that the party would not sign."""
        value = {
            "reason": reason,
            "statement": statement,
            "witness": witness,
            "digest": self.digest(visit_id),
        }
        return self.act("refuse", visit_id, "/signatures/refusal/0", value)

    def walk_to_the_door(self, visit_id: str) -> None:
        """Everything before the checklist: looked up, arrived, shown, asked, handed over and signed for."""
        visit = self.docs["visit", visit_id]["body"]
        self.note(
            visit_id,
            "/steps/precheck",
            {"done": True, "wall": self.wall(), "sources": "名录", "text": "未见异常"},
        )
        for member in visit["team"]:
            image = None if member["userId"] == self.user_id else STROKES
            value = {"done": True, "wall": self.wall(), "image": image}
            self.note(visit_id, f"/presence/{member['userId']}", value)
        for step in ("certificates", "notice", "recording", "withdrawalAsked"):
            value = {"done": True, "wall": self.wall(), "withdrawal": False}
            self.note(visit_id, f"/steps/{step}", value)
        self.deliver(visit_id, "notice")

    def deliver(self, visit_id: str, paper: str) -> None:
        """The party's principal signs for a paper."""
        name = self.docs["visit", visit_id]["body"]["entity"]["principal"] or "现场负责人"
        value = {"done": True, "wall": self.wall(), "name": name, "image": STROKES, "text": ""}
        self.note(visit_id, f"/deliveries/{paper}", value)

    def walk_to_the_end(self, visit_id: str, due: str | None) -> None:
        """Everything between the checklist and the signatures. `due`: by when a finding must be corrected, None without one."""
        visit = self.docs["visit", visit_id]["body"]
        if due:
            order = {
                "done": True,
                "wall": self.wall(),
                "due": due,
                "text": "停止使用并更换，书面报告改正情况。",
            }
            self.note(visit_id, "/orders/rectification", order)
            self.deliver(visit_id, "rectification")
        self.note(visit_id, "/steps/rights", {"done": True, "wall": self.wall(), "statement": False})
        for matter in visit["matters"]:
            value = {"done": True, "wall": self.wall(), "text": "检查组讨论，意见一致。", "opinion": ""}
            code = "corrected" if due else "nothing-found"
            self.note(visit_id, f"/results/{matter['id']}", {**value, "code": code})

    def submit(self, visit_id: str) -> str:
        """提交."""
        return self.act("submit", visit_id, "/submit", {"digest": self.digest(visit_id)})

    def close(self, visit_id: str) -> str:
        """无法检查."""
        return self.act("close", visit_id, "/close", {"digest": self.digest(visit_id)})

    def review(self, visit_id: str, decision: str, items: list[dict[str, str]] | None = None) -> str:
        """Approve or return what this phone shows as submitted."""
        digest = self.docs["visit", visit_id]["body"]["digest"]
        value = {"decision": decision, "digest": digest, "items": items or []}
        return self.act("review", visit_id, "/review", value)

    def resolve(self, visit_id: str, path: str, keep: str | None) -> str:
        """Choose between two answers."""
        return self.act("conflict.resolve", visit_id, path, {"path": path, "keep": keep})

    def act(self, kind: str, visit_id: str, path: str, value: Any, form_sha: str | None = None) -> str:
        """Append one op to the log; return its id."""
        op = {
            "id": self.new_id(),
            "deviceId": self.device_id,
            "seq": len(self.log) + 1,
            "userId": self.user_id,
            "visitId": visit_id,
            "formSha": form_sha,
            "kind": kind,
            "path": path,
            "value": value,
            "baseRev": self._rev(visit_id, path) if kind in ("answer.set", "note.set") else 0,
            "at": {"wall": self.wall(), "monoMs": len(self.log), "lastServerTime": None},
            "prev": op_hash(self.log[-1]) if self.log else NO_PREVIOUS,
        }
        self.log.append(op)
        return str(op["id"])

    # What the network does.

    def sync(self) -> None:
        """Everything there is: ops, then files, then what is new."""
        self.push()
        self.upload()
        self.pull()

    def push(self) -> None:
        """Send the log from where the server stands, until all of it is acknowledged."""
        while self.acknowledged < len(self.log):
            batch = self.log[self.acknowledged : self.acknowledged + MOST_OPS]
            answer = self._call("POST", "/sync/push", self.signed(batch))
            if answer.status_code == 409 and "expectedSeq" in answer.json:
                self.acknowledged = answer.json["expectedSeq"] - 1
                continue
            if answer.status_code != 200:
                raise Refused("push", answer)
            for result in answer.json["results"]:
                self.results[result["id"]] = result
            self.acknowledged += len(batch)
            self.receipt = answer.json["receipt"]

    def signed(self, ops: list[dict[str, Any]]) -> dict[str, Any]:
        """A push of these ops, signed over its last one."""
        last = op_hash(ops[-1])
        head = {"seq": ops[-1]["seq"], "hash": last, "sig": sign(self.key, bytes.fromhex(last))}
        return {"deviceId": self.device_id, "ops": ops, "head": head}

    def upload(self) -> None:
        """Send every file that has no receipt yet, from where the server stands."""
        for sha, photo in self.photos.items():
            if photo.receipt is None:
                photo.receipt = self._upload(sha, photo)

    def pull(self) -> None:
        """Take in what is new."""
        acknowledged, more = self.acknowledged, True
        while more:
            answer = self._call("GET", f"/sync/pull?cursor={self.cursor}")
            if answer.status_code == 410:
                self.cursor = ""
                continue
            if answer.status_code != 200:
                raise Refused("pull", answer)
            for doc in answer.json["docs"]:
                self.docs[doc["type"], doc["id"]] = doc
            for gone in answer.json["tombstones"]:
                self.docs.pop((gone["type"], gone["id"]), None)
            self.cursor, more = answer.json["cursor"], answer.json["more"]
        self.pulled_after = acknowledged

    # What this phone knows.

    def visits(self) -> list[dict[str, Any]]:
        """The bodies of the visits it has pulled, in order of serial."""
        found = [doc["body"] for (kind, _), doc in self.docs.items() if kind == "visit"]
        return sorted(found, key=lambda visit: str(visit["serial"]))

    def form(self, sha: str) -> dict[str, Any]:
        """A form it has pulled."""
        content: dict[str, Any] = self.docs["form", sha]["body"]
        return content

    def answers(self, visit_id: str) -> dict[str, Any]:
        """The answers as this phone shows them: pulled ones, under its own that no pull can have shown yet."""
        pulled = [doc["body"] for (kind, _), doc in self.docs.items() if kind == "answer"]
        known = {one["path"]: one["value"] for one in pulled if one["visitId"] == visit_id and one["rev"]}
        return {
            **known,
            **{op["path"]: op["value"] for op in self._unseen(visit_id, "answer.set", "note.set")},
        }

    def digest(self, visit_id: str) -> str:
        """The fingerprint of the document as this phone shows it."""
        pulled = [doc["body"] for (kind, _), doc in self.docs.items() if kind == "evidence"]
        version = self.docs["visit", visit_id]["body"]["procedure"]["version"]
        added = [
            one for one in pulled if one["visitId"] == visit_id and not one["void"] and not one["late"]
        ] + [op["value"] for op in self._unseen(visit_id, "evidence.add")]
        shas = {one["sha"] for one in added if counts_as_signed(one["role"], version)}
        shas -= {op["value"]["sha"] for op in self._unseen(visit_id, "evidence.void")}
        return visit_digest(visit_id, signed_answers(self.answers(visit_id), version), shas)

    def _unseen(self, visit_id: str, *kinds: str) -> list[dict[str, Any]]:
        mine = [op for op in self.log if op["visitId"] == visit_id and op["kind"] in kinds]
        return [op for op in mine if op["seq"] > self.pulled_after]

    def _rev(self, visit_id: str, path: str) -> int:
        doc = self.docs.get(("answer", f"{visit_id} {path}"))
        return int(doc["rev"]) if doc else 0

    def _form_of(self, visit_id: str, path: str) -> str | None:
        matter_id = int(path.split("/")[2])
        matters = self.docs["visit", visit_id]["body"]["matters"]
        return next(str(matter["formSha"]) for matter in matters if matter["id"] == matter_id)

    def _upload(self, sha: str, photo: Photo) -> dict[str, Any]:
        told = {
            "visitId": photo.visit_id,
            "size": len(photo.content),
            "mime": photo.mime,
            "capture": photo.capture,
        }
        signature = sign(self.key, canonical({"sha": sha, **told}))
        answer = self._call("POST", f"/evidence/{sha}", {**told, "sig": signature})
        while answer.status_code in (201, 204, 409) and not _is_whole(answer):
            offset = int(answer.headers["Upload-Offset"])
            piece = photo.content[offset : offset + PIECE]
            more = {"Content-Type": "application/partial-upload", "Upload-Offset": str(offset)}
            answer = self._call("PATCH", f"/evidence/{sha}", body=piece, headers=more)
        if answer.status_code not in (200, 201):
            raise Refused(f"upload {sha[:12]}", answer)
        receipt: dict[str, Any] = answer.json["receipt"]
        return receipt

    def _call(
        self,
        method: str,
        address: str,
        json: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        known = {"X-Device": self.device_id, **(headers or {})}
        if self.push_token:
            known["Authorization"] = f"Bearer {self.push_token}"
        return self.send(method, f"/api/v1{address}", json=json, body=body, headers=known)


def _is_whole(answer: Answer) -> bool:
    return answer.headers.get("Upload-Complete") == "?1"
