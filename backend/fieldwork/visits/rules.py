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
STEP_WORDS = {
    "precheck": "预查比对",
    "method": "检查方式",
    "certificates": "出示执法证件",
    "notice": "送达检查通知书",
    "recording": "开启执法记录",
    "withdrawalAsked": "询问是否申请回避",
    "rights": "告知权利、听取陈述申辩",
}
DELIVERY_WORDS = {"notice": "通知书", "rectification": "责令改正通知书", "stop": "责令停止通知书"}
ORDER_WORDS = {
    "rectification": "责令改正",
    "stop": "责令停止",
    "referral": "线索移送",
    "evidence": "证据清单",
}
PAPERS = ("notice", "record", "rectification", "stop", "referral", "evidence", "obstacle")
SIGNED_IN_INK = frozenset(("signed_sheet", "stamp"))
"""Roles of evidence that stand for a signature and are no part of what is signed."""


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
    asks_party: bool = True,
) -> list[Gap]:
    """Every inspector signs; the party signs, or refuses and the inspectors' statement says so (003 art. 15).

    `team` is (user id, name) of those who were there. Only what was given over this very digest counts.
    """
    current = [one for one in signatures if one.digest == digest]
    signed = {one.user_id for one in current if one.role == "inspector"}
    gaps = [Gap("inspector-signature", name) for user_id, name in team if user_id not in signed]
    by_party = any(one.role == "party" for one in current) or digest in refusal_digests
    if asks_party and not by_party:
        gaps.append(Gap("party-signature", "当事人"))
    return gaps


def document_number(prefix: str, kind: str, year: int, ordinal: int) -> str:
    """文号 such as 示工信检通〔2026〕0007号."""
    return f"{prefix}{NUMBER_WORDS[kind]}〔{year}〕{ordinal:04d}号"


def may_change(status: VisitStatus, path: str, returned: Collection[str]) -> bool:
    """Whether an answer at `path` may still change: a returned visit reopens what was returned and what follows from it.

    A table is returned as a whole: its cells stand at `<path>/rows/…`.
    """
    if status is not VisitStatus.RETURNED:
        return status in CAPTURING
    reopened = path in returned or path.partition("/rows/")[0] in returned
    return reopened or path.startswith(_FOLLOWS) or path in _WRITTEN_AFTERWARDS


_FOLLOWS = ("/orders/", "/deliveries/rectification", "/deliveries/stop", "/results/", "/papers/")
_WRITTEN_AFTERWARDS = ("/record/situation", "/record/partyOpinion", "/record/endedAt")


def is_note_path(path: str, matters: Collection[int], team: Collection[int]) -> bool:
    """Whether `path` is a field of the on-site record or a part of the walk of a visit of these matters and this team."""
    family, _, name = path.rpartition("/")
    if family in ("/results", "/forms"):
        return name in {str(one) for one in matters}
    if family in ("/presence", "/recusals"):
        return name in {str(one) for one in team}
    return path in _NOTE_PATHS


def form_choice_of(path: str) -> int | None:
    """The matter for which another form is chosen at `path`; None for any other path."""
    family, _, name = path.rpartition("/")
    return int(name) if family == "/forms" and name.isdecimal() else None


def is_recusal_path(path: str) -> bool:
    """Whether somebody is asked at `path` to stand back; such an answer is told to the head."""
    return path.startswith("/recusals/")


_NOTE_PATHS = {
    "/exception",
    *(f"/record/{name}" for name in RECORD_FIELDS),
    *(f"/steps/{name}" for name in STEP_WORDS),
    *(f"/deliveries/{name}" for name in DELIVERY_WORDS),
    *(f"/orders/{name}" for name in ORDER_WORDS),
    *(f"/papers/{name}" for name in PAPERS),
}


def signed_answers(answers: Mapping[str, Any], version: int) -> dict[str, Any]:
    """What of the answers is signed: all but the notes about paper, which stand for signatures themselves."""
    return {path: value for path, value in answers.items() if not version or not path.startswith("/papers/")}


def counts_as_signed(role: str, version: int) -> bool:
    """Whether evidence of this role is part of what is signed; a photographed signature is not."""
    return not version or role not in SIGNED_IN_INK
