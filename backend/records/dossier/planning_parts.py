"""What planning adds to a dossier: the task, the proof of the draw, the matching."""

from datetime import date, datetime

from sqlalchemy import select

from backend.fieldwork.visits.models import Visit
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.seed import keys_of
from backend.planning.matching import models as matching_models
from backend.planning.tasks.models import Task
from backend.plumbing.db import db
from backend.records.documents.content import (
    DrawProof,
    DrawWitness,
    Matching,
    Recusal,
    TaskNotice,
)
from backend.registers.inspectors.models import Inspector


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


def matching(visit: Visit) -> Matching | None:
    """How the team was found; None for a visit without a draw."""
    draw = db.session.get(Draw, visit.draw_id) if visit.draw_id is not None else None
    if draw is None or draw.record is None or draw.locked_at is None:
        return None
    recusals = db.session.execute(
        select(Inspector.name, matching_models.Recusal.reason)
        .join(Inspector, Inspector.id == matching_models.Recusal.inspector_id)
        .where(matching_models.Recusal.entity_id == visit.entity_id)
        .order_by(matching_models.Recusal.id)
    )
    return Matching(
        matched_at=draw.drawn_at or draw.locked_at,
        cap=draw.record["cap"] or 0,
        recusals=tuple(Recusal(name, reason) for name, reason in recusals),
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
