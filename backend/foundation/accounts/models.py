"""Tables of agencies, departments, people and their sessions."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.plumbing.db import Base, UtcDateTime


class Agency(Base):
    """单位: a public body that supervises. Agencies form a tree by `parent_id`."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    code: Mapped[str] = mapped_column(unique=True)
    """A short name in letters, used in addresses and on the command line."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    fonds_no: Mapped[str]
    """全宗号, given by the archives (DA/T 13)."""
    doc_prefix: Mapped[str]
    """机关代字 of document numbers, such as 示工信."""


class Department(Base):
    """科室 of one agency."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str]


class User(Base):
    """A person with a login. `roles` holds `Role` values."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(JSON)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_is_initial: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody else knows it: nothing can be done with it but replace it."""

    agency: Mapped[Agency] = relationship()


class LoginSession(Base):
    """One login on one device. Only the SHA-256 of its token is kept, so the table opens no door if it leaks."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device_label: Mapped[str]

    user: Mapped[User] = relationship()


class LoginFailure(Base):
    """A failed try, counted per login name so that guessing is slowed down and seen."""

    __tablename__ = "login_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
