"""The table of uploaded files on their way into a register."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
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
    """`checked`, `imported` or `dropped`."""
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Rows by what became of them: read, new, updated, same, refused."""
    mended: Mapped[dict[str, str]] = mapped_column(JSON)
    """Cells put right on the check page, by address, with what they now say."""
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
