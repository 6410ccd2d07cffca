"""Tables: which profile an agency follows, the yearly confirmations of an expired one, the days that differ."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class AgencyProfile(Base):
    """The rule profile an agency follows; without a row it follows `national-default`."""

    __tablename__ = "agency_profile"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    profile_key: Mapped[str]


class ProfileConfirmation(Base):
    """An administrator's word, with a reason, that an expired profile is followed for one more calendar year."""

    __tablename__ = "profile_confirmation"
    __table_args__ = (UniqueConstraint("agency_id", "profile_key", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    profile_key: Mapped[str]
    year: Mapped[int]
    reason: Mapped[str]
    confirmed_by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class WorkdayOverride(Base):
    """A day that a State Council notice makes a working day or a day off; it outranks the packaged calendar."""

    __tablename__ = "workday_override"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    source: Mapped[str]
