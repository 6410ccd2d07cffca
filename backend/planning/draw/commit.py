"""Freeze the roster, take a serial and publish C, before anyone knows any input (draw.md 1.1 to 1.4).

The directory is read and the files are made without holding anybody up: only the last step, a short one, takes the
agency's turn. If another draw of the agency moved in between, what the cap counted is stale, and it is read again.
"""

from collections.abc import Sequence
from datetime import timedelta
from importlib.metadata import version
from typing import Any

from backend.core.errors import DRAWS_KEPT_MOVING, SEALED_INPUTS_MISSING, Refusal
from backend.foundation.accounts.models import Agency
from backend.foundation.audit.actions import record
from backend.foundation.jobs.actions import enqueue, progress
from backend.foundation.jobs.models import Job
from backend.foundation.jobs.queries import is_under_way
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.annual_plan.quotas import Stratum
from backend.planning.draw.commitment import (
    Campaign,
    CampaignTask,
    CommittedWitness,
    commit_document,
    commitment_of,
)
from backend.planning.draw.escrow import in_escrow
from backend.planning.draw.freezing import Frozen, Report, frozen_now, group_names
from backend.planning.draw.models import Draw, DrawPreparation, DrawTask, DrawWitness
from backend.planning.draw.pinned_rules import rules_of_campaign
from backend.planning.draw.preparing import (
    CommitRequest,
    check_request,
    open_preparation,
    prepare,
    request_of,
)
from backend.planning.draw.queries import draw_prepared_as, preparation_of, voids_behind
from backend.planning.draw.roster import Prospect, size_of, standing_of_draws
from backend.planning.draw.sample import sample_people
from backend.planning.matching.rules import MatchingRules
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import matters_of_task
from backend.planning.tasks.serials import locked_agency, next_number
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.plumbing.sealing import seal

NONCE_SEAL = "draw nonce"
OPENED_AFTER_WINDOW = timedelta(days=30)
AT_ONCE = 20_000
"""Rosters up to this size are frozen and drawn while the page waits; larger ones as a job."""
FREEZE_JOB = "draw.freeze"
ATTEMPTS = 5


def commit_draw(actor: Actor, request: CommitRequest) -> Draw:
    """Prepare, freeze and commit in one go; the serial is used up whatever follows."""
    return freeze_now(actor, prepare(actor, request).id)


def start_freezing(actor: Actor, preparation_id: int) -> DrawPreparation:
    """Freeze now, or hand a large roster to a job; with sealed inputs only once every phone has sealed."""
    require(actor, Capability.HOLD_DRAW)
    try:
        preparation, is_left_to_job = _begun(actor, preparation_id)
    except Refusal as refusal:
        _note_refusal(actor, preparation_id, refusal)
        raise
    if is_left_to_job:
        return preparation
    freeze_now(actor, preparation_id)
    return preparation_of(actor.agency_id, preparation_id)


def _begun(actor: Actor, preparation_id: int) -> tuple[DrawPreparation, bool]:
    with transaction():
        preparation = open_preparation(actor, preparation_id, ("waiting", "freezing", "refused"), "锁定名录")
        missing = [w.name for w in preparation.witnesses if w.sealed and w.commitment is None]
        if missing:
            raise Refusal(SEALED_INPUTS_MISSING, names="、".join(missing))
        tasks = check_request(actor, request_of(preparation))
        preparation.status, preparation.refusal = "freezing", None
        is_large = size_of(tasks) > AT_ONCE
        if is_large and not is_under_way(preparation.job_id):
            preparation.job_id = enqueue(actor, FREEZE_JOB, preparation_id=preparation.id).id
        return preparation, is_large


def freeze_as_job(actor: Actor, job: Job) -> None:
    """The job of a large roster. A refusal is kept where the host sees it."""
    freeze_now(actor, job.args["preparation_id"], lambda done, total: progress(job, done, total))


def freeze_now(actor: Actor, preparation_id: int, report: Report = lambda _done, _total: None) -> Draw:
    """Read, freeze, commit. Refused: the preparation says why, and nothing was published.

    One at a time for each preparation: a second press must not write other rows under a roster that is committed.
    """
    with store().alone_at(f"draws/freezing-{preparation_id}/alone"):
        draw = draw_prepared_as(preparation_id)
        if draw is not None:
            return draw
        try:
            return _frozen_and_committed(actor, preparation_id, report)
        except Refusal as refusal:
            _note_refusal(actor, preparation_id, refusal)
            raise


def _frozen_and_committed(actor: Actor, preparation_id: int, report: Report) -> Draw:
    for _attempt in range(ATTEMPTS):
        seen = standing_of_draws(actor.agency_id)
        frozen = frozen_now(actor, preparation_id, report)
        draw = _commit(actor, preparation_id, frozen, seen)
        if draw is not None:
            return draw
    raise Refusal(DRAWS_KEPT_MOVING)


