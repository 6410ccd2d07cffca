"""The table of filings done elsewhere."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class Filing(Base):
    """One step for one task that a person says was done on another platform."""

    __tablename__ = "filing"
    __table_args__ = (UniqueConstraint("task_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    step: Mapped[str]
    """`reported`, or a step of the profile's `filing.steps` in its own words."""
    note: Mapped[str]
    """The number the platform gave, if any."""
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
