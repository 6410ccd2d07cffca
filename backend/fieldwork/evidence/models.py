"""Tables of evidence: the file as bytes, its place in a visit, and uploads that are under way."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class EvidenceFile(Base):
    """Bytes that one agency holds whole, hashed and fsynced, in the store as `evidence/<sha>`.

    `server_seq`: the place in the agency's order that its receipt names.
    """

    __tablename__ = "evidence_file"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    sha: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str]
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    server_seq: Mapped[int] = mapped_column(BigInteger)


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
    """That a device announced a file for a visit, signed by the device's key.

    `proven_at`: since when it is known that the device had the bytes, and not only their SHA-256: it sent them, or its
    owner may see them in another visit anyway. Only then does the file count as being here for this visit.
    """

    __tablename__ = "evidence_link"

    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    sha: Mapped[str] = mapped_column(primary_key=True, index=True)
    device_id: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    size: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str]
    capture: Mapped[dict[str, Any]] = mapped_column(JSON)
    sig: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Upload(Base):
    """A file of which a device has sent a piece and not yet all. One that comes whole never has a row here."""

    __tablename__ = "evidence_upload"

    device_id: Mapped[str] = mapped_column(primary_key=True)
    sha: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    size: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str]
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
