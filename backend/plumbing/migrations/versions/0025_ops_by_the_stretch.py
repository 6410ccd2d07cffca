"""Ops by the stretch."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_UUID = sa.String().with_variant(postgresql.UUID(as_uuid=False), "postgresql")
_INDEXES = ("claimed_id", "bearing_a_claimed_id", "outside_the_chain")
_MOVED = ("visit_id", "user_id", "body", "status", "rev", "reason", "gaps", "received_at")
_OUTCOMES = {
    "postgresql": "json_build_array(json_build_array("
    "chain_seq IS NOT NULL, status, rev, reason, gaps::json))::text",
    "sqlite": "json_array(json_array("
    "json(CASE WHEN chain_seq IS NULL THEN 'false' ELSE 'true' END), status, rev, reason, json(gaps)))",
}


def upgrade() -> None:
    op.create_table(
        "sync_stretch",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("server_seq", sa.BigInteger(), nullable=False),
        sa.Column("device_id", _UUID, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ops", sa.Text(), nullable=False),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "server_seq", name="pk_sync_stretch"),
    )
    op.create_table(
        "sync_stretch_of_visit",
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("server_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("visit_id", "agency_id", "server_seq", name="pk_sync_stretch_of_visit"),
    )
    kind = op.get_bind().dialect.name
    if kind == "postgresql":
        _pack_quickly()
    uuid = "::uuid" if kind == "postgresql" else ""
    # What is here already becomes stretches of one op.
    op.execute(
        "INSERT INTO sync_stretch (agency_id, server_seq, device_id, user_id, received_at, ops, outcomes)"
        f" SELECT agency_id, server_seq, device_id{uuid}, user_id, received_at, body, {_OUTCOMES[kind]} FROM sync_op"
    )
    op.execute(
        "INSERT INTO sync_stretch_of_visit (visit_id, agency_id, server_seq)"
        " SELECT visit_id, agency_id, server_seq FROM sync_op"
    )
    with op.batch_alter_table("sync_op") as ops:
        for name in _INDEXES:
            ops.drop_index(f"ix_sync_op_{name}")
        ops.add_column(sa.Column("stretch_seq", sa.BigInteger(), nullable=True))
        ops.alter_column("hash", existing_type=sa.String(), nullable=True)
    op.execute(
        "UPDATE sync_op SET stretch_seq = server_seq, hash = CASE WHEN chain_seq IS NULL THEN hash END"
    )
    with op.batch_alter_table("sync_op") as ops:
        ops.drop_constraint("pk_sync_op", type_="primary")
        for name in _MOVED:
            ops.drop_column(name)
        ops.alter_column("stretch_seq", existing_type=sa.BigInteger(), nullable=False)
        for name in ("op_id", "device_id"):
            ops.alter_column(name, type_=_UUID, existing_nullable=False, postgresql_using=f"{name}::uuid")
    _create_indexes()


def _pack_quickly() -> None:
    """A stretch is long enough for PostgreSQL to pack it, and its own old way costs as much as writing everything else."""
    knows_lz4 = op.get_bind().scalar(
        sa.text(
            "SELECT count(*) FROM pg_settings"
            " WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
        )
    )
    way = "COMPRESSION lz4" if knows_lz4 else "STORAGE EXTERNAL"
    for column in ("ops", "outcomes"):
        op.execute(f"ALTER TABLE sync_stretch ALTER {column} SET {way}")


def downgrade() -> None:
    with op.batch_alter_table("sync_op") as ops:
        for name in _INDEXES:
            ops.drop_index(f"ix_sync_op_{name}")
        for name in ("op_id", "device_id"):
            ops.alter_column(name, type_=sa.String(), existing_nullable=False)
        for name, kind in _moved_types().items():
            ops.add_column(sa.Column(name, kind, nullable=True))
        ops.create_index("ix_sync_op_place", ["agency_id", "server_seq"])
    bind = op.get_bind()
    told = sa.table("sync_op", *map(sa.column, ("agency_id", "server_seq", "hash", *_MOVED)))
    of_op = (told.c.agency_id == sa.bindparam("agency")) & (told.c.server_seq == sa.bindparam("place"))
    for values in list(_ops_of_stretches(bind)):
        bind.execute(
            sa.update(told)
            .where(of_op)
            .values({name: sa.bindparam(f"new_{name}") for name in ("hash", *_MOVED)}),
            values,
        )
    with op.batch_alter_table("sync_op") as ops:
        for name, kind in {**_moved_types(), "hash": sa.String()}.items():
            if name != "reason":
                ops.alter_column(name, existing_type=kind, nullable=False)
        ops.drop_index("ix_sync_op_place")
        ops.drop_column("stretch_seq")
        ops.create_primary_key("pk_sync_op", ["visit_id", "server_seq", "agency_id"])
    _create_indexes()
    op.drop_table("sync_stretch_of_visit")
    op.drop_table("sync_stretch")


def _ops_of_stretches(bind: sa.Connection) -> Iterator[dict[str, Any]]:
    for one in bind.execute(sa.text("SELECT * FROM sync_stretch")).mappings():
        told = zip(one["ops"].split("\n"), json.loads(one["outcomes"]), strict=True)
        for place, (body, (_, status, rev, reason, gaps)) in enumerate(told, one["server_seq"]):
            yield {
                "agency": one["agency_id"],
                "place": place,
                "new_hash": hashlib.sha256(body.encode()).hexdigest(),
                "new_visit_id": json.loads(body)["visitId"],
                "new_user_id": one["user_id"],
                "new_body": body,
                "new_status": status,
                "new_rev": rev,
                "new_reason": reason,
                "new_gaps": json.dumps(gaps, ensure_ascii=False),
                "new_received_at": one["received_at"],
            }


def _moved_types() -> dict[str, Any]:
    kinds = {"user_id": sa.Integer(), "rev": sa.BigInteger(), "body": sa.Text(), "gaps": sa.Text()}
    return {
        name: sa.DateTime(timezone=True) if name == "received_at" else kinds.get(name, sa.String())
        for name in _MOVED
    }


def _create_indexes() -> None:
    with op.batch_alter_table("sync_op") as ops:
        for name, column, on_postgres, on_sqlite in (
            ("claimed_id", "op_id", "claims", "claims = 1"),
            ("bearing_a_claimed_id", "op_id", "NOT claims", "claims = 0"),
            ("outside_the_chain", "hash", "chain_seq IS NULL", "chain_seq IS NULL"),
        ):
            ops.create_index(
                f"ix_sync_op_{name}",
                [column],
                unique=name != "bearing_a_claimed_id",
                postgresql_where=sa.text(on_postgres),
                sqlite_where=sa.text(on_sqlite),
            )
