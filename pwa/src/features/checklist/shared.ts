import { canonical } from "@/engine/canonical";
import { setAnswers } from "@/store/captures";
import type { PhoneStore } from "@/store/database";
import { mayChange } from "@/store/visit_steps";
import type { VisitView } from "@/store/visit_view";

/** The same question in other matters' checklists, where nobody has said anything else: what is answered here counts there. */
export function alsoAt(visit: VisitView, path: string): string[] {
  const [item = path] = path.split("/rows/");
  const others = (visit.shared.get(item) ?? []).filter((one) => one !== item);
  return others.filter((one) => mayChange(visit, one) && said(visit, one) === said(visit, item));
}

/** Whether an earlier matter asks this question too, and holds the same answer: then it is asked there. */
export function isAskedEarlier(visit: VisitView, path: string): boolean {
  const [first] = visit.shared.get(path) ?? [path];
  return first !== undefined && first !== path && said(visit, first) === said(visit, path);
}

/** Answer a question, or a cell of its table, for every matter that asks it: each checklist holds an answer of its own. */
export async function answerEach(store: PhoneStore, visit: VisitView, path: string, value: unknown): Promise<void> {
  const [item = path] = path.split("/rows/");
  const places = [item, ...alsoAt(visit, path)].map((place) => ({
    path: place + path.slice(item.length),
    formSha: formAt(visit, place),
  }));
  await setAnswers(store, visit.row.id, places, value);
}

function formAt(visit: VisitView, path: string): string {
  const found = visit.checklists.find(({ matter }) => path.startsWith(`/matters/${matter.id}/`));
  if (!found) throw new Error(`no checklist holds ${path}`);
  return found.sha;
}

/** All that stands at a question: its answer, its table's cells, its files. */
function said(visit: VisitView, path: string): string {
  const cells = Object.entries(visit.answers)
    .filter(([at, value]) => at.startsWith(`${path}/rows/`) && value !== null)
    .map(([at, value]) => [at.slice(path.length), value]);
  const files = visit.evidence.filter((piece) => piece.item === path && piece.voidReason === null);
  return canonical([visit.answers[path] ?? null, cells.sort(), files.map((piece) => piece.sha).sort()]);
}
