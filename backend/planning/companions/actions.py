"""Draw experts for an entity, appoint those who go along, decide, and let them leave."""

from collections.abc import Collection

from backend.core.errors import COMPANION_UNSUITABLE, NO_EXPERTS, REASON_TOO_SHORT, TASK_NOT_IN_STATE, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.companions.models import Companion
from backend.planning.companions.queries import (
    companion_of,
    experts_for,
    last_named,
    matching_key_of,
    named_for,
)
from backend.planning.companions.rules import MOST_DRAWN, ROLES, STATUSES, drawn_experts, why_not_foreseen
from backend.planning.draw.apart import recusals_among
from backend.planning.received.queries import list_of, teams_of
from backend.planning.received.seating import fresh_key
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import rules_of_task, task_of
from backend.planning.tasks.rules import STATUSES as TASK_STATUSES
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce
from backend.registers.entities.models import Entity
from backend.registers.inspectors.queries import inspector

OPEN = ("matched", "dispatched")
SHORTEST_REASON = 4


def draw_experts(
    actor: Actor, task_id: int, entity_id: int, many: int, speciality: str = "", seen: int | None = None
) -> list[Companion]:
    """Draw experts by the key of the matching, which nobody chose: the same key gives the same experts to anyone who asks.

    `seen` is the newest entry that the asking page showed: a second press of the same page draws nobody more.
    """
    require(actor, Capability.ASK_ADJUSTMENT)
    with transaction():
        task = _open_task(actor, task_id, entity_id, seen)
        rules = rules_of_task(task.id)
        drawn = sum(each.chosen_by == "draw" for each in named_for(task.id, entity_id))
        if drawn + max(1, many) > MOST_DRAWN:
            why = f"这一家已抽过 {drawn} 名专家，前后最多抽 {MOST_DRAWN} 名，再要的请委派"
            raise Refusal(COMPANION_UNSUITABLE, rules.ground("expert.chosen_by"), why=why)
        if "draw" not in rules.words("expert.chosen_by"):
            raise Refusal(
                COMPANION_UNSUITABLE, rules.ground("expert.chosen_by"), why="规则里专家不由抽取产生"
            )
        experts = {person.id: person for person in experts_for(task, entity_id, speciality)}
        if len(experts) < max(1, many):
            raise Refusal(NO_EXPERTS, rules.ground("expert.pool_allowed"), count=len(experts), many=many)
        key = matching_key_of(task) or bytes.fromhex(fresh_key(list_of(task)))
        code = db.session.get_one(Entity, entity_id).code
        found = [
            _named(
                actor,
                task,
                entity_id,
                role="expert",
                inspector_id=expert,
                name=experts[expert].name,
                organisation=experts[expert].organisation,
                chosen_by="draw",
                ticket=ticket,
                drawn_from=sorted(experts),
                reason=f"从专长为“{speciality}”的专家中抽取" if speciality else "",
                status="going",
            )
            for expert, ticket in drawn_experts(key, code, experts, max(1, many))
        ]
        after = {"entity": entity_id, "from": sorted(experts), "drawn": [c.inspector_id for c in found]}
        record(actor, "companion.draw", "task", task.id, after=after)
        _tell_phones(actor, task, entity_id)
        return found


def appoint(
    actor: Actor,
    task_id: int,
    entity_id: int,
    role: str,
    reason: str,
    inspector_id: int | None = None,
    name: str = "",
    organisation: str = "",
    seen: int | None = None,
) -> Companion:
    """Name somebody of the directory, or by name, who goes along; the unit's leader decides, at once where it is he who names.

    Nobody with ties goes along (003 art. 10), nobody of the team does so twice.
    """
    require(actor, Capability.ASK_ADJUSTMENT)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        task = _open_task(actor, task_id, entity_id, seen)
        rules = rules_of_task(task.id)
        if role not in ROLES:
            raise Refusal(COMPANION_UNSUITABLE, why="请选是专家还是随同人员")
        if role == "expert" and "appoint" not in rules.words("expert.chosen_by"):
            raise Refusal(
                COMPANION_UNSUITABLE, rules.ground("expert.chosen_by"), why="规则里专家只由抽取产生"
            )
        if inspector_id is not None:
            person = inspector(actor.agency_id, inspector_id)
            name, organisation = person.name, person.organisation
            _refuse_unsuitable(task, entity_id, inspector_id, person.is_expert, role)
        elif not name.strip() or not organisation.strip():
            raise Refusal(COMPANION_UNSUITABLE, why="请选名录里的人，或写明姓名和所在单位、科室")
        _refuse_unforeseen(task, role, inspector_id)
        decides = actor.may(Capability.DECIDE_ON_DRAW)
        companion = _named(
            actor,
            task,
            entity_id,
            role=role,
            inspector_id=inspector_id,
            name=name.strip(),
            organisation=organisation.strip(),
            chosen_by="appoint",
            reason=reason.strip(),
            status="going" if decides else "asked",
        )
        if decides:
            companion.decided_by_name, companion.decided_at = actor.name, now()
            _tell_phones(actor, task, entity_id)
        after = {"entity": entity_id, "name": companion.name, "role": role, "reason": companion.reason}
        record(actor, "companion.appoint", "task", task.id, after=after)
        return companion


