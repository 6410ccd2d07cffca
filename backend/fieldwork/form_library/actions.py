"""A form's way into force: upload, hand in, approve or return. Nothing published ever changes."""

from backend.core.errors import (
    FORM_BY_ONESELF,
    FORM_STEP_NOT_POSSIBLE,
    FORM_VERSION_TAKEN,
    REASON_TOO_SHORT,
    Refusal,
)
from backend.fieldwork.checklists.actions import pin
from backend.fieldwork.checklists.definitions import CompiledForm
from backend.fieldwork.form_library.books import imported
from backend.fieldwork.form_library.models import FormVersion
from backend.fieldwork.form_library.queries import library, version_of
from backend.fieldwork.form_library.rules.layout import FORM
from backend.fieldwork.form_library.rules.reading import CellFault
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction

STATUSES = {"draft": "草稿", "submitted": "待审定", "returned": "已退回", "published": "已发布"}
SHORTEST_REASON = 5


def upload(actor: Actor, filename: str, content: bytes) -> FormVersion | list[CellFault]:
    """Keep a workbook's form as a draft, or say what is wrong with it, cell by cell; then nothing is kept."""
    require(actor, Capability.PREPARE_FORMS)
    form, faults = imported(content, filename)
    if form is None:
        return faults
    with transaction():
        hold_chain(actor.agency_id)
        wrong = _faults_of_version(actor, form)
        if wrong:
            return wrong
        draft = FormVersion(
            agency_id=actor.agency_id,
            key=form.key,
            version=form.version,
            sha=form.sha,
            content=dict(form.content),
            filename=filename[:200],
            status="draft",
            prepared_by=actor.user_id,
            prepared_by_name=actor.name,
            prepared_at=now(),
        )
        db.session.add(draft)
        db.session.flush()
        record(actor, "form.upload", "form", draft.id, after=_told(draft))
        return draft


def hand_in(actor: Actor, version_id: int) -> FormVersion:
    """Put a draft forward for approval."""
    with transaction():
        draft = _at_step(actor, version_id, Capability.PREPARE_FORMS, ("draft",), "送审")
        draft.status, draft.submitted_at = "submitted", now()
        record(actor, "form.submit", "form", draft.id, after=_told(draft))
        return draft


def approve(actor: Actor, version_id: int) -> FormVersion:
    """Put a form in force: from now on new visits are pinned to its SHA-256. Whoever prepared it may not."""
    with transaction():
        waiting = _at_step(actor, version_id, Capability.APPROVE_FORMS, ("submitted",), "审定")
        if waiting.prepared_by == actor.user_id:
            raise Refusal(FORM_BY_ONESELF)
        latest = library(actor.agency_id).get(waiting.key)
        if latest is not None and latest.version >= waiting.version:
            raise Refusal(FORM_VERSION_TAKEN, version=latest.version)
        pin(CompiledForm(waiting.key, waiting.version, waiting.sha, waiting.content))
        waiting.status, waiting.published_version = "published", waiting.version
        waiting.decided_by_name, waiting.decided_at = actor.name, now()
        record(actor, "form.approve", "form", waiting.id, after=_told(waiting))
        return waiting


def give_back(actor: Actor, version_id: int, reason: str) -> FormVersion:
    """Return a form with the reason; a mended one is uploaded anew."""
    with transaction():
        waiting = _at_step(actor, version_id, Capability.APPROVE_FORMS, ("submitted",), "退回")
        if len(reason.strip()) < SHORTEST_REASON:
            raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
        waiting.status, waiting.reason = "returned", reason.strip()
        waiting.decided_by_name, waiting.decided_at = actor.name, now()
        record(actor, "form.return", "form", waiting.id, after={**_told(waiting), "reason": waiting.reason})
        return waiting


def _at_step(
    actor: Actor, version_id: int, capability: Capability, expected: tuple[str, ...], step: str
) -> FormVersion:
    require(actor, capability)
    hold_chain(actor.agency_id)
    found = version_of(actor.agency_id, version_id)
    if found.status not in expected:
        raise Refusal(FORM_STEP_NOT_POSSIBLE, status=STATUSES[found.status], step=step)
    return found


def _faults_of_version(actor: Actor, form: CompiledForm) -> list[CellFault]:
    profile, latest = profile_for(actor.agency_id).key, library(actor.agency_id).get(form.key)
    faults = []
    if not form.key.startswith(f"{profile}/") or form.content["agency"] != profile:
        faults.append(CellFault(f"{FORM}!B2", f"代号应以本单位的规则 {profile}/ 开头，规则应为 {profile}"))
    if latest is not None and form.sha == latest.sha:
        faults.append(CellFault(f"{FORM}!B3", f"与已发布的第 {latest.version} 版完全相同"))
    elif form.version != (latest.version if latest else 0) + 1:
        faults.append(CellFault(f"{FORM}!B3", f"版本应为 {(latest.version if latest else 0) + 1}"))
    return faults


def _told(version: FormVersion) -> dict[str, object]:
    return {"key": version.key, "version": version.version, "sha": version.sha, "status": version.status}
