"""What a checklist scores. Whole numbers only. Pure; its twin is pwa/src/engine/scoring.ts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.fieldwork.checklists.values import Item


@dataclass(frozen=True)
class Score:
    """Points earned out of those that could be had; 不适用 counts in neither. `band` once the checklist is complete."""

    earned: int
    possible: int
    band: str | None


def score_of(
    form: Mapping[str, Any], relevant: Iterable[Item], known: Mapping[str, tuple[Item, Any]], complete: bool
) -> Score | None:
    """The score of the relevant items, or None for a form that gives no points."""
    if not any(_gives_points(item) for section in form["sections"] for item in section["items"]):
        return None
    earned = possible = 0
    for item in relevant:
        answered = known.get(item["id"])
        got, most = _points(item, answered[1] if answered else None)
        earned, possible = earned + got, possible + most
    band = _band(form, earned, possible) if complete else None
    return Score(earned, possible, band)


def _gives_points(item: Item) -> bool:
    return "points" in item or any("points" in choice for choice in item.get("choices", ()))


def _points(item: Item, value: Any) -> tuple[int, int]:
    if item["type"] == "check" and "points" in item:
        result = value["result"] if value else None
        return (item["points"] if result == "pass" else 0, 0 if result == "na" else item["points"])
    if item["type"] in ("choice", "multi"):
        given = {choice["value"]: choice.get("points", 0) for choice in item["choices"]}
        chosen = value if isinstance(value, list) else [value]
        most = max(given.values()) if item["type"] == "choice" else sum(given.values())
        return sum(given.get(one, 0) for one in chosen), most
    return 0, 0


def _band(form: Mapping[str, Any], earned: int, possible: int) -> str | None:
    for band in form.get("bands", ()):
        if possible and earned * 100 >= band["atLeast"] * possible:
            return str(band["label"])
    return None
