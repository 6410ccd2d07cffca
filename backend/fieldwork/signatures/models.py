"""Tables of signatures and of refusals to sign; neither is ever changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class Signature(Base):
    """A signature over the document whose fingerprint is `digest`. `role`: inspector, party or witness.

    `image` is a `data:image/svg+xml;base64,…` of the strokes.
    """

    __tablename__ = "signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), index=True)
    role: Mapped[str]
    name: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    image: Mapped[str]
    strokes: Mapped[int]
    digest: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    op_id: Mapped[str] = mapped_column(unique=True)


class SignatureRefusal(Base):
    """拒签: the party would not sign; the inspectors' statement, and a witness `{name, contact}` where there was one."""

    __tablename__ = "signature_refusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), index=True)
    reason: Mapped[str]
    statement: Mapped[str]
    witness: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    digest: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    op_id: Mapped[str] = mapped_column(unique=True)
