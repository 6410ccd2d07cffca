"""Tables of entities, of what changed on them, and of exemptions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.plumbing.db import Base, UtcDateTime


class Entity(Base):
    """One 检查对象. `code` is a 统一社会信用代码 or `TYPE:ID` (draw.md 1.1), never an identity number."""

    __tablename__ = "entity"
    __table_args__ = (
        UniqueConstraint("agency_id", "code"),
        Index("ix_entity_grade", "agency_id", "status", "risk_grade"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    """The department that keeps this entry (谁管辖、谁维护); None when it is kept in common."""
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    """A word of `entities.rules.KINDS`."""
    address: Mapped[str]
    region: Mapped[str]
    industry: Mapped[str]
    principal: Mapped[str]
    phone: Mapped[str]
    risk_grade: Mapped[str | None]
    """A (low) to D (high); None while not graded."""
    risk_source: Mapped[str]
    risk_date: Mapped[date | None]
    status: Mapped[str]
    """A word of `entities.rules.STATUSES`; only `active` entities are drawn."""
    directories: Mapped[list[str]] = mapped_column(JSON)
    """Names of the classified directories (分类专项名录库) it stands in."""
    flags: Mapped[list[str]] = mapped_column(JSON)
    """Words of `entities.rules.FLAGS`, on which the cap does not bind."""


class EntityChange(Base):
    """One change of one entity, with the values before and after: the directory's history."""

    __tablename__ = "entity_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_name: Mapped[str]
    source: Mapped[str]
    """Where the change came from: a file's name and cell range, or 手工修改."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class Exemption(Base):
    """免检免扰: an entity that, once drawn, is let off and replaced (003 art. 9)."""

    __tablename__ = "exemption"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    reason: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    approved_by_name: Mapped[str]
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_reason: Mapped[str | None]

    entity: Mapped[Entity] = relationship()
