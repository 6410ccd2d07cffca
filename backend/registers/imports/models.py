"""The table of uploaded files on their way into a register."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class ImportFile(Base):
    """One uploaded spreadsheet: checked first, then imported or dropped. Its bytes lie in the store as `imports/<sha>`."""

    __tablename__ = "import_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    register: Mapped[str]
    """`entities`, `inspectors` or `matters`."""
    filename: Mapped[str]
    sha256: Mapped[str]
    state: Mapped[str]
    """A word of `imports.rules.STATES`."""
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Rows by what became of them: read, new, updated, same, refused."""
    mended: Mapped[dict[str, str]] = mapped_column(JSON)
    """Cells put right on the check page, by address, with what they now say."""
    choice: Mapped[str] = mapped_column(default="ask", server_default="ask")
    """What follows the check, a word of `imports.rules.CHOICES`."""
    is_complete: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the file claims to hold the whole register, so that what it lacks is asked about."""
    sheet: Mapped[str] = mapped_column(default="", server_default="")
    unread: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Headings that the register does not know."""
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    """The first bad rows as the page shows them; all of them are in the refused file."""
    refused_file: Mapped[str] = mapped_column(default="", server_default="")
    """Where the spreadsheet of refused rows lies in the store; empty when there is none."""
    job_id: Mapped[int | None]
    """The job that checks or imports it, for a file too large to answer at once."""
    trouble: Mapped[str] = mapped_column(default="", server_default="")
    """Why a job could not read the file."""
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportGone(Base):
    """An entry of the register that a complete file does not hold: asked about, never removed unasked."""

    __tablename__ = "import_gone"

    file_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True)
    decision: Mapped[str] = mapped_column(default="")
    """What a person decided; empty while asked."""
