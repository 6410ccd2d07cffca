"""Before the commitment: who comes as a witness, and how they give their inputs. No serial is taken yet."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from backend.core.errors import (
    DRAW_CANNOT_BE_PREPARED,
    NOT_FOUND,
    PREPARATION_NOT_IN_STATE,
    REDRAW_NOT_ALLOWED,
    SELFTEST_FAILED,
    TASK_NOT_IN_STATE,
    TOO_FEW_WITNESSES,
    WITNESS_KIND_UNKNOWN,
    Refusal,
)
from backend.foundation.accounts.queries import departments_of
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.foundation.rule_profiles.queries import require_profile_in_force
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.planning.draw.commitment import FEWEST_DIGITS, MOST_DIGITS
from backend.planning.draw.models import DrawPreparation, PreparedWitness
from backend.planning.draw.pinned_rules import rules_of_campaign
from backend.planning.draw.queries import preparation_of, voids_behind
from backend.planning.draw.selftest import faults_of_this_installation
from backend.planning.draw.words import PREPARATIONS
from backend.planning.reinforcements.queries import refuse_unapproved
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import task_of
from backend.planning.tasks.rules import STATUSES
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.plumbing.randomness import token
from backend.plumbing.sealing import seal

LINK_SEAL = "witness link"
LINK_BYTES = 16


@dataclass(frozen=True)
class CommitRequest:
    """What the host of a draw decides before the freeze.

    `witnesses` are (name, stored word of `draw.witness_kinds`); departments are ids whose inspectors may be drawn,
    and from which leaders come. `hard_cap` is the most entities one inspector takes. `sealed`: each witness's phone
    seals an input before the commitment, instead of `input_digits` spoken afterwards. `beacon` is (source, round).
    A rehearsal without tasks is held over sample entities.
    """

    task_ids: Sequence[int]
    witnesses: Sequence[tuple[str, str]]
    input_digits: int
    departments: Sequence[int]
    leader_departments: Sequence[int]
    hard_cap: int
    sealed: bool = False
    beacon: tuple[str, str] | None = None
    rehearsal: bool = False
    organisations: Sequence[str] = ()
    """Other agencies whose inspectors join, once that was approved (002（十九）)."""


def prepare(actor: Actor, request: CommitRequest) -> DrawPreparation:
    """Name the witnesses and give each a link; with sealed inputs, wait for their phones before anything is frozen.

    Asked for twice, as by the back button, it is prepared once while its witnesses are waited for.
    """
    require(actor, Capability.HOLD_DRAW)
    faults = faults_of_this_installation()
    if faults:
        raise Refusal(SELFTEST_FAILED, fault=faults[0])
    with transaction():
        hold_chain(actor.agency_id)
        rules = rules_of_campaign(actor.agency_id, check_request(actor, request))
        if (prepared := _waiting_alike(actor, request)) is not None:
            return prepared
        preparation = DrawPreparation(
            agency_id=actor.agency_id,
            request=asdict(request),
            rehearsal=request.rehearsal,
            status="waiting" if request.sealed else "freezing",
            prepared_by_name=actor.name,
            prepared_at=now(),
        )
        for position, (name, kind) in enumerate(named_witnesses(rules, request)):
            witness = PreparedWitness(position=position, name=name, kind=kind, sealed=request.sealed)
            give_link(witness)
            preparation.witnesses.append(witness)
        db.session.add(preparation)
        db.session.flush()
        after = {"tasks": list(request.task_ids), "witnesses": [w.name for w in preparation.witnesses]}
        record(actor, "draw.prepare", "draw_preparation", preparation.id, after=after)
        return preparation


def _waiting_alike(actor: Actor, request: CommitRequest) -> DrawPreparation | None:
    waiting = select(DrawPreparation).where(
        DrawPreparation.agency_id == actor.agency_id, DrawPreparation.status == "waiting"
    )
    asked = json.loads(json.dumps(asdict(request)))
    return next((one for one in db.session.scalars(waiting) if one.request == asked), None)


def request_of(preparation: DrawPreparation) -> CommitRequest:
    """What was asked for."""
    given: dict[str, Any] = dict(preparation.request)
    given["witnesses"] = [(name, kind) for name, kind in given["witnesses"]]
    given["beacon"] = tuple(given["beacon"]) if given["beacon"] else None
    return CommitRequest(**given)


def check_request(actor: Actor, request: CommitRequest) -> list[Task]:
    """Everything that can be refused before the roster is read. Returns the tasks."""
    if request.rehearsal:
        tasks = [task_of(actor.agency_id, task_id) for task_id in dict.fromkeys(request.task_ids)]
    else:
        tasks = [_drawable_task(actor, task_id) for task_id in dict.fromkeys(request.task_ids)]
    rules = rules_of_campaign(actor.agency_id, tasks)
    if not request.rehearsal:
        require_profile_in_force(actor.agency_id, today(), rules)
    _check_campaign(actor, tasks, request)
    _check_leaders(rules, tasks, request)
    named_witnesses(rules, request)
    return tasks


def named_witnesses(rules: RuleProfile, request: CommitRequest) -> list[tuple[str, str]]:
    """(name, kind in words) of every witness, held to the campaign's rules."""
    named = [(name.strip(), kind) for name, kind in request.witnesses if name.strip()]
    least = max(0 if request.beacon else 1, rules.count("draw.witnesses_min") or 0)
    if len(named) < least:
        raise Refusal(TOO_FEW_WITNESSES, rules.ground("draw.witnesses_min"), least=least, count=len(named))
    words = known_keys()["draw.witness_kinds"].words
    allowed = rules.words("draw.witness_kinds")
    for name, kind in named:
        if kind not in allowed:
            kinds = "、".join(words[k] for k in allowed)
            raise Refusal(WITNESS_KIND_UNKNOWN, rules.ground("draw.witness_kinds"), name=name, kinds=kinds)
    if len({name for name, _ in named}) < len(named):
        raise Refusal(DRAW_CANNOT_BE_PREPARED, fault="两名见证人同名，请加以区别")
    return [(name, words[kind]) for name, kind in named]