def decide(actor: Actor, companion_id: int, granted: bool, note: str) -> Companion:
    """The unit's leader agrees to an appointment, or to a drawn expert's leaving; or not, and why."""
    require(actor, Capability.DECIDE_ON_DRAW)
    if not granted and len(note.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        companion = _in_turn(actor, companion_id, ("asked", "leaving"))
        if companion.status == "leaving":
            # The reason for leaving stays with who left.
            return _turned(
                actor, companion, "left" if granted else "going", companion.note if granted else note
            )
        return _turned(actor, companion, "going" if granted else "refused", note)


def let_leave(actor: Actor, companion_id: int, reason: str) -> Companion:
    """Somebody does not go along after all; the entry stays.

    Whom the draw chose leaves only when the unit's leader agrees: else it could be drawn on until it pleases.
    """
    require(actor, Capability.ASK_ADJUSTMENT)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        companion = _in_turn(actor, companion_id, ("going",))
        is_asked = companion.chosen_by == "draw" and not actor.may(Capability.DECIDE_ON_DRAW)
        return _turned(actor, companion, "leaving" if is_asked else "left", reason)


def _in_turn(actor: Actor, companion_id: int, states: Collection[str]) -> Companion:
    hold_chain(actor.agency_id)
    companion = companion_of(actor.agency_id, companion_id)
    db.session.refresh(companion, with_for_update=True)
    if companion.status not in states:
        raise Refusal(COMPANION_UNSUITABLE, why=f"{companion.name}现在是“{STATUSES[companion.status]}”")
    return companion


def _turned(actor: Actor, companion: Companion, after: str, note: str) -> Companion:
    companion.status, companion.note = after, note.strip()
    companion.decided_by_name, companion.decided_at = actor.name, now()
    task = task_of(actor.agency_id, companion.task_id)
    facts = {"entity": companion.entity_id, "name": companion.name, "status": after, "note": companion.note}
    record(actor, "companion.decide", "task", task.id, after=facts)
    _tell_phones(actor, task, companion.entity_id)
    return companion


def _open_task(actor: Actor, task_id: int, entity_id: int, seen: int | None) -> Task:
    hold_chain(actor.agency_id)
    task = task_of(actor.agency_id, task_id)
    if task.status not in OPEN:
        state = TASK_STATUSES[task.status]
        raise Refusal(TASK_NOT_IN_STATE, title=task.title, state=state, step="安排随同人员和专家")
    if entity_id not in {team.entity_id for team in teams_of(task)}:
        raise Refusal(COMPANION_UNSUITABLE, why="这个任务没有抽到这个对象")
    if seen is not None and seen != last_named(task.id):
        raise Refusal(COMPANION_UNSUITABLE, why="这一页打开以后名单又变了，请看过新的名单再办")
    return task


def _refuse_unsuitable(task: Task, entity_id: int, inspector_id: int, is_expert: bool, role: str) -> None:
    rules = rules_of_task(task.id)
    team = next(team for team in teams_of(task) if team.entity_id == entity_id)
    if inspector_id in {i for i, _ in team.members}:
        raise Refusal(COMPANION_UNSUITABLE, rules.ground("expert.counts_in_team"), why="已是检查组成员")
    if is_expert != (role == "expert"):
        raise Refusal(COMPANION_UNSUITABLE, why="专家从专家库里选，随同人员从本单位人员里选")
    person = [inspector(task.agency_id, inspector_id)]
    if recusals_among(task.agency_id, person, [entity_id]):
        raise Refusal(COMPANION_UNSUITABLE, rules.ground("accompanying.no_ties"), why="与检查对象有利害关系")


def _refuse_unforeseen(task: Task, role: str, inspector_id: int | None) -> None:
    """Whom a text lets go along; where it is silent, anyone without ties."""
    rules = rules_of_task(task.id)
    if role == "expert":
        if not rules.flag("expert.pool_allowed"):
            raise Refusal(COMPANION_UNSUITABLE, rules.ground("expert.pool_allowed"), why="规则里没有专家参与")
        return
    if (cited := rules.cite("accompanying.who")) is None:
        return
    person = inspector(task.agency_id, inspector_id) if inspector_id is not None else None
    of_own = person is not None and task.department_id in (None, person.department_id)
    if why := why_not_foreseen(rules.words("accompanying.who"), person is not None, of_own):
        raise Refusal(COMPANION_UNSUITABLE, cited, why=why)


def _named(actor: Actor, task: Task, entity_id: int, **given: object) -> Companion:
    companion = Companion(
        agency_id=actor.agency_id,
        task_id=task.id,
        entity_id=entity_id,
        named_by_name=actor.name,
        named_at=now(),
        **given,
    )
    db.session.add(companion)
    db.session.flush()
    return companion


def _tell_phones(actor: Actor, task: Task, entity_id: int) -> None:
    if task.status == "dispatched":
        announce("companions.changed", actor=actor, task_id=task.id, entity_id=entity_id)
