"""The table of referrals."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.decisions.results.models import Result
from backend.plumbing.db import Base, UtcDateTime


class Referral(Base):
    """移交、移送: what one result found, handed to those who act on it. `kind`: `clue`, `case` or `crime`."""

    __tablename__ = "referral"
    __table_args__ = (UniqueConstraint("agency_id", "form_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    form_id: Mapped[str]
    """Given with the form that was filled in: sending the same form twice makes one entry."""
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), index=True)
    kind: Mapped[str]
    receiver: Mapped[str]
    facts: Mapped[str]
    materials: Mapped[str]
    referred_by_name: Mapped[str]
    referred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    result: Mapped[Result] = relationship()
