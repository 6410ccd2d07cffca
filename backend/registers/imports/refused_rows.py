"""The spreadsheet of refused rows: each as it was entered, with its reasons in the last column, to be mended and uploaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from tempfile import TemporaryFile
from typing import IO, Any

from backend.core.errors import Citation
from backend.plumbing.spreadsheets import SAFE_TEXT
from backend.registers.columns.rules import BadRow, Fault
from backend.registers.imports.checking import REASON_HEADING
from backend.registers.imports.rules import ROWS_SHOWN


class RefusedRows:
    """Gathers bad rows as they come: all of them into a spreadsheet, the first few for the page."""

    def __init__(self, file: IO[bytes], headings: list[str]) -> None:
        # Only where a workbook is written: it is much memory for every process that never does.
        import xlsxwriter

        self.shown: list[dict[str, Any]] = []
        self.count = 0
        self._closed = False
        self._headings = [name for name in headings if name and name != REASON_HEADING]
        self._book = xlsxwriter.Workbook(file, SAFE_TEXT)
        self._page = self._book.add_worksheet("错误行")
        self._page.freeze_panes(1, 0)
        self._text = self._book.add_format({"num_format": "@"})
        self._write(0, [*self._headings, REASON_HEADING])

    def add(self, row: BadRow) -> None:
        """Take one bad row down."""
        self.count += 1
        cells = row.entered.cells
        entered = [cells[name].text if name in cells else "" for name in self._headings]
        self._write(self.count, [*entered, "；".join(map(str, row.faults))])
        if len(self.shown) < ROWS_SHOWN:
            self.shown.append(
                {"number": row.entered.number, "faults": [asdict(fault) for fault in row.faults]}
            )

    def close(self) -> None:
        """Finish the spreadsheet, once."""
        if not self._closed:
            self._closed = True
            self._book.close()

    def _write(self, number: int, cells: list[str]) -> None:
        for place, text in enumerate(cells):
            self._page.write_string(number, place, text[:32_000], self._text)


@contextmanager
def refused_rows(headings: list[str]) -> Iterator[tuple[RefusedRows, IO[bytes]]]:
    """An open collection of bad rows and the file it goes to, which is read when the collection is closed."""
    with TemporaryFile() as file:
        rows = RefusedRows(file, headings)
        try:
            yield rows, file
        finally:
            rows.close()


def fault_from(kept: dict[str, Any]) -> Fault:
    """A fault as the page shows it, from what was kept of it."""
    citation = kept.get("citation")
    return Fault(**{**kept, "citation": Citation(**citation) if citation else None})
