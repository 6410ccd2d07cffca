"""The schema that the migrations build is the one the models describe, and building it again changes nothing."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from backend.plumbing.db import Base, db
from backend.serving.database import bring_up_to_date


def test_nothing_is_left_to_migrate(context: Flask) -> None:
    migrated = MigrationContext.configure(db.session.connection(), opts={"compare_type": True})
    assert compare_metadata(migrated, Base.metadata) == []


def test_bringing_up_to_date_again_changes_nothing(app: Flask) -> None:
    bring_up_to_date(app)
    with app.app_context():
        migrated = MigrationContext.configure(db.session.connection())
        assert compare_metadata(migrated, Base.metadata) == []
