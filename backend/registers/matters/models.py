"""Tables of matters and of the versions of the list."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class Matter(Base):
    """One 抽查事项 as it stands now; what was in force when is told by the `MatterList` versions."""

    __tablename__ = "matter"
    __table_args__ = (UniqueConstraint("agency_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    code: Mapped[str]
    name: Mapped[str]
    matter_class: Mapped[str]
    """`key` (重点) or `general` (一般)."""
    objects: Mapped[str]
    content: Mapped[str]
    legal_basis: Mapped[str]
    methods: Mapped[str]
    body: Mapped[str] = mapped_column(default="", server_default="")
    """检查主体, where the rules ask for one (000 art. 8)."""
    ratio_text: Mapped[str] = mapped_column(default="", server_default="")
    """The ratio as the list words it, to the letter."""
    ratio_num: Mapped[int | None]
    ratio_den: Mapped[int | None]
    """Yearly sampling ratio as a fraction; both None where none is set, or while a person has yet to say which."""
    ratio_answered_by_name: Mapped[str | None]
    ratio_answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Who said what a ratio in prose means; None where the words speak for themselves."""
    frequency: Mapped[str]
    entity_kind: Mapped[str]
    """Which kind of entity it applies to; empty for every kind."""
    form_key: Mapped[str | None]
    """The checklist form that is filled in, such as `industrial-energy`."""
    status: Mapped[str]
    """`draft` until a published version holds it as it is, then `published`; `suspended` or `abolished` by a step
    with a reason. An abolished matter stays for the visits that were made under it."""
    status_reason: Mapped[str] = mapped_column(default="", server_default="")
    status_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Why and since when it is suspended or abolished."""


class MatterList(Base):
    """One version of the whole list: `draft` → `approved` → `published`; its snapshot never changes after approval."""

    __tablename__ = "matter_list"
    __table_args__ = (UniqueConstraint("agency_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    version: Mapped[int]
    status: Mapped[str]
    snapshot: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    prepared_by_name: Mapped[str]
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by_name: Mapped[str | None]
    approved_as: Mapped[str] = mapped_column(default="", server_default="")
    """The signatory whom the agency's rules named when it was approved, such as 局领导."""
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
