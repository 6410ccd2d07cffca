"""What happens to a draw after its record: each a line that carries the hash of the line before (draw.md 3)."""

import hashlib
from collections.abc import Mapping
from typing import Any

from backend.core.masking import without_personal_numbers
from backend.planning.draw.models import Draw, DrawEvent
from backend.planning.draw.record import event_line
from backend.plumbing.clock import now


def tell(draw: Draw, verb: str, facts: Mapping[str, Any]) -> None:
    """Add one line, inside the caller's transaction. The line will be public: a reason loses its personal numbers."""
    assert draw.record_hash is not None, "events follow a record"
    last = draw.events[-1] if draw.events else None
    previous = hashlib.sha256(last.line.encode()).hexdigest() if last else None
    moment = now()
    if "reason" in facts:
        facts = {**facts, "reason": without_personal_numbers(facts["reason"])}
    line = event_line(draw.record_hash, previous, verb, moment, facts)
    draw.events.append(DrawEvent(number=len(draw.events) + 1, line=line, at=moment))
