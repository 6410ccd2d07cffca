"""Photos for paper: a 200 dpi rendition of an original, upright and small, the same bytes every time.

The original is never touched: it is the evidence. The rendition only stands for it on a photo sheet
(614 pixels across make 78 mm at 200 dpi).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pillow_heif
from PIL import Image, ImageDraw, ImageFile, ImageFont, ImageOps, UnidentifiedImageError

from backend.core import errors
from backend.core.errors import Refusal

PRINT_WIDTH = 614
PRINT_HEIGHT = 460
CAPTION_SIZE, CAPTION_LINE, CAPTION_MARGIN = 16, 24, 10
SIMPLIFIED = 2
"""The place of the Simplified Chinese face in a Noto CJK collection."""

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


def with_caption(picture: bytes, lines: Sequence[str], font_file: Path) -> bytes:
    """A rendition with words on a band below it: nothing of the picture itself is covered or changed."""
    with Image.open(BytesIO(picture)) as opened:
        photo = opened.convert("RGB")
    font = ImageFont.truetype(str(font_file), CAPTION_SIZE, index=SIMPLIFIED)
    wide = max(photo.width, *(int(font.getlength(line)) + 2 * CAPTION_MARGIN for line in lines))
    height = photo.height + len(lines) * CAPTION_LINE + 2 * CAPTION_MARGIN
    marked = Image.new("RGB", (wide, height), (255, 255, 255))
    marked.paste(photo, ((wide - photo.width) // 2, 0))
    pen = ImageDraw.Draw(marked)
    for n, line in enumerate(lines):
        place = (CAPTION_MARGIN, photo.height + CAPTION_MARGIN + n * CAPTION_LINE)
        pen.text(place, line, (18, 32, 42), font)
    written = BytesIO()
    marked.save(written, "JPEG", quality=88, subsampling=0)
    return written.getvalue()


@contextmanager
def _only_whole_pictures() -> Iterator[None]:
    """The typesetter tells Pillow to accept truncated files; a photo cut short must not pass for the original."""
    tolerant = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
