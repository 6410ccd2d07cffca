"""One record entered by hand, read by the same columns and checks as a row of a file. Pure."""

from collections.abc import Mapping, Sequence

from backend.core.sheets import Sheet, SheetCell, SheetRow
from backend.registers.columns.rules import Column, Demands, Fault, GoodRow, RowCheck, check_rows


def read_form(
    columns: Sequence[Column], entered: Mapping[str, str], demands: Demands, key_field: str, also: RowCheck
) -> GoodRow | tuple[Fault, ...]:
    """The record, or everything that is wrong with it; a fault's address is its field's name.

    `entered` holds texts by field, as a spreadsheet cell would; fields that are absent are left as they stand.
    """
    present = [column for column in columns if column.field in entered]
    cells = {column.heading: SheetCell(entered[column.field], column.field) for column in present}
    sheet = Sheet("", tuple(cells), (SheetRow(1, cells),))
    good, bad = check_rows(columns, sheet, demands, key_field, also)
    return bad[0].faults if bad else good[0]
