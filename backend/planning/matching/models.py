"""Tables of recusals and of the seats in the drawn teams."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class Recusal(Base):
    """回避: an inspector who has ties with an entity and never inspects it."""

    __tablename__ = "recusal"
    __table_args__ = (UniqueConstraint("inspector_id", "entity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"))
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    reason: Mapped[str]
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Seat(Base):
    """One seat of one drawn entity's team; position 0 is the leader's.

    A seat is never rewritten: who leaves it gets `left`, and the one who follows a row of his own.
    """

    __tablename__ = "seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    pick_id: Mapped[int] = mapped_column(ForeignKey("pick.id"), index=True)
    """The entity's first pick, under the stratum whose groups filled the seat."""
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    position: Mapped[int]
    inspector_id: Mapped[int | None] = mapped_column(ForeignKey("inspector.id"))
    """None where nobody could take the seat."""
    inspector_draw_id: Mapped[str | None]
    """The draw-local id (`P001`) that stands in the committed files."""
    status: Mapped[str]
    """`seated` or `left`."""
