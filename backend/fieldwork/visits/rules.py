"""A visit's own rules: its states, the digest that a signature binds, and what still stands between it and 提交.

Source: sync.md "Conflicts", 003 art. 15 (two inspectors, signatures, refusal), the contract's visit digest. Pure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backend.core.canonical_json import digest


class VisitStatus(StrEnum):
    """Where a visit stands between dispatch and the leader's approval."""

    DISPATCHED = "dispatched"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    CLOSED = "closed"


CAPTURING = frozenset((VisitStatus.DISPATCHED, VisitStatus.IN_PROGRESS, VisitStatus.RETURNED))
FINISHED = frozenset((VisitStatus.APPROVED, VisitStatus.CLOSED))

RECORD_FIELDS = (
    "situation",
    "partyOpinion",
    "siteContactName",
    "siteContactPost",
    "siteContactPhone",
    "startedAt",
    "endedAt",
    "recordingNote",
)
REQUIRED_RECORD_FIELDS = ("situation", "startedAt", "endedAt")
STEPS = ("certificates", "notice", "recording", "withdrawalAsked")
REQUIRED_STEPS = ("certificates", "notice")


def visit_digest(visit_id: str, answers: Mapping[str, Any], evidence: Iterable[str]) -> str:
    """The fingerprint of what is being signed: every answer by path, every piece of evidence that is not void."""
    return digest(
        {
            "visitId": visit_id,
            "answers": [[path, answers[path]] for path in sorted(answers, key=_by_utf16)],
            "evidence": sorted(set(evidence)),
        }
    )


def _by_utf16(path: str) -> bytes:
    return path.encode("utf-16-be")


@dataclass(frozen=True)
class Signed:
    """One signature as the rules see it: whose, in which role, over which digest."""

    role: str
    user_id: int | None
    digest: str


@dataclass(frozen=True)
class Gap:
    """One thing that stands in the way: a code, and the path or person it concerns."""

    code: str
    what: str


def missing_signatures(
    digest: str,
    team: Sequence[tuple[int, str]],
    signatures: Collection[Signed],
    refusal_digests: Collection[str],
) -> list[Gap]:
    """Every inspector signs; the party signs, or refuses and the inspectors' statement says so (003 art. 15).

    `team` is (user id, name). Only what was given over this very digest counts.
    """
    current = [one for one in signatures if one.digest == digest]
    signed = {one.user_id for one in current if one.role == "inspector"}
    gaps = [Gap("inspector-signature", name) for user_id, name in team if user_id not in signed]
    if not any(one.role == "party" for one in current) and digest not in refusal_digests:
        gaps.append(Gap("party-signature", "当事人"))
    return gaps


def missing_record(answers: Mapping[str, Any]) -> list[Gap]:
    """The fields of the on-site record and the steps at the door without which it is no record."""
    fields = [Gap("record", f"/record/{name}") for name in REQUIRED_RECORD_FIELDS]
    steps = [Gap("step", f"/steps/{name}") for name in REQUIRED_STEPS]
    return [gap for gap in (*steps, *fields) if not _filled(answers.get(gap.what))]


def _filled(value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(value.get("done") or str(value.get("text") or "").strip())
    return value is not None and str(value).strip() != ""


def may_change(status: VisitStatus, path: str, returned: Collection[str]) -> bool:
    """Whether an answer at `path` may still change: a returned visit reopens only what was returned."""
    return status in CAPTURING and (status is not VisitStatus.RETURNED or path in returned)


def path_fault(path: str, items: Collection[str]) -> bool:
    """Whether `path` is no place for an answer: not an item of the pinned forms, a record field or a step."""
    known_notes = {f"/record/{name}" for name in RECORD_FIELDS} | {f"/steps/{name}" for name in STEPS}
    return path not in items and path not in known_notes
