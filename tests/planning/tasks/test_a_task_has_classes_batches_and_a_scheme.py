"""A task takes scope and classes from its line, cuts a drawn order into batches, and is written down as a 方案."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import TASK_WRONG, Refusal
from backend.planning.scopes.rules import EntityClass, as_ratio
from backend.planning.tasks.queries import classes_of_task
from backend.planning.tasks.rules import batch_of, batch_window
from backend.planning.tasks.scheme import scheme_pdf, strata_rows
from backend.plumbing.db import transaction
from tests.planning.conftest import Stage
from tests.planning.directories import task_from

FLAGGED = EntityClass("有投诉举报的", {"flag": "complaints"}, {"A": [3]})


def test_scope_and_classes_come_from_the_line_and_may_be_narrowed(stage: Stage) -> None:
    with transaction():
        stage.plan.lines[0].scope = {"region": "示例区"}
        stage.plan.lines[0].classes = [FLAGGED.stored]
    task = task_from(stage.officer, stage.plan, scope={"industry": "建材", "region": "别处"})
    own, flagged = classes_of_task(task)
    assert own.scope == {"industry": "建材", "region": "示例区"}
    assert flagged == FLAGGED


def test_a_fixed_number_is_drawn_exactly_and_never_more_than_there_are(stage: Stage) -> None:
    with transaction():
        for entity in stage.entities[:5]:
            entity.flags = ["complaints"]
        stage.plan.lines[0].classes = [FLAGGED.stored]
    task = task_from(stage.officer, stage.plan)
    assert [row[2:] for row in strata_rows(task) if row[0] == FLAGGED.name] == [("A", 5, "3家", 3)]
    assert as_ratio([9], 4) == (4, 4)


def test_the_scheme_is_a_document(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan, batches=2, joint_role="leads", joint_with=["市应急管理局"])
    pdf = scheme_pdf(task)
    assert pdf.startswith(b"%PDF-")
    assert pdf == scheme_pdf(task)


@pytest.mark.parametrize(
    "wrong", [{"batches": 13}, {"inspection_kind": "随意"}, {"joint_role": "leads"}, {"batches": 0}]
)
def test_what_no_task_can_be_is_refused(stage: Stage, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as caught:
        task_from(stage.officer, stage.plan, **wrong)
    assert caught.value.problem is TASK_WRONG


@given(st.integers(1, 200), st.integers(1, 12))
def test_batches_follow_the_drawn_order_and_differ_by_one_at_most(drawn: int, batches: int) -> None:
    held = [batch_of(place, drawn, batches) for place in range(1, drawn + 1)]
    assert held == sorted(held)
    assert {1, *held} <= set(range(1, batches + 1))
    sizes = [held.count(batch) for batch in range(1, batches + 1)]
    assert max(sizes) - min(sizes) <= 1


@given(st.integers(0, 90), st.integers(1, 12))
def test_the_windows_of_batches_fill_the_window_in_order(days: int, batches: int) -> None:
    first = date(2026, 8, 1)
    last = date.fromordinal(first.toordinal() + days)
    windows = [batch_window(first, last, n, batches) for n in range(1, batches + 1)]
    assert windows[0][0] == first
    assert windows[-1][1] == last or days + 1 < batches
    assert all(begin <= end <= last for begin, end in windows if begin <= last)
