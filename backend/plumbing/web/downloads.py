"""Answers that a browser keeps as a file."""

from urllib.parse import quote

from flask import Response

from backend.plumbing.spreadsheets import XLSX


def spreadsheet(content: bytes, name: str) -> Response:
    """An .xlsx under a name that may be Chinese."""
    response = Response(content, mimetype=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
