"""Tables of the order of changes."""

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base

ANSWERS = "answers"


class ServerSequence(Base):
    """The agency's last server seq; counted up only while the agency's chain of audit is held, so commit order is number order."""

    __tablename__ = "server_sequence"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class Change(Base):
    """Where in the agency's order a document last changed; a pull reads these after its cursor.

    Answers know that place themselves (`Answer.rev`): one row of kind `ANSWERS` says for a whole visit where the last
    of them changed, so that 120 answers cost one row here. An answer has a row of its own only for what is no new
    value, such as a second answer beside it.
    """

    __tablename__ = "sync_change"
    __table_args__ = (Index("ix_sync_change_order", "agency_id", "server_seq"),)

    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    doc_id: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    server_seq: Mapped[int] = mapped_column(BigInteger)
