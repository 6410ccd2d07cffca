"""The schema in the database: brought up to date by its migrations before anything is served."""

from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask

from backend.app import create_app
from backend.plumbing import migrations
from backend.plumbing.db import db, transaction
from backend.settings import settings_for


def bring_up_to_date(app: Flask) -> None:
    """Run the migrations that this database has not seen: all of them, or none."""
    with app.app_context():
        with transaction():
            command.upgrade(_configuration(), "head")
        # A process forked from this one must not share a connection with it.
        db.session.remove()
        db.engine.dispose()


def write_migration(message: str) -> None:
    """Write the step from the newest migration to the models as they are now, numbered; for developers."""
    with TemporaryDirectory() as folder:
        app = create_app(settings_for(Path(folder)))
        bring_up_to_date(app)
        with app.app_context(), transaction():
            number = len(list(ScriptDirectory.from_config(_configuration()).walk_revisions())) + 1
            command.revision(_configuration(), message, autogenerate=True, rev_id=f"{number:04d}")


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(migrations.__file__).parent))
    configuration.attributes["connection"] = db.session.connection()
    return configuration
