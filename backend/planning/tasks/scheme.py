"""抽查工作方案 as a document (001 二（二）: 方式、范围、事项、时间节点、要求)."""

import hashlib

from flask import current_app

from backend.foundation.accounts.queries import agency, departments_of
from backend.planning.annual_plan.quotas import by_ratio
from backend.planning.annual_plan.rules import GRADES, JOINT_ROLES, ratio_words
from backend.planning.scopes.queries import populations, scope_in_words
from backend.planning.scopes.rules import as_ratio
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import classes_of_task, matters_of_task, plan_behind, rules_of_task
from backend.planning.tasks.rules import INSPECTION_KINDS, batch_window
from backend.plumbing.pdf import lay_out

Row = tuple[str, str, str, int, str, int]


def scheme_pdf(task: Task) -> bytes:
    """The 方案 of a task as a PDF: the same task and directory give the same bytes."""
    html = current_app.jinja_env.get_template("tasks/scheme.html").render(
        task=task,
        agency=agency(task.agency_id),
        department={d.id: d.name for d in departments_of(task.agency_id)}.get(task.department_id or 0, ""),
        plan=plan_behind(task),
        matters=matters_of_task(task),
        rows=strata_rows(task),
        kind=INSPECTION_KINDS[task.inspection_kind],
        joint_roles=JOINT_ROLES,
        batch_windows=[
            batch_window(task.window_from, task.window_to, batch, task.batches)
            for batch in range(1, task.batches + 1)
        ],
        profile=rules_of_task(task.id),
    )
    return lay_out(html).write(identifier=hashlib.sha256(html.encode()).digest()[:16], moment=task.made_at)


def strata_rows(task: Task) -> list[Row]:
    """(class, scope in words, grade, active entities, ratio, estimated) of each stratum that has entities."""
    kinds = {matter.entity_kind for matter in matters_of_task(task)}
    rows = []
    for one in classes_of_task(task):
        counted = populations(task.agency_id, kinds, one.scope)
        for grade in GRADES:
            if grade in one.amounts and counted.get(grade):
                amount, population = one.amounts[grade], counted[grade]
                quota = by_ratio(population, as_ratio(amount, population))
                words = scope_in_words(one.scope) or "不限"
                rows.append((one.name or "全部对象", words, grade, population, ratio_words(amount), quota))
    return rows
