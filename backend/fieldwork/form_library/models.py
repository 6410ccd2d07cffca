"""The table of an agency's own form versions, from upload to publication."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class FormVersion(Base):
    """One version of a form as it was uploaded; once published it never changes, for `sha` is its canonical JSON's SHA-256."""

    __tablename__ = "form_version"
    __table_args__ = (UniqueConstraint("agency_id", "key", "published_version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    key: Mapped[str]
    version: Mapped[int]
    published_version: Mapped[int | None]
    """The same number once published: two drafts may bear one number, two published versions never."""
    sha: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    filename: Mapped[str]
    status: Mapped[str]
    """`draft`, `submitted`, `returned` or `published`."""
    prepared_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    prepared_by_name: Mapped[str]
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None]
    """Why it was returned."""
