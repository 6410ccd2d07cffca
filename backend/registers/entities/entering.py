"""Enter one entity by hand: the same columns and checks as a row of a file."""

from collections.abc import Mapping

from backend.core.errors import CODE_TAKEN, INVALID_INPUT, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.db import db, transaction
from backend.registers.columns.forms import read_form
from backend.registers.columns.rules import demands_of
from backend.registers.entities.actions import open_flags, remember
from backend.registers.entities.columns import KEY_FIELD
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import entity_by_code, entity_columns

ENTERED_BY_HAND = "手工录入"


def enter_entity(actor: Actor, entered: Mapping[str, str]) -> Entity:
    """A new entry with its first line of history. Refuses a code that the directory has."""
    require(actor, Capability.KEEP_ENTITIES)
    columns = entity_columns(actor.agency_id)
    profile = profile_for(actor.agency_id)
    demands = demands_of(columns, profile.words("entity.fields"), profile.cite("entity.fields"))
    whole = {column.field: entered.get(column.field, "") for column in columns}
    read = read_form(columns, whole, demands, KEY_FIELD, lambda row: ())
    if isinstance(read, tuple):
        said = "；".join(f"{fault.heading}：{fault.sentence.removeprefix(fault.heading)}" for fault in read)
        raise Refusal(INVALID_INPUT, read[0].citation, detail=said)
    with transaction():
        hold_chain(actor.agency_id)
        values = read.values
        if (there := entity_by_code(actor.agency_id, values["code"])) is not None:
            raise Refusal(CODE_TAKEN, code=values["code"], name=there.name)
        if values["department_id"] is None:
            values["department_id"] = actor.department_id
        made = Entity(agency_id=actor.agency_id, **values)
        db.session.add(made)
        db.session.flush()
        remember(actor, ENTERED_BY_HAND, [(made.id, None, values)])
        open_flags(actor, [(made.id, flag) for flag in made.flags], ENTERED_BY_HAND)
        record(actor, "entity.enter", "entity", made.id, after={"code": made.code, "name": made.name})
        return made
