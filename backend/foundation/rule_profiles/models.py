"""Tables: the versions of each agency's rules, the yearly confirmations of an expired profile, the days that differ."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.plumbing.db import Base, UtcDateTime


class ProfileEdition(Base):
    """A packaged profile as it stood when an agency took it over, inheritance joined, under its fingerprint.

    Kept so that a later release of the program, whose file may differ, changes nothing for work that has begun.
    `content` has the shape of `editions.spelled`.
    """

    __tablename__ = "profile_edition"

    digest: Mapped[str] = mapped_column(primary_key=True)
    profile_key: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RulesVersion(Base):
    """The rules an agency follows from one moment on: a profile, and the values it set itself. Never changed.

    `overrides`: `{key: {value, reason, source, by, on}}`, days in ISO. `edition` None: taken over before editions were kept.
    """

    __tablename__ = "rules_version"
    __table_args__ = (UniqueConstraint("agency_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    number: Mapped[int]
    profile_key: Mapped[str]
    edition: Mapped[str | None] = mapped_column(ForeignKey("profile_edition.digest"))
    overrides: Mapped[dict[str, Any]] = mapped_column(JSON)
    change: Mapped[str]
    """What this version changed, in words."""
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AgencyProfile(Base):
    """The version of its rules an agency follows now; without a row it follows `national-default`."""

    __tablename__ = "agency_profile"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("rules_version.id"))

    version: Mapped[RulesVersion] = relationship(lazy="joined")


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
    """A day that the notice of `year` makes a working day or a day off, for the agency that brought it in and all below.

    A notice may name days next to its own year: the holiday of New Year can begin on 31 December.
    """

    __tablename__ = "workday_override"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    source: Mapped[str]
