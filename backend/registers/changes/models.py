"""The table of changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class RegisterChange(Base):
    """One change of one matter or inspector, with the values before and after."""

    __tablename__ = "register_change"
    __table_args__ = (Index("ix_register_change_subject", "kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    kind: Mapped[str]
    """`matter` or `inspector`."""
    subject_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_name: Mapped[str]
    source: Mapped[str]
    """Where the change came from: a file's name, 手工填写, or the step that was taken."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
