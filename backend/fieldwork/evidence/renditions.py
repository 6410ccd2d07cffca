"""A photo to look at or to print: made from the original when somebody first asks, kept beside it, never instead of it."""

from pathlib import Path

from backend.core.errors import Refusal
from backend.plumbing.darkroom import darkroom
from backend.plumbing.files import store


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


UNREADABLE_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 224" role="img">
<rect width="300" height="224" fill="#eceff0"/>
<g font-family="sans-serif" fill="#3c474b" text-anchor="middle">
<text x="150" y="104" font-size="22">照片打不开</text>
<text x="150" y="136" font-size="15">原件完整保存，点开可下载</text>
</g>
</svg>
"""
"""Shown where a photo should be: the file is whole and kept, but no picture can be made of it."""
