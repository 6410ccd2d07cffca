"""The table of inspectors and experts."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base


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
    certificate_no: Mapped[str]
    """执法证号; for an expert a number the agency gives."""
    certificate_valid_to: Mapped[date | None]
    speciality: Mapped[str]
    status: Mapped[str]
    """`active` or `left`; only active inspectors with a valid certificate are drawn."""
    is_expert: Mapped[bool]
