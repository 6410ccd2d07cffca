"""The table of approvals."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base, UtcDateTime


class Approval(Base):
    """One person's word on a visit's results. `stage`: `leader` (组长签批, in the field) or `head` (单位负责人审批).

    `digest` is the fingerprint of what was approved: the visit's for the leader, the report's for the head.
    """

    __tablename__ = "approval"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), index=True)
    stage: Mapped[str]
    decision: Mapped[str]
    """`approve` or `return`."""
    digest: Mapped[str]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(default="")
    image: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The leader's drawn signature as a data address; empty where none was asked for."""
    by_user_id: Mapped[int]
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
