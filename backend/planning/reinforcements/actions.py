"""Ask for people where the department's own do not suffice; the unit's leader agrees or not."""

from collections.abc import Sequence

from backend.core.errors import (
    NOT_FOUND,
    OWN_REQUEST,
    REASON_TOO_SHORT,
    REINFORCEMENT_DECIDED,
    REINFORCEMENT_WRONG,
    TASK_NOT_IN_STATE,
    Refusal,
)
from backend.foundation.accounts.queries import departments_of
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability, Role
from backend.foundation.rule_profiles.signatories import may_sign, require_signatory
from backend.planning.reinforcements.models import Reinforcement
from backend.planning.reinforcements.queries import (
    reinforcement_of,
    reinforcements_of,
    supporting_organisations,
)
from backend.planning.reinforcements.rules import SHORTEST_REASON, fault_of
from backend.planning.tasks.queries import rules_of_task, task_of
from backend.planning.tasks.rules import STATUSES
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction

SIGNED_BY = "team.shortage_signatories"


def ask(
    actor: Actor,
    task_id: int,
    way: str,
    reason: str,
    departments: Sequence[int] = (),
    organisations: Sequence[str] = (),
    training: str = "",
) -> Reinforcement:
    """Ask before the teams of a task are drawn or matched. Asking twice for the same asks once."""
    require(actor, Capability.MAKE_TASKS)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        hold_chain(actor.agency_id)
        task = task_of(actor.agency_id, task_id)
        if task.status not in ("drafted", "drawn"):
            raise Refusal(
                TASK_NOT_IN_STATE, title=task.title, state=STATUSES[task.status], step="申请人员调配"
            )
        rules = rules_of_task(task.id)
        fault = fault_of(way, departments, organisations, training, rules.flag("team.shortage_training"))
        if fault is not None:
            citation = rules.ground("team.shortage_training" if "培训" in fault else "team.shortage")
            raise Refusal(REINFORCEMENT_WRONG, citation, fault=fault)
        if way not in rules.words("team.shortage"):
            raise Refusal(REINFORCEMENT_WRONG, rules.ground("team.shortage"), fault="规则里没有这种办法")
        if not {*departments} <= {d.id for d in departments_of(actor.agency_id)}:
            raise Refusal(NOT_FOUND, what="所选科室")
        if not {*organisations} <= {*supporting_organisations(actor.agency_id)}:
            raise Refusal(NOT_FOUND, what="名录里这个单位的检查人员")
        across = list(departments) if way == "across_departments" else []
        neighbours = list(organisations) if way == "neighbours" else []
        for open_one in reinforcements_of(task.id):
            if open_one.status == "asked" and _says(open_one) == (
                way,
                across,
                neighbours,
                reason.strip(),
                training.strip(),
            ):
                return open_one
        asked = Reinforcement(
            agency_id=actor.agency_id,
            task_id=task.id,
            way=way,
            departments=across,
            organisations=neighbours,
            reason=reason.strip(),
            training=training.strip(),
            asked_by_id=actor.user_id,
            asked_by_name=actor.name,
            asked_at=now(),
            status="asked",
        )
        db.session.add(asked)
        db.session.flush()
        after = {"task": task.id, "way": way, "reason": asked.reason, "training": asked.training}
        record(actor, "reinforcement.ask", "reinforcement", asked.id, after=after)
        return asked


def _says(asked: Reinforcement) -> tuple[str, list[int], list[str], str, str]:
    return asked.way, asked.departments, asked.organisations, asked.reason, asked.training


def decide(actor: Actor, reinforcement_id: int, granted: bool, note: str) -> Reinforcement:
    """Whoever the rules name agrees (003 art. 10: 经局主要领导审定), or says no and why."""
    require(actor, Capability.DECIDE_ADJUSTMENTS)
    if not granted and not note.strip():
        raise Refusal(REASON_TOO_SHORT, least=1)
    with transaction():
        hold_chain(actor.agency_id)
        asked = reinforcement_of(actor.agency_id, reinforcement_id)
        db.session.refresh(asked, with_for_update=True)
        if asked.status != "asked":
            raise Refusal(REINFORCEMENT_DECIDED, by=asked.decided_by_name)
        require_signatory(actor, rules_of_task(asked.task_id), SIGNED_BY)
        if not may_decide(actor, asked):
            raise Refusal(OWN_REQUEST)
        asked.status, asked.note = "granted" if granted else "refused", note.strip()
        asked.decided_by_name, asked.decided_at = actor.name, now()
        verb = f"reinforcement.{'grant' if granted else 'refuse'}"
        record(actor, verb, "reinforcement", asked.id, after={"task": asked.task_id, "note": asked.note})
        return asked


def may_decide(actor: Actor, asked: Reinforcement) -> bool:
    """Whether the rules name one of the actor's offices; nobody but the leader decides their own request."""
    own = asked.asked_by_id == actor.user_id and Role.HEAD not in actor.roles
    return not own and may_sign(actor, rules_of_task(asked.task_id), SIGNED_BY)
