"""Reads of referrals, and who receives which kind by the agency's rules."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backend.core.errors import NOT_FOUND, Citation, Refusal
from backend.decisions.referrals.models import Referral
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.db import db

KINDS = {"clue": "违法线索移交", "case": "需立案的移送", "crime": "涉嫌犯罪的移送"}
_RECEIVER_KEYS = {"clue": "followup.clues_to", "case": "followup.cases_to", "crime": "followup.crime_to"}


@dataclass(frozen=True)
class Route:
    """One kind of referral, who receives it, and the article that says so."""

    kind: str
    words: str
    receiver: str
    citation: Citation | None


def routes(task_id: int) -> list[Route]:
    """Every kind of referral by the rules of the task that led to it."""
    profile = rules_of_task(task_id)
    return [
        Route(kind, words, profile.text(_RECEIVER_KEYS[kind]), profile.cite(_RECEIVER_KEYS[kind]))
        for kind, words in KINDS.items()
    ]


def referral_of(agency_id: int, referral_id: int) -> Referral:
    """The agency's referral; refused as not found otherwise."""
    query = select(Referral).where(Referral.agency_id == agency_id, Referral.id == referral_id)
    found = db.session.scalar(query.options(joinedload(Referral.result)))
    if found is None:
        raise Refusal(NOT_FOUND, what="这件移送")
    return found


def referrals_of(agency_id: int) -> list[Referral]:
    """Every referral of the agency: unanswered ones first, then the newest."""
    query = select(Referral).where(Referral.agency_id == agency_id).options(joinedload(Referral.result))
    return list(db.session.scalars(query.order_by(Referral.replied_at.is_not(None), Referral.id.desc())))


def referrals_from(result_id: int) -> list[Referral]:
    """The referrals a result led to, oldest first."""
    return list(
        db.session.scalars(select(Referral).where(Referral.result_id == result_id).order_by(Referral.id))
    )
