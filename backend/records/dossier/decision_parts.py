"""What was decided, as it is printed: report, approvals, publication, objections, corrections, referrals."""

from datetime import datetime

from backend.core.clock import day_in_china
from backend.decisions.approval.queries import APPROVE, approvals_of
from backend.decisions.objections.models import Objection as ObjectionRow
from backend.decisions.objections.queries import STATUS_WORDS, corrections_of, objections_to
from backend.decisions.referrals.queries import KINDS, referrals_from
from backend.decisions.results.codes import result_codes
from backend.decisions.results.models import Result
from backend.records.documents.content import (
    Approval,
    Correction,
    MatterResult,
    Objection,
    Publication,
    Referral,
    ResultReport,
)

STAGES = {"leader": "组长", "head": "单位负责人"}


def report(results: list[Result]) -> ResultReport | None:
    """检查结果报告; None until it was formed."""
    held = results[0].report if results else None
    if held is None or held.formed_at is None:
        return None
    return ResultReport(
        held.formed_at,
        held.formed_by_name or "",
        tuple(
            MatterResult(r.matter_name, result_codes()[r.code].text, _found(r), r.disposal) for r in results
        ),
        tuple((field, words) for field, words in held.body),
    )


def approvals(visit_id: str) -> tuple[Approval, ...]:
    """Every word that leader and head gave, oldest first."""
    return tuple(
        Approval(
            "同意" if row.decision == APPROVE else "退回",
            f"{row.by_name}（{STAGES.get(row.stage, row.stage)}）",
            row.at,
            row.digest,
            tuple(filter(None, (row.reason, *(f"{i['path']}：{i['reason']}" for i in row.items)))),
            row.image,
        )
        for row in approvals_of(visit_id)
    )


def publications(results: list[Result]) -> tuple[Publication, ...]:
    """Each result that became public or was withheld by law."""
    return tuple(
        Publication(
            r.matter_name,
            result_codes()[r.code].text,
            r.publication_no or "",
            r.published_at,
            tuple(r.channels),
            _withheld(r),
        )
        for r in results
        if r.published_at is not None or r.withheld_at is not None
    )


def objections(results: list[Result]) -> tuple[Objection, ...]:
    """Every objection to the visit's results."""
    return tuple(
        Objection(
            day_in_china(row.received_at),
            row.lodged_by,
            row.grounds,
            _outcome(row),
            day_in_china(row.answered_at) if row.answered_at else None,
        )
        for result in results
        for row in objections_to(result.id)
    )


def corrections(results: list[Result]) -> tuple[Correction, ...]:
    """Every signed correction."""
    return tuple(
        Correction(
            result.publication_no or "",
            row.before["text"],
            row.after["text"],
            row.reason,
            row.signed_by_name or "",
            day_in_china(row.signed_at or row.drafted_at),
        )
        for result in results
        for row in corrections_of(result.id)
    )


def referrals(results: list[Result]) -> tuple[Referral, ...]:
    """Every referral that the results led to."""
    return tuple(
        Referral("", row.receiver, f"{KINDS[row.kind]}：{row.facts}", day_in_china(row.referred_at))
        for result in results
        for row in referrals_from(result.id)
    )


def last_step(results: list[Result]) -> datetime | None:
    """When the latest result was published or withheld."""
    moments = [r.published_at or r.withheld_at for r in results]
    return max((moment for moment in moments if moment), default=None)


def _found(result: Result) -> str:
    return "\n".join(item.get("problem") or item.get("label") or "" for item in result.found)


def _withheld(result: Result) -> str:
    if result.withheld_at is None:
        return ""
    told = f"；定向通报：{result.told_to}" if result.told_to else ""
    return f"{result.withheld_reason or '依法不予公开'}{told}"


def _outcome(row: ObjectionRow) -> str:
    words = STATUS_WORDS.get(row.status, row.status)
    return f"{words}。{row.opinion}" if row.opinion else words
