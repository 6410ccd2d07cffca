"""Tables of draws: the ceremony as it goes, the picks, and the lines that follow the record."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.plumbing.db import Base, UtcDateTime

BYTE_ORDERED = String().with_variant(String(collation="C"), "postgresql")
"""Text that sorts by its bytes on every engine."""


class DrawPreparation(Base):
    """A draw before its commitment: what the host asked for, and the witnesses who are still coming in.

    `status`: `waiting` (for sealed inputs) → `freezing` → `committed`; or `refused`, with the sentence why; or
    `dropped`. No serial is taken before the commitment.
    """

    __tablename__ = "draw_preparation"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The `CommitRequest`, member by member."""
    rehearsal: Mapped[bool]
    status: Mapped[str]
    refusal: Mapped[str | None]
    prepared_by_name: Mapped[str]
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    """The job that freezes a large roster."""

    witnesses: Mapped[list["PreparedWitness"]] = relationship(order_by="PreparedWitness.position")


class PreparedWitness(Base):
    """A named witness, and the one link that is theirs through the whole ceremony.

    The link opens on the first phone that takes it (`device_hash`); the host may hand out a fresh one.
    """

    __tablename__ = "prepared_witness"
    __table_args__ = (UniqueConstraint("preparation_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    preparation_id: Mapped[int] = mapped_column(ForeignKey("draw_preparation.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    kind: Mapped[str]
    """As it stands in the commit document."""
    sealed: Mapped[bool]
    """Whether the input is sealed on the witness's own phone before the commitment."""
    commitment: Mapped[str | None]
    link: Mapped[str]
    """The link's secret, encrypted: the host's page shows it as a QR code."""
    link_hash: Mapped[str] = mapped_column(unique=True)
    device_hash: Mapped[str | None]


class DrawUndertaking(Base):
    """保密承诺: what somebody promised before the drawn names, or before joining as a witness, where the rules ask for it."""

    __tablename__ = "draw_undertaking"
    __table_args__ = (
        UniqueConstraint("preparation_id", "user_id", name="uq_draw_undertaking_reader"),
        UniqueConstraint("preparation_id", "position", name="uq_draw_undertaking_witness"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    preparation_id: Mapped[int] = mapped_column(ForeignKey("draw_preparation.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    position: Mapped[int | None]
    """Of the witness, who has no account."""
    name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str]


class FrozenEntity(Base):
    """One line of a frozen roster, for the database to pre-filter by ticket (draw.md 4). The committed file is the truth."""

    __tablename__ = "frozen_entity"
    __table_args__ = ({"sqlite_with_rowid": False},)

    preparation_id: Mapped[int] = mapped_column(ForeignKey("draw_preparation.id"), primary_key=True)
    stratum: Mapped[str] = mapped_column(BYTE_ORDERED, primary_key=True)
    code: Mapped[str] = mapped_column(BYTE_ORDERED, primary_key=True)
    entity_id: Mapped[int]
    """No foreign key: a rehearsal's sample entities are in no directory."""


class EscrowKey(Base):
    """The head's key: each nonce is sealed to it, so that a draw can be opened without the officer and the installation."""

    __tablename__ = "draw_escrow_key"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    public_key: Mapped[str]
    private_sealed: Mapped[str]
    """Under a passphrase that only the head knows."""
    made_by_name: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


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
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When every input was shown at once; from then on the outcome is fixed, whoever computes it."""
    reveal_by: Mapped[date]
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    record_hash: Mapped[str | None]
    void_reason: Mapped[str | None]
    void_approved_by_name: Mapped[str | None]
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    redraw_allowed_by_name: Mapped[str | None]
    """The head who allowed a void draw's tasks to be drawn anew."""
    rehearsal: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A rehearsal has no task, no pick and no seat: it cannot count, and it is never published."""
    preparation_id: Mapped[int | None] = mapped_column(ForeignKey("draw_preparation.id"), unique=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    """The job that computes the outcome over a large roster."""
    beacon_value: Mapped[str | None]
    """In hex, once it has been typed in."""
    beacon_appeared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escrow: Mapped[str | None]
    """The nonce sealed to the head's key, where there was one."""

    tasks: Mapped[list["DrawTask"]] = relationship(order_by="DrawTask.task_id")
    witnesses: Mapped[list["DrawWitness"]] = relationship(order_by="DrawWitness.position")
    picks: Mapped[list["Pick"]] = relationship(order_by="Pick.id")
    events: Mapped[list["DrawEvent"]] = relationship(order_by="DrawEvent.number")
    signatures: Mapped[list["DrawSignature"]] = relationship(order_by="DrawSignature.id")
    attachments: Mapped[list["DrawAttachment"]] = relationship(order_by="DrawAttachment.id")


class DrawTask(Base):
    """One task of a draw's campaign."""

    __tablename__ = "draw_task"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, index=True)


class DrawWitness(Base):
    """A committed witness. The input is encrypted until all are shown at once.

    `commitment` only where it was sealed before; `salt` (hex) is then opened together with the input.
    """

    __tablename__ = "draw_witness"
    __table_args__ = (UniqueConstraint("draw_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    kind: Mapped[str]
    commitment: Mapped[str | None]
    input_sealed: Mapped[str | None]
    """Salt and input, encrypted; a spoken one has no salt."""
    input: Mapped[str | None]
    salt: Mapped[str | None]
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


class DrawAttachment(Base):
    """A photo or video of the ceremony; it lies in the draw's folder, named by its SHA-256."""

    __tablename__ = "draw_attachment"
    __table_args__ = (UniqueConstraint("draw_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    sha256: Mapped[str]
    name: Mapped[str]
    mime: Mapped[str]
    size: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_name: Mapped[str]


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
