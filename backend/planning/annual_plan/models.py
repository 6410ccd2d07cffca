"""Tables of the yearly plan and its lines."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.plumbing.db import Base, UtcDateTime


class Plan(Base):
    """One revision of one year's plan: `draft` → `approved` → `published`; a published one is only ever superseded."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("agency_id", "year", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    year: Mapped[int]
    revision: Mapped[int]
    title: Mapped[str]
    status: Mapped[str]
    prepared_by_name: Mapped[str]
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by_name: Mapped[str | None]
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    lines: Mapped[list["PlanLine"]] = relationship(
        order_by="PlanLine.id", cascade="all, delete-orphan", back_populates="plan"
    )


class PlanLine(Base):
    """What the year holds for one matter."""

    __tablename__ = "plan_line"
    __table_args__ = (UniqueConstraint("plan_id", "matter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"))
    category: Mapped[str]
    """抽查类别 of the plan, such as 节能监察."""
    ratios: Mapped[dict[str, list[int]]] = mapped_column(JSON)
    """`[numerator, denominator]` by risk grade; `annual_plan.rules.UNGRADED` for entities without a grade."""
    estimated: Mapped[int]
    """预估抽查对象数: the quotas that today's directory would give."""
    month_from: Mapped[int]
    month_to: Mapped[int]
    body: Mapped[str]
    """检查主体: who inspects."""
    frequency: Mapped[str]

    plan: Mapped[Plan] = relationship(back_populates="lines")
