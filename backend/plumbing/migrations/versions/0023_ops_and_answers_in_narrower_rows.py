"""Ops and answers in narrower rows."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("answer") as answers:
        answers.drop_constraint("uq_answer_visit_id", type_="unique")
        answers.drop_constraint("pk_answer", type_="primary")
        answers.drop_column("id")
        answers.alter_column("rev", type_=sa.BigInteger(), existing_nullable=False)
        answers.alter_column(
            "value", type_=sa.Text(), existing_nullable=False, postgresql_using="value::text"
        )
        answers.create_primary_key("pk_answer", ["visit_id", "path"])

    with op.batch_alter_table("visit_left") as left:
        left.alter_column("server_seq", type_=sa.BigInteger(), existing_nullable=False)

    with op.batch_alter_table("sync_op") as ops:
        ops.drop_index("ix_sync_op_bearing_a_claimed_id")
        ops.drop_index("ix_sync_op_visit")
        ops.add_column(sa.Column("agency_id", sa.Integer(), nullable=True))
        ops.add_column(sa.Column("claims", sa.Boolean(), nullable=True))
    op.execute(
        "UPDATE sync_op SET claims = claims_id IS NOT NULL,"
        " agency_id = (SELECT device.agency_id FROM device WHERE device.id = sync_op.device_id)"
    )
    with op.batch_alter_table("sync_op") as ops:
        ops.drop_constraint("uq_sync_op_claims_id", type_="unique")
        ops.drop_constraint("pk_sync_op", type_="primary")
        for name in ("claims_id", "kind", "path"):
            ops.drop_column(name)
        ops.alter_column("agency_id", existing_type=sa.Integer(), nullable=False)
        ops.alter_column("claims", existing_type=sa.Boolean(), nullable=False)
        ops.alter_column("rev", type_=sa.BigInteger(), existing_nullable=False)
        for name in ("body", "gaps"):
            ops.alter_column(name, type_=sa.Text(), existing_nullable=False, postgresql_using=f"{name}::text")
        ops.create_primary_key("pk_sync_op", ["visit_id", "server_seq", "agency_id"])
        _create_partial(ops, "ix_sync_op_claimed_id", "op_id", ("claims", "claims = 1"), unique=True)
        _create_partial(
            ops, "ix_sync_op_bearing_a_claimed_id", "op_id", ("NOT claims", "claims = 0"), unique=False
        )
        outside = ("chain_seq IS NULL", "chain_seq IS NULL")
        _create_partial(ops, "ix_sync_op_outside_the_chain", "hash", outside, unique=True)


def _create_partial(
    ops: BatchOperations, name: str, column: str, where: tuple[str, str], unique: bool
) -> None:
    on_postgres, on_sqlite = map(sa.text, where)
    ops.create_index(name, [column], unique=unique, postgresql_where=on_postgres, sqlite_where=on_sqlite)


def downgrade() -> None:
    with op.batch_alter_table("sync_op") as ops:
        for name in ("claimed_id", "bearing_a_claimed_id", "outside_the_chain"):
            ops.drop_index(f"ix_sync_op_{name}")
        ops.drop_constraint("pk_sync_op", type_="primary")
        for column in ("claims_id", "kind", "path"):
            ops.add_column(sa.Column(column, sa.String(), nullable=True))
    of_body = (
        "body::json->>'{0}'" if op.get_bind().dialect.name == "postgresql" else "json_extract(body, '$.{0}')"
    )
    op.execute(
        "UPDATE sync_op SET claims_id = CASE WHEN claims THEN op_id END,"
        f" kind = {of_body.format('kind')}, path = {of_body.format('path')}"
    )
    with op.batch_alter_table("sync_op") as ops:
        for column in ("kind", "path"):
            ops.alter_column(column, existing_type=sa.String(), nullable=False)
        for column in ("body", "gaps"):
            ops.alter_column(
                column, type_=sa.JSON(), existing_nullable=False, postgresql_using=f"{column}::json"
            )
        ops.alter_column("rev", type_=sa.Integer(), existing_nullable=False)
        ops.drop_column("agency_id")
        ops.drop_column("claims")
        ops.create_primary_key("pk_sync_op", ["hash"])
        ops.create_unique_constraint("uq_sync_op_claims_id", ["claims_id"])
        ops.create_index("ix_sync_op_visit", ["visit_id", "server_seq"])
        unclaimed = ("claims_id IS NULL", "claims_id IS NULL")
        _create_partial(ops, "ix_sync_op_bearing_a_claimed_id", "op_id", unclaimed, unique=False)

    with op.batch_alter_table("visit_left") as left:
        left.alter_column("server_seq", type_=sa.Integer(), existing_nullable=False)

    with op.batch_alter_table("answer") as answers:
        answers.drop_constraint("pk_answer", type_="primary")
        answers.add_column(sa.Column("id", sa.Integer(), sa.Identity(), nullable=False))
        answers.alter_column("rev", type_=sa.Integer(), existing_nullable=False)
        answers.alter_column(
            "value", type_=sa.JSON(), existing_nullable=False, postgresql_using="value::json"
        )
        answers.create_primary_key("pk_answer", ["id"])
        answers.create_unique_constraint("uq_answer_visit_id", ["visit_id", "path"])
