"""The table of publication numbers."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.plumbing.db import Base


class PublicationCounter(Base):
    """The next publication number of an agency and year; its row lock puts concurrent publications in one order."""

    __tablename__ = "publication_counter"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
