"""Freeze the roster, take a serial and publish C, before anyone knows any input (draw.md 1.1 to 1.4)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from itertools import chain
from typing import Any

from backend.core.errors import (
    DRAW_CANNOT_BE_PREPARED,
    DRAW_CODES_FAULTY,
    REDRAW_NOT_ALLOWED,
    SELFTEST_FAILED,
    TASK_NOT_IN_STATE,
    TOO_FEW_INSPECTORS,
    TOO_FEW_WITNESSES,
    WITNESS_KIND_UNKNOWN,
    Refusal,
)
from backend.foundation.accounts.models import Agency
from backend.foundation.accounts.queries import departments_of
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.foundation.rule_profiles.queries import profile_for, require_profile_in_force
from backend.planning.annual_plan.quotas import Stratum
from backend.planning.draw.codes import SALT_BYTES, faults_of, masked_code
from backend.planning.draw.commitment import (
    FEWEST_DIGITS,
    MOST_DIGITS,
    NONCE_BYTES,
    Campaign,
    CampaignTask,
    CommittedWitness,
    commit_document,
    commitment_of,
)
from backend.planning.draw.committed_files import FrozenFiles, freeze
from backend.planning.draw.files_at_rest import KnownEntity, KnownInspector, keep_files
from backend.planning.draw.models import Draw, DrawTask, DrawWitness
from backend.planning.draw.queries import draw_of_task
from backend.planning.draw.roster import Prospect, inspectors_for, prospect_of, recusals_among
from backend.planning.draw.selftest import selftest_faults
from backend.planning.matching.rules import MatchingRules
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import matters_of_task, task_of
from backend.planning.tasks.rules import STATUSES
from backend.planning.tasks.serials import locked_agency, next_number
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.plumbing.randomness import token
from backend.plumbing.sealing import seal
from backend.registers.inspectors.models import Inspector

NONCE_SEAL = "draw nonce"
OPENED_AFTER_WINDOW = timedelta(days=30)


@dataclass(frozen=True)
class CommitRequest:
    """What the host of a draw decides before the freeze.

    `witnesses` are (name, stored word of `draw.witness_kinds`); departments are ids whose inspectors may be drawn,
    and from which leaders come. `hard_cap` is the most entities one inspector takes.
    """

    task_ids: Sequence[int]
    witnesses: Sequence[tuple[str, str]]
    input_digits: int
    departments: Sequence[int]
    leader_departments: Sequence[int]
    hard_cap: int


def commit_draw(actor: Actor, request: CommitRequest) -> Draw:
    """Freeze everything that could steer the draw and commit to it; the serial is used up whatever follows."""
    require(actor, Capability.HOLD_DRAW)
    faults = selftest_faults()
    if faults:
        raise Refusal(SELFTEST_FAILED, fault=faults[0])
    with transaction():
        agency = locked_agency(actor.agency_id)
        require_profile_in_force(agency.id, today())
        tasks = [_drawable_task(actor, task_id) for task_id in dict.fromkeys(request.task_ids)]
        _check_campaign(tasks, request)
        witnesses = _witnesses(actor, request)
        prospect = _drawable_prospect(tasks)
        entities = _masked(actor.agency_id, prospect)
        people = _numbered(actor, tasks, request)
        files = _frozen(actor.agency_id, prospect, entities, people)
        year, nonce = today().year, token(NONCE_BYTES)
        number = next_number(agency, "draw", year)
        campaign = _campaign(agency, f"〔{year}〕{number}号", prospect, witnesses, request)
        document = commit_document(campaign, files, nonce) | _after_void(tasks)
        commitment = commitment_of(document)
        draw = Draw(
            agency_id=agency.id,
            year=year,
            number=number,
            serial=document["serial"],
            title=document["title"],
            status="committed",
            folder=f"draws/{agency.code}-{year}-{number}-{commitment[:16]}",
            commit_doc=document,
            commitment=commitment,
            nonce_sealed=seal(NONCE_SEAL, nonce),
            left_out=[{"stratum": s.id, "count": s.left_out} for s in prospect.strata],
            committed_by_name=actor.name,
            published_at=now(),
            reveal_by=campaign.reveal_by,
            witnesses=[
                DrawWitness(position=position, name=w.name, kind=w.kind)
                for position, w in enumerate(witnesses)
            ],
            tasks=[DrawTask(task_id=task.id) for task in tasks],
        )
        db.session.add(draw)
        for task in tasks:
            task.status = "committed"
        db.session.flush()
        keep_files(
            draw.folder,
            files,
            entities.values(),
            [KnownInspector(draw_id, person.id, person.name) for draw_id, person in people.items()],
        )
        after = {"serial": draw.serial, "C": commitment, "tasks": [task.id for task in tasks]}
        record(actor, "draw.commit", "draw", draw.id, after=after)
        return draw


def _drawable_task(actor: Actor, task_id: int) -> Task:
    task = task_of(actor.agency_id, task_id)
    if task.status != "drafted":
        raise Refusal(TASK_NOT_IN_STATE, title=task.title, state=STATUSES[task.status], step="摇号")
    earlier = draw_of_task(task.id)
    if earlier is not None and earlier.redraw_allowed_by_name is None:
        raise Refusal(REDRAW_NOT_ALLOWED, serial=earlier.serial)
    return task


def _after_void(tasks: Sequence[Task]) -> dict[str, Any]:
    """The void draws that this one follows, each with the head who allowed it (draw.md 1.13)."""
    earlier = [draw for task in tasks if (draw := draw_of_task(task.id)) is not None]
    void = {draw.serial: draw.redraw_allowed_by_name for draw in earlier}
    named = [{"serial": serial, "approver": approver} for serial, approver in void.items()]
    return {"after_void": named} if named else {}


def _check_campaign(tasks: Sequence[Task], request: CommitRequest) -> None:
    fault = None
    if not tasks:
        fault = "请选一个任务"
    elif len({task.seats for task in tasks}) > 1:
        fault = "一起摇号的任务，检查组人数要相同"
    elif max(task.window_from for task in tasks) > min(task.window_to for task in tasks):
        fault = "一起摇号的任务，检查期限要有重叠"
    elif not FEWEST_DIGITS <= request.input_digits <= MOST_DIGITS:
        fault = f"见证人写 {FEWEST_DIGITS}—{MOST_DIGITS} 位数字"
    elif not {*request.departments, *request.leader_departments} <= {
        d.id for d in departments_of(tasks[0].agency_id)
    }:
        fault = "所选科室不属于本单位"
    elif request.hard_cap < 1:
        fault = "每人最多承担的家数至少为 1"
    if fault is not None:
        raise Refusal(DRAW_CANNOT_BE_PREPARED, fault=fault)


def _witnesses(actor: Actor, request: CommitRequest) -> list[CommittedWitness]:
    profile = profile_for(actor.agency_id)
    named = [(name.strip(), kind) for name, kind in request.witnesses if name.strip()]
    least = max(1, profile.count("draw.witnesses_min") or 0)
    if len(named) < least:
        raise Refusal(TOO_FEW_WITNESSES, profile.cite("draw.witnesses_min"), least=least, count=len(named))
    words = known_keys()["draw.witness_kinds"].words
    allowed = profile.words("draw.witness_kinds")
    for name, kind in named:
        if kind not in allowed:
            kinds = "、".join(words[k] for k in allowed)
            raise Refusal(WITNESS_KIND_UNKNOWN, profile.cite("draw.witness_kinds"), name=name, kinds=kinds)
    if len({name for name, _ in named}) < len(named):
        raise Refusal(DRAW_CANNOT_BE_PREPARED, fault="两名见证人同名，请加以区别")
    return [CommittedWitness(name, words[kind]) for name, kind in named]


def _drawable_prospect(tasks: Sequence[Task]) -> Prospect:
    prospect = prospect_of(tasks)
    if prospect.without_ratio:
        fault = f"没有抽查比例：{'、'.join(prospect.without_ratio)}"
        raise Refusal(DRAW_CANNOT_BE_PREPARED, fault=fault)
    if not any(stratum.ratio[0] for stratum in prospect.strata):
        raise Refusal(DRAW_CANNOT_BE_PREPARED, fault="名录里没有可抽的对象")
    everyone = {c.entity_id: c.code for stratum in prospect.strata for c in stratum.candidates}
    faults = faults_of(everyone.values())
    if faults:
        first = faults[0]
        raise Refusal(DRAW_CODES_FAULTY, count=len(faults), code=first.code, fault=first.fault)
    return prospect


def _masked(agency_id: int, prospect: Prospect) -> dict[int, KnownEntity]:
    """Who stands under which code, by entity id. Strata tell the risk grade, so codes are masked unless it is public."""
    is_open = profile_for(agency_id).flag("risk.published")
    in_strata = chain.from_iterable(stratum.candidates for stratum in prospect.strata)
    everyone = {c.entity_id: c for c in chain(in_strata, *prospect.left_out.values())}
    known = {}
    for candidate in everyone.values():
        salt = None if is_open else token(SALT_BYTES)
        roster_code = candidate.code if salt is None else masked_code(salt, candidate.code)
        known[candidate.entity_id] = KnownEntity(roster_code, candidate.entity_id, candidate.code, salt)
    return known


def _numbered(actor: Actor, tasks: Sequence[Task], request: CommitRequest) -> dict[str, Inspector]:
    """The inspectors under draw-local numbers, in an order that tells nothing of who they are."""
    chosen = {*request.departments, *request.leader_departments}
    window_to = max(task.window_to for task in tasks)
    able = [i for i in inspectors_for(actor.agency_id, window_to) if i.department_id in chosen]
    seats = tasks[0].seats
    if len(able) < seats:
        profile = profile_for(actor.agency_id)
        raise Refusal(TOO_FEW_INSPECTORS, profile.cite("team.shortage"), count=len(able), seats=seats)
    random.Random(token(32)).shuffle(able)
    return {f"P{number:03}": inspector for number, inspector in enumerate(able, start=1)}


def _frozen(
    agency_id: int, prospect: Prospect, entities: dict[int, KnownEntity], people: dict[str, Inspector]
) -> FrozenFiles:
    names = _group_names(agency_id)
    draw_ids = {inspector.id: draw_id for draw_id, inspector in people.items()}
    rostered = {c.entity_id for stratum in prospect.strata for c in stratum.candidates}
    return freeze(
        roster=[
            (entities[c.entity_id].roster_code, stratum.id)
            for stratum in prospect.strata
            for c in stratum.candidates
        ],
        inspectors=[(draw_id, names[i.department_id or 0]) for draw_id, i in people.items()],
        recusals=[
            (draw_ids[inspector_id], entities[entity_id].roster_code)
            for inspector_id, entity_id in recusals_among(agency_id, people.values(), rostered)
        ],
        exemptions={entities[e].roster_code: reason for e, reason in prospect.exempt.items()},
        exclusions=[
            (reason, [entities[c.entity_id].roster_code for c in candidates])
            for reason, candidates in prospect.left_out.items()
        ],
    )


def _campaign(
    agency: Agency,
    number: str,
    prospect: Prospect,
    witnesses: Sequence[CommittedWitness],
    request: CommitRequest,
) -> Campaign:
    tasks, strata, names = prospect.tasks, prospect.strata, _group_names(agency.id)
    window_to = max(task.window_to for task in tasks)
    eligible = tuple(names[i] for i in dict.fromkeys([*request.departments, *request.leader_departments]))
    leading = tuple(names[i] for i in dict.fromkeys(request.leader_departments or request.departments))
    return Campaign(
        serial=f"{agency.doc_prefix}摇号{number}",
        title="、".join(task.title for task in tasks),
        masked=not profile_for(agency.id).flag("risk.published"),
        window=(min(task.window_from for task in tasks), window_to),
        tasks=tuple(
            CampaignTask(
                task.serial,
                tuple(matter.code for matter in matters_of_task(task)),
                tuple(s.id for s in strata if s.task is task),
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
        witnesses=tuple(witnesses),
        input_digits=request.input_digits,
        beacon=None,
        software=f"yaohao {version('yaohao')}",
        reveal_by=window_to + OPENED_AFTER_WINDOW,
    )


def _group_names(agency_id: int) -> dict[int, str]:
    """Inspectors' groups are their departments; those of no department form one of their own."""
    return {0: "未分科室"} | {d.id: d.name for d in departments_of(agency_id)}
