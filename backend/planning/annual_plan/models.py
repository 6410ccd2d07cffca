"""Tables of the yearly plan and its lines."""

from datetime import datetime
from typing import Any

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
    revision_reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why this revision was begun; empty for the first one."""
    excused: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """Reason by matter id (as text), of the listed matters that this year's plan leaves out."""
    filed_to: Mapped[str | None]
    filed_by_name: Mapped[str | None]
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

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
    """`[numerator, denominator]` or `[number]` by risk grade; `annual_plan.rules.UNGRADED` for entities without a grade."""
    scope: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    """检查对象范围: words of `scopes.rules.SCOPE_WORDS`; empty for everyone the matter applies to."""
    classes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    """Further classes, each `{name, scope, amounts}`, drawn beside the line's own scope and ratios."""
    estimated: Mapped[int]
    """预估抽查对象数: the quotas that today's directory would give."""
    month_from: Mapped[int]
    month_to: Mapped[int]
    body: Mapped[str]
    """检查主体: who inspects."""
    frequency: Mapped[str]
    inspector_needs: Mapped[str] = mapped_column(default="", server_default="")
    """对执法检查人员的要求 (004 art. 13)."""
    joint_role: Mapped[str] = mapped_column(default="", server_default="")
    """A word of `annual_plan.rules.JOINT_ROLES`; empty where the agency inspects alone."""
    joint_with: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Names of the other agencies or departments of a joint inspection."""
    upper_share_percent: Mapped[int | None]
    """Share of the estimated number that the level above draws itself (省/市分配比例)."""
    region_weights: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    """地区抽查比重: percent by region."""

    plan: Mapped[Plan] = relationship(back_populates="lines")
