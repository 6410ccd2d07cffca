"""The commit document: everything that could steer a draw, fixed and published before any input (draw.md 1.4)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.core.canonical_json import digest
from backend.core.formats import DRAW_RECORD
from backend.planning.annual_plan.quotas import Allocation, Stratum, quotas_of
from backend.planning.draw.committed_files import FrozenFiles
from backend.planning.matching.rules import MatchingRules

FEWEST_DIGITS, MOST_DIGITS = 4, 12
NONCE_BYTES = 32

CommitDocument = dict[str, Any]


@dataclass(frozen=True)
class CampaignTask:
    """One task of the campaign, with the matters it checks and the strata it draws from."""

    id: str
    matters: tuple[str, ...]
    strata: tuple[str, ...]


@dataclass(frozen=True)
class CommittedWitness:
    """A witness named before the draw; `commitment` only where the input was sealed beforehand."""

    name: str
    kind: str
    commitment: str | None = None


@dataclass(frozen=True)
class Campaign:
    """What a draw is about. Windows are calendar days, both ends included."""

    serial: str
    title: str
    masked: bool
    window: tuple[date, date]
    tasks: tuple[CampaignTask, ...]
    strata: tuple[Stratum, ...]
    allocation: Allocation | None
    matching: MatchingRules
    witnesses: tuple[CommittedWitness, ...]
    input_digits: int | None
    beacon: tuple[str, str] | None
    software: str
    reveal_by: date


def nonce_hash(nonce: bytes) -> str:
    """What the commitment says of the nonce."""
    return hashlib.sha256(nonce).hexdigest()


def commit_document(campaign: Campaign, files: FrozenFiles, nonce: bytes) -> CommitDocument:
    """Spell the commit document. Raises ValueError when nothing outside the nonce would decide."""
    if not campaign.witnesses and campaign.beacon is None:
        raise ValueError("a draw needs a witness or a beacon: else the nonce's holder picks")
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes")
    begin, end = campaign.window
    allocation, beacon = campaign.allocation, campaign.beacon
    return {
        "v": DRAW_RECORD,
        "serial": campaign.serial,
        "title": campaign.title,
        "codes": "masked" if campaign.masked else "open",
        "window": {"from": begin.isoformat(), "to": end.isoformat()},
        "tasks": [
            {"id": task.id, "matters": list(task.matters), "strata": list(task.strata)}
            for task in campaign.tasks
        ],
        "strata": _strata(campaign.strata, allocation),
        "allocation": {"total": allocation.total, "weights": dict(allocation.weights)}
        if allocation
        else None,
        "roster": files.roster.described,
        "inspectors": files.inspectors.described,
        "recusals": files.recusals.described,
        "exemptions": files.exemptions.described,
        "exclusions": [{"reason": e.reason, **e.file.described} for e in files.exclusions],
        "matching": campaign.matching.described,
        "nonce_hash": nonce_hash(nonce),
        "input_digits": campaign.input_digits,
        "witnesses": [
            {"name": w.name, "kind": w.kind, "commitment": w.commitment} for w in campaign.witnesses
        ],
        "beacon": {"source": beacon[0], "round": beacon[1]} if beacon else None,
        "software": campaign.software,
        "reveal_by": campaign.reveal_by.isoformat(),
    }


def commitment_of(document: CommitDocument) -> str:
    """C: the SHA-256 of the canonical commit document, in hex."""
    return digest(document)


def is_spoken_input(text: str, digits: int) -> bool:
    """Whether `text` is exactly the committed number of ASCII digits."""
    return len(text) == digits and text.isascii() and text.isdigit()


def _strata(strata: Sequence[Stratum], allocation: Allocation | None) -> list[dict[str, Any]]:
    quotas = quotas_of(list(strata), allocation)
    return [
        {
            "id": s.id,
            "population": s.population,
            "ratio": list(s.ratio) if s.ratio else None,
            "quota": quotas[s.id],
        }
        for s in strata
    ]
