"""What a reader sees on each page of a PDF, by poppler."""

import subprocess


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page as it was drawn, cell after cell, blanks removed."""
    return ["".join(page.split()) for page in _drawn(pdf)]


def lines_of(pdf: bytes, page: int) -> list[str]:
    """The lines of one page (counted from zero), single blanks between their pieces."""
    return [" ".join(line.split()) for line in _drawn(pdf)[page].splitlines()]


def _drawn(pdf: bytes) -> list[str]:
    text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return text.decode().split("\f")[:-1]
