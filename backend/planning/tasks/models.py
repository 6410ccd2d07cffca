"""Tables of tasks and the matters each one checks."""

from datetime import date, datetime
from typing import Any

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
    """`[numerator, denominator]` or `[number]` by risk grade, taken over from the plan line."""
    classes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    """Further classes, each `{name, scope, amounts}`: drawn one by one, dispatched together (002（十六）)."""
    inspection_kind: Mapped[str] = mapped_column(default="routine", server_default="routine")
    """A word of `tasks.rules.INSPECTION_KINDS`."""
    origin: Mapped[str] = mapped_column(default="own", server_default="own")
    """A word of `tasks.rules.ORIGINS`: drawn here, or received as a list that was drawn elsewhere."""
    batches: Mapped[int] = mapped_column(default=1, server_default="1")
    """Into how many batches the drawn order is cut, where a high ratio makes the order the thing to draw."""
    joint_role: Mapped[str] = mapped_column(default="", server_default="")
    joint_with: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    demands: Mapped[str] = mapped_column(default="", server_default="")
    """工作要求 of the 方案."""
    status: Mapped[str]
    seats: Mapped[int]
    """Inspectors in a team, leader included."""
    left_out_steps: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict, server_default="{}")
    """Steps of the procedure that its visits leave out: `{step: {reason, by, on}}`, steps of `left_out_steps.STEPS`."""
    rules_version_id: Mapped[int | None] = mapped_column(ForeignKey("rules_version.id"))
    """The version of the agency's rules this task, its visits and their deadlines are held to."""
    made_by_name: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    remote_answer: Mapped[str] = mapped_column(default="", server_default="")
    """Whether it can be done without entering the firm: a word of `tasks.rules.REMOTE_ANSWERS`, empty until asked."""
    remote_reason: Mapped[str] = mapped_column(default="", server_default="")
    remote_by_name: Mapped[str | None]
    work_plan: Mapped[str] = mapped_column(default="", server_default="")
    """检查工作方案 (004 art. 19): duties, procedure, dates."""
    approved_by_name: Mapped[str | None]
    """The leader of the unit who approved the inspection (行政检查审批)."""
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approval_opinion: Mapped[str] = mapped_column(default="", server_default="")
    returned_reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why the leader gave it back instead of approving; emptied when what was asked for is handed in anew."""
    returned_by_name: Mapped[str | None]
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    urgent_reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why the teams went out before the approval, which is then made up afterwards."""
    dispatched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dispatched_by_name: Mapped[str | None]

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
