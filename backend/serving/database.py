"""The schema in the database: created and brought up to date before anything is served."""

from flask import Flask

from backend.plumbing.db import db


def bring_up_to_date(app: Flask) -> None:
    """Create what is missing."""
    with app.app_context():
        db.create_all()
