"""The files that Vite built: shared styles and scripts under `/assets`, the phone app under `/app`."""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Response, abort, current_app, redirect, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

_TEXTS = {".js", ".css", ".html", ".svg", ".webmanifest"}
_MOST_FILES = 256


def asset(name: str) -> Response:
    """A built file with a fixed name: revalidated on each use."""
    response = _sent(_built() / "assets", name)
    response.headers["Cache-Control"] = "no-cache"
    return response


def phone_app_root() -> AnyResponse:
    """The app's scope ends in a slash."""
    return redirect("/app/", 308)


def phone_app(name: str) -> Response:
    """A file of the phone app; each of its paths that is no file is the app itself. Hashed files are kept for good; the shell and the service worker are revalidated."""
    folder = _built() / "app"
    if not (folder / name).is_file():
        if "." in name.rsplit("/", 1)[-1]:
            abort(404)
        name = "index.html"
    response = _sent(folder, name)
    hashed = name.startswith("assets/")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
    return response


def _sent(folder: Path, name: str) -> Response:
    """A file, compressed for whoever takes it so: on a phone's link that is most of the wait for the first page."""
    if Path(name).suffix not in _TEXTS:
        return send_from_directory(folder, name, max_age=0)
    response = send_from_directory(folder, name, max_age=0, conditional=False)
    # Whole or not at all: a browser would put the rest of the plain file behind the compressed half that a lost link left it.
    response.make_conditional(request.environ, accept_ranges=False)
    response.headers["Accept-Ranges"] = "none"
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and request.accept_encodings["gzip"] > 0:
        path = folder / name
        response.direct_passthrough = False
        response.set_data(_compressed(path, path.stat().st_mtime_ns))
        response.content_encoding = "gzip"
    return response


@lru_cache(_MOST_FILES)
def _compressed(path: Path, _changed_at: int) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def _built() -> Path:
    folder: Path = current_app.config["SETTINGS"].assets_dir
    return folder
