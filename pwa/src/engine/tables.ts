import type { Item } from "./form";
import { isBlank } from "./values";

/**
 * The rows of a table item. Every cell is an answer of its own, at `<item>/rows/<row>/<column>` below the checklist: two
 * phones that add rows, or fill different cells of one row, both keep what they wrote. A row is there while any of its
 * cells is filled; taking it away blanks its cells.
 */
export type Cells = Map<string, Map<string, unknown>>;

const CELL = /^([a-z][a-zA-Z0-9]{1,39})\/rows\/([0-9a-f-]{1,36})\/([a-z][a-zA-Z0-9]{1,39})$/;

export function cellName(item: string, row: string, column: string): string {
  return `${item}/rows/${row}/${column}`;
}

/** The item, row and column of a cell's name; null if it is no such name. */
export function placeOf(name: string): { item: string; row: string; column: string } | null {
  const found = CELL.exec(name);
  return found && { item: found[1] as string, row: found[2] as string, column: found[3] as string };
}

/** All filled cells as item → row → column → value. */
export function rowsByItem(answers: Record<string, unknown>): Map<string, Cells> {
  const found = new Map<string, Cells>();
  for (const [name, value] of Object.entries(answers)) {
    const place = isBlank(value) ? null : placeOf(name);
    if (!place) continue;
    const rows = found.get(place.item) ?? new Map<string, Map<string, unknown>>();
    const row = rows.get(place.row) ?? new Map<string, unknown>();
    found.set(place.item, rows.set(place.row, row.set(place.column, value)));
  }
  return found;
}

/** The rows of one table in the order of their ids, which is the order they were made in; unknown columns left out. */
export function rowsOf(item: Item, cells: Cells | undefined): [string, Map<string, unknown>][] {
  const known = new Set((item.columns ?? []).map((column) => column.id));
  return [...(cells ?? new Map<string, Map<string, unknown>>())]
    .map(([row, filled]): [string, Map<string, unknown>] => [
      row,
      new Map([...filled].filter(([column]) => known.has(column))),
    ])
    .filter(([, filled]) => filled.size > 0)
    .sort(([left], [right]) => (left < right ? -1 : 1));
}
