"""Photos for paper: a 200 dpi rendition of an original, upright and small, the same bytes every time.

The original is never touched: it is the evidence. The rendition only stands for it on a photo sheet
(614 pixels across make 78 mm at 200 dpi).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pillow_heif
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from backend.core import errors
from backend.core.errors import Refusal

PRINT_WIDTH = 614
PRINT_HEIGHT = 460

pillow_heif.register_heif_opener()


def print_rendition(original: bytes, name: str) -> bytes:
    """A JPEG of `original` that fits the frame of a photo sheet. `name` is only used to say which photo is broken."""
    try:
        with _only_whole_pictures(), Image.open(BytesIO(original)) as picture:
            picture.draft("RGB", (PRINT_WIDTH * 2, PRINT_HEIGHT * 2))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as broken:
        raise Refusal(errors.PHOTO_UNREADABLE, name=name) from broken
    upright.thumbnail((PRINT_WIDTH, PRINT_HEIGHT), Image.Resampling.LANCZOS)
    printed = BytesIO()
    upright.save(printed, "JPEG", quality=82, subsampling=0)
    return printed.getvalue()


def empty_frame() -> bytes:
    """A grey field of a photo's size, for a draft whose photo has not arrived yet."""
    field = BytesIO()
    Image.new("RGB", (PRINT_WIDTH, PRINT_HEIGHT), (225, 225, 225)).save(field, "JPEG")
    return field.getvalue()


@contextmanager
def _only_whole_pictures() -> Iterator[None]:
    """The typesetter tells Pillow to accept truncated files; a photo cut short must not pass for the original."""
    tolerant = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
