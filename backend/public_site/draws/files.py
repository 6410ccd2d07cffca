"""The files of an opened draw, as they lie in the store: what an outsider's own program needs."""

from collections.abc import Sequence

from backend.planning.draw.record import EVENTS_FILE, RECORD_FILE
from backend.plumbing.files import store
from backend.public_site.draws.queries import PublicDraw


def file_names(opened: PublicDraw) -> Sequence[str]:
    """The record first, then the files it names, then what followed; only those that are there."""
    named = (opened.draw.record or {}).get("files", {})
    committed = [name for name in named.values() if isinstance(name, str)]
    names = [RECORD_FILE, *committed, *named.get("exclusions", []), EVENTS_FILE]
    return [name for name in names if store().exists(f"{opened.draw.folder}/{name}")]


def file_size(opened: PublicDraw, name: str) -> int:
    """Length in bytes."""
    return store().size(f"{opened.draw.folder}/{name}")
