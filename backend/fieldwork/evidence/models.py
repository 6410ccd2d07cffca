"""Tables of evidence: the file as bytes, its place in a visit, and uploads that are under way."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class EvidenceFile(Base):
    """Bytes that one agency holds whole, hashed and fsynced, in the store as `evidence/<sha>`.

    `print_width`, `print_height`: the 200-dpi rendition beside it (`evidence/<sha>.print.jpg`), 0 for what is no picture.
    `server_seq`: the place in the agency's order that its receipt names.
    """

    __tablename__ = "evidence_file"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    sha: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str]
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    server_seq: Mapped[int] = mapped_column(BigInteger)
    print_width: Mapped[int] = mapped_column(default=0)
    print_height: Mapped[int] = mapped_column(default=0)


class Evidence(Base):
    """A file's place in a visit, as the phone told it. Voiding is a tombstone with a reason; bytes stay.

    `late`: it came after the party had signed and is not part of what was signed.
    """

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("visit_id", "sha", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"))
    sha: Mapped[str] = mapped_column(index=True)
    item: Mapped[str]
    role: Mapped[str]
    mime: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    caption: Mapped[str]
    capture: Mapped[dict[str, Any]] = mapped_column(JSON)
    op_id: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    late: Mapped[bool] = mapped_column(default=False)
    void_reason: Mapped[str | None]
    void_op_id: Mapped[str | None]


class EvidenceLink(Base):
    """That a device announced a file for a visit, signed by the device's key: who may have a receipt for it."""

    __tablename__ = "evidence_link"

    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    sha: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str]
    capture: Mapped[dict[str, Any]] = mapped_column(JSON)
    sig: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Upload(Base):
    """A file that a device is sending; how much of it has arrived is the partial file's own length."""

    __tablename__ = "evidence_upload"

    device_id: Mapped[str] = mapped_column(primary_key=True)
    sha: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    size: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str]
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
