import type { Checklist, VisitView } from "@/store/visit_view";
import type { Placed } from "@/ui/subject";

/** The first item after `from` (or from the top, and around) that is still to be answered. */
export function openAfter(items: Placed[], from: Placed | null): Placed | null {
  const start = from ? items.findIndex((one) => one.item.id === from.item.id) + 1 : 0;
  const around = [...items.slice(start), ...items.slice(0, start)];
  return around.find((one) => one !== from && isOpen(one)) ?? null;
}

/** A checklist that still lacks something, other than the one just done. */
export function firstOpen(visit: VisitView, except?: number): Checklist | null {
  return visit.checklists.find((one) => one.matter.id !== except && !one.seen.complete) ?? null;
}

/** The items that failed and have no photo yet, over all matters. */
export function lackingPhotos(visit: VisitView, numbered: (checklist: Checklist) => Placed[]): Placed[] {
  return visit.checklists.flatMap((one) =>
    marksOf(one).missingPhotos.size ? numbered(one).filter(({ item }) => marksOf(one).missingPhotos.has(item.id)) : [],
  );
}

/** What stands at the items of a checklist, by the item's id: asked once for all lines, not line by line. */
export interface Marks {
  open: Set<string>;
  missingPhotos: Set<string>;
  missingProblems: Set<string>;
  /** An answer that cannot stand, or a table with empty cells. */
  wanting: Set<string>;
}

const known = new WeakMap<Checklist, Marks>();

export function marksOf(checklist: Checklist): Marks {
  const before = known.get(checklist);
  if (before) return before;
  const { missing, invalid, missingProblems, missingPhotos } = checklist.seen;
  const broken = Object.keys(invalid);
  const marks = {
    open: itemsNamed([...missing, ...broken, ...missingProblems, ...missingPhotos]),
    missingPhotos: itemsNamed(missingPhotos),
    missingProblems: itemsNamed(missingProblems),
    wanting: itemsNamed([...broken, ...missing.filter((name) => name.includes(ROWS))]),
  };
  known.set(checklist, marks);
  return marks;
}

const ROWS = "/rows/";

/** A name of a gap is the item itself, or a cell of its table. */
function itemsNamed(names: string[]): Set<string> {
  return new Set(names.map((name) => name.split(ROWS, 1)[0] ?? name));
}

function isOpen({ checklist, item }: Placed): boolean {
  return marksOf(checklist).open.has(item.id);
}
