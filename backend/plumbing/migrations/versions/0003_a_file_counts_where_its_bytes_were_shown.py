"""A file counts where its bytes were shown."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE TABLE evidence_link_before AS SELECT * FROM evidence_link")
    op.drop_table("evidence_link")
    op.create_table(
        "evidence_link",
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("capture", sa.JSON(), nullable=False),
        sa.Column("sig", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_evidence_link_agency_id_agency"),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name="fk_evidence_link_visit_id_visit"),
        sa.PrimaryKeyConstraint("visit_id", "sha", "device_id", name="pk_evidence_link"),
    )
    op.execute(
        """
        INSERT INTO evidence_link (visit_id, sha, device_id, agency_id, size, mime, capture, sig, at, proven_at)
        SELECT b.visit_id, b.sha, b.device_id, v.agency_id, b.size, b.mime, b.capture, b.sig, b.at, f.stored_at
        FROM evidence_link_before b JOIN visit v ON v.id = b.visit_id
        LEFT JOIN evidence_file f ON f.agency_id = v.agency_id AND f.sha = b.sha
        """
    )
    op.drop_table("evidence_link_before")
    op.create_index("ix_evidence_link_sha", "evidence_link", ["sha"])
    with op.batch_alter_table("evidence_file") as batch_op:
        batch_op.drop_column("print_width")
        batch_op.drop_column("print_height")


def downgrade() -> None:
    raise NotImplementedError("who had a file's bytes is not forgotten again")
