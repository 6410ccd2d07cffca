"""Reads of the forms of an agency: what is in force, what waits, which one a visit gets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, Refusal
from backend.fieldwork.checklists.definitions import CompiledForm
from backend.fieldwork.checklists.queries import available_forms
from backend.fieldwork.form_library.models import FormVersion
from backend.fieldwork.form_library.rules.choosing import Inspected, best_form
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.entities.rules import KINDS
from backend.registers.matters.models import Matter


@dataclass(frozen=True)
class FormChoice:
    """The form a matter of a visit gets, and how: `matter` (the list names it), `suits` (matter and entity), `none`."""

    form: CompiledForm | None
    how: str


def library(agency_id: int) -> Mapping[str, CompiledForm]:
    """The newest version of every form the agency may use: shipped, or published by itself, by key."""
    forms = dict(available_forms())
    for one in _published(agency_id):
        if one.key not in forms or forms[one.key].version < one.version:
            forms[one.key] = CompiledForm(one.key, one.version, one.sha, one.content)
    return dict(sorted(forms.items()))


def form_in_library(agency_id: int, key: str) -> CompiledForm:
    """The newest version of one form; refused if there is none of that key."""
    found = library(agency_id).get(key)
    if found is None:
        raise Refusal(NOT_FOUND, what=f"检查表单 {key}")
    return found


def inspected(matter_name: str, matter_class: str, entity: Entity) -> Inspected:
    """What a form is chosen by: a matter, and the entity as the directory has it now."""
    kind = KINDS.get(entity.kind, entity.kind)
    return Inspected(matter_name, matter_class, kind, entity.industry or "", entity.directories or [])


def choice_for(agency_id: int, profile_key: str, matter: Matter, entity: Entity) -> FormChoice:
    """The form that a matter of a visit to this entity gets by itself under a rule profile. A form that the list names and nobody has is refused."""
    forms = library(agency_id)
    about = inspected(matter.name, matter.matter_class, entity)
    named = matter.form_key or ""
    contents = {key: form.content for key, form in forms.items()}
    key = best_form(contents, named, profile_key, about)
    if key is None and named:
        raise Refusal(NOT_FOUND, what=f"检查表单 {named}")
    if key is None:
        return FormChoice(None, "none")
    return FormChoice(forms[key], "matter" if named and "、" not in named else "suits")


def version_of(agency_id: int, version_id: int) -> FormVersion:
    """One uploaded version of this agency's; another agency's is not found."""
    found = db.session.get(FormVersion, version_id)
    if found is None or found.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这份表单")
    return found


def versions_of(agency_id: int, key: str | None = None) -> Sequence[FormVersion]:
    """What was uploaded, the newest first."""
    query = select(FormVersion).where(FormVersion.agency_id == agency_id)
    if key is not None:
        query = query.where(FormVersion.key == key)
    return list(db.session.scalars(query.order_by(FormVersion.id.desc())))


def forms_to_approve(agency_id: int, user_id: int) -> list[FormVersion]:
    """Handed in and waiting for approval by somebody other than whoever prepared it, the oldest first."""
    waiting = select(FormVersion).where(
        FormVersion.agency_id == agency_id,
        FormVersion.status == "submitted",
        FormVersion.prepared_by != user_id,
    )
    return list(db.session.scalars(waiting.order_by(FormVersion.submitted_at, FormVersion.id)))


def _published(agency_id: int) -> Sequence[FormVersion]:
    own = select(FormVersion).where(FormVersion.agency_id == agency_id, FormVersion.status == "published")
    return list(db.session.scalars(own.order_by(FormVersion.version)))
