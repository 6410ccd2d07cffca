"""The table of what was asked for where a department has too few inspectors."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class Reinforcement(Base):
    """One way out of a shortage for one task: `asked`, then `granted` or `refused` by the unit's leader."""

    __tablename__ = "reinforcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    way: Mapped[str]
    """A word of `reinforcements.rules.WAYS`."""
    departments: Mapped[list[int]] = mapped_column(JSON)
    """Further departments whose inspectors join; of `across_departments`."""
    organisations: Mapped[list[str]] = mapped_column(JSON)
    """Other agencies whose inspectors join, as in the inspector directory; of `neighbours`."""
    reason: Mapped[str]
    """工作说明: why the department's own do not suffice."""
    training: Mapped[str]
    """Who trains those who join, when (003 art. 10)."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(default="", server_default="")
