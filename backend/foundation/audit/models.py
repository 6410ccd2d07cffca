"""The table of the trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class AuditEntry(Base):
    """One action. `number` counts from 1 without a gap in each agency; `prev` is the previous entry's hash."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("agency_id", "number"),
        Index("ix_audit_entry_subject", "agency_id", "on_kind", "on_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int]
    actor_name: Mapped[str]
    verb: Mapped[str]
    on_kind: Mapped[str]
    on_id: Mapped[str]
    before_digest: Mapped[str | None]
    after_digest: Mapped[str | None]
    detail: Mapped[Any] = mapped_column(JSON)
    prev: Mapped[str]
    hash: Mapped[str]


class AuditHead(Base):
    """The newest entry of an agency's chain; its row lock is what puts concurrent actions in one order."""

    __tablename__ = "audit_head"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    number: Mapped[int]
    hash: Mapped[str]
