"""A print rendition is small, upright and always the same; a broken photo is named."""

from io import BytesIO

import pytest
from PIL import Image

from backend.core.errors import Refusal
from backend.plumbing.pictures import PRINT_HEIGHT, PRINT_WIDTH, print_rendition
from tests.records.specimens import original_photo

pytestmark = pytest.mark.one_database


def test_it_fits_the_frame_and_repeats() -> None:
    made = print_rendition(original_photo(1), "01")
    assert made == print_rendition(original_photo(1), "01")
    with Image.open(BytesIO(made)) as picture:
        assert picture.format == "JPEG"
        assert picture.width in (PRINT_WIDTH - 1, PRINT_WIDTH)
        assert picture.height == PRINT_HEIGHT


def test_a_sideways_photo_is_turned_upright() -> None:
    picture = Image.new("RGB", (800, 400))
    exif = picture.getexif()
    exif[0x0112] = 6
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif)
    with Image.open(BytesIO(print_rendition(out.getvalue(), "01"))) as made:
        assert made.width < made.height


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
def test_what_phones_make_can_be_printed(kind: str) -> None:
    out = BytesIO()
    Image.new("RGB", (400, 300), (9, 9, 9)).save(out, kind)
    assert print_rendition(out.getvalue(), "01").startswith(b"\xff\xd8")


@pytest.mark.parametrize("octets", [b"", b"not a photo", original_photo(1)[:5000]])
def test_a_broken_photo_is_named(octets: bytes) -> None:
    with pytest.raises(Refusal, match="07"):
        print_rendition(octets, "07")
