"""What goes into the PDF is upright, 614 pixels wide at most and small; what is no picture has none and is kept all the same."""

from io import BytesIO

import pytest
from PIL import Image

from backend.fieldwork.evidence.renditions import PRINT_WIDTH, print_rendition

SIDEWAYS = 6


def _written(picture: Image.Image, kind: str, orientation: int | None = None) -> BytesIO:
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    written = BytesIO()
    picture.save(written, kind, exif=exif)
    written.seek(0)
    return written


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF", "WEBP"])
def test_a_wide_picture_is_brought_to_print_width(kind: str) -> None:
    rendition = print_rendition(_written(Image.new("RGB", (3000, 2000), "teal"), kind))
    assert rendition is not None
    content, width, height = rendition
    assert (width, height) == (PRINT_WIDTH, 409)
    with Image.open(BytesIO(content)) as seen:
        assert (seen.format, seen.size) == ("JPEG", (PRINT_WIDTH, 409))


def test_a_picture_taken_sideways_stands_upright() -> None:
    rendition = print_rendition(_written(Image.new("RGB", (1200, 800), "teal"), "JPEG", SIDEWAYS))
    assert rendition is not None
    assert rendition[1:] == (PRINT_WIDTH, 921)


def test_a_small_picture_is_not_blown_up() -> None:
    rendition = print_rendition(_written(Image.new("RGB", (200, 100), "teal"), "PNG"))
    assert rendition is not None
    assert rendition[1:] == (200, 100)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\xff\xd8\xff\xe0 broken", b"%PDF-1.7"])
def test_what_is_no_picture_has_no_rendition(content: bytes) -> None:
    assert print_rendition(BytesIO(content)) is None
