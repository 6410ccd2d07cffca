"""Tables of tasks and the matters each one checks."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.planning.annual_plan.models import PlanLine
from backend.plumbing.db import Base, UtcDateTime


class Task(Base):
    """One 抽查任务. `status` is a word of `tasks.rules.STATUSES`."""

    __tablename__ = "task"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    plan_line_id: Mapped[int | None] = mapped_column(ForeignKey("plan_line.id"))
    """None for a task outside the plan, which then has an `ad_hoc_reason`."""
    ad_hoc_reason: Mapped[str]
    title: Mapped[str]
    serial: Mapped[str] = mapped_column(unique=True)
    window_from: Mapped[date]
    window_to: Mapped[date]
    scope: Mapped[dict[str, str]] = mapped_column(JSON)
    """Directed draw: values of `kind`, `region`, `industry`, `directory`; empty for an undirected one."""
    natures: Mapped[list[str]] = mapped_column(JSON)
    """Words of the profiles' `exemption.never_covers` that this task falls under; exemptions then do not hold."""
    ratios: Mapped[dict[str, list[int]]] = mapped_column(JSON)
    """`[numerator, denominator]` by risk grade, taken over from the plan line."""
    status: Mapped[str]
    seats: Mapped[int]
    """Inspectors in a team, leader included."""
    made_by_name: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    dispatched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    plan_line: Mapped[PlanLine | None] = relationship()
    matters: Mapped[list["TaskMatter"]] = relationship(order_by="TaskMatter.matter_id")


class SerialCounter(Base):
    """The last serial number an agency has used in a year, for each kind of paper."""

    __tablename__ = "serial_counter"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class TaskMatter(Base):
    """One matter that a task checks."""

    __tablename__ = "task_matter"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"), primary_key=True)
