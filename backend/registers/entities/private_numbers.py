"""Personal numbers are shown with their middles struck out; whoever needs one whole asks for it, and that is on the trail."""

from backend.core.errors import INVALID_INPUT, Refusal
from backend.core.masking import masked_phone, without_personal_numbers
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.db import transaction
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import entity

NUMBERS = {"phone": "联系电话", "identity_no": "身份证号"}


def masked_numbers(found: Entity) -> dict[str, str]:
    """The numbers that an entity has, as anyone may see them."""
    shown = {"phone": masked_phone(found.phone), "identity_no": without_personal_numbers(found.identity_no)}
    return {name: text for name, text in shown.items() if text}


def unmask(actor: Actor, entity_id: int, name: str) -> str:
    """One number whole; who saw it stays on the trail, the number does not."""
    require(actor, Capability.SEE_PRIVATE_NUMBERS)
    if name not in NUMBERS:
        raise Refusal(INVALID_INPUT, detail="没有这一项")
    with transaction():
        hold_chain(actor.agency_id)
        found = entity(actor.agency_id, entity_id)
        record(actor, "entity.unmask", "entity", found.id, after={"number": NUMBERS[name]})
        return str(getattr(found, name))
