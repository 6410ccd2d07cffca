"""Lucide icons, inlined: `currentColor`, round ends, a heavier stroke when small (look: Icons).

The drawings lie in `icons/` (ISC licence beside them); a page never asks another host for one.
"""

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

FOLDER = Path(__file__).parent / "icons"
SMALL = 18


@cache
def _strokes(name: str) -> str:
    source = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    inside = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if inside is None:
        raise ValueError(f"icons/{name}.svg is not an SVG drawing")
    return re.sub(r"\s*\n\s*", "", inside.group(1))


def icon_svg(name: str, size: int = 20, label: str = "", css: str = "") -> Markup:
    """The drawing `name` at `size` px; hidden from readers unless `label` names it."""
    weight = "2.25" if size < SMALL else "1.75"
    reader = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup(
        '<svg class="icon {}" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="{}" stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>'
    ).format(css, size, size, weight, reader, Markup(_strokes(str(escape(name)))))
