"""The published record, and the lines that follow it (draw.md 3). Its shape is record.schema.json, its names are those of
`core.formats`: a change of shape takes a new one, and every released one stays readable."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.core.canonical_json import canonical, digest
from backend.core.formats import DRAW_EVENTS, DRAW_RECORD
from backend.planning.draw.commitment import CommitDocument, commitment_of
from backend.planning.draw.committed_files import FrozenFiles, file_names
from backend.planning.draw.outcome import DrawOutcome
from backend.planning.draw.seed import Beacon, WitnessInput
from backend.planning.matching.rules import Matched

Record = dict[str, Any]
RECORD_FILE, EVENTS_FILE = "record.json", "events.jsonl"


def record_of(
    document: CommitDocument,
    files: FrozenFiles,
    nonce: bytes,
    inputs: Sequence[WitnessInput],
    beacon: Beacon | None,
    outcome: DrawOutcome,
    published_at: datetime,
    previous_record_hash: str | None,
) -> Record:
    """Spell the record, not yet signed. A matching that failed leaves no team and no cap."""
    matched = outcome.matching if isinstance(outcome.matching, Matched) else None
    return {
        **blank_record(document, nonce, published_at, previous_record_hash),
        "inputs": [
            {"name": i.name, "input": i.input, "salt": None if i.salt is None else i.salt.hex()}
            for i in inputs
        ],
        "beacon": {"source": beacon.source, "round": beacon.round, "value": beacon.value.hex()}
        if beacon
        else None,
        "seed": outcome.seed.hex(),
        "strata": [
            {"id": s.id, "quota": s.quota, "cutoff_ticket": s.cutoff_ticket, "shortfall": s.shortfall}
            for s in outcome.strata
        ],
        "picks": [
            {"stratum": s.id, "rank": p.rank, "code": p.code, "ticket": p.ticket}
            for s in outcome.strata
            for p in s.picks
        ],
        "skipped": [
            {
                "stratum": s.id,
                "rank": p.rank,
                "code": p.code,
                "ticket": p.ticket,
                "reason": files.exempt[p.code],
            }
            for s in outcome.strata
            for p in s.skipped
        ],
        "team": [
            {"code": t.code, "leader": t.leader, "members": list(t.members)}
            for t in (matched.teams if matched else ())
        ],
        "cap": matched.cap if matched else None,
    }


def blank_record(
    document: CommitDocument,
    nonce: bytes,
    published_at: datetime,
    previous_record_hash: str | None,
) -> Record:
    """The record of a draw whose inputs were never all shown: nothing was picked, but its place in the chain is kept."""
    return {
        "v": DRAW_RECORD,
        "serial": document["serial"],
        "commit": document,
        "C": commitment_of(document),
        "published_at": published_at.isoformat(),
        "nonce": nonce.hex(),
        "inputs": [],
        "beacon": None,
        "seed": None,
        "strata": [],
        "picks": [],
        "skipped": [],
        "team": [],
        "cap": None,
        "files": file_names(len(document["exclusions"])),
        "previous_record_hash": previous_record_hash,
        "signatures": [],
    }


def record_hash(record: Record) -> str:
    """H(record): the SHA-256 of the canonical record without its signatures."""
    return digest({name: value for name, value in record.items() if name != "signatures"})


def signature_of(
    record: Record, name: str, kind: str, at: datetime, image_sha256: str | None
) -> dict[str, Any]:
    """One person's signature under the record; it covers H(record)."""
    return {
        "name": name,
        "kind": kind,
        "at": at.isoformat(),
        "image_sha256": image_sha256,
        "covers": record_hash(record),
    }


def signatures_hash(record: Record) -> str:
    """The SHA-256 of the canonical signatures; the first event carries it, so that they too stand under the chain."""
    return digest(record["signatures"])


def event_line(
    hashed: str,
    previous: str | None,
    verb: str,
    at: datetime,
    facts: Mapping[str, Any],
    version: str | None = DRAW_EVENTS,
) -> str:
    """One line of events.jsonl: `prev` is the SHA-256 of the line before it (null first), `record` is H(record).

    `digest` is that of the line without it: the last line, which no other follows, is held by it. Lines of the first
    release carry no `version`.
    """
    named = {} if version is None else {"v": version}
    line = {**named, "record": hashed, "prev": previous, "event": verb, "at": at.isoformat(), **facts}
    return canonical({**line, "digest": digest(line)}).decode()


def published(record: Record) -> bytes:
    """The bytes of record.json, made to be read by people too."""
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
