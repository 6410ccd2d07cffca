"""The published vectors of draw/1, read once for every test that is held to them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent / "vectors" / "draw-1.json"
Vector = dict[str, Any]


@cache
def vectors() -> Vector:
    parsed: Vector = json.loads(VECTORS.read_text("utf-8"))
    return parsed


def draw_vectors() -> list[Vector]:
    found: list[Vector] = vectors()["draws"]
    return found


def matching_vectors() -> list[Vector]:
    found: list[Vector] = vectors()["matching"]
    return found


def rows(lines: list[str]) -> list[tuple[str, str]]:
    """Lines of two halves, split at the first bar."""
    return [(left, right) for left, _, right in (line.partition("|") for line in lines)]
