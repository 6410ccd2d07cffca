import type { AnswerBody, EvidenceBody, SignatureBody, VisitBody } from "@/engine/documents";
import type { Form } from "@/engine/form";
import type { PhoneStore, Writing } from "./database";

export interface Document {
  type: "visit" | "answer" | "evidence" | "signature" | "form";
  id: string;
  rev: number;
  body: unknown;
}

export interface Page {
  docs: Document[];
  tombstones: { type: Document["type"]; id: string }[];
  cursor: string;
  inStep?: Record<string, number>;
}

/** Take over a page of what is new, together with the cursor behind it. What this phone said and the server has not answered stays. */
export async function takePage(store: PhoneStore, page: Page): Promise<void> {
  await store.write((transaction) => takeIn(transaction, page, store.userId));
}

export async function takeIn(transaction: Writing, page: Page, userId: number): Promise<void> {
  for (const document of page.docs) await take(transaction, document, userId);
  for (const { type, id } of page.tombstones) await bury(transaction, type, id);
  if (page.inStep) await transaction.objectStore("meta").put(page.inStep, "inStep");
  await transaction.objectStore("meta").put(page.cursor, "cursor");
}

async function take(transaction: Writing, document: Document, userId: number): Promise<void> {
  switch (document.type) {
    case "visit":
      return takeVisit(transaction, document.rev, document.body as VisitBody);
    case "form":
      return void (await transaction.objectStore("forms").put({ sha: document.id, form: document.body as Form }));
    case "answer":
      return takeAnswer(transaction, document.body as AnswerBody);
    case "evidence":
      return takeEvidence(transaction, document.body as EvidenceBody, userId);
    case "signature": {
      const row = { ...(document.body as SignatureBody), opId: document.id };
      return void (await transaction.objectStore("signatures").put(row));
    }
  }
}

/** What the server has no more; an answer that this phone has just given itself stays. */
export async function bury(transaction: Writing, type: Document["type"], id: string): Promise<void> {
  if (type === "visit") return transaction.objectStore("visits").delete(id);
  if (type !== "answer") return;
  const answers = transaction.objectStore("answers");
  const [visitId, path] = [id.slice(0, id.indexOf(" ")), id.slice(id.indexOf(" ") + 1)];
  const row = await answers.get([visitId, path]);
  if (row?.local) await answers.put({ ...row, server: null, candidates: [] });
  else if (row) await answers.delete([visitId, path]);
}

async function takeVisit(transaction: Writing, rev: number, body: VisitBody): Promise<void> {
  const visits = transaction.objectStore("visits");
  const known = await visits.get(body.id);
  const open = body.status === "dispatched" || body.status === "in_progress" || body.status === "returned";
  const sameState = known?.body.status === body.status;
  const local = {
    submittedAt: open && sameState ? (known?.local.submittedAt ?? null) : null,
    reviewed: body.status === "submitted" && sameState ? (known?.local.reviewed ?? null) : null,
  };
  await visits.put({ id: body.id, rev, body, local });
}

async function takeAnswer(transaction: Writing, body: AnswerBody): Promise<void> {
  const answers = transaction.objectStore("answers");
  const known = await answers.get([body.visitId, body.path]);
  const { visitId, path, value, rev, by, opId, at, candidates } = body;
  const server = rev > 0 ? { value, rev, by, opId, at } : null;
  await answers.put({ visitId, path, server, local: known?.local ?? null, candidates });
}

async function takeEvidence(transaction: Writing, body: EvidenceBody, userId: number): Promise<void> {
  const evidence = transaction.objectStore("evidence");
  const known = await evidence.index("visit").getAll(body.visitId);
  const same = known.find((row) => row.sha === body.sha && row.item === (body.item ?? ""));
  const number = same?.number ?? Math.max(0, ...known.map((row) => row.number)) + 1;
  const { visitId, sha, role, mime, size, caption, at, lat7, lon7, accuracyCm, late, complete } = body;
  const place = { at, lat7, lon7, accuracyCm };
  const mine = same?.mine ?? body.by?.userId === userId;
  const voidReason = body.voidReason ?? same?.voidReason ?? null;
  const row = {
    visitId,
    sha,
    item: body.item ?? "",
    role,
    mime,
    size,
    caption,
    number,
    mine,
    voidReason,
    late,
    complete,
  };
  await evidence.put({ ...row, ...place });
}
