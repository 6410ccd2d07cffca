"""The files that Vite built: shared styles and scripts under `/assets`, the phone app under `/app`."""

from pathlib import Path

from flask import Response, abort, current_app, redirect, send_from_directory
from werkzeug.wrappers import Response as AnyResponse


def asset(name: str) -> Response:
    """A built file with a fixed name: revalidated on each use."""
    response = send_from_directory(_built() / "assets", name, max_age=0)
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
    response = send_from_directory(folder, name)
    hashed = name.startswith("assets/")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
    return response


def _built() -> Path:
    folder: Path = current_app.config["SETTINGS"].assets_dir
    return folder
