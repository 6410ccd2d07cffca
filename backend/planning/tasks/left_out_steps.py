"""Leave a step of the procedure out of one task, with the reason, where the text lets the procedure be adapted.

002 (二十六).4 and 003 art. 15: 可根据监管工作需要对上述检查程序进行调整或删减. What a law itself asks for (two inspectors,
certificates, the notice, publication) is not among the steps.
"""

from collections.abc import Mapping

from backend.core.errors import REASON_TOO_SHORT, STEP_STAYS, TASK_NOT_IN_STATE, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import rules_of_task, task_of
from backend.planning.tasks.rules import STATUSES
from backend.plumbing.clock import today
from backend.plumbing.db import transaction

STEPS = {"precheck": "预查比对", "recording": "执法记录"}
SHORTEST_REASON = 10


def leave_out_step(actor: Actor, task_id: int, step: str, reason: str) -> Task:
    """Leave `step` out of every visit of the task; possible until the teams are sent out."""
    require(actor, Capability.MAKE_TASKS)
    with transaction():
        task = _changeable(actor, task_id)
        rules = rules_of_task(task_id)
        if step not in STEPS:
            raise Refusal(STEP_STAYS, rules.ground("procedure.adaptable"), why="这一步法律要求，不能删减")
        if not rules.flag("procedure.adaptable"):
            raise Refusal(STEP_STAYS, rules.ground("procedure.adaptable"), why="规则不许调整或删减检查程序")
        if len(reason.strip()) < SHORTEST_REASON:
            raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
        held = {"reason": reason.strip(), "by": actor.name, "on": today().isoformat()}
        task.left_out_steps = {**task.left_out_steps, step: held}
        record(actor, "task.leave_out_step", "task", task.id, after={"step": step, "reason": held["reason"]})
        return task


def take_step_back(actor: Actor, task_id: int, step: str) -> Task:
    """Let the step be done after all."""
    require(actor, Capability.MAKE_TASKS)
    with transaction():
        task = _changeable(actor, task_id)
        before = task.left_out_steps.get(step)
        task.left_out_steps = {name: held for name, held in task.left_out_steps.items() if name != step}
        if before:
            record(actor, "task.take_step_back", "task", task.id, before=before, after={"step": step})
        return task


def left_out_words(left_out: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Each step left out as one line: 预查比对：理由（王科长）."""
    return [f"{STEPS[step]}：{held['reason']}（{held['by']}）" for step, held in left_out.items()]


def _changeable(actor: Actor, task_id: int) -> Task:
    hold_chain(actor.agency_id)
    task = task_of(actor.agency_id, task_id)
    if task.dispatched_at is not None:
        state = STATUSES[task.status]
        raise Refusal(TASK_NOT_IN_STATE, title=task.title, state=state, step="调整检查程序")
    return task
