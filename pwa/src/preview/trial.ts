import type { VisitBody } from "@/engine/documents";
import type { Form } from "@/engine/form";
import type { PhoneStore } from "@/store/database";
import { newId } from "@/store/device";
import { STORES } from "@/store/schema";
import { Api } from "@/sync/api";

/** Nobody: a database of its own, emptied for each trial, of which nothing is ever sent. */
export const NOBODY = { id: 0, name: "试填", agencyId: 0, agencyName: "", roles: [], inspectorId: null };
export const MATTER = 1;
const FORM_SHA = "trial";

/** Lay a visit that is nobody's, with this form as its only checklist; answers with the visit's id. */
export async function layTrial(store: PhoneStore, form: Form): Promise<string> {
  const id = newId();
  const visit = { id, rev: 1, body: visitOf(id, form), local: { submittedAt: null, reviewed: null } };
  await store.write(async (transaction) => {
    for (const name of STORES) if (name !== "meta") await transaction.objectStore(name).clear();
    await transaction.objectStore("forms").put({ sha: FORM_SHA + id, form });
    await transaction.objectStore("visits").put(visit);
  });
  return id;
}

/** The form as the office holds it. */
export async function fetchForm(address: string): Promise<Form> {
  if (!address.startsWith("/office/forms/")) throw new Error(`${address} is no form of the office`);
  const answer = await new Api((_, init) => fetch(address, init)).call<Form>("");
  return answer.body;
}

function visitOf(id: string, form: Form): VisitBody {
  const matter = { id: MATTER, name: form.matter || form.title, class: "general" as const, legalBasis: "" };
  const usual = { noticeName: "检查通知书", recording: null, inspectorsSignRefusal: true, witness: "" };
  const nothingYet = { digest: null, startedAt: null, submittedAt: null, approvedAt: null, closedReason: null };
  return {
    id,
    serial: "",
    status: "in_progress",
    entity: { name: "试填，不会保存", code: "", address: "", principal: "", phone: "", kind: "" },
    window: { from: "2000-01-01", to: "2100-01-01" },
    agency: { name: form.agency },
    task: { title: "" },
    matters: [{ ...matter, formKey: form.key, formSha: FORM_SHA + id }],
    team: [],
    numbers: {},
    deadlines: [],
    citations: {},
    procedure: { version: 0, ...usual },
    known: null,
    cannotInspectReasons: [],
    recusals: [],
    returned: [],
    mended: [],
    ...nothingYet,
  };
}
