"""What planning adds to a dossier: the task, the proof of the draw, the matching."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import companions_of_visit
from backend.foundation.accounts.queries import departments_of
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.planning.adjustments.models import Adjustment
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.planning.companions.rules import ROLES, WAYS
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.seed import keys_of
from backend.planning.matching import models as matching_models
from backend.planning.received.queries import list_of, listed_entity, teams_of
from backend.planning.reinforcements.queries import reinforcements_of
from backend.planning.reinforcements.rules import WAYS as REINFORCEMENT_WAYS
from backend.planning.tasks.models import Task
from backend.planning.tasks.rules import ORIGINS
from backend.plumbing.db import db
from backend.plumbing.files import store
from backend.plumbing.spreadsheets import XLSX
from backend.records.documents.content import (
    Companion,
    DrawProof,
    DrawWitness,
    Matching,
    ReceivedList,
    Recusal,
    Reinforcement,
    Replacement,
    TaskNotice,
)
from backend.registers.inspectors.models import Inspector

VACANT = "空缺"


def task_notice(visit: Visit) -> TaskNotice:
    """抽查任务通知, under the plan it belongs to."""
    task = db.session.get(Task, visit.task_id)
    return TaskNotice(
        serial=task.serial if task else visit.serial,
        title=visit.task_title,
        plan=_plan_title(task),
        window_from=visit.window_from,
        window_to=visit.window_to,
        seats=task.seats if task else len(visit.members),
        dispatched_at=visit.dispatched_at,
    )


def draw_proof(visit: Visit, today: date) -> DrawProof | None:
    """How this party was drawn; None for a visit that no locked draw led to."""
    draw = db.session.get(Draw, visit.draw_id) if visit.draw_id is not None else None
    pick = _pick(visit)
    if draw is None or draw.record is None or draw.locked_at is None or pick is None:
        return None
    committed = {stratum["id"]: stratum for stratum in draw.commit_doc["strata"]}
    reached = {stratum["id"]: stratum for stratum in draw.record["strata"]}
    opened_on = draw.reveal_by
    seed: str | None = draw.record["seed"] if today >= opened_on else None
    return DrawProof(
        serial=draw.serial,
        title=draw.title,
        algorithm=draw.commit_doc["v"],
        software=draw.commit_doc["software"],
        published_at=draw.published_at,
        locked_at=draw.locked_at,
        commitment=draw.commitment,
        record_hash=draw.record_hash or "",
        opened_on=opened_on,
        seed=seed,
        entity_key=keys_of(bytes.fromhex(seed)).entity.hex() if seed else None,
        stratum=pick.stratum,
        population=committed[pick.stratum]["population"],
        quota=committed[pick.stratum]["quota"],
        rank=pick.rank,
        drawn_code=pick.code,
        ticket=pick.ticket,
        cutoff_ticket=reached[pick.stratum]["cutoff_ticket"] or pick.ticket,
        witnesses=_witnesses(draw),
        exclusions=tuple((each["reason"], each["rows"]) for each in draw.commit_doc["exclusions"]),
    )


def received_list(visit: Visit) -> ReceivedList | None:
    """The list that named this party; None for a visit of our own draw."""
    task = db.session.get_one(Task, visit.task_id)
    if task.origin == "own":
        return None
    held, (row, _) = list_of(task), listed_entity(task, visit.entity_id)
    is_csv = held.filename.lower().endswith(".csv")
    return ReceivedList(
        origin=ORIGINS[task.origin],
        source=held.source,
        filename=held.filename,
        sha256=held.sha256,
        size=store().size(f"received/{held.sha256}"),
        mime="text/csv" if is_csv else XLSX,
        rows=held.rows,
        place=row.cell,
        imported_by=held.imported_by_name,
        imported_at=held.imported_at,
        matching_key=held.matching_key,
    )


def matching(visit: Visit) -> Matching | None:
    """How the team was found, and what changed since; None for a visit that neither a draw nor a list led to."""
    found = _drawn_matching(visit)
    if found is None:
        return None
    matched_at, cap = found
    recusals = db.session.execute(
        select(Inspector.name, matching_models.Recusal.reason)
        .join(Inspector, Inspector.id == matching_models.Recusal.inspector_id)
        .where(matching_models.Recusal.entity_id == visit.entity_id)
        .order_by(matching_models.Recusal.id)
    )
    return Matching(
        matched_at=matched_at,
        cap=cap,
        recusals=tuple(Recusal(name, reason) for name, reason in recusals),
        replacements=_replacements(visit),
        companions=tuple(
            Companion(
                one.name,
                ROLES[one.role],
                one.organisation,
                WAYS[one.chosen_by],
                one.decided_by_name or "",
            )
            for one in companions_of_visit(visit)
        ),
        reinforcements=_reinforcements(visit),
    )


def _drawn_matching(visit: Visit) -> tuple[datetime, int] | None:
    task = db.session.get_one(Task, visit.task_id)
    if task.origin != "own":
        loads = Counter(i for team in teams_of(task) for i, _ in team.members)
        held = list_of(task)
        return held.matched_at or held.imported_at, max(loads.values(), default=0)
    draw = db.session.get(Draw, visit.draw_id) if visit.draw_id is not None else None
    if draw is None or draw.record is None or draw.locked_at is None:
        return None
    return draw.drawn_at or draw.locked_at, draw.record["cap"] or 0


def _replacements(visit: Visit) -> tuple[Replacement, ...]:
    """Who left a seat of this team and who came, by the decisions that were carried out."""
    query = select(Adjustment).where(
        Adjustment.task_id == visit.task_id,
        Adjustment.entity_id == visit.entity_id,
        Adjustment.status == "granted",
        Adjustment.kind != "replace",
    )
    changes = list(db.session.scalars(query.order_by(Adjustment.id)))
    names: dict[Any, str] = (
        {
            person.id: person.name
            for person in db.session.scalars(select(Inspector).where(Inspector.agency_id == visit.agency_id))
        }
        if changes
        else {}
    )
    local = _inspectors_by_local_id(visit) if changes and visit.draw_id is not None else {}
    found = []
    for change in changes:
        outcome = change.outcome or {}
        entered = outcome.get("entered")
        if "traded" in outcome:
            traded = [local.get(one, one) for one in outcome["traded"]]
            entered = next((one for one in traded if one != change.inspector_id), None)
        found.append(
            Replacement(
                names.get(change.inspector_id, VACANT),
                names.get(local.get(entered, entered), VACANT),
                change.reason,
                change.decided_by_name or "",
            )
        )
    return tuple(found)


def _inspectors_by_local_id(visit: Visit) -> dict[Any, int]:
    seats = db.session.scalars(
        select(matching_models.Seat).where(matching_models.Seat.draw_id == visit.draw_id)
    )
    return {s.inspector_draw_id: s.inspector_id for s in seats if s.inspector_draw_id and s.inspector_id}


def _reinforcements(visit: Visit) -> tuple[Reinforcement, ...]:
    departments = {d.id: d.name for d in departments_of(visit.agency_id)}
    return tuple(
        Reinforcement(
            REINFORCEMENT_WAYS[one.way],
            (*(departments.get(d, "") for d in one.departments), *one.organisations),
            one.reason,
            one.training,
            one.decided_by_name or "",
        )
        for one in reinforcements_of(visit.task_id)
        if one.status == "granted"
    )


def _plan_title(task: Task | None) -> str | None:
    if task is None or task.plan_line_id is None:
        return None
    return db.session.scalar(
        select(Plan.title).join(PlanLine, PlanLine.plan_id == Plan.id).where(PlanLine.id == task.plan_line_id)
    )


def _pick(visit: Visit) -> Pick | None:
    query = select(Pick).where(Pick.draw_id == visit.draw_id, Pick.entity_id == visit.entity_id)
    return db.session.scalar(query.order_by(Pick.id).limit(1))


def _witnesses(draw: Draw) -> tuple[DrawWitness, ...]:
    signed: dict[str, datetime] = {signature.name: signature.at for signature in draw.signatures}
    words = known_keys()["draw.witness_kinds"].words
    return tuple(
        DrawWitness(
            witness.name, words.get(witness.kind, witness.kind), witness.input, signed.get(witness.name)
        )
        for witness in draw.witnesses
    )