def _commit(
    actor: Actor, preparation_id: int, frozen: Frozen, seen: frozenset[tuple[int, str]]
) -> Draw | None:
    """Take the serial and publish C, in the agency's turn; None where another draw came in between."""
    with transaction():
        agency = locked_agency(actor.agency_id)
        if standing_of_draws(agency.id) != seen:
            return None
        preparation = open_preparation(actor, preparation_id, ("freezing",), "锁定名录")
        request = request_of(preparation)
        tasks = check_request(actor, request)
        year = today().year
        number, serial = _serial(agency, year, request.rehearsal)
        campaign = _campaign(agency, serial, frozen.prospect, preparation, request)
        document = commit_document(campaign, frozen.files, frozen.nonce) | _after_void(tasks)
        document["who_is_who"] = frozen.who_is_who
        commitment = commitment_of(document)
        draw = Draw(
            agency_id=agency.id,
            year=year,
            number=number,
            serial=serial,
            title=document["title"],
            status="committed",
            folder=frozen.folder,
            commit_doc=document,
            commitment=commitment,
            nonce_sealed=seal(NONCE_SEAL, frozen.nonce),
            escrow=in_escrow(agency.id, frozen.nonce),
            left_out=[{"stratum": s.id, "count": s.left_out} for s in frozen.prospect.strata],
            committed_by_name=actor.name,
            published_at=now(),
            reveal_by=campaign.reveal_by,
            rehearsal=request.rehearsal,
            preparation_id=preparation.id,
            witnesses=[
                DrawWitness(position=w.position, name=w.name, kind=w.kind, commitment=w.commitment)
                for w in preparation.witnesses
            ],
            tasks=[] if request.rehearsal else [DrawTask(task_id=task.id) for task in tasks],
        )
        db.session.add(draw)
        preparation.status = "committed"
        if not request.rehearsal:
            for task in tasks:
                task.status = "committed"
        db.session.flush()
        after = {"serial": draw.serial, "C": commitment, "tasks": [task.id for task in tasks]}
        record(actor, "draw.commit", "draw", draw.id, after=after)
        return draw


def _note_refusal(actor: Actor, preparation_id: int, refusal: Refusal) -> None:
    with transaction():
        preparation = db.session.get(DrawPreparation, preparation_id, populate_existing=True)
        if preparation is None or preparation.agency_id != actor.agency_id:
            return
        if preparation.status == "freezing":
            preparation.status, preparation.refusal = "refused", refusal.sentence_zh
            after = {"why": refusal.sentence_zh}
            record(actor, "draw.refuse_freeze", "draw_preparation", preparation.id, after=after)


def _serial(agency: Agency, year: int, rehearsal: bool) -> tuple[int, str]:
    """A rehearsal counts on its own, below zero, so that it never takes a number of a draw."""
    if rehearsal:
        number = next_number(agency, "rehearsal", year)
        return -number, f"{agency.doc_prefix}摇号演练〔{year}〕{number}号"
    number = next_number(agency, "draw", year)
    return number, f"{agency.doc_prefix}摇号〔{year}〕{number}号"


def _after_void(tasks: Sequence[Task]) -> dict[str, Any]:
    """The void draws that this one follows, each with the head who allowed it (draw.md 1.13)."""
    void = {draw.serial: draw.redraw_allowed_by_name for task in tasks for draw in voids_behind(task)}
    named = [{"serial": serial, "approver": approver} for serial, approver in void.items()]
    return {"after_void": named} if named else {}


def _campaign(
    agency: Agency, serial: str, prospect: Prospect, preparation: DrawPreparation, request: CommitRequest
) -> Campaign:
    tasks, strata = prospect.tasks, prospect.strata
    window_to = max(task.window_to for task in tasks)
    eligible, leading = _groups(agency.id, request)
    return Campaign(
        serial=serial,
        title="、".join(task.title for task in tasks),
        masked=not rules_of_campaign(agency.id, tasks).flag("risk.published"),
        window=(min(task.window_from for task in tasks), window_to),
        tasks=tuple(
            CampaignTask(
                task.serial,
                tuple(matter.code for matter in matters_of_task(task)),
                tuple(s.id for s in strata if s.task.serial == task.serial),
            )
            for task in tasks
        ),
        strata=tuple(Stratum(s.id, len(s.candidates), s.ratio) for s in strata),
        allocation=None,
        matching=MatchingRules(
            tasks[0].seats,
            request.hard_cap,
            {s.id: eligible for s in strata},
            {s.id: leading for s in strata},
        ),
        witnesses=tuple(CommittedWitness(w.name, w.kind, w.commitment) for w in preparation.witnesses),
        input_digits=request.input_digits if any(not w.sealed for w in preparation.witnesses) else None,
        beacon=request.beacon,
        software=f"yaohao {version('yaohao')}",
        reveal_by=window_to + OPENED_AFTER_WINDOW,
    )


def _groups(agency_id: int, request: CommitRequest) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The groups that may sit in a team, and those that may lead it."""
    if request.rehearsal and not request.task_ids:
        groups = tuple({group: None for _, _, group in sample_people()})
        return groups, groups
    names = group_names(agency_id)
    own = [names[i] for i in dict.fromkeys([*request.departments, *request.leader_departments])]
    eligible = tuple(dict.fromkeys([*own, *request.organisations]))
    return eligible, tuple(names[i] for i in dict.fromkeys(request.leader_departments or request.departments))
