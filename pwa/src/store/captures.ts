import type { Capture, EvidenceRole, SignatureBody } from "@/engine/documents";
import type { Kind, Op } from "@/engine/ops";
import { capture, captureAll } from "./capture";
import type { PhoneStore, Writing } from "./database";
import type { AnswerRow, Pieces } from "./schema";

/** Where an answer stands: at an item of a checklist, by the form that asks it. */
export interface Place {
  path: string;
  formSha: string;
}

/** Answer an item of a checklist. */
export function setAnswer(
  store: PhoneStore,
  visitId: string,
  path: string,
  value: unknown,
  formSha: string,
): Promise<Op> {
  return capture(store, { visitId, kind: "answer.set", path, value, formSha }, keepLocally);
}

/** Answer a question wherever it is asked: everywhere, or, if there is no room, nowhere. */
export function setAnswers(store: PhoneStore, visitId: string, places: Place[], value: unknown): Promise<Op[]> {
  const drafts = places.map((place) => ({ visitId, kind: "answer.set" as const, value, ...place }));
  return captureAll(store, drafts, keepLocally);
}

/** Write a field of the on-site record, or a step at the door. */
export function setNote(store: PhoneStore, visitId: string, path: string, value: object | null): Promise<Op> {
  return capture(store, { visitId, kind: "note.set", path, value }, keepLocally);
}

/** This phone says so from now on, until the server has answered. */
export async function keepLocally(transaction: Writing, op: Op, row: AnswerRow | undefined): Promise<void> {
  const answers = transaction.objectStore("answers");
  const { visitId, path, baseRev, value } = op;
  const local = { value, opId: op.id, baseRev, at: op.at.wall };
  await answers.put({ visitId, path, server: row?.server ?? null, local, candidates: row?.candidates ?? [] });
}

/** The bytes of a file: whole, or in pieces that are on the disk already. */
export type Content = { bytes: ArrayBuffer } | Pieces;
export type NewFile = FileFacts & Content;

interface FileFacts {
  sha: string;
  mime: string;
  item: string | null;
  role: EvidenceRole;
  caption: string;
  capture: Capture;
}

/** Add a file: its op, its row and its bytes are saved together or not at all. */
export async function addEvidence(store: PhoneStore, visitId: string, file: NewFile): Promise<Op> {
  const [op] = await addEvidenceAt(store, visitId, [file.item], file);
  return op as Op;
}

/** Add one file wherever it counts: everywhere, or, if there is no room, nowhere. */
export function addEvidenceAt(
  store: PhoneStore,
  visitId: string,
  items: (string | null)[],
  file: Omit<FileFacts, "item"> & Content,
): Promise<Op[]> {
  const { sha, mime, role, caption } = file;
  const size = "bytes" in file ? file.bytes.byteLength : (file.ends.at(-1) ?? 0);
  const original = "bytes" in file ? { sha, bytes: file.bytes } : { sha, owner: file.owner, ends: file.ends };
  const drafts = items.map((item) => ({
    visitId,
    kind: "evidence.add" as const,
    path: item ?? "/evidence",
    value: { sha, mime, size, item, role, caption, ...file.capture },
  }));
  return captureAll(store, drafts, async (transaction, op) => {
    const { item } = op.value as { item: string | null };
    const evidence = transaction.objectStore("evidence");
    const known = await evidence.index("visit").getAll(visitId);
    const same = known.find((row) => row.sha === sha);
    const number = same?.number ?? Math.max(0, ...known.map((row) => row.number)) + 1;
    const facts = { visitId, sha, mime, size, role, caption, number, ...file.capture };
    const state = { mine: true, voidReason: null, late: false, complete: same?.complete ?? false };
    await evidence.put({ ...facts, ...state, item: item ?? "" });
    const blobs = transaction.objectStore("blobs");
    if ((await blobs.getKey(sha)) === undefined) await blobs.put(original);
    if (await transaction.objectStore("uploads").get(sha)) return;
    const untold = { tries: 0, receipt: null, receivedAt: null, stuck: null };
    await transaction
      .objectStore("uploads")
      .put({ sha, visitId, mime, size, capture: { ...file.capture, item }, ...untold });
  });
}

