"""The matter list takes effect only approved and published, and each version stays what it was."""

import pytest

from backend.core.errors import Refusal
from backend.foundation.permissions.actor import Actor
from backend.registers.demo_matters import MATTERS
from backend.registers.imports.actions import upload
from backend.registers.imports.queries import bad_rows
from backend.registers.matters.actions import (
    approve_list,
    publish_list,
    return_list,
    submit_list,
)
from backend.registers.matters.queries import list_in_force, published_matters, versions_of
from tests.people import HEAD, OFFICER, OVERSIGHT
from tests.registers.matters.conftest import ROWS, Acting, bring_in
from tests.registers.sheets import as_xlsx


def test_nothing_may_be_inspected_before_publication(acting: Acting) -> None:
    officer = acting(OFFICER)
    bring_in(officer, ROWS)
    assert published_matters(officer.agency_id) == []
    first = submit_list(officer)
    approve_list(acting(HEAD), first.id)
    assert published_matters(officer.agency_id) == []
    publish_list(acting(OVERSIGHT), first.id)
    assert len(published_matters(officer.agency_id)) == len(MATTERS)


def test_a_changed_matter_waits_for_the_next_version(published: Actor) -> None:
    bring_in(published, [{**ROWS[0], "抽查比例": "7%"}])
    assert ROWS[0]["事项编码"] not in {matter.code for matter in published_matters(published.agency_id)}
    in_force = list_in_force(published.agency_id)
    assert in_force is not None
    assert in_force.snapshot[0]["ratio"] == [1, 20]


def test_what_changed_after_approval_is_not_published_with_it(published: Actor, acting: Acting) -> None:
    bring_in(published, [{**ROWS[0], "抽查比例": "7%"}])
    second = submit_list(published)
    approve_list(acting(HEAD), second.id)
    bring_in(published, [{**ROWS[0], "抽查比例": "90%"}])
    publish_list(acting(OVERSIGHT), second.id)
    assert ROWS[0]["事项编码"] not in {matter.code for matter in published_matters(published.agency_id)}


def test_a_returned_version_gives_way_to_a_mended_one(acting: Acting) -> None:
    officer, head = acting(OFFICER), acting(HEAD)
    bring_in(officer, ROWS)
    return_list(head, submit_list(officer).id, "比例过高，请重新核定")
    assert versions_of(officer.agency_id) == []
    assert submit_list(officer).version == 1


def test_steps_come_in_their_order(acting: Acting) -> None:
    officer = acting(OFFICER)
    with pytest.raises(Refusal, match="还没有事项"):
        submit_list(officer)
    bring_in(officer, ROWS)
    first = submit_list(officer)
    with pytest.raises(Refusal, match="待批准，现在不能公布"):
        publish_list(acting(OVERSIGHT), first.id)
    with pytest.raises(Refusal, match="再送批一份"):
        submit_list(officer)
    approve_list(acting(HEAD), first.id)
    with pytest.raises(Refusal, match="现在不能批准"):
        approve_list(acting(HEAD), first.id)


def test_only_the_head_approves(acting: Acting) -> None:
    officer = acting(OFFICER)
    bring_in(officer, ROWS)
    first = submit_list(officer)
    with pytest.raises(Refusal, match="not-allowed"):
        approve_list(officer, first.id)


def test_a_general_matter_without_a_ratio_is_refused_with_the_article(acting: Acting) -> None:
    officer = acting(OFFICER)
    general = next(row for row in ROWS if row["事项类别"] == "一般")
    held = upload(officer, "matters", "a.xlsx", as_xlsx([{**general, "抽查比例": "不设上限"}]))
    fault = bad_rows(held)[0].faults[0]
    assert "一般事项应写明抽查比例" in fault.sentence
    assert fault.citation is not None
    assert fault.citation.article == "5"
