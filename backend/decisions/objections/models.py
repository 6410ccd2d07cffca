"""Tables of objections to published results and of corrections laid over them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.decisions.results.models import Result
from backend.plumbing.db import Base, UtcDateTime


class Objection(Base):
    """异议: an entity's application against one published result, and what the review came to.

    `status`: `received`, `upheld` (确有错误), `dismissed` (维持), `turned_away` (不予受理). `contact` is never published.
    """

    __tablename__ = "objection"
    __table_args__ = (UniqueConstraint("agency_id", "form_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    form_id: Mapped[str]
    """Given with the form that was filled in: sending the same form twice makes one entry."""
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), index=True)
    lodged_by: Mapped[str]
    contact: Mapped[str]
    grounds: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_by_name: Mapped[str]
    status: Mapped[str]
    opinion: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_name: Mapped[str | None]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_how: Mapped[str | None]
    receipt_no: Mapped[str | None] = mapped_column(unique=True)
    """The secret number given to whoever lodged it on the public site; None for one that was handed in."""
    lodged_as: Mapped[str] = mapped_column(default="", server_default="")
    """Whom the sender of an online objection says to be: a word of `rules.STANDINGS`; empty for one handed in."""
    sender_digest: Mapped[str] = mapped_column(default="", server_default="")
    """What tells one sender of a day from another, without telling who it is."""

    result: Mapped[Result] = relationship()


class Correction(Base):
    """更正: other words for a published result, in force once the head has signed. Both texts stay public.

    `before` and `after`: `{code, text, disposal}`. `before` is taken at the moment of signing.
    """

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("agency_id", "form_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    form_id: Mapped[str]
    """Given with the form that was filled in: sending the same form twice makes one entry."""
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), index=True)
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objection.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str]
    drafted_by_name: Mapped[str]
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_by_name: Mapped[str | None]
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    result: Mapped[Result] = relationship()
