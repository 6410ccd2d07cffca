"""The fonts of an official PDF: where they come from, which characters they can print, and a proof that they embed.

Text that a font cannot draw still comes out of `pdftotext`, so a missing font is invisible to
every check but these: the coverage of each string before layout, and a start-up self-test that renders a
thousand characters and looks at the fonts inside the PDF (dossier.md "WeasyPrint facts").
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pikepdf

from backend.core import errors
from backend.core.errors import Refusal

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

CONFIGURATION = Path(__file__).with_name("pdf_fonts.conf")
REGULAR_SERIF = "NotoSerifCJK-Regular.ttc"
LARGEST_SUBSET = 1_000_000

# Characters that steer the layout and are never drawn.
_UNDRAWN = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u2060\ufeff")
_environment = threading.Lock()


@contextmanager
def _private_configuration() -> Iterator[None]:
    """Point fontconfig at our own file while a font map is made; the rest of the process keeps its fonts."""
    with _environment:
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(CONFIGURATION)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


def font_configuration() -> "FontConfiguration":
    """A font map that knows Noto CJK and nothing else."""
    # The typesetter is loaded where a page is set, and nowhere else: see pdf.py.
    from weasyprint.text.fonts import FontConfiguration

    with _private_configuration():
        return FontConfiguration()


def undrawable(text: str) -> str:
    """The distinct characters of `text` that the fonts cannot draw, in order of appearance."""
    known = drawable_characters()
    return "".join(dict.fromkeys(c for c in text if ord(c) not in known and c not in _UNDRAWN))


@lru_cache(maxsize=1)
def drawable_characters() -> frozenset[int]:
    """Every code point the fonts can draw. Refuses where the fonts are not installed."""
    from fontTools.ttLib import TTCollection

    with TTCollection(str(serif_file()), lazy=True) as collection:
        return frozenset(collection.fonts[0].getBestCmap())


@lru_cache(maxsize=1)
def serif_file() -> Path:
    """The collection that holds the Song face. Refuses where the fonts are not installed."""
    for folder in _font_folders():
        for file in sorted(folder.rglob(REGULAR_SERIF)):
            return file
    raise Refusal(errors.PDF_FONTS_UNFIT, reason=f"{REGULAR_SERIF} 不在字体目录里")


def _font_folders() -> list[Path]:
    user_data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    return [
        (user_data / entry.text if entry.get("prefix") == "xdg" else Path(entry.text))
        for entry in ElementTree.parse(CONFIGURATION).iterfind("dir")
        if entry.text
    ]


def self_test() -> None:
    """Render about a thousand characters and refuse, with the command that mends it, unless every font
    in the PDF is an embedded subset of less than one megabyte."""
    from weasyprint import HTML

    common = "".join(map(chr, range(0x4E00, 0x4E00 + 900)))
    sample = f"{common}〔2026〕第0042号，、。：；！？“”（）《》—…·№①②③％℃㎡ 0123456789 abcXYZ"
    if missing := undrawable(sample):
        raise Refusal(errors.PDF_FONTS_UNFIT, reason=f"字体里没有“{missing[:12]}”")
    html = (
        f"<html lang=zh-CN><title>字体自检</title><p style='font-family:serif'>{sample}"
        f"<p style='font-family:serif;font-weight:700'>{sample}<p style='font-family:monospace'>0123456789ABCDEF"
    )
    pdf = HTML(string=html).write_pdf(font_config=font_configuration())
    for name, size in embedded_fonts(pdf).items():
        if size is None:
            raise Refusal(errors.PDF_FONTS_UNFIT, reason=f"{name} 没有嵌入")
        if "+Noto" not in name or size > LARGEST_SUBSET:
            raise Refusal(errors.PDF_FONTS_UNFIT, reason=f"{name} 没有按子集嵌入（{size} 字节）")


def embedded_fonts(pdf: bytes) -> dict[str, int | None]:
    """Name of every font in `pdf` → size of its embedded file in bytes, or None where it isn't embedded."""
    fonts: dict[str, int | None] = {}
    with pikepdf.open(BytesIO(pdf)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                files = [item[key] for key in ("/FontFile", "/FontFile2", "/FontFile3") if key in item]
                fonts[str(item["/FontName"])] = len(files[0].read_raw_bytes()) if files else None
    return fonts
