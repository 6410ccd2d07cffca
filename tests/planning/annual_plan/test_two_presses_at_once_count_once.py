"""Two colleagues press the same button at the same moment: one step is taken, and the other is told so."""

from flask import Flask

from backend.core.errors import PLAN_EXISTS
from backend.foundation.audit.queries import chain_fault
from backend.planning.annual_plan.actions import revise_plan
from backend.planning.annual_plan.queries import plans_of
from backend.plumbing.db import db
from tests.planning.conftest import Stage
from tests.planning.draw.test_draws_committed_at_once_keep_serials_and_cap import at_once


def test_one_revision_is_begun(stage: Stage, app: Flask) -> None:
    officer, plan_id = stage.officer, stage.plan.id
    db.session.rollback()
    refusals = at_once(app, *([lambda: revise_plan(officer, plan_id, "比例要调整")] * 3))
    assert [r.problem for r in refusals if r] == [PLAN_EXISTS] * 2
    assert [plan.revision for plan in plans_of(officer.agency_id)] == [2, 1]
    assert chain_fault(officer.agency_id) is None
