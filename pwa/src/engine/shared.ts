import { canonical } from "./canonical";
import { itemPath } from "./documents";
import type { Item } from "./form";

/** The questions of one matter's checklist that concern this entity. */
export interface Asked {
  matterId: number;
  items: Item[];
}

/**
 * Questions that several matters of one visit ask in the same words for the same kind of answer: asked once, counted for
 * each. Every path leads to all paths of its question, the first matter's first; a question asked once is not among them.
 */
export function sharedQuestions(asked: Asked[]): Map<string, string[]> {
  if (asked.length < 2) return new Map();
  const places = new Map<string, string[]>();
  for (const { matterId, items } of asked) {
    const here = new Set<string>();
    for (const item of items) {
      const question = wordsOf(item);
      if (here.has(question)) continue;
      here.add(question);
      places.set(question, [...(places.get(question) ?? []), itemPath(matterId, item.id)]);
    }
  }
  const shared = [...places.values()].filter((paths) => paths.length > 1);
  return new Map(shared.flatMap((paths) => paths.map((path) => [path, paths])));
}

const known = new WeakMap<Item, string>();

/** All that shapes an answer; why it is asked, and how gravely, may differ from matter to matter. */
function wordsOf(item: Item): string {
  const before = known.get(item);
  if (before !== undefined) return before;
  const { type, label, unit, min, max, maxLength, choices, columns, minPieces, maxPieces, minRows, maxRows } = item;
  const bounds = [unit, min, max, maxLength, minPieces, maxPieces, minRows, maxRows].map((one) => one ?? null);
  const words = canonical([type, label.trim(), bounds, choices ?? null, columns ?? null]);
  known.set(item, words);
  return words;
}
