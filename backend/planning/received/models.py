"""Tables of received lists, whom they name, and the teams found for them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime

USUAL_HARD_CAP = 20


class ReceivedList(Base):
    """The file behind a received task, kept in the store as `received/<sha256>`."""

    __tablename__ = "received_list"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    source: Mapped[str]
    """Who drew it: the superior agency or the platform."""
    filename: Mapped[str]
    sha256: Mapped[str]
    rows: Mapped[int]
    imported_by_name: Mapped[str]
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    matching_key: Mapped[str | None]
    """Hex of the key by which inspectors are matched, or redrawn, here; None while the list's own teams stand."""
    matched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    departments: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    """Whose inspectors were matched, and are redrawn; empty for those of the whole agency."""
    organisations: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Other agencies whose inspectors joined."""
    hard_cap: Mapped[int] = mapped_column(default=USUAL_HARD_CAP, server_default=str(USUAL_HARD_CAP))
    """The most entities of the list that one inspector takes."""


class ReceivedEntity(Base):
    """One entity of a received list; `cell` is where it stands in the file."""

    __tablename__ = "received_entity"
    __table_args__ = (UniqueConstraint("task_id", "entity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    cell: Mapped[str]


class ReceivedSeat(Base):
    """One seat of a received entity's team; position 0 is the leader's.

    As with a draw's seats, who leaves gets `left`, and the one who follows a row of his own.
    """

    __tablename__ = "received_seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    position: Mapped[int]
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"))
    status: Mapped[str] = mapped_column(default="seated", server_default="seated")
    """`seated` or `left`."""
