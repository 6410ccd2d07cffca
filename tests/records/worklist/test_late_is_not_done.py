"""What was published late, or still is not, counts as not done where the rules say so (002（三十三）), and nowhere else."""

from collections.abc import Callable

import pytest

from backend.decisions.publication.actions import publish
from backend.fieldwork.visits.models import Visit
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import follow_profile
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.planning.tasks.models import Task
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.records.worklist.plan_progress import LineProgress, plan_progress
from tests.inspections import Field
from tests.people import ADMIN, OFFICER, Person
from tests.registered import the_matter


def _under_a_plan(agency_id: int) -> None:
    with transaction():
        matter = the_matter(agency_id)
        line = PlanLine(
            matter_id=matter.id,
            category="节能监察",
            ratios={},
            estimated=3,
            month_from=7,
            month_to=7,
            body="节能科",
            frequency="每年一次",
        )
        plan = Plan(
            agency_id=agency_id,
            year=2026,
            revision=1,
            title="2026 年度抽查工作计划",
            status="published",
            prepared_by_name="王科长",
            prepared_at=now(),
            lines=[line],
        )
        db.session.add(plan)
        db.session.flush()
        for task in db.session.query(Task):
            task.plan_line_id = line.id


@pytest.mark.parametrize(
    ("profile", "counted"), [("yiyuan-commerce", (3, 1, 2)), ("zibo-industry", (3, 2, 0))]
)
def test_an_entity_published_late_is_not_done(
    field: Field, acting: Callable[[Person], Actor], profile: str, counted: tuple[int, int, int]
) -> None:
    officer = acting(OFFICER)
    follow_profile(acting(ADMIN), profile)
    in_time, late, never = field.formed(), field.formed(), field.formed()
    _under_a_plan(officer.agency_id)
    channels = profile_for(officer.agency_id).words("publication.channels")
    publish(officer, in_time, channels)
    field.clock.advance(days=60)
    publish(officer, late, channels)
    assert db.session.get_one(Visit, never).status == "approved"
    (line,) = plan_progress(officer.agency_id, 2026)
    assert isinstance(line, LineProgress)
    assert (line.inspected, line.published, line.late) == counted
