"""The three registers that spreadsheets fill, each as one value: its columns, its checks, how rows are taken in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.permissions.actor import Actor
from backend.registers.columns.rules import Column, Comparison, RowCheck, Standing
from backend.registers.entities import columns as entity_sheet
from backend.registers.entities.actions import take_in_entities
from backend.registers.entities.queries import entity_columns, kept_by_own_department, standing_entities
from backend.registers.inspectors import columns as inspector_sheet
from backend.registers.inspectors.actions import take_in_inspectors
from backend.registers.inspectors.queries import accounts_are_free, inspector_columns, standing_inspectors
from backend.registers.matters import columns as matter_sheet
from backend.registers.matters.actions import take_in_matters
from backend.registers.matters.queries import matter_columns, may_stand_on_the_list, standing_matters


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
    standing: Callable[[int], Mapping[str, Standing]]
    row_check: Callable[[Actor, Mapping[str, Standing]], RowCheck]
    take_in: Callable[[Actor, Comparison, str], None]
    examples: Sequence[Mapping[str, str]]


REGISTERS = {
    "entities": Register(
        key="entities",
        label="检查对象",
        list_page="entities.entities",
        demanded_by="entity.fields",
        key_field=entity_sheet.KEY_FIELD,
        columns=entity_columns,
        standing=standing_entities,
        row_check=kept_by_own_department,
        take_in=take_in_entities,
        examples=entity_sheet.EXAMPLES,
    ),
    "inspectors": Register(
        key="inspectors",
        label="执法检查人员",
        list_page="inspectors.inspectors",
        demanded_by="inspector.fields",
        key_field=inspector_sheet.KEY_FIELD,
        columns=inspector_columns,
        standing=standing_inspectors,
        row_check=accounts_are_free,
        take_in=take_in_inspectors,
        examples=inspector_sheet.EXAMPLES,
    ),
    "matters": Register(
        key="matters",
        label="抽查事项",
        list_page="matters.matters",
        demanded_by="matter.fields",
        key_field=matter_sheet.KEY_FIELD,
        columns=matter_columns,
        standing=standing_matters,
        row_check=may_stand_on_the_list,
        take_in=take_in_matters,
        examples=matter_sheet.EXAMPLES,
    ),
}


def register(key: str) -> Register:
    """The register of this key; refused when there is none."""
    if key not in REGISTERS:
        raise Refusal(NOT_FOUND, what="这个名录")
    return REGISTERS[key]
