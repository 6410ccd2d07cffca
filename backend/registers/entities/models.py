"""Tables of entities, of what is known about them with its source, of what changed, and of how they are searched."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from backend.plumbing.db import Base, UtcDateTime
from backend.registers.entities.postings import name_key


class Entity(Base):
    """One 检查对象. `code` is a 统一社会信用代码 or `TYPE:ID` (draw.md 1.1), never an identity number."""

    __tablename__ = "entity"
    __table_args__ = (
        UniqueConstraint("agency_id", "code"),
        Index("ix_entity_grade", "agency_id", "status", "risk_grade"),
        Index("ix_entity_name_key", "agency_id", "name_key"),
        Index("ix_entity_registration_no", "agency_id", "registration_no"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    """The department that keeps this entry (谁管辖、谁维护); None when it is kept in common."""
    code: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(default="", server_default="")
    """The name without blanks, in one width and one kind of bracket: variants of one name meet here."""
    registration_no: Mapped[str] = mapped_column(default="", server_default="")
    """原注册号: the 15-digit number from before the 统一社会信用代码."""
    identity_no: Mapped[str] = mapped_column(default="", server_default="")
    """身份证号 of a natural person; shown whole only to those who need it, each time on the trail."""
    kind: Mapped[str]
    """A word of `entities.rules.KINDS`."""
    address: Mapped[str]
    region: Mapped[str]
    industry: Mapped[str]
    scale: Mapped[str] = mapped_column(default="", server_default="")
    """A word of `entities.rules.SCALES`; empty while not known."""
    principal: Mapped[str]
    phone: Mapped[str]
    risk_grade: Mapped[str | None]
    """A (low) to D (high); None while not graded."""
    risk_source: Mapped[str]
    risk_date: Mapped[date | None]
    status: Mapped[str]
    """A word of `entities.rules.STATUSES`; only `active` entities are drawn."""
    directories: Mapped[list[str]] = mapped_column(JSON)
    """Names of the classified directories (分类专项名录库) it stands in."""
    flags: Mapped[list[str]] = mapped_column(JSON)
    """Words of `entities.rules.FLAGS` that are not ended, on which the cap does not bind; more in `EntityFlag`."""
    source_id: Mapped[int | None]
    """The `EntitySource`, the import by which it came in; None when it was entered by hand."""
    merged_into_id: Mapped[int | None]
    """The entity that stands for this one since a person found both to be the same."""

    @validates("name")
    def _keep_name_key(self, _field: str, name: str) -> str:
        self.name_key = name_key(name)
        return name


class EntitySource(Base):
    """One import that brought entities in: who, when, from which file. Not repeated on each of its rows."""

    __tablename__ = "entity_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_name: Mapped[str]
    source: Mapped[str]


class EntityPosting(Base):
    """The entities of one block of 65,536 ids that have one term (`entities.postings`)."""

    __tablename__ = "entity_posting"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    term: Mapped[str] = mapped_column(
        String().with_variant(String(collation="C"), "postgresql"), primary_key=True
    )
    block: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
    members: Mapped[bytes] = mapped_column(LargeBinary)


class EntityFlag(Base):
    """One flag of one entity: who says so, since when, and until when."""

    __tablename__ = "entity_flag"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    flag: Mapped[str]
    source: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    """The last day on which it holds; None while open."""
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("entity_merge.id"))
    """The merge by which it passed on from the entry merged; ends when that is taken back."""
    by_name: Mapped[str]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_reason: Mapped[str] = mapped_column(default="")


class EntityMerge(Base):
    """Two entries found to be one by a person; taken back, both stand as before."""

    __tablename__ = "entity_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    kept_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    status_before: Mapped[str]
    reason: Mapped[str]
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by_name: Mapped[str] = mapped_column(default="")
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_reason: Mapped[str] = mapped_column(default="")


class EntityTransfer(Base):
    """An entity that moved away, handed to another jurisdiction by written notice (002 art. 28)."""

    __tablename__ = "entity_transfer"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    to_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    """None for an agency that does not work here; its answer is then entered from its letter."""
    to_name: Mapped[str]
    notice_no: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str]
    """A word of `entities.rules.TRANSFER_STATES`."""
    sent_by_name: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(default="")
    answered_by_name: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    new_entity_id: Mapped[int | None] = mapped_column(ForeignKey("entity.id"))

    entity: Mapped[Entity] = relationship(foreign_keys=[entity_id])


class ClassifiedDirectory(Base):
    """分类专项名录库: object type, indices and supervision demands of one line, and the department that keeps it."""

    __tablename__ = "classified_directory"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    name: Mapped[str]
    object_type: Mapped[str]
    indices: Mapped[str]
    demands: Mapped[str]


class SavedView(Base):
    """A person's own name for a set of filters of the list."""

    __tablename__ = "entity_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str]
    asked: Mapped[dict[str, str]] = mapped_column(JSON)


class EntityChange(Base):
    """One change of one entity, with the values before and after: the directory's history."""

    __tablename__ = "entity_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_name: Mapped[str]
    source: Mapped[str]
    """Where the change came from: a file's name and cell range, or 手工修改."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class Exemption(Base):
    """免检免扰: an entity that, once drawn, is let off and replaced (003 art. 9)."""

    __tablename__ = "exemption"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    reason: Mapped[str]
    scope: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Codes of the matters it is granted for; empty for every matter that an exemption may cover."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("entity_merge.id"))
    """The merge by which it passed on from the entry merged; ends when that is taken back."""
    approved_by_name: Mapped[str]
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_reason: Mapped[str | None]

    entity: Mapped[Entity] = relationship()
