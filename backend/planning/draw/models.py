"""Tables of draws: the ceremony as it goes, the picks, and the lines that follow the record."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.plumbing.db import Base, UtcDateTime


class Draw(Base):
    """One draw from its commitment on. `status`: `committed` → `drawn` → `locked`, or `void` after either."""

    __tablename__ = "draw"
    __table_args__ = (UniqueConstraint("agency_id", "year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    year: Mapped[int]
    number: Mapped[int]
    serial: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    status: Mapped[str]
    folder: Mapped[str] = mapped_column(unique=True)
    """Where the draw's files lie in the store."""
    commit_doc: Mapped[dict[str, Any]] = mapped_column(JSON)
    commitment: Mapped[str]
    nonce_sealed: Mapped[str]
    """The nonce, encrypted; opened when the inputs are shown."""
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """For the screen: how many were left out of each stratum, and the article behind each reason."""
    committed_by_name: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reveal_by: Mapped[date]
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    record_hash: Mapped[str | None]
    void_reason: Mapped[str | None]
    void_approved_by_name: Mapped[str | None]
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    redraw_allowed_by_name: Mapped[str | None]
    """The head who allowed a void draw's tasks to be drawn anew."""

    tasks: Mapped[list["DrawTask"]] = relationship(order_by="DrawTask.task_id")
    witnesses: Mapped[list["DrawWitness"]] = relationship(order_by="DrawWitness.position")
    picks: Mapped[list["Pick"]] = relationship(order_by="Pick.id")
    events: Mapped[list["DrawEvent"]] = relationship(order_by="DrawEvent.number")
    signatures: Mapped[list["DrawSignature"]] = relationship(order_by="DrawSignature.id")


class DrawTask(Base):
    """One task of a draw's campaign."""

    __tablename__ = "draw_task"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, index=True)


class DrawWitness(Base):
    """A committed witness. The input is encrypted until all are shown at once."""

    __tablename__ = "draw_witness"
    __table_args__ = (UniqueConstraint("draw_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    kind: Mapped[str]
    input_sealed: Mapped[str | None]
    input: Mapped[str | None]
    """Shown to everyone from the moment the draw is computed."""


class DrawSignature(Base):
    """The signature of someone present under the record; `image` lies in the draw's folder, named by its SHA-256."""

    __tablename__ = "draw_signature"
    __table_args__ = (UniqueConstraint("draw_id", "name", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    image_sha256: Mapped[str | None]
    covers: Mapped[str]


class Pick(Base):
    """One entity drawn in one stratum, or entered later. `status`: `picked`, `replaced` (it left) or `void`."""

    __tablename__ = "pick"
    __table_args__ = (UniqueConstraint("draw_id", "stratum", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    code: Mapped[str]
    """As it stands in the committed roster, masked or open."""
    stratum: Mapped[str]
    rank: Mapped[int]
    ticket: Mapped[str]
    status: Mapped[str]


class DrawEvent(Base):
    """One line of events.jsonl, byte for byte."""

    __tablename__ = "draw_event"
    __table_args__ = (UniqueConstraint("draw_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    number: Mapped[int]
    line: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
