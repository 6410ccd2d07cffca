"""Tables of compiled forms and of answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, SpelledJson, UtcDateTime


class Form(Base):
    """A compiled form that a visit was pinned to; it never changes, for `sha` is its canonical JSON's SHA-256."""

    __tablename__ = "form"

    sha: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class Answer(Base):
    """The present answer at one path of a visit: an item, a field of the on-site record, or a step. `rev` is the server seq of its last change.

    Visit and person are no foreign keys: both were just read when an answer is written, and neither is ever deleted;
    checking them row by row would be a third of the database's work for a push.
    """

    __tablename__ = "answer"

    visit_id: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(SpelledJson)
    rev: Mapped[int] = mapped_column(BigInteger)
    op_id: Mapped[str]
    device_id: Mapped[str]
    user_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnswerCandidate(Base):
    """A second answer kept beside the present one until a person chooses; the newest of each device.

    `reason`: `differs` (two phones answered), or `unconfirmed` (it came after the party had signed, 未经当事人确认).
    """

    __tablename__ = "answer_candidate"
    __table_args__ = (UniqueConstraint("visit_id", "path", "device_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"))
    path: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON)
    reason: Mapped[str]
    op_id: Mapped[str]
    device_id: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
