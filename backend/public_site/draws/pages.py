"""The pages of draw announcements, the files of an opened draw, and the page on which anyone computes it again."""

from importlib.resources import files
from pathlib import PurePosixPath

from flask import Blueprint, Response, render_template, request

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.permissions.access import anyone
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.planning.draw.queries import published_folder
from backend.plumbing.clock import today
from backend.public_site.draws.folder import zipped
from backend.public_site.draws.queries import (
    announced_draw,
    announced_draws,
    drawn_entities,
    names_by_code,
    opened_draw,
    tasks_of,
    what_followed,
)

blueprint = Blueprint("public_draws", __name__, template_folder="templates")

PAGE = 20
PROGRAMS = ("verify.py", "verify_since.py")


@blueprint.app_template_filter("witness_kind")
def witness_kind(kind: str) -> str:
    """Where a person present comes from, in words."""
    return known_keys()["draw.witness_kinds"].words.get(kind, kind)


@blueprint.get("/draws")
@anyone
def announcements() -> str:
    """Every draw with its serial: drawn, void, and overdue to be opened."""
    found = announced_draws(request.args.get("before", type=int), PAGE + 1)
    return render_template(
        "public_draws/list.html",
        section="announcements",
        draws=found[:PAGE],
        later=found[PAGE - 1].draw.id if len(found) > PAGE else None,
        is_later_page="before" in request.args,
        day=today(),
    )


@blueprint.get("/verify")
@anyone
def verifiable() -> str:
    """The draws that can be computed again now."""
    found = announced_draws(request.args.get("before", type=int), PAGE)
    return render_template(
        "public_draws/verifiable.html", section="verify", draws=[one for one in found if one.is_open]
    )


@blueprint.get("/draws/<serial>")
@anyone
def announcement(serial: str) -> str:
    """One draw: its fingerprints and signatures at once, names and files once it is opened."""
    found = announced_draw(serial)
    return render_template(
        "public_draws/draw.html",
        section="announcements",
        found=found,
        draw=found.draw,
        tasks=tasks_of(found.draw),
        drawn=drawn_entities(found) if found.is_open else [],
        followed=what_followed(found) if found.is_open else [],
        sizes={name: len(content) for name, content in published_folder(found.draw).items()}
        if found.is_open
        else {},
        day=today(),
    )


@blueprint.get("/draws/<serial>/verify")
@anyone
def verify(serial: str) -> str:
    """The page that computes an opened draw again in the reader's own browser."""
    found = opened_draw(serial)
    return render_template(
        "public_draws/verify.html",
        section="verify",
        found=found,
        draw=found.draw,
        names=names_by_code(found),
    )


@blueprint.get("/draws/<serial>/folder.zip")
@anyone
def whole_folder(serial: str) -> Response:
    """Everything of an opened draw in one file: the folder an outsider's program runs on, with the program."""
    found = opened_draw(serial)
    programs = {name: _program(name) for name in PROGRAMS}
    content = zipped({**published_folder(found.draw), **programs})
    return _download(content, "application/zip", f"{found.serial}.zip")


@blueprint.get("/verify.py")
@anyone
def program() -> Response:
    """The stand-alone program that computes a draw again, teams included."""
    return _download(_program("verify.py"), "text/x-python", "verify.py")


@blueprint.get("/verify_since.py")
@anyone
def program_since() -> Response:
    """Its second half: what was changed after the lock."""
    return _download(_program("verify_since.py"), "text/x-python", "verify_since.py")


@blueprint.get("/draws/<serial>/files/<path:name>")
@anyone
def record_file(serial: str, name: str) -> Response:
    """One file of an opened draw, byte for byte."""
    found = opened_draw(serial)
    content = published_folder(found.draw).get(name)
    if content is None:
        raise Refusal(NOT_FOUND, what=f"文件 {name}")
    mimetype = "application/json" if name.endswith((".json", ".jsonl")) else "text/plain"
    return _download(content, mimetype, PurePosixPath(name).name)


def _program(name: str) -> bytes:
    return files("backend.planning.draw").joinpath(name).read_bytes()


def _download(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-cache"
    return response
