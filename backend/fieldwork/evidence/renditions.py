"""The picture that goes into the PDF: 200 dpi at print width, upright, JPEG; the original is never touched (dossier.md)."""

from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

PRINT_WIDTH = 614
_QUALITY = 82

register_heif_opener()


def print_rendition(original: BinaryIO) -> tuple[bytes, int, int] | None:
    """JPEG bytes with their width and height; None for what is no picture, is damaged, or is beyond Pillow's bomb limit."""
    try:
        with Image.open(original) as picture:
            picture.draft("RGB", (PRINT_WIDTH * 2, PRINT_WIDTH * 2))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if upright.width > PRINT_WIDTH:
        height = max(1, round(upright.height * PRINT_WIDTH / upright.width))
        upright = upright.resize((PRINT_WIDTH, height), Image.Resampling.LANCZOS)
    written = BytesIO()
    upright.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue(), upright.width, upright.height
