"""The table of adjustments: each with its reason, its evidence, who asked and who decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class Adjustment(Base):
    """One change to a locked draw, or to the teams of a received list: `asked`, then `granted` (and carried out) or `refused`. Nothing is ever deleted."""

    __tablename__ = "adjustment"
    __table_args__ = (Index("ix_adjustment_agency_status", "agency_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    kind: Mapped[str]
    """A word of `adjustments.rules.KINDS`."""
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("draw.id"), index=True)
    """None where the list was drawn elsewhere; then `received_seat_id` names the seat."""
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    pick_id: Mapped[int | None] = mapped_column(ForeignKey("pick.id"))
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    received_seat_id: Mapped[int | None] = mapped_column(ForeignKey("received_seat.id"))
    inspector_id: Mapped[int | None] = mapped_column(ForeignKey("inspector.id"))
    """Who leaves the seat; None for an entity's replacement or an empty seat."""
    reason: Mapped[str]
    evidence_name: Mapped[str | None]
    evidence_sha256: Mapped[str | None]
    """The written note or other paper, in the store as `adjustments/<sha256>`."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_by_name: Mapped[str]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    """The department of whoever asked."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    after_dispatch: Mapped[bool]
    status: Mapped[str]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_note: Mapped[str] = mapped_column(default="", server_default="")
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the draw's event line tells of it."""
