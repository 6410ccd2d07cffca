"""Where the rules forbid to repeat what was in order this year (004 art. 14), the next draw leaves it out, with its reason."""

from datetime import date

from backend.foundation.rule_profiles.actions import follow_profile
from backend.planning.draw.roster import prospect_of
from backend.planning.draw.roster_rules import cap_period
from backend.planning.tasks.models import Task, TaskMatter
from backend.plumbing.db import db, transaction
from backend.registers.entities.models import Entity
from backend.registers.matters.models import Matter
from tests.inspections import PROBLEM, Field
from tests.people import ADMIN

REASON = "本年已检查合格，不重复检查"


def left_out(field: Field, visit_id: str, profile: str, flags: list[str] | None = None) -> set[str]:
    """The reasons for which the next draw of the same matter leaves the visited entity out."""
    result = field.result(visit_id)
    version = field.act(ADMIN, follow_profile, profile).id
    with field.app.app_context():
        with transaction():
            entity, matter = (
                db.session.get_one(Entity, result.entity_id),
                db.session.get_one(Matter, result.matter_id),
            )
            entity.flags, matter.entity_kind = flags or [], entity.kind
            db.session.get_one(Task, result.task_id).rules_version_id = version
            db.session.add(TaskMatter(task_id=result.task_id, matter_id=matter.id))
        prospect = prospect_of([db.session.get_one(Task, result.task_id)])
        return {
            reason
            for reason, candidates in prospect.left_out.items()
            if any(candidate.entity_id == result.entity_id for candidate in candidates)
        }


def test_the_police_do_not_repeat_what_was_in_order(field: Field) -> None:
    assert left_out(field, field.formed(), "yiyuan-police") == {REASON}


def test_a_special_case_is_drawn_again(field: Field) -> None:
    assert left_out(field, field.formed(), "yiyuan-police", ["complaints"]) == set()


def test_a_problem_found_does_not_keep_anybody_out(field: Field) -> None:
    from_form = next(iter(field.result(field.formed()).checks))["item"]
    assert left_out(field, field.approved({from_form: PROBLEM}), "yiyuan-police") == set()


def test_other_rules_repeat(field: Field) -> None:
    assert left_out(field, field.formed(), "zibo-industry") == set()


def test_the_cap_counts_its_own_period() -> None:
    assert cap_period("calendar_year", date(2026, 7, 21)) == (date(2026, 1, 1), date(2027, 1, 1))
    assert cap_period("rolling_year", date(2026, 7, 21)) == (date(2025, 7, 21), date(2026, 7, 22))
