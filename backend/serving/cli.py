"""`yaohao serve`, `yaohao worker`, and for developers `yaohao migration`."""

import argparse
import threading

from backend.app import create_app
from backend.plumbing.pdf_fonts import self_test
from backend.serving.database import bring_up_to_date, write_migration
from backend.serving.server import serve_until_stopped
from backend.serving.worker import work_until_stopped
from backend.settings import settings_from_environment


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    serve = commands.add_parser("serve", help="serve the office, the phone app and the public site")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument(
        "--workers", type=int, default=1, help="processes that answer requests, one for each core"
    )
    serve.set_defaults(run=_serve)
    worker = commands.add_parser("worker", help="do the waiting jobs")
    worker.set_defaults(run=_work)
    migration = commands.add_parser(
        "migration", help="for developers: write the migration that the models ask for"
    )
    migration.add_argument("message")
    migration.set_defaults(run=_migrate)


def _serve(chosen: argparse.Namespace) -> int:
    settings = settings_from_environment()
    bring_up_to_date(create_app(settings))
    serve_until_stopped(settings, chosen.host, chosen.port, chosen.workers)
    return 0


def _work(_chosen: argparse.Namespace) -> int:
    app = create_app(settings_from_environment())
    bring_up_to_date(app)
    self_test()
    work_until_stopped(app, threading.Event())
    return 0


def _migrate(chosen: argparse.Namespace) -> int:
    write_migration(chosen.message)
    return 0
