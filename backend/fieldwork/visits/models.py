"""Tables of visits, their teams and the document numbers set aside for them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.planning.draw.models import Draw
from backend.planning.tasks.models import Task
from backend.plumbing.db import Base, UtcDateTime
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector


class Visit(Base):
    """One entity, one time, one team. What the visit is held to is frozen into it at dispatch.

    `entity_snapshot`: `{code, name, kind, address, region, industry, principal, phone}` as of dispatch.
    `matters`: `[{matterId, name, class, legalBasis, content, formKey, formSha}]`, forms pinned by SHA-256.
    `digest`: the fingerprint that was submitted. `returned`: `[{path, reason, before}]` that the leader sent back,
    `mended`: the same after the team submitted again, so that the leader sees what became of it.
    `procedure`: what the walk of this visit asks for (fieldwork/walk), as the rules stood at dispatch.
    """

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("task_id", "entity_id"),
        UniqueConstraint("agency_id", "serial"),
        Index("ix_visit_agency_status", "agency_id", "status"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("draw.id"))
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    serial: Mapped[str]
    entity_snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    matters: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    task_title: Mapped[str]
    window_from: Mapped[date]
    window_to: Mapped[date]
    status: Mapped[str]
    dispatched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_reason: Mapped[str | None]
    closed_note: Mapped[str | None]
    digest: Mapped[str | None]
    returned: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    mended: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    procedure: Mapped[dict[str, Any]] = mapped_column(JSON, server_default='{"version": 0}')

    task: Mapped[Task] = relationship()
    draw: Mapped[Draw | None] = relationship()
    entity: Mapped[Entity] = relationship()
    members: Mapped[list["VisitMember"]] = relationship(
        order_by="VisitMember.position", back_populates="visit", lazy="selectin"
    )
    numbers: Mapped[list["ReservedNumber"]] = relationship(order_by="ReservedNumber.id", lazy="selectin")


class VisitMember(Base):
    """One inspector on the team; position 0 leads. `certificate_no` is the one that was shown at the door."""

    __tablename__ = "visit_member"
    __table_args__ = (Index("ix_visit_member_user", "user_id"),)

    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    position: Mapped[int]
    is_leader: Mapped[bool]
    name: Mapped[str]
    certificate_no: Mapped[str]

    visit: Mapped[Visit] = relationship(back_populates="members")
    inspector: Mapped[Inspector] = relationship()


class MergedTask(Base):
    """A further task that one visit carries out: same entity, overlapping windows (draw.md 1.11: 进一次门、查多项事)."""

    __tablename__ = "merged_task"

    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, index=True)
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("draw.id"))
    serial: Mapped[str]
    """The number the visit would have had of its own."""
    matter_ids: Mapped[list[int]] = mapped_column(JSON)
    """The matters that came with this task."""


class VisitLeft(Base):
    """Someone who is no longer on a visit's team, or whose visit was withdrawn: their phone drops it at the next pull."""

    __tablename__ = "visit_left"

    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    server_seq: Mapped[int] = mapped_column(BigInteger)


class RecusalRequest(Base):
    """回避申请 made at the door, by the party or by the inspector; the head decides (行政处罚法 43).

    `status`: asked, granted or refused.
    """

    __tablename__ = "recusal_request"
    __table_args__ = (UniqueConstraint("visit_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_by: Mapped[str]
    reason: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(default="asked")
    words: Mapped[str] = mapped_column(default="")
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Recheck(Base):
    """复查 of what was ordered to be corrected: when, by whom, what was found, whether it was mended."""

    __tablename__ = "recheck"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), index=True)
    checked_on: Mapped[date]
    mended: Mapped[bool]
    finding: Mapped[str]
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReservedNumber(Base):
    """A document number set aside at dispatch, so that paper can be issued offline; an unused one is void, with the reason."""

    __tablename__ = "reserved_number"
    __table_args__ = (
        UniqueConstraint("agency_id", "year", "kind", "ordinal"),
        UniqueConstraint("visit_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"))
    kind: Mapped[str]
    year: Mapped[int]
    ordinal: Mapped[int]
    number: Mapped[str]
    status: Mapped[str] = mapped_column(default="reserved")
    void_reason: Mapped[str | None]
