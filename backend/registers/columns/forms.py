"""One record entered by hand, read by the same columns and checks as a row of a file."""

from collections.abc import Mapping, Sequence

from backend.registers.columns.row_reader import read_text
from backend.registers.columns.rules import Column, Demands, Fault, GoodRow, RowCheck


def read_form(
    columns: Sequence[Column], entered: Mapping[str, str], demands: Demands, key_field: str, also: RowCheck
) -> GoodRow | tuple[Fault, ...]:
    """The record, or everything that is wrong with it; a fault's address is its field's name.

    `entered` holds texts by field, as a spreadsheet cell would; fields that are absent are left as they stand.
    """
    present = [column for column in columns if column.field in entered]
    row = GoodRow(1, {}, {column.field: column.field for column in present})
    faults: list[Fault] = []
    for column in present:
        text = entered[column.field]
        try:
            row.values[column.field] = read_text(column, text, column.field in demands)
        except ValueError as error:
            citation = None if text.strip() else demands.get(column.field)
            faults.append(Fault(column.field, column.heading, text, str(error), citation))
    if not faults and key_field in row.values:
        faults.extend(also(row))
    return tuple(faults) if faults else row
