"""The three registers that spreadsheets fill, each as one value: its columns, its checks, how rows are taken in."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.permissions.actor import Actor
from backend.registers.columns.rules import Column, Comparison, RowCheck, Standing
from backend.registers.entities import columns as entity_sheet
from backend.registers.entities.actions import taking_in_entities
from backend.registers.entities.queries import (
    entity_columns,
    gone_from,
    may_be_taken_in,
    standing_entities,
)
from backend.registers.inspectors import columns as inspector_sheet
from backend.registers.inspectors.actions import take_in_inspectors
from backend.registers.inspectors.queries import accounts_are_free, inspector_columns, standing_inspectors
from backend.registers.matters import columns as matter_sheet
from backend.registers.matters.actions import take_in_matters
from backend.registers.matters.queries import matter_columns, may_stand_on_the_list, standing_matters

TakeIn = Callable[[Comparison], None]
StillAtIt = Callable[[], None]


@dataclass(frozen=True)
class Register:
    """What the import needs to know of one register."""

    key: str
    label: str
    list_page: str
    """Endpoint of the page that shows the register."""
    demanded_by: str
    """The profile key whose words say which columns must be filled."""
    key_field: str
    columns: Callable[[int], tuple[Column, ...]]
    standing: Callable[[int, Collection[str]], Mapping[str, Standing]]
    """The entries with these keys."""
    row_check: Callable[[Actor, Mapping[str, Standing]], RowCheck]
    taking_in: Callable[[Actor, str, StillAtIt], AbstractContextManager[TakeIn]]
    """An import from a source; what it gives takes in the rows, some thousands at a time. What it still does after them it
    interrupts now and then to say so."""
    examples: Sequence[Mapping[str, str]]
    gone: Callable[[Actor, Collection[str]], Iterator[int]] | None = None
    """Which entries the actor keeps that are not among these keys; None where a file never is the whole."""


REGISTERS = {
    "entities": Register(
        key="entities",
        label="检查对象",
        list_page="entities.entities",
        demanded_by="entity.fields",
        key_field=entity_sheet.KEY_FIELD,
        columns=entity_columns,
        standing=standing_entities,
        row_check=may_be_taken_in,
        taking_in=taking_in_entities,
        examples=entity_sheet.EXAMPLES,
        gone=gone_from,
    ),
    "inspectors": Register(
        key="inspectors",
        label="执法检查人员",
        list_page="inspectors.inspectors",
        demanded_by="inspector.fields",
        key_field=inspector_sheet.KEY_FIELD,
        columns=inspector_columns,
        standing=lambda agency_id, keys: standing_inspectors(agency_id),
        row_check=accounts_are_free,
        taking_in=lambda actor, source, _: nullcontext(lambda rows: take_in_inspectors(actor, rows, source)),
        examples=inspector_sheet.EXAMPLES,
    ),
    "matters": Register(
        key="matters",
        label="抽查事项",
        list_page="matters.matters",
        demanded_by="matter.fields",
        key_field=matter_sheet.KEY_FIELD,
        columns=matter_columns,
        standing=lambda agency_id, keys: standing_matters(agency_id),
        row_check=may_stand_on_the_list,
        taking_in=lambda actor, source, _: nullcontext(lambda rows: take_in_matters(actor, rows, source)),
        examples=matter_sheet.EXAMPLES,
    ),
}


def register(key: str) -> Register:
    """The register of this key; refused when there is none."""
    if key not in REGISTERS:
        raise Refusal(NOT_FOUND, what="这个名录")
    return REGISTERS[key]
