import type { PhoneStore } from "./database";
import { type Declaration, declarationsIn } from "./declarations";
import type { EvidenceRow, OpRow, UploadRow, VisitRow } from "./schema";

/** Every visit on this phone. */
export async function allVisits(store: PhoneStore): Promise<VisitRow[]> {
  return store.read((transaction) => transaction.objectStore("visits").getAll());
}

/** What has not reached the server, and what has. */
export interface Outbox {
  ops: OpRow[];
  files: { upload: UploadRow; evidence: EvidenceRow | null }[];
  refused: OpRow[];
  declared: Declaration[];
  held: number;
  lastReceiptAt: number | null;
  visits: Map<string, VisitRow>;
}

export async function readOutbox(store: PhoneStore): Promise<Outbox> {
  const [ops, uploads, evidence, visits, declared] = await store.read((transaction) =>
    Promise.all([
      transaction.objectStore("ops").getAll(),
      transaction.objectStore("uploads").getAll(),
      transaction.objectStore("evidence").getAll(),
      transaction.objectStore("visits").getAll(),
      declarationsIn(transaction),
    ]),
  );
  const receipted = [...ops.map((row) => row.receipt), ...uploads.map((row) => row.receipt)].flatMap(
    (one) => one ?? [],
  );
  const pieceOf = (upload: UploadRow) =>
    evidence.find((one) => one.sha === upload.sha && one.visitId === upload.visitId) ?? null;
  return {
    ops: ops.filter((row) => row.waiting).sort((left, right) => left.seq - right.seq),
    files: uploads.filter((row) => !row.receipt).map((upload) => ({ upload, evidence: pieceOf(upload) })),
    refused: ops.filter((row) => row.result?.status === "quarantined" && !row.saidAgainAs),
    declared: declared.filter((row) => row.state === "kept"),
    held: receipted.length,
    lastReceiptAt: receipted.reduce<number | null>((last, one) => Math.max(last ?? 0, one.serverTime), null),
    visits: new Map(visits.map((visit) => [visit.id, visit])),
  };
}

/** What was submitted or decided here and could not be accepted, the last of it. */
export async function lastRefusedDecision(store: PhoneStore, visitId: string): Promise<OpRow | null> {
  const ops = await store.read((transaction) => transaction.objectStore("ops").index("visit").getAll(visitId));
  const decisions = ops.filter(({ op }) => op.kind === "submit" || op.kind === "review");
  const refused = decisions.filter((row) => row.result?.status === "quarantined" && !row.saidAgainAs);
  return refused.reduce<OpRow | null>((last, row) => (last && last.op.at.wall > row.op.at.wall ? last : row), null);
}

/** How many things exist only here: unanswered ops, files without a receipt, declarations that were not taken yet. */
export async function countUnsent(store: PhoneStore): Promise<{ total: number; ofVisit: Map<string, number> }> {
  const [ops, uploads, declared] = await store.read((transaction) =>
    Promise.all([
      transaction.objectStore("ops").index("waiting").getAll(1),
      transaction.objectStore("uploads").getAll(),
      declarationsIn(transaction),
    ]),
  );
  const ofVisit = new Map<string, number>();
  const count = (visitId: string) => ofVisit.set(visitId, (ofVisit.get(visitId) ?? 0) + 1);
  for (const row of ops) count(row.op.visitId);
  for (const upload of uploads) if (!upload.receipt) count(upload.visitId);
  const kept = declared.filter((row) => row.state === "kept").length;
  return { total: [...ofVisit.values()].reduce((sum, one) => sum + one, kept), ofVisit };
}

/** Submitted, led by this person, and not yet decided on this phone. */
export function awaitsApprovalBy(userId: number, visit: VisitRow): boolean {
  const leads = visit.body.team.some((one) => one.leader && one.userId === userId);
  return leads && visit.body.status === "submitted" && !visit.local.reviewed;
}

/** Every wording this phone gave one note, oldest first. */
export async function ownWordings(
  store: PhoneStore,
  visitId: string,
  path: string,
): Promise<{ at: number; text: string }[]> {
  const ops = await store.read((transaction) => transaction.objectStore("ops").index("visit").getAll(visitId));
  return ops
    .filter((row) => row.op.kind === "note.set" && row.op.path === path)
    .sort((left, right) => left.seq - right.seq)
    .map(({ op }) => ({ at: op.at.wall, text: (op.value as { text?: string } | null)?.text ?? "" }));
}
