"""A drawn party's dossier proves the draw: the printed numbers compute, and the key stays closed until the draw is opened."""

import hashlib
from datetime import datetime
from typing import Any

import pytest

from backend.core.clock import SHANGHAI
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import visits_of_task
from backend.planning.draw.models import Draw
from backend.plumbing.db import transaction
from backend.records.dossier.actions import open_dossier
from backend.records.dossier.planning_parts import draw_proof, matching
from backend.records.dossier.queries import standing_of
from tests.planning.conftest import Stage, head, officer, oversight, stage
from tests.planning.directories import give_logins, hold_draw, send_out, task_from

__all__ = ["head", "officer", "oversight", "stage"]


@pytest.fixture
def drawn(stage: Stage) -> tuple[Draw, Visit]:
    give_logins(stage.inspectors)
    task = task_from(stage.officer, stage.plan)
    draw = hold_draw(stage.officer, task)
    send_out(stage.officer, stage.head, task)
    return draw, visits_of_task(task.id)[0]


def test_the_printed_numbers_compute(drawn: tuple[Draw, Visit]) -> None:
    draw, visit = drawn
    proof = draw_proof(visit, draw.reveal_by)
    assert proof is not None
    assert proof.entity_key is not None
    ticket = hashlib.sha256(f"{proof.entity_key}{proof.drawn_code}".encode()).hexdigest()
    assert ticket == proof.ticket <= proof.cutoff_ticket
    assert 1 <= proof.rank <= proof.population
    assert [(w.name, w.kind, w.signed_at is not None) for w in proof.witnesses] == [
        ("见证人甲", "群众代表", True),
        ("见证人乙", "法律顾问", True),
    ]


def test_the_key_stays_closed_until_the_draw_is_opened(drawn: tuple[Draw, Visit], clock: Any) -> None:
    draw, visit = drawn
    proof = draw_proof(visit, clock.now().date())
    assert proof is not None
    assert (proof.seed, proof.entity_key, proof.opened_on) == (None, None, draw.reveal_by)


def test_the_matching_is_told_with_its_cap(drawn: tuple[Draw, Visit]) -> None:
    draw, visit = drawn
    told = matching(visit)
    assert told is not None
    assert draw.record is not None
    assert told.cap == draw.record["cap"]


def test_a_drawn_dossier_has_its_draw_and_names_the_plan(stage: Stage, drawn: tuple[Draw, Visit]) -> None:
    _, visit = drawn
    with transaction():
        dossier = open_dossier(stage.officer, visit.id)
    standing = standing_of(dossier, datetime(2026, 7, 21, 9, tzinfo=SHANGHAI))
    assert standing.content.draw is not None
    assert standing.content.task.plan == stage.plan.title
    assert not any(gap.document in ("draw_record", "matching_record") for gap in standing.gaps)
    assert standing.content.audit is not None
    assert "锁定结果" in [line.verb for line in standing.content.audit.lines]
