"""Another form for a matter of a visit, chosen by a person before the visit starts; who chose and why stays on record."""

from typing import Any

from backend.core.errors import FORM_CHOICE_TOO_LATE, NOT_FOUND, REASON_TOO_SHORT, Refusal
from backend.fieldwork.changes.actions import next_server_seq, touch
from backend.fieldwork.checklists.actions import pin
from backend.fieldwork.form_library.queries import form_in_library
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import visit_for
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
        before = _matter(visit, matter_id)
        form = form_in_library(actor.agency_id, form_key)
        chosen = {
            "how": "person",
            "by": actor.name,
            "at": int(now().timestamp() * 1000),
            "reason": reason.strip(),
        }
        after = {**before, "formKey": form.key, "formSha": pin(form), "formChoice": chosen}
        visit.matters = [after if one is before else one for one in visit.matters]
        touch(visit.agency_id, visit.id, "visit", visit.id, server_seq)
        touch(visit.agency_id, visit.id, "form", form.sha, server_seq)
        record(
            actor,
            "visit.choose-form",
            "visit",
            visit.id,
            before={"matter": matter_id, "form": before["formKey"], "sha": before["formSha"]},
            after={"matter": matter_id, "form": form.key, "sha": form.sha, "reason": reason.strip()},
        )
        return visit


def _matter(visit: Visit, matter_id: int) -> dict[str, Any]:
    found = next((one for one in visit.matters if one["matterId"] == matter_id), None)
    if found is None:
        raise Refusal(NOT_FOUND, what="这项检查事项")
    return found
