"""Versions of an agency's rules."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "profile_edition",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("profile_key", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_profile_edition")),
    )
    op.create_table(
        "rules_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("profile_key", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=True),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_rules_version_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["edition"], ["profile_edition.digest"], name=op.f("fk_rules_version_edition_profile_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_version")),
        sa.UniqueConstraint("agency_id", "number", name=op.f("uq_rules_version_agency_id")),
    )
    followed = op.get_bind().execute(sa.text("SELECT agency_id, profile_key FROM agency_profile")).all()
    op.drop_table("agency_profile")
    op.create_table(
        "agency_profile",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_profile_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["rules_version.id"], name=op.f("fk_agency_profile_version_id_rules_version")
        ),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_agency_profile")),
    )
    # Spelled out: on SQLite Alembic would copy the whole table for a column with a foreign key, and may not while others refer to it.
    op.execute(
        "ALTER TABLE task ADD COLUMN rules_version_id INTEGER"
        " CONSTRAINT fk_task_rules_version_id_rules_version REFERENCES rules_version (id)"
    )
    _keep_what_is_followed(followed)

    notices = op.get_bind().execute(sa.text("SELECT day, is_workday, source FROM workday_override")).all()
    op.drop_table("workday_override")
    days = op.create_table(
        "workday_override",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_workday_override_agency_id_agency")
        ),
        sa.PrimaryKeyConstraint("agency_id", "year", "day", name=op.f("pk_workday_override")),
    )
    _keep_notices(days, notices)


def _keep_what_is_followed(followed: Sequence[Any]) -> None:
    """What an agency follows becomes its first version, and what its tasks were made under."""
    for agency_id, profile_key in followed:
        op.get_bind().execute(
            sa.text(
                "INSERT INTO rules_version (agency_id, number, profile_key, overrides, change, made_by, made_at)"
                " VALUES (:agency, 1, :profile, '{}', '版本留存以前采用', '升级程序', CURRENT_TIMESTAMP)"
            ),
            {"agency": agency_id, "profile": profile_key},
        )
    op.execute("INSERT INTO agency_profile (agency_id, version_id) SELECT agency_id, id FROM rules_version")
    op.execute(
        "UPDATE task SET rules_version_id ="
        " (SELECT id FROM rules_version WHERE rules_version.agency_id = task.agency_id)"
    )


def _keep_notices(days: sa.Table, notices: Sequence[Any]) -> None:
    """A notice held for everybody: it now belongs to each agency at the root of a tree, and so still counts for all."""
    roots = op.get_bind().scalars(sa.text("SELECT id FROM agency WHERE parent_id IS NULL")).all()
    rows = [
        {
            "agency_id": root,
            "year": date.fromisoformat(str(day)).year,
            "day": date.fromisoformat(str(day)),
            "is_workday": bool(worked),
            "source": source,
        }
        for root in roots
        for day, worked, source in notices
    ]
    if rows:
        op.bulk_insert(days, rows)


def downgrade() -> None:
    """Versions cannot be told apart again, so there is no way back."""
    raise NotImplementedError
