"""Fresh installations to measure on: the embedded database and a private PostgreSQL, each with one agency."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from backend.app import create_app
from backend.foundation.accounts.actions import found_agency
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.actions import follow_profile
from backend.plumbing.db import db
from backend.serving.database import bring_up_to_date
from backend.settings import settings_for
from tests.databases import empty_database

KINDS = ("sqlite", "postgres")
ONLY = "YAOHAO_BENCH_DATABASE"


def kinds() -> tuple[str, ...]:
    """The databases to measure on: both, or the one that was asked for (`--database`)."""
    only = os.environ.get(ONLY)
    return tuple(kind for kind in KINDS if only in (None, kind))


@contextmanager
def installation(kind: str) -> Iterator[tuple[Flask, Actor]]:
    """An application in its context on an empty database of this kind, and its administrator."""
    with tempfile.TemporaryDirectory(prefix="yaohao-bench-") as folder, empty_database(kind) as address:
        app = create_app(settings_for(Path(folder), f"{address}" if address else None))
        bring_up_to_date(app)
        with app.app_context():
            agency = found_agency("示例市工业和信息化局", "slgx", "0123", "示工信", ["综合法规科"])
            actor = Actor(0, agency.id, None, "测量", frozenset({Role.ADMIN}))
            follow_profile(actor, "national-default")
            yield app, actor
            db.session.remove()
            db.engine.dispose()


def each_installation() -> Iterator[tuple[str, Flask, Actor]]:
    """One installation after the other, on each database that is measured."""
    for kind in kinds():
        with installation(kind) as (app, actor):
            yield kind, app, actor
