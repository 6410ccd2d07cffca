"""Tables of dossiers, their archive numbers and the recorder files that come in from an office PC."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class Dossier(Base):
    """The dossier of one visit, or a supplement to a sealed one. `status`: `open` → `sealing` → `sealed`.

    What is printed lies in the store under `folder`; while open it is a draft. A sealed row never changes.
    `catalogue`: `[{no, key, title, number, responsible, date, remark, pages}]` of what is printed.
    """

    __tablename__ = "dossier"
    __table_args__ = (
        UniqueConstraint("visit_id", "volume"),
        UniqueConstraint("agency_id", "archive_year", "archive_serial", "volume"),
        Index("ix_dossier_agency_status", "agency_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"))
    volume: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(default="open")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    archive_year: Mapped[int | None]
    archive_serial: Mapped[int | None]
    reference: Mapped[str | None]
    remarks: Mapped[str] = mapped_column(default="")
    gap_reason: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_by_name: Mapped[str | None]
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    folder: Mapped[str | None]
    printed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pages: Mapped[int] = mapped_column(default=0)
    sheets: Mapped[int] = mapped_column(default=0)
    catalogue: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    gaps_sealed: Mapped[int] = mapped_column(default=0)
    fingerprint: Mapped[str | None]
    pdf_sha256: Mapped[str | None]
    package_sha256: Mapped[str | None]
    package_size: Mapped[int] = mapped_column(BigInteger, default=0)

    @property
    def archive_no(self) -> str | None:
        """归档号 such as 2026-0042; None until sealing takes one."""
        return None if self.archive_serial is None else f"{self.archive_year}-{self.archive_serial:04d}"


class ArchiveCounter(Base):
    """The last 归档号 an agency gave in a year; taken under the agency's row lock."""

    __tablename__ = "archive_counter"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Recording(Base):
    """A file of the body camera (执法记录仪) or another device, tied to a visit at an office PC (003 art. 15, 19)."""

    __tablename__ = "recording"
    __table_args__ = (UniqueConstraint("visit_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    """录像, 录音 or 其他, by what the bytes are."""
    mime: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    duration_s: Mapped[int | None]
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    added_by_name: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