/** Void a file of a visit with a reason; its bytes stay. */
export function voidEvidence(store: PhoneStore, visitId: string, sha: string, reason: string): Promise<Op> {
  const draft = { visitId, kind: "evidence.void" as const, path: "/evidence", value: { sha, reason } };
  return capture(store, draft, async (transaction) => {
    const evidence = transaction.objectStore("evidence");
    for (const row of await evidence.index("visit").getAll(visitId)) {
      if (row.sha === sha) await evidence.put({ ...row, voidReason: row.voidReason ?? reason });
    }
  });
}

export type Signing = Required<Pick<SignatureBody, "name" | "digest" | "image">> & {
  role: "inspector" | "party" | "witness";
  userId: number | null;
  strokes: number;
};

/** Keep a signature over the fingerprint that the signer saw. */
export function addSignature(store: PhoneStore, visitId: string, signing: Signing, place: number): Promise<Op> {
  const draft = { visitId, kind: "sign" as const, path: `/signatures/${signing.role}/${place}`, value: signing };
  return capture(store, draft, async (transaction, op) => {
    const { strokes: _, ...shown } = signing;
    await transaction.objectStore("signatures").put({ ...shown, visitId, opId: op.id, at: op.at.wall });
  });
}

export interface Refusal {
  reason: string;
  statement: string;
  witness: { name: string; contact: string | null } | null;
  digest: string;
}

/** Keep the inspectors' statement that the party did not sign. */
export function addRefusal(store: PhoneStore, visitId: string, refusal: Refusal): Promise<Op> {
  const draft = { visitId, kind: "refuse" as const, path: "/signatures/party/0", value: refusal };
  return capture(store, draft, async (transaction, op) => {
    const row = { ...refusal, role: "refusal" as const, visitId, opId: op.id, at: op.at.wall };
    await transaction.objectStore("signatures").put(row);
  });
}

/** 提交: hand the visit over as it stands. */
export function submitVisit(store: PhoneStore, visitId: string, digest: string): Promise<Op> {
  return forTheVisit(store, visitId, "submit", "/submit", { digest }, (op) => ({ submittedAt: op.at.wall }));
}

/** 无法检查: close the visit with the reason and the proof that stand in it. */
export function closeVisit(store: PhoneStore, visitId: string, digest: string): Promise<Op> {
  return forTheVisit(store, visitId, "close", "/close", { digest }, (op) => ({ submittedAt: op.at.wall }));
}

/** The team leader's word: approve with a signature, or send single items back with a reason each. */
export function reviewVisit(
  store: PhoneStore,
  visitId: string,
  digest: string,
  items: { path: string; reason: string }[],
  signature: { image: string; strokes: number } | null,
): Promise<Op> {
  const decision = items.length ? ("return" as const) : ("approve" as const);
  const value = { decision, digest, items, ...(signature && { signature }) };
  return forTheVisit(store, visitId, "review", "/review", value, () => ({ reviewed: decision }));
}

function forTheVisit(
  store: PhoneStore,
  visitId: string,
  kind: Kind,
  path: string,
  value: object,
  did: (op: Op) => Partial<{ submittedAt: number; reviewed: "approve" | "return" }>,
): Promise<Op> {
  return capture(store, { visitId, kind, path, value }, async (transaction, op) => {
    const visit = await transaction.objectStore("visits").get(visitId);
    if (visit) await transaction.objectStore("visits").put({ ...visit, local: { ...visit.local, ...did(op) } });
  });
}

/** Choose between two answers; both stay on record. */
export function resolveConflict(store: PhoneStore, visitId: string, path: string, keep: string | null): Promise<Op> {
  return capture(store, { visitId, kind: "conflict.resolve", path, value: { path, keep } }, async (transaction, op) => {
    const row = await transaction.objectStore("answers").get([visitId, path]);
    if (!row) return;
    const chosen = row.candidates.find((one) => one.opId === keep);
    const local = chosen
      ? { value: chosen.value, opId: op.id, baseRev: row.server?.rev ?? 0, at: op.at.wall }
      : row.local;
    await transaction.objectStore("answers").put({ ...row, local, candidates: [] });
  });
}

/** Note where the team is; recorded, never obeyed. */
export function addLocation(
  store: PhoneStore,
  visitId: string,
  place: Capture & { lat7: number; lon7: number },
): Promise<Op> {
  return capture(store, { visitId, kind: "location.add", path: "/location", value: place }, async () => undefined);
}
