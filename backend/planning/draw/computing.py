"""Show every input at once, then compute: seed, picks, teams.

Showing is one short transaction, and from then on the outcome is fixed. A server that dies in between loses nothing:
whoever computes next, here or elsewhere, gets the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from backend.core.errors import (
    BEACON_MISSING,
    COMMITMENT_ALTERED,
    FROZEN_FILE_ALTERED,
    ROSTER_ALTERED,
    WITNESSES_STILL_WRITING,
    Refusal,
)
from backend.foundation.audit.actions import record
from backend.foundation.jobs.actions import enqueue, progress
from backend.foundation.jobs.models import Job
from backend.foundation.jobs.queries import is_under_way
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.actions import in_state, previous_hash
from backend.planning.draw.commit import AT_ONCE, NONCE_SEAL
from backend.planning.draw.commitment import commitment_of
from backend.planning.draw.committed_files import FrozenFiles
from backend.planning.draw.files_at_rest import kept_files, known_entities, known_inspectors
from backend.planning.draw.freezing import Report
from backend.planning.draw.frozen_table import entity_ids, rows_of, table_root, write_rows
from backend.planning.draw.inputs import uncovered
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.outcome import DrawOutcome, outcome_over, picked_entities
from backend.planning.draw.pinned_rules import rules_of_draw
from backend.planning.draw.prefilter import FrozenTable
from backend.planning.draw.queries import draw_of, tasks_of_draw
from backend.planning.draw.record import Record, record_hash, record_of
from backend.planning.draw.seed import Beacon, WitnessInput
from backend.planning.draw.tickets import InMemory, Roster
from backend.planning.matching.models import Seat
from backend.planning.matching.rules import Matched
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.sealing import unseal

COMPUTE_JOB = "draw.compute"
WRITTEN_AT_ONCE = 5_000
ALTERATIONS = (ROSTER_ALTERED, FROZEN_FILE_ALTERED, COMMITMENT_ALTERED)


@dataclass(frozen=True)
class Computed:
    """A record that is not kept yet, and the outcome it spells."""

    record: Record
    outcome: DrawOutcome


def draw_now(actor: Actor, draw_id: int) -> None:
    """Show every input at once and compute the seed, the picks and the teams; over a large roster as a job."""
    require(actor, Capability.HOLD_DRAW)
    show_inputs(actor, draw_id)
    draw = draw_of(actor.agency_id, draw_id)
    if draw.commit_doc["roster"]["rows"] <= AT_ONCE:
        compute_now(actor, draw_id)
        return
    with transaction():
        draw = in_state(actor, draw_id, "committed", "抽取")
        if not is_under_way(draw.job_id):
            draw.job_id = enqueue(actor, COMPUTE_JOB, draw_id=draw.id).id


def show_inputs(actor: Actor, draw_id: int) -> None:
    """Uncover every input in one moment; nothing of it can change afterwards. Done already: nothing happens."""
    with transaction():
        draw = in_state(actor, draw_id, "committed", "抽取")
        previous_hash(draw)
        if draw.shown_at is not None:
            return
        waiting = [w.name for w in draw.witnesses if w.input_sealed is None]
        if waiting:
            cited = rules_of_draw(draw).ground("draw.witnesses_min")
            raise Refusal(WITNESSES_STILL_WRITING, cited, names="、".join(waiting))
        if (announced := draw.commit_doc["beacon"]) and draw.beacon_value is None:
            raise Refusal(BEACON_MISSING, source=announced["source"], round=announced["round"])
        for witness in draw.witnesses:
            given = uncovered(witness)
            witness.input, witness.salt = given.input, given.salt.hex() if given.salt else None
        draw.shown_at = now()
        record(actor, "draw.show_inputs", "draw", draw.id, after={"witnesses": len(draw.witnesses)})


def compute_as_job(actor: Actor, job: Job) -> None:
    """The job of a large roster."""
    compute_now(actor, job.args["draw_id"], lambda done, total: progress(job, done, total))


def compute_now(actor: Actor, draw_id: int, report: Report = lambda _done, _total: None) -> None:
    """Compute without holding anybody up, then keep record, picks and seats in one transaction."""
    draw = draw_of(actor.agency_id, draw_id)
    try:
        computed = computed_record(draw, report)
    except Refusal as refusal:
        _note_alteration(actor, draw_id, refusal)
        raise
    large = draw.commit_doc["roster"]["rows"] > AT_ONCE
    if large:
        # In pieces, so that nobody else waits; until the draw says that it is drawn they count for nothing.
        with transaction():
            draw = in_state(actor, draw_id, "committed", "抽取")
            forget_picks(draw)
        keep_picks(draw, computed.outcome)
    with transaction():
        draw = in_state(actor, draw_id, "committed", "抽取")
        keep(draw, computed, with_picks=not large)
        draw.status = "drawn"
        for task in tasks_of_draw(draw):
            task.status = "drawn"
        after = {"record": draw.record_hash, "picks": len(computed.record["picks"])}
        record(actor, "draw.draw", "draw", draw.id, after=after)


def computed_record(draw: Draw, report: Report = lambda _done, _total: None) -> Computed:
    """The record that follows from what was committed and given. Refuses when anything of it was changed since."""
    size = draw.commit_doc["roster"]["rows"]
    if commitment_of(draw.commit_doc) != draw.commitment:
        raise Refusal(COMMITMENT_ALTERED)
    files = kept_files(draw)
    report(0, 3 * size)
    roster = _roster(draw, files)
    report(size, 3 * size)
    nonce, inputs, beacon = unseal(NONCE_SEAL, draw.nonce_sealed), _inputs(draw), _beacon(draw)
    outcome = outcome_over(roster, draw.commit_doc, files, nonce, inputs, beacon)
    report(2 * size, 3 * size)
    _hold_to_copy(draw, outcome)
    previous = previous_hash(draw)
    spelled = record_of(draw.commit_doc, files, nonce, inputs, beacon, outcome, draw.published_at, previous)
    return Computed(spelled, outcome)


def _hold_to_copy(draw: Draw, outcome: DrawOutcome) -> None:
    """The table's own column of who is who is in no root: those drawn are held to the oversight copy, and that to C."""
    codes = {code for code, _ in picked_entities(outcome.strata)}
    known = known_entities(draw, codes)
    known_inspectors(draw)
    if any(known[code].entity_id != entity_id for code, entity_id in entity_ids(draw, codes).items()):
        raise Refusal(ROSTER_ALTERED)


