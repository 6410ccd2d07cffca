"""Tables of sync: devices, the op log, what changed since when, and the keys of receipts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from backend.plumbing.db import Base, SpelledJson, UtcDateTime, UuidText


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


class Stretch(Base):
    """Ops of one push that follow each other, in one row as they came, and what became of each: the row and their effect are one transaction.

    `server_seq` is the place of the first in the agency's order; each of the others has the next one.
    """

    __tablename__ = "sync_stretch"

    agency_id: Mapped[int] = mapped_column(primary_key=True)
    server_seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    device_id: Mapped[str] = mapped_column(UuidText)
    user_id: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ops: Mapped[str] = mapped_column(Text)
    """Each op in its canonical spelling, which is what its hash is over: one to a line."""
    outcomes: Mapped[list[list[Any]]] = mapped_column(SpelledJson)
    """For each op `[is in the chain, status, rev, reason, gaps]`."""


class StretchOfVisit(Base):
    """That a stretch holds ops of a visit, for that is how ops are read."""

    __tablename__ = "sync_stretch_of_visit"

    visit_id: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(primary_key=True)
    server_seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class OpPlace(Base):
    """Where an op is: in which stretch, and at which place in the agency's order and in its device's chain.

    `chain_seq` is null outside the chain, so UNIQUE(device, chain_seq) is the chain; what is kept outside it is known by
    its hash. `claims` is true for the first op that bears its id and false for a later one with other content, so
    UNIQUE(op_id) among those that claim theirs is exactly-once. There is one such row for each op, hence it is narrow
    and no foreign key is checked for it.
    """

    __tablename__ = "sync_op"
    __table_args__ = (
        UniqueConstraint("device_id", "chain_seq"),
        Index(
            "ix_sync_op_claimed_id",
            "op_id",
            unique=True,
            postgresql_where=text("claims"),
            sqlite_where=text("claims = 1"),
        ),
        Index(
            "ix_sync_op_bearing_a_claimed_id",
            "op_id",
            postgresql_where=text("NOT claims"),
            sqlite_where=text("claims = 0"),
        ),
        Index(
            "ix_sync_op_outside_the_chain",
            "hash",
            unique=True,
            postgresql_where=text("chain_seq IS NULL"),
            sqlite_where=text("chain_seq IS NULL"),
        ),
    )

    op_id: Mapped[str] = mapped_column(UuidText)
    claims: Mapped[bool]
    device_id: Mapped[str] = mapped_column(UuidText)
    chain_seq: Mapped[int | None]
    hash: Mapped[str | None]
    """Only outside the chain."""
    agency_id: Mapped[int] = mapped_column()
    server_seq: Mapped[int] = mapped_column(BigInteger)
    stretch_seq: Mapped[int] = mapped_column(BigInteger)
    """The `server_seq` of its stretch."""

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        """What makes it one and the same; no index of its own, for ops are looked for by what their device calls them."""
        return {"primary_key": (cls.agency_id, cls.server_seq)}


class ServerKey(Base):
    """A P-256 key of the server's own: `receipt` signs, `rescue <agency>` is what bundles are encrypted to. The private half is sealed."""

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


class Rescue(Base):
    """An exported bundle that was handed in, encrypted to the agency's key; it lies unread in the store as `rescue/<id>`.

    A named person has it opened, with a reason; the worker decrypts and counts, and what was done about it is written down.
    """

    __tablename__ = "rescue"

    id: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    device_id: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_name: Mapped[str | None]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    open_reason: Mapped[str] = mapped_column(default="", server_default="")
    job_id: Mapped[int | None]
    found: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What the worker found: `{ops, opsHeld, declarations, files, filesHeld, damaged, visits}`, or `{fault}` when it would not open."""
    outcome: Mapped[str] = mapped_column(default="", server_default="")
    """What was done about it, in a person's words."""
    outcome_by_name: Mapped[str | None]
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
