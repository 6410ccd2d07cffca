"""The ceremony from the first witness to the lock: inputs, seed and picks, signatures, lock."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import filetype
from sqlalchemy import select

from backend.core.errors import (
    ALREADY_SIGNED,
    DRAW_NOT_IN_STATE,
    EARLIER_DRAW_OPEN,
    INVALID_INPUT,
    NOT_FOUND,
    NOT_PRESENT_AT_DRAW,
    SIGNATURE_NOT_A_PICTURE,
    SIGNATURES_MISSING,
    WITNESS_INPUT_GIVEN,
    WITNESS_INPUT_WRONG,
    WITNESSES_STILL_WRITING,
    Refusal,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.draw.commit import NONCE_SEAL
from backend.planning.draw.commitment import is_spoken_input
from backend.planning.draw.events import tell
from backend.planning.draw.files_at_rest import kept_files, known_entities, known_inspectors
from backend.planning.draw.models import Draw, DrawSignature, DrawWitness, Pick
from backend.planning.draw.outcome import DrawOutcome, outcome_of, picked_entities
from backend.planning.draw.queries import draw_before, draw_of
from backend.planning.draw.record import (
    RECORD_FILE,
    published,
    record_hash,
    record_of,
    signature_of,
    signatures_hash,
)
from backend.planning.draw.roster import tasks_of_draw
from backend.planning.draw.seed import WitnessInput
from backend.planning.draw.words import HOST, STATUSES
from backend.planning.matching.models import Seat
from backend.planning.matching.rules import Matched
from backend.planning.tasks.serials import locked_agency
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.plumbing.sealing import seal, unseal

INPUT_SEAL = "draw input"
LARGEST_IMAGE = 10_000_000


@dataclass(frozen=True)
class Signer:
    """Someone present who signs: a witness, or the host."""

    name: str
    kind: str
    signed_at: datetime | None


def enter_input(actor: Actor, draw_id: int, position: int, digits: str) -> None:
    """Take down one witness's digits, covered: nobody sees them until all are in."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        draw = in_state(actor, draw_id, "committed", "取数")
        witness = next((w for w in draw.witnesses if w.position == position), None)
        if witness is None:
            raise Refusal(NOT_FOUND, what="这名见证人")
        if witness.input_sealed is not None:
            raise Refusal(WITNESS_INPUT_GIVEN, name=witness.name)
        if not is_spoken_input(digits, draw.commit_doc["input_digits"]):
            raise Refusal(WITNESS_INPUT_WRONG, name=witness.name, digits=draw.commit_doc["input_digits"])
        witness.input_sealed = seal(INPUT_SEAL, digits.encode())
        record(actor, "draw.input", "draw", draw.id, after={"witness": witness.name})


def draw_now(actor: Actor, draw_id: int) -> None:
    """Show every input at once and compute the seed, the picks and the teams."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        locked_agency(actor.agency_id)
        draw = in_state(actor, draw_id, "committed", "抽取")
        waiting = [w.name for w in draw.witnesses if w.input_sealed is None]
        if waiting:
            raise Refusal(WITNESSES_STILL_WRITING, names="、".join(waiting))
        compute(draw)
        draw.status = "drawn"
        for task in tasks_of_draw(draw):
            task.status = "drawn"
        after = {"record": draw.record_hash, "picks": len(draw.picks)}
        record(actor, "draw.draw", "draw", draw.id, after=after)


def compute(draw: Draw) -> None:
    """Open nonce and inputs, compute the outcome and keep it as record, picks and seats."""
    previous = previous_hash(draw)
    nonce = unseal(NONCE_SEAL, draw.nonce_sealed)
    inputs = [_opened(witness) for witness in draw.witnesses]
    files = kept_files(draw)
    outcome = outcome_of(draw.commit_doc, files, nonce, inputs)
    draw.record = record_of(draw.commit_doc, files, nonce, inputs, None, outcome, draw.published_at, previous)
    draw.record_hash = record_hash(draw.record)
    draw.drawn_at = now()
    _keep_picks(draw, outcome)


def sign(actor: Actor, draw_id: int, name: str, kind: str, image: bytes | None) -> None:
    """One person present signs the record; `image` is a picture of the signature or of the signed sheet."""
    require(actor, Capability.HOLD_DRAW)
    if image is not None and len(image) > LARGEST_IMAGE:
        raise Refusal(INVALID_INPUT, detail="签名照片不超过 10 MB")
    if image is not None and not filetype.is_image(image):
        raise Refusal(SIGNATURE_NOT_A_PICTURE)
    with transaction():
        draw = in_state(actor, draw_id, "drawn", "签字")
        signer = next((s for s in signers_of(draw) if (s.name, s.kind) == (name, kind)), None)
        if signer is None:
            raise Refusal(NOT_PRESENT_AT_DRAW, name=name)
        if signer.signed_at is not None:
            raise Refusal(ALREADY_SIGNED, name=name)
        assert draw.record_hash is not None, "a drawn draw has a record"
        sha256 = hashlib.sha256(image).hexdigest() if image else None
        if image and sha256:
            store().put(f"{draw.folder}/signatures/{sha256}", image)
        signature = DrawSignature(
            name=name, kind=kind, at=now(), image_sha256=sha256, covers=draw.record_hash
        )
        draw.signatures.append(signature)
        record(actor, "draw.sign", "draw", draw.id, after={"name": name, "covers": draw.record_hash})


def lock(actor: Actor, draw_id: int) -> None:
    """Fix the record for good: signed by everyone present, chained to the one before, written to the store."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        draw = in_state(actor, draw_id, "drawn", "锁定")
        missing = [signer.name for signer in signers_of(draw) if signer.signed_at is None]
        if missing:
            citation = profile_for(actor.agency_id).cite("draw.record_signed_by_all")
            raise Refusal(SIGNATURES_MISSING, citation=citation, names="、".join(missing))
        seal_record(draw)
        draw.status, draw.locked_at = "locked", now()
        settle_tasks(draw)
        assert draw.record is not None, "a drawn draw has a record"
        tell(draw, "locked", {"signatures": signatures_hash(draw.record)})
        record(actor, "draw.lock", "draw", draw.id, after={"record": draw.record_hash})