def _roster(draw: Draw, files: FrozenFiles) -> Roster:
    """The table, held to the committed root; a draw committed before there was a table has its files alone."""
    if draw.preparation_id is None:
        return InMemory(files.strata)
    if table_root(draw.preparation_id) != draw.commit_doc["roster"]["root"]:
        raise Refusal(ROSTER_ALTERED)
    return FrozenTable(draw.preparation_id)


def keep(draw: Draw, computed: Computed, with_picks: bool = True) -> None:
    """Write a computed record, its picks and its seats, in the caller's transaction. A rehearsal keeps the record alone."""
    draw.record, draw.record_hash = computed.record, record_hash(computed.record)
    draw.drawn_at = now()
    if with_picks:
        forget_picks(draw)
        keep_picks(draw, computed.outcome)


def restore_roster(actor: Actor, draw_id: int) -> None:
    """Fill the table anew from the frozen file, which is held to its published root."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        draw = in_state(actor, draw_id, "committed", "恢复名录")
        files = kept_files(draw)
        record(actor, "draw.restore_roster", "draw", draw.id, after={"root": files.roster.root})
    assert draw.preparation_id is not None, "a draw without a table has nothing to restore"
    write_rows(draw.preparation_id, rows_of(files.roster, known_entities(draw)), lambda _done: None)


def _note_alteration(actor: Actor, draw_id: int, refusal: Refusal) -> None:
    if refusal.problem not in ALTERATIONS:
        return
    with transaction():
        draw = draw_of(actor.agency_id, draw_id)
        record(actor, "draw.found_altered", "draw", draw.id, after={"what": refusal.sentence_zh})


def _inputs(draw: Draw) -> Sequence[WitnessInput]:
    return [uncovered(witness) for witness in draw.witnesses]


def _beacon(draw: Draw) -> Beacon | None:
    announced = draw.commit_doc["beacon"]
    if announced is None or draw.beacon_value is None:
        return None
    return Beacon(announced["source"], announced["round"], bytes.fromhex(draw.beacon_value))


def forget_picks(draw: Draw) -> None:
    """What a computation that died had left goes; in the turn of whoever knows that the draw is not drawn yet."""
    db.session.execute(delete(Seat).where(Seat.draw_id == draw.id))
    db.session.execute(delete(Pick).where(Pick.draw_id == draw.id))


def keep_picks(draw: Draw, outcome: DrawOutcome) -> None:
    """Write picks and seats, a piece at a time."""
    if draw.rehearsal or not any(stratum.picks for stratum in outcome.strata):
        return
    entities = entity_ids(draw, [code for code, _ in picked_entities(outcome.strata)])
    _write(Pick, _pick_rows(draw, outcome, entities))
    first: dict[str, int] = {}
    written = select(Pick.id, Pick.code).where(Pick.draw_id == draw.id).order_by(Pick.id)
    for pick_id, code in db.session.execute(written):
        first.setdefault(code, pick_id)
    _write(Seat, _seat_rows(draw, outcome, first, entities))
    db.session.expire(draw, ["picks"])


def _write(table: type[Pick] | type[Seat], rows: list[dict[str, Any]]) -> None:
    for at in range(0, len(rows), WRITTEN_AT_ONCE):
        with transaction():
            db.session.execute(insert(table), rows[at : at + WRITTEN_AT_ONCE])


def _pick_rows(draw: Draw, outcome: DrawOutcome, entities: dict[str, int]) -> list[dict[str, Any]]:
    tasks = {task.serial: task.id for task in tasks_of_draw(draw)}
    task_of_stratum = {s: tasks[task["id"]] for task in draw.commit_doc["tasks"] for s in task["strata"]}
    return [
        {
            "draw_id": draw.id,
            "task_id": task_of_stratum[stratum.id],
            "entity_id": entities[ticket.code],
            "code": ticket.code,
            "stratum": stratum.id,
            "rank": ticket.rank,
            "ticket": ticket.ticket,
            "status": "picked",
        }
        for stratum in outcome.strata
        for ticket in stratum.picks
    ]


def _seat_rows(
    draw: Draw, outcome: DrawOutcome, picks: dict[str, int], entities: dict[str, int]
) -> list[dict[str, Any]]:
    inspectors, seats = known_inspectors(draw), draw.commit_doc["matching"]["seats"]
    teams = (
        {team.code: team.inspectors for team in outcome.matching.teams}
        if isinstance(outcome.matching, Matched)
        else dict.fromkeys(picks, (None,) * seats)
    )
    return [
        {
            "draw_id": draw.id,
            "pick_id": picks[code],
            "entity_id": entities[code],
            "position": position,
            "inspector_id": inspectors[draw_id].inspector_id if draw_id else None,
            "inspector_draw_id": draw_id,
            "status": "seated",
        }
        for code, team in teams.items()
        for position, draw_id in enumerate(team)
    ]
