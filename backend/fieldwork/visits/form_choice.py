"""Another form for a matter of a visit, chosen by a person with a reason: in the office before the visit starts, or by the
team on its phones. Who chose and why stays on record; what was answered on the form before stays where it stands."""

from typing import Any

from backend.core.errors import FORM_CHOICE_TOO_LATE, NOT_FOUND, REASON_TOO_SHORT, Refusal
from backend.fieldwork.changes.actions import next_server_seq, touch
from backend.fieldwork.checklists.actions import pin
from backend.fieldwork.checklists.definitions import CompiledForm
from backend.fieldwork.checklists.queries import answer_at, available_forms, form
from backend.fieldwork.form_library.queries import form_in_library, library
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import rules_of, visit_for
from backend.fieldwork.visits.rules import VisitStatus
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.db import transaction

SHORTEST_REASON = 5


def choose_form(actor: Actor, visit_id: str, matter_id: int, form_key: str, reason: str) -> Visit:
    """Pin another form to a matter of a visit that nobody has begun; the phones get it with the next pull."""
    require(actor, Capability.CHOOSE_FORMS)
    with transaction():
        hold_chain(actor.agency_id)
        # The phones' ops wait for the same number, so none can begin the visit meanwhile.
        server_seq = next_server_seq(actor.agency_id)
        visit = visit_for(actor, visit_id)
        if visit.status != VisitStatus.DISPATCHED:
            raise Refusal(FORM_CHOICE_TOO_LATE)
        if len(reason.strip()) < SHORTEST_REASON:
            raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
        _matter(visit, matter_id)
        _pin(actor, visit, matter_id, form_in_library(actor.agency_id, form_key), reason.strip(), server_seq)
        return visit


def fault_of_choice(visit: Visit, value: Any) -> str | None:
    """Why this may not be a team's choice, or None."""
    sha, reason = (value.get("formSha"), value.get("reason")) if value else (None, None)
    if not isinstance(reason, str) or len(reason.strip()) < SHORTEST_REASON:
        return "reason-needed"
    return None if sha in {form.sha for form in offered_forms(visit)} else "no-such-form"


def follow_choice(actor: Actor, visit: Visit, matter_id: int, server_seq: int) -> None:
    """Pin the form that the team's present answer names. Inside the caller's transaction."""
    answer = answer_at(visit.id, f"/forms/{matter_id}")
    chosen = answer.value if answer is not None and isinstance(answer.value, dict) else None
    if chosen is None or chosen["formSha"] == _matter(visit, matter_id)["formSha"]:
        return
    form = next(one for one in offered_forms(visit) if one.sha == chosen["formSha"])
    _pin(actor, visit, matter_id, form, chosen["reason"].strip(), server_seq)


def offered_forms(visit: Visit) -> list[CompiledForm]:
    """The forms a team may choose from: those of its rules and its agency's own, and those the visit is or was pinned to."""
    own = f"{rules_of(visit).key}/"
    found = {
        one.sha: one
        for one in library(visit.agency_id).values()
        if one.key.startswith(own) or one.key not in available_forms()
    }
    for matter in visit.matters:
        for sha in (matter["formSha"], *matter.get("formerForms", ())):
            if sha and sha not in found:
                held = form(sha)
                found[sha] = CompiledForm(held.key, held.version, held.sha, held.content)
    return sorted(found.values(), key=lambda one: (one.key, one.version))


def _pin(
    actor: Actor, visit: Visit, matter_id: int, form: CompiledForm, reason: str, server_seq: int
) -> None:
    before = _matter(visit, matter_id)
    chosen = {"how": "person", "by": actor.name, "at": int(now().timestamp() * 1000), "reason": reason}
    former = [
        sha for sha in (before["formSha"], *before.get("formerForms", ())) if sha not in (None, form.sha)
    ]
    changed = {"formKey": form.key, "formSha": pin(form), "formChoice": chosen, "formerForms": former}
    after = {**before, **changed}
    visit.matters = [after if one is before else one for one in visit.matters]
    touch(visit.agency_id, visit.id, "visit", visit.id, server_seq)
    touch(visit.agency_id, visit.id, "form", form.sha, server_seq)
    record(
        actor,
        "visit.choose-form",
        "visit",
        visit.id,
        before={"matter": matter_id, "form": before["formKey"], "sha": before["formSha"]},
        after={"matter": matter_id, "form": form.key, "sha": form.sha, "reason": reason},
    )


def _matter(visit: Visit, matter_id: int) -> dict[str, Any]:
    found = next((one for one in visit.matters if one["matterId"] == matter_id), None)
    if found is None:
        raise Refusal(NOT_FOUND, what="这项检查事项")
    return found
