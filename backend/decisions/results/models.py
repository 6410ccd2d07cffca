"""Tables of results and of the report each visit ends in."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.plumbing.db import Base, UtcDateTime


class Report(Base):
    """检查情况结果报告 of one visit: drafted when the visit is approved or closed, formed by an officer.

    `body`: `[[field, words]…]` in the profile's order. `version` counts saves, so that two officers cannot
    overwrite each other unseen.
    """

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), unique=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    body: Mapped[list[list[str]]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by_name: Mapped[str | None]
    formed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    formed_by_name: Mapped[str | None]

    results: Mapped[list["Result"]] = relationship(order_by="Result.id", back_populates="report")


class Result(Base):
    """检查结果 of one matter of a visit: what is published.

    The entity is kept as it was at dispatch. `checks`: every answered item `{item, label, result, problem, disposal,
    basis}`; `found`: those that failed. `code`, `text`, `disposal` are the present words; what a correction replaced
    stands in `Correction`. Exactly one of `published_at` and `withheld_at` is ever set.
    """

    __tablename__ = "result"
    __table_args__ = (
        UniqueConstraint("visit_id", "matter_id"),
        UniqueConstraint("publication_no"),
        CheckConstraint("(published_at IS NULL) = (publication_no IS NULL)", name="numbered"),
        CheckConstraint("published_at IS NULL OR withheld_at IS NULL", name="published_or_withheld"),
        Index("ix_result_published", "published_at", "id"),
        Index("ix_result_agency_entity", "agency_id", "entity_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("draw.id"))
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"), index=True)
    matter_name: Mapped[str]
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    entity_name: Mapped[str]
    entity_code: Mapped[str]
    entity_kind: Mapped[str]
    entity_address: Mapped[str]
    inspected_on: Mapped[date]
    team: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """`[{name, certificateNo}]`, leader first."""
    code: Mapped[str]
    text: Mapped[str]
    disposal: Mapped[str]
    checks: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    found: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    formed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    publication_no: Mapped[str | None]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_name: Mapped[str | None]
    channels: Mapped[list[str]] = mapped_column(JSON, default=list)
    withheld_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withheld_by_name: Mapped[str | None]
    withheld_reason: Mapped[str | None]
    told_to: Mapped[str | None]
    """Whom a result that may not be published was made known to (定向通报)."""

    report: Mapped[Report] = relationship(back_populates="results")
