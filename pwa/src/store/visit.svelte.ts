import { live } from "./live.svelte";
import { thisPerson } from "./person";
import { readVisit, type VisitView } from "./visit_view";

/** The visit of a page, following every write. */
export function liveVisit(visitId: () => string): { readonly current: VisitView | null | undefined } {
  const { store } = thisPerson();
  return live(() => readVisit(store, visitId()));
}
