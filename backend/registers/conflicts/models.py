"""The table of declared conflicts of interest."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.plumbing.db import Base, UtcDateTime
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector


class Conflict(Base):
    """Ties between an inspector and an entity, as the inspector declared them and the head decided."""

    __tablename__ = "conflict"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), index=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    tie: Mapped[str]
    """A key of `rules.TIES`."""
    words: Mapped[str]
    """What the inspector says about it; read by them and the head only."""
    state: Mapped[str]
    """A key of `rules.STATES`."""
    request_id: Mapped[str | None] = mapped_column(unique=True)
    """The UUID a phone gave the declaration, so that one sent twice counts once; None if made in the office."""
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_reason: Mapped[str] = mapped_column(default="", server_default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    inspector: Mapped[Inspector] = relationship()
    entity: Mapped[Entity] = relationship()
