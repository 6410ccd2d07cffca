"""A photo to look at or to print: made from the original when somebody first asks, kept beside it, never instead of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.core.clock import SHANGHAI
from backend.core.errors import Refusal
from backend.fieldwork.checklists.wording import place_words
from backend.fieldwork.evidence.models import Evidence
from backend.plumbing.darkroom import darkroom
from backend.plumbing.files import store
from backend.plumbing.pdf_fonts import serif_file
from backend.plumbing.pictures import with_caption


def rendition_of(sha: str) -> Path | None:
    """Where the upright, small JPEG without place or camera data lies; None for what cannot be opened as a picture."""
    name, unreadable = f"evidence/{sha}.print.jpg", f"evidence/{sha}.unreadable"
    if store().exists(unreadable):
        return None
    if not store().exists(name):
        try:
            store().put(name, darkroom.rendition(store().path(f"evidence/{sha}"), sha[:12]))
        except Refusal:
            store().put(unreadable, b"")
            return None
    return store().path(name)


def marked_rendition(file: Path, piece: Evidence, taken_by: str) -> bytes:
    """The rendition with time, place, inspector and the beginning of the SHA-256 on a band below: made when asked for, kept nowhere."""
    capture = piece.capture
    return with_caption(
        file.read_bytes(),
        [
            f"{_minute(capture, piece)}　{taken_by}拍摄",
            _place(capture),
            f"SHA-256 {' '.join(piece.sha[n : n + 4] for n in range(0, 16, 4)).upper()} …　原件另存，本图为副本",
        ],
        serif_file(),
    )


def _minute(capture: Mapping[str, Any], piece: Evidence) -> str:
    told = capture.get("at")
    moment = datetime.fromtimestamp(told / 1000, UTC) if isinstance(told, int) else piece.at
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _place(capture: Mapping[str, Any]) -> str:
    lat7, lon7, error = (capture.get(name) for name in ("lat7", "lon7", "accuracyCm"))
    if lat7 is None or lon7 is None:
        return "没有取到定位"
    return place_words({"lat7": lat7, "lon7": lon7, "accuracyCm": error})


UNREADABLE_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 224" role="img">
<rect width="300" height="224" fill="#eceff0"/>
<g font-family="sans-serif" fill="#3c474b" text-anchor="middle">
<text x="150" y="104" font-size="22">照片打不开</text>
<text x="150" y="136" font-size="15">原件完整保存，点开可下载</text>
</g>
</svg>
"""
"""Shown where a photo should be: the file is whole and kept, but no picture can be made of it."""
