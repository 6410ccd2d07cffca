"""The table of those who go along with a team."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class Companion(Base):
    """One person who goes along to one entity of a task. `status` is a word of `companions.rules.STATUSES`."""

    __tablename__ = "companion"
    __table_args__ = (Index("ix_companion_task_entity", "task_id", "entity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    inspector_id: Mapped[int | None] = mapped_column(ForeignKey("inspector.id"))
    """The entry in the directory of inspectors and experts; None for a colleague who is in neither."""
    name: Mapped[str]
    organisation: Mapped[str]
    role: Mapped[str]
    """A word of `companions.rules.ROLES`."""
    chosen_by: Mapped[str]
    """`draw` or `appoint` (002（十九）)."""
    ticket: Mapped[str] = mapped_column(default="", server_default="")
    """Hex; of a drawn expert."""
    drawn_from: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    """Everyone who could have been drawn, by inspector id."""
    reason: Mapped[str] = mapped_column(default="", server_default="")
    named_by_name: Mapped[str]
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(default="", server_default="")
    """The words of the decision, or why the person left."""