def settle_tasks(draw: Draw) -> None:
    """A locked draw's tasks can be dispatched once no seat of theirs is empty."""
    vacant = db.session.scalar(
        select(Seat.id)
        .where(Seat.draw_id == draw.id, Seat.status == "seated", Seat.inspector_id.is_(None))
        .limit(1)
    )
    for task in tasks_of_draw(draw):
        task.status = "matched" if vacant is None else "drawn"


def seal_record(draw: Draw) -> None:
    """Lay the signatures under the record and write it to the store."""
    assert draw.record is not None, "a drawn draw has a record"
    signatures = [signature_of(draw.record, s.name, s.kind, s.at, s.image_sha256) for s in draw.signatures]
    draw.record = {**draw.record, "signatures": signatures}
    store().put(f"{draw.folder}/{RECORD_FILE}", published(draw.record))


def signers_of(draw: Draw) -> list[Signer]:
    """Everyone present: the witnesses in their order, then the host."""
    signed = {(s.name, s.kind): s.at for s in draw.signatures}
    present = [(w.name, w.kind) for w in draw.witnesses] + [(draw.committed_by_name, HOST)]
    return [Signer(name, kind, signed.get((name, kind))) for name, kind in present]


def in_state(actor: Actor, draw_id: int, status: str, step: str) -> Draw:
    """The draw, read anew in the agency's turn. Refuses where it is in another state."""
    hold_chain(actor.agency_id)
    draw = draw_of(actor.agency_id, draw_id)
    db.session.refresh(draw, with_for_update=True)
    if draw.status != status:
        raise Refusal(DRAW_NOT_IN_STATE, serial=draw.serial, state=STATUSES[draw.status], step=step)
    return draw


def previous_hash(draw: Draw) -> str | None:
    """H(record) of the serial before; refused while that one is open, for the records form a chain."""
    before = draw_before(draw)
    if before is not None and before.record_hash is None:
        raise Refusal(EARLIER_DRAW_OPEN, serial=before.serial)
    return before.record_hash if before else None


def _opened(witness: DrawWitness) -> WitnessInput:
    assert witness.input_sealed is not None, "every input was checked to be there"
    witness.input = unseal(INPUT_SEAL, witness.input_sealed).decode()
    return WitnessInput(witness.name, witness.input)


def _keep_picks(draw: Draw, outcome: DrawOutcome) -> None:
    entities, inspectors = known_entities(draw), known_inspectors(draw)
    tasks = {task.serial: task.id for task in tasks_of_draw(draw)}
    task_of_stratum = {s: tasks[task["id"]] for task in draw.commit_doc["tasks"] for s in task["strata"]}
    first: dict[str, Pick] = {}
    for stratum in outcome.strata:
        for ticket in stratum.picks:
            pick = Pick(
                task_id=task_of_stratum[stratum.id],
                entity_id=entities[ticket.code].entity_id,
                code=ticket.code,
                stratum=stratum.id,
                rank=ticket.rank,
                ticket=ticket.ticket,
                status="picked",
            )
            draw.picks.append(pick)
            first.setdefault(ticket.code, pick)
    db.session.flush()
    seats = draw.commit_doc["matching"]["seats"]
    teams = (
        {team.code: team.inspectors for team in outcome.matching.teams}
        if isinstance(outcome.matching, Matched)
        else {code: (None,) * seats for code, _ in picked_entities(outcome.strata)}
    )
    for code, team in teams.items():
        for position, draw_id in enumerate(team):
            db.session.add(
                Seat(
                    draw_id=draw.id,
                    pick_id=first[code].id,
                    entity_id=first[code].entity_id,
                    position=position,
                    inspector_id=inspectors[draw_id].inspector_id if draw_id else None,
                    inspector_draw_id=draw_id,
                    status="seated",
                )
            )
    db.session.flush()
