import type { Item } from "@/engine/form";
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
    numbered(one).filter(({ item }) => one.seen.missingPhotos.includes(item.id)),
  );
}

/** Whether a name of a gap is the item itself, or a cell of its table. */
export function isOf(item: Item, name: string): boolean {
  return name === item.id || name.startsWith(`${item.id}/rows/`);
}

function isOpen({ checklist, item }: Placed): boolean {
  const { missing, invalid, missingProblems, missingPhotos } = checklist.seen;
  return [...missing, ...Object.keys(invalid), ...missingProblems, ...missingPhotos].some((name) => isOf(item, name));
}