def drop(actor: Actor, preparation_id: int) -> None:
    """Give a preparation up before its commitment: nothing was published, so nothing is void."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        preparation = open_preparation(actor, preparation_id, ("waiting", "refused"), "放弃")
        preparation.status = "dropped"
        record(actor, "draw.drop", "draw_preparation", preparation.id)


def speak_instead(actor: Actor, preparation_id: int, position: int) -> None:
    """A witness without a phone: digits on paper instead of a sealed input."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        preparation = open_preparation(actor, preparation_id, ("waiting",), "改为当场写数字")
        witness = prepared_witness(preparation, position)
        witness.sealed, witness.commitment = False, None
        after = {"witness": witness.name}
        record(actor, "draw.speak_instead", "draw_preparation", preparation.id, after=after)


def renew_link(actor: Actor, preparation_id: int, position: int) -> None:
    """A fresh link for one witness, whose phone was changed or whose link somebody else opened; the old one ends."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        preparation = open_preparation(actor, preparation_id, ("waiting", "freezing", "committed"), "换链接")
        witness = prepared_witness(preparation, position)
        give_link(witness)
        if preparation.status == "waiting":
            # What the phone of the old link sealed, only that phone can open: the witness seals anew.
            witness.commitment = None
        record(actor, "draw.renew_link", "draw_preparation", preparation.id, after={"witness": witness.name})


def open_preparation(actor: Actor, preparation_id: int, states: Sequence[str], step: str) -> DrawPreparation:
    """The preparation, read anew in the agency's turn. Refuses where it is in another state."""
    hold_chain(actor.agency_id)
    preparation = preparation_of(actor.agency_id, preparation_id)
    db.session.refresh(preparation, with_for_update=True)
    if preparation.status not in states:
        state = PREPARATIONS[preparation.status]
        raise Refusal(PREPARATION_NOT_IN_STATE, state=state, step=step)
    return preparation


def prepared_witness(preparation: DrawPreparation, position: int) -> PreparedWitness:
    """One named witness. Refuses NOT_FOUND."""
    found = next((w for w in preparation.witnesses if w.position == position), None)
    if found is None:
        raise Refusal(NOT_FOUND, what="这名见证人")
    return found


def give_link(witness: PreparedWitness) -> None:
    """A new secret, known by its hash; whoever opens it first keeps it."""
    secret = base64.urlsafe_b64encode(token(LINK_BYTES)).decode().rstrip("=")
    witness.link, witness.link_hash = seal(LINK_SEAL, secret.encode()), secret_hash(secret)
    witness.device_hash = None


def secret_hash(secret: str) -> str:
    """How a link or a phone is known without being kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _drawable_task(actor: Actor, task_id: int) -> Task:
    task = task_of(actor.agency_id, task_id)
    if task.status != "drafted":
        raise Refusal(TASK_NOT_IN_STATE, title=task.title, state=STATUSES[task.status], step="摇号")
    for earlier in voids_behind(task):
        if earlier.redraw_allowed_by_name is None:
            raise Refusal(REDRAW_NOT_ALLOWED, serial=earlier.serial)
    return task


def _check_leaders(rules: RuleProfile, tasks: Sequence[Task], request: CommitRequest) -> None:
    """In an inspection that this agency starts together with others, its own department leads (004 art. 19)."""
    if not rules.text("team.leader_from"):
        return
    leading = set(request.leader_departments or request.departments)
    for task in tasks:
        if task.joint_role == "leads" and task.department_id and leading != {task.department_id}:
            fault = f"联合检查的组长由{rules.text('team.leader_from')}的人员担任，组长科室只能选《{task.title}》的科室"
            raise Refusal(DRAW_CANNOT_BE_PREPARED, rules.ground("team.leader_from"), fault=fault)


def _check_campaign(actor: Actor, tasks: Sequence[Task], request: CommitRequest) -> None:
    fault = None
    departments = {department.id for department in departments_of(actor.agency_id)}
    if not tasks and not request.rehearsal:
        fault = "请选一个任务"
    elif len({task.seats for task in tasks}) > 1:
        fault = "一起摇号的任务，检查组人数要相同"
    elif tasks and max(task.window_from for task in tasks) > min(task.window_to for task in tasks):
        fault = "一起摇号的任务，检查期限要有重叠"
    elif not FEWEST_DIGITS <= request.input_digits <= MOST_DIGITS:
        fault = f"见证人写 {FEWEST_DIGITS}—{MOST_DIGITS} 位数字"
    elif not {*request.departments, *request.leader_departments} <= departments:
        fault = "所选科室不属于本单位"
    elif actor.name in [name.strip() for name, _ in request.witnesses] and not request.rehearsal:
        fault = "主持人不能给自己主持的摇号见证，请另请一位"
    elif request.hard_cap < 1:
        fault = "每人最多承担的家数至少为 1"
    elif request.beacon and not all(part.strip() for part in request.beacon):
        fault = "公开随机数的来源和期次都要写明"
    if fault is not None:
        raise Refusal(DRAW_CANNOT_BE_PREPARED, fault=fault)
    if not request.rehearsal:
        chosen = dict.fromkeys([*request.departments, *request.leader_departments])
        refuse_unapproved(tasks, chosen, request.organisations)
