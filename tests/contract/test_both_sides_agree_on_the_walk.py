"""tests/contract/vectors/walk-1.json pins what every way of inspecting asks for; the TypeScript side checks the same file."""

import json
from pathlib import Path
from typing import Any

import pytest

from backend.decisions.results.codes import result_codes
from backend.fieldwork.walk.rules import MATTER_RESULTS, METHODS, OBSTACLES, Walked, obstacle_gaps, walk_gaps
from backend.foundation.rule_profiles.profile_files import known_keys

pytestmark = pytest.mark.one_database
VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "walk-1.json").read_text("utf-8"))


def _walked(told: dict[str, Any]) -> Walked:
    team = [(one["userId"], one["name"]) for one in told["team"]]
    return Walked(told["answers"], told["files"], told["matters"], dict(told["findings"]), team)


@pytest.mark.parametrize("case", VECTORS["walks"], ids=lambda case: case["name"])
def test_a_walk_lacks_what_the_vector_says(case: dict[str, Any]) -> None:
    gaps = walk_gaps(case["procedure"], _walked(case["walked"]))
    assert [[gap.code, gap.what] for gap in gaps] == case["gaps"]


@pytest.mark.parametrize("case", VECTORS["obstacles"], ids=lambda case: case["name"])
def test_an_obstacle_lacks_what_the_vector_says(case: dict[str, Any]) -> None:
    gaps = obstacle_gaps(case["reasons"], _walked(case["walked"]))
    assert [[gap.code, gap.what] for gap in gaps] == case["gaps"]


def test_every_way_and_every_obstacle_is_in_the_vectors() -> None:
    ways = {
        case["walked"]["answers"].get("/steps/method", {}).get("method", "on_site")
        for case in VECTORS["walks"]
    }
    assert ways == set(METHODS)
    kinds = {case["walked"]["answers"].get("/exception", {}).get("kind") for case in VECTORS["obstacles"]}
    assert kinds >= set(OBSTACLES)


def test_the_words_are_those_of_the_profiles_and_the_published_codes() -> None:
    assert set(OBSTACLES) == set(known_keys()["cannot_inspect.reasons"].words)
    assert set(MATTER_RESULTS) <= set(result_codes())
