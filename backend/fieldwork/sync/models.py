"""Tables of sync: devices, the op log, what changed since when, and the keys of receipts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class Device(Base):
    """One IndexedDB of one person: its public key, the end of its chain, its push token (only the token's SHA-256)."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    public_jwk: Mapped[dict[str, str]] = mapped_column(JSON)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("login_session.id"))
    """The last session seen on this device: the token outlives it by 30 days."""
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seq: Mapped[int] = mapped_column(default=0)
    last_hash: Mapped[str]
    last_in_step_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pulled_to: Mapped[int] = mapped_column(BigInteger, default=0)
    """The newest server seq that this device has said it holds."""


class Op(Base):
    """One op as it came, and what became of it: the row and its effect are one transaction.

    `chain_seq` is null outside the chain, so UNIQUE(device, chain_seq) is the chain. `claims_id` is the op's id for
    the first op that bears it and null for a later one with other content, so UNIQUE(claims_id) is exactly-once.
    """

    __tablename__ = "sync_op"
    __table_args__ = (
        UniqueConstraint("device_id", "chain_seq"),
        Index("ix_sync_op_visit", "visit_id", "server_seq"),
        Index("ix_sync_op_op_id", "op_id"),
    )

    hash: Mapped[str] = mapped_column(primary_key=True)
    claims_id: Mapped[str | None] = mapped_column(unique=True)
    op_id: Mapped[str]
    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"))
    chain_seq: Mapped[int | None]
    user_id: Mapped[int]
    visit_id: Mapped[str]
    kind: Mapped[str]
    path: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str]
    rev: Mapped[int]
    reason: Mapped[str | None]
    server_seq: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ServerSequence(Base):
    """The agency's order of changes. Its row lock makes commit order number order (a PostgreSQL sequence does not)."""

    __tablename__ = "server_sequence"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class Change(Base):
    """Where in the agency's order a document last changed; a pull reads these after its cursor."""

    __tablename__ = "sync_change"
    __table_args__ = (Index("ix_sync_change_order", "agency_id", "server_seq"),)

    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    doc_id: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    server_seq: Mapped[int] = mapped_column(BigInteger)


class ServerKey(Base):
    """A key of the server's own: `receipt` (ECDSA P-256). The private half is sealed with the installation's secret."""

    __tablename__ = "server_key"

    kid: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    public_jwk: Mapped[dict[str, str]] = mapped_column(JSON)
    sealed_private: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Epoch(Base):
    """The life of this database; a restore from backup starts a new one, and phones then check what they hold."""

    __tablename__ = "sync_epoch"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
