import { live } from "./live.svelte";
import { thisPerson } from "./person";
import { OF_A_VISIT, readVisit, type VisitView } from "./visit_view";

/** The visit of a page, following every write. */
export function liveVisit(visitId: () => string): { readonly current: VisitView | null | undefined } {
  const { store } = thisPerson();
  return live<VisitView | null>(OF_A_VISIT, (touched, before) => readVisit(store, visitId(), touched, before));
}
