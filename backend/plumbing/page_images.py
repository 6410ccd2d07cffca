"""The pages of a PDF as pictures for a screen, by poppler's `pdftoppm`."""

import subprocess
import tempfile
from pathlib import Path

from backend.core import errors
from backend.core.errors import Refusal

DOTS_PER_INCH = 96


def page_images(pdf: bytes) -> list[bytes]:
    """One PNG for each page, grey enough to be small and sharp enough to be read."""
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", "-", f"{folder}/page"]
        try:
            subprocess.run(command, input=pdf, capture_output=True, check=True)
        except (FileNotFoundError, subprocess.CalledProcessError) as broken:
            raise Refusal(errors.PAGES_NOT_SHOWN) from broken
        return [page.read_bytes() for page in sorted(Path(folder).iterdir())]
