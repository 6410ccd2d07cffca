"""Of a signature's drawing only the strokes are taken over; whatever else it carries stays outside."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.records.documents.handwriting import redrawn
from tests.records.specimens import strokes

pytestmark = pytest.mark.one_database


def address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def drawing(address: str | None) -> str:
    assert address is not None
    return base64.b64decode(address.partition(",")[2]).decode()


def test_strokes_and_dots_are_kept() -> None:
    kept = drawing(redrawn(strokes(1)))
    assert kept.count("<path") == 1
    assert kept.count("<circle") == 1


def test_scripts_links_text_and_outside_pictures_are_left_out() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="x()"><script>x()</script>'
        '<image href="file:///etc/passwd"/><text>伪造</text><a href="http://x.example"><path d="M1 1L2 2" onclick="x()"/></a></svg>'
    )
    kept = drawing(redrawn(address(svg)))
    assert kept.count("<") == 3
    assert "M1 1L2 2" in kept
    for word in ("script", "image", "text", "href", "onclick", "onload"):
        assert word not in kept


@pytest.mark.parametrize(
    "image",
    [
        "",
        "data:image/png;base64,AAAA",
        "data:image/svg+xml;base64,###",
        address("<svg"),
        address('<svg viewBox="0 0 9 9"></svg>'),
        address('<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 9 9"><path d="M0 0"/></svg>'),
        address('<svg viewBox="0 0 9 9"><path d="M0 0 url(#x)"/></svg>'),
    ],
)
def test_what_holds_no_stroke_is_no_signature(image: str) -> None:
    assert redrawn(image) is None


@given(st.text())
def test_no_stroke_data_can_leave_its_attribute(d: str) -> None:
    quoted = d.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    made = redrawn(address(f'<svg viewBox="0 0 9 9"><path d="{quoted}"/></svg>'))
    if made is not None:
        assert drawing(made).count('"') == 16
