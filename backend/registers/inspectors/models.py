"""Tables of inspectors, of experts, and of their leaves."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class Inspector(Base):
    """One 执法检查人员, or an expert (`is_expert`), who assists and never counts towards the two inspectors."""

    __tablename__ = "inspector"
    __table_args__ = (UniqueConstraint("agency_id", "certificate_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), unique=True)
    name: Mapped[str]
    sex: Mapped[str]
    post: Mapped[str]
    establishment: Mapped[str] = mapped_column(default="", server_default="")
    """A word of `rules.ESTABLISHMENTS`; empty while nobody has entered it."""
    certificate_no: Mapped[str]
    """执法证号; for an expert a number the agency gives."""
    certificate_valid_to: Mapped[date | None]
    speciality: Mapped[str]
    """Specialities, divided by 、."""
    regions: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """片区 that the person looks after."""
    organisation: Mapped[str] = mapped_column(default="", server_default="")
    """Where an expert works, or which other agency lends this inspector; empty for the agency's own people."""
    status: Mapped[str]
    """`active` or `left`; only active inspectors with a valid certificate are drawn."""
    is_expert: Mapped[bool]
    portrait: Mapped[str | None]
    """SHA-256 of the photo that is shown at the door, in the store as `portraits/<sha>`."""

    @property
    def specialities(self) -> list[str]:
        return [part for part in self.speciality.split("、") if part]


class InspectorLeave(Base):
    """Days on which somebody is away, first and last included."""

    __tablename__ = "inspector_leave"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    inspector_id: Mapped[int] = mapped_column(ForeignKey("inspector.id"), index=True)
    kind: Mapped[str]
    """A key of `rules.LEAVES`; why exactly is nobody's business here."""
    first: Mapped[date]
    last: Mapped[date]
    entered_by_name: Mapped[str]
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
