"""Hand-written signatures: the strokes of a phone's drawing, redrawn so that nothing else can come along.

A signature arrives as an SVG made on somebody's phone. Only its strokes (paths, dots, lines) are taken over, in
black, into a drawing of our own: scripts, links, text and outside references have no way in.
"""

import base64
import binascii
import re
from xml.etree import ElementTree

_DRAWN = {
    "path": ("d",),
    "circle": ("cx", "cy", "r"),
    "line": ("x1", "y1", "x2", "y2"),
    "polyline": ("points",),
}
_GEOMETRY = re.compile(r"[MmLlHhVvCcSsQqTtAaZzeE0-9+\-.,\s]*")
_DATA_ADDRESS = "data:image/svg+xml;base64,"
_LARGEST = 400_000


def redrawn(image: str) -> str | None:
    """`image` (an SVG data address) as a safe one holding only its strokes; None where it has none that can be read."""
    if not image.startswith(_DATA_ADDRESS) or len(image) > _LARGEST:
        return None
    try:
        source = base64.b64decode(image.removeprefix(_DATA_ADDRESS), validate=True)
        if b"<!" in source:
            return None
        drawing = ElementTree.fromstring(source)
    except (binascii.Error, ElementTree.ParseError):
        return None
    strokes = [stroke for element in drawing.iter() if (stroke := _stroke(element)) is not None]
    box = _box(drawing)
    if not strokes or box is None:
        return None
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{"".join(strokes)}</svg>'
    return _DATA_ADDRESS + base64.b64encode(svg.encode()).decode()


def _stroke(element: ElementTree.Element) -> str | None:
    name = element.tag.rpartition("}")[2]
    wanted = _DRAWN.get(name)
    if wanted is None:
        return None
    given = {key: element.get(key, "") for key in wanted}
    if not all(value and _GEOMETRY.fullmatch(value) for value in given.values()):
        return None
    geometry = " ".join(f'{key}="{value}"' for key, value in given.items())
    if name == "circle":
        return f'<circle {geometry} fill="#000"/>'
    width = element.get("stroke-width", "2")
    width = width if re.fullmatch(r"\d+(\.\d+)?", width) else "2"
    return (
        f'<{name} {geometry} fill="none" stroke="#000" stroke-width="{width}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _box(drawing: ElementTree.Element) -> str | None:
    box = drawing.get("viewBox", "")
    if re.fullmatch(r"-?[\d.]+([ ,]+-?[\d.]+){3}", box):
        return box
    width, height = drawing.get("width", ""), drawing.get("height", "")
    measure = re.compile(r"([\d.]+)(px)?")
    across, down = measure.fullmatch(width), measure.fullmatch(height)
    return f"0 0 {across[1]} {down[1]}" if across and down else None
