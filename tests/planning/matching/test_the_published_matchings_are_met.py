"""Every published matching comes out exactly, with its cap, who was moved, and what is impossible."""

from typing import Any

import pytest

from backend.planning.matching.rules import Impossible, MatchingRules, match
from tests.planning.draw.published_vectors import Vector, matching_vectors, rows


@pytest.mark.parametrize("vector", matching_vectors(), ids=lambda v: v["name"])
def test_a_published_matching_comes_out(vector: Vector) -> None:
    given = vector["matching"]
    rules = MatchingRules(given["seats"], given["hard_cap"], given["eligible"], given["leader"])
    found = match(
        rows(vector["entities"]),
        rows(vector["inspectors"]),
        rows(vector["recusals"]),
        rules,
        bytes.fromhex(vector["K_inspector"]),
    )
    outcome: dict[str, Any]
    if isinstance(found, Impossible):
        outcome = {
            "impossible": {
                "seats": found.seats,
                "inspectors": list(found.inspectors),
                "capacity": found.capacity,
            }
        }
    else:
        outcome = {
            "team": [{"code": t.code, "leader": t.leader, "members": list(t.members)} for t in found.teams],
            "cap": found.cap,
            "augmented": list(found.augmented),
        }
    assert outcome == vector["expect"]
