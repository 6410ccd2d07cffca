"""A later file with another last day for a flag changes it, with its source; one that says nothing of it leaves it."""

from collections.abc import Callable
from datetime import date

from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db
from backend.registers.entities.flagging import flags_of
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import entity_by_code, history_of
from backend.registers.imports.actions import import_rows, upload
from backend.registers.imports.models import ImportFile
from tests.people import OFFICER, Person
from tests.registers.sheets import as_xlsx, credit_code, entity_rows

Acting = Callable[[Person], Actor]


def _brought(officer: Actor, flags: str, filename: str = "名录.xlsx") -> ImportFile:
    held = upload(officer, "entities", filename, as_xlsx(entity_rows(1, 标记=flags)))
    if held.counts["new"] + held.counts["updated"]:
        return import_rows(officer, held.id, good_rows_only=False)
    return held


def _there(officer: Actor) -> Entity | None:
    db.session.rollback()
    return entity_by_code(officer.agency_id, credit_code(1))


def test_a_later_day_replaces_the_earlier_one(acting: Acting) -> None:
    officer = acting(OFFICER)
    _brought(officer, "经营异常名录至2026-12-31、失信行为长期")
    changed = _brought(officer, "经营异常名录至2027-12-31、失信行为长期", "次月.xlsx")
    assert (changed.counts["updated"], changed.state) == (1, "imported")
    there = _there(officer)
    assert there is not None
    assert there.flags == ["abnormal", "dishonest"]
    now_held, *before = [held for held in flags_of(there.id) if held.flag == "abnormal"]
    assert (now_held.until, now_held.ended_at) == (date(2027, 12, 31), None)
    assert "次月.xlsx" in now_held.source
    assert [(held.until, "次月.xlsx" in held.ended_reason) for held in before] == [(date(2026, 12, 31), True)]
    assert len([held for held in flags_of(there.id) if held.flag == "dishonest"]) == 1
    assert history_of(there.id)[0].after == {"flags": ["经营异常名录至2027-12-31", "失信行为长期"]}


def test_the_same_day_or_none_changes_nothing(acting: Acting) -> None:
    officer = acting(OFFICER)
    _brought(officer, "经营异常名录至2026-12-31")
    for said in ("经营异常名录至2026-12-31", "经营异常名录"):
        assert _brought(officer, said).counts["same"] == 1


def test_a_term_is_taken_off_by_saying_so(acting: Acting) -> None:
    officer = acting(OFFICER)
    _brought(officer, "经营异常名录至2026-12-31")
    assert _brought(officer, "经营异常名录长期").counts["updated"] == 1
    there = _there(officer)
    assert there is not None
    assert flags_of(there.id)[0].until is None


def test_a_day_that_is_over_is_refused(acting: Acting) -> None:
    officer = acting(OFFICER)
    _brought(officer, "经营异常名录至2026-12-31")
    refused = _brought(officer, "经营异常名录至2026-01-31")
    assert refused.counts["refused"] == 1
    assert "已过" in refused.faults[0]["faults"][0]["sentence"]
