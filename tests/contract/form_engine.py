"""The Python engine's word on one checklist in the shape of forms/cases."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from backend.fieldwork.checklists.rules import assess


def assessed(
    form: Mapping[str, Any], answers: Mapping[str, Any], pieces: Mapping[str, int]
) -> dict[str, Any]:
    """What `expect` holds in a case."""
    seen = assess(form, answers, pieces)
    return {
        "relevant": list(seen.relevant),
        "missing": list(seen.missing),
        "missingPhotos": list(seen.missing_photos),
        "missingProblems": list(seen.missing_problems),
        "invalid": dict(seen.invalid),
        "answered": seen.answered,
        "total": seen.total,
        "complete": seen.complete,
        "score": asdict(seen.score) if seen.score else None,
    }
