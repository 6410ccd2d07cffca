"""A visit's own rules: its states, the digest that a signature binds, and what still stands between it and 提交.

Source: sync.md "Conflicts", 003 art. 15 (two inspectors, signatures, refusal), the contract's visit digest. Pure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from backend.core.canonical_json import digest
from backend.fieldwork.changes.rules import Gap


class VisitStatus(StrEnum):
    """Where a visit stands between dispatch and the leader's approval."""

    DISPATCHED = "dispatched"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    """Its entity was replaced before anyone began: it is off the phones, and was never an inspection."""


CAPTURING = frozenset((VisitStatus.DISPATCHED, VisitStatus.IN_PROGRESS, VisitStatus.RETURNED))
FINISHED = frozenset((VisitStatus.APPROVED, VisitStatus.CLOSED, VisitStatus.WITHDRAWN))

STATUS_WORDS = {
    VisitStatus.DISPATCHED: "已派发",
    VisitStatus.IN_PROGRESS: "在查",
    VisitStatus.SUBMITTED: "待审批",
    VisitStatus.RETURNED: "退回补正",
    VisitStatus.APPROVED: "已审批",
    VisitStatus.CLOSED: "无法检查",
    VisitStatus.WITHDRAWN: "已撤回",
}

NUMBER_WORDS = {"notice": "检通", "record": "检录", "rectification": "责改"}
"""Kinds of documents issued at the door, with the words that stand in their numbers."""

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
STEP_WORDS = {
    "certificates": "出示执法证件",
    "notice": "送达检查通知书",
    "recording": "开启执法记录",
    "withdrawalAsked": "询问是否申请回避",
}
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


def task_done_on(ends: Sequence[date | None], window_to: date) -> date:
    """The day a unit's task is done: its last visit's end, at the latest the window's.

    `ends` holds for each visit the day it was submitted or closed, None while it is under way.
    """
    finished = [end for end in ends if end is not None]
    if not finished or len(finished) < len(ends):
        return window_to
    return min(max(finished), window_to)


@dataclass(frozen=True)
class Signed:
    """One signature as the rules see it: whose, in which role, over which digest."""

    role: str
    user_id: int | None
    digest: str


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


def document_number(prefix: str, kind: str, year: int, ordinal: int) -> str:
    """文号 such as 示工信检通〔2026〕0007号."""
    return f"{prefix}{NUMBER_WORDS[kind]}〔{year}〕{ordinal:04d}号"


def may_change(status: VisitStatus, path: str, returned: Collection[str]) -> bool:
    """Whether an answer at `path` may still change: a returned visit reopens only what was returned.

    A table is returned as a whole: its cells stand at `<path>/rows/…`.
    """
    reopened = path in returned or path.partition("/rows/")[0] in returned
    return status in CAPTURING and (status is not VisitStatus.RETURNED or reopened)


def is_note_path(path: str) -> bool:
    """Whether `path` is a field of the on-site record or a step at the door."""
    return path in _NOTE_PATHS


_NOTE_PATHS = {f"/record/{name}" for name in RECORD_FIELDS} | {f"/steps/{name}" for name in STEP_WORDS}
