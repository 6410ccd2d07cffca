"""How an earlier stage is heard by a later one without importing it: `reactions.py` says who listens."""

from collections.abc import Callable, Mapping, Sequence

from flask import current_app

Reaction = Callable[..., object]


def announce(event: str, **payload: object) -> None:
    """Run the reactions to `event` now, in order, inside the caller's transaction. Unknown events are a defect."""
    reactions: Mapping[str, Sequence[Reaction]] = current_app.extensions["reactions"]
    for react in reactions[event]:
        react(**payload)
