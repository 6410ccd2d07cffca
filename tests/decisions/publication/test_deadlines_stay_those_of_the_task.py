"""The days to publish and to object are those of the rules the task was made under."""

from backend.decisions.objections.queries import lodge_deadline
from backend.decisions.results.queries import line_of
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import pinned_version, set_value
from backend.planning.tasks.models import Task
from backend.plumbing.db import db, transaction
from tests.inspections import Field
from tests.people import ADMIN

WHY = ("局长办公会研究决定，从下一个任务起执行", "示工信发〔2026〕8号")


def pin_and_change(actor: Actor) -> None:
    with transaction():
        version = pinned_version(actor)
        for task in db.session.query(Task):
            task.rules_version_id = task.rules_version_id or version
    for key, days in (("publication.deadline_wd", "9"), ("objection.lodge_wd", "10")):
        set_value(actor, key, days, *WHY)


def days_of(field: Field, visit_id: str) -> tuple[int, int]:
    publication = field.see(line_of, field.report(visit_id)).clocks.publication
    objection = field.see(lodge_deadline, field.result(visit_id))
    assert publication is not None
    assert objection is not None
    return publication.wd, objection.wd


def test_a_change_counts_for_the_next_task_only(field: Field) -> None:
    before = field.published()
    field.act(ADMIN, pin_and_change)
    after = field.published()
    assert days_of(field, before.visit_id) == (2, 60)
    assert days_of(field, after.visit_id) == (9, 10)
