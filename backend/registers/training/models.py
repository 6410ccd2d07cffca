"""Tables of trainings and of who took part."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.plumbing.db import Base, UtcDateTime


class Training(Base):
    """One training: planned for a day, then held. 001 asks for a yearly plan that is kept."""

    __tablename__ = "training"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    """The department that gives it."""
    title: Mapped[str]
    kind: Mapped[str]
    """A key of `rules.KINDS`."""
    content: Mapped[str]
    day: Mapped[date]
    """Planned for, or held on."""
    status: Mapped[str]
    """`planned` or `held`."""
    entered_by_name: Mapped[str]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    attendances: Mapped[list["TrainingAttendance"]] = relationship(cascade="all, delete-orphan")


class TrainingAttendance(Base):
    """One person of the directory who took part."""

    __tablename__ = "training_attendance"

    training_id: Mapped[int] = mapped_column(ForeignKey("training.id"), primary_key=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), primary_key=True, index=True)
