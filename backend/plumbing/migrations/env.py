"""Alembic's entry: runs the migrations on the connection that `serving.database` hands over."""

from typing import Any, Literal

from alembic import context

from backend.plumbing.db import Base, UtcDateTime


def spell(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Spell our own column type as what it is in the database, so that old migrations never import the code of today."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=spell,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
