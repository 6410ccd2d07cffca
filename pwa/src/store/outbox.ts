import type { Receipt } from "@/engine/keys";
import { type Op, opHash } from "@/engine/ops";
import type { PhoneStore, Writing } from "./database";
import { headIn } from "./device";
import type { AnswerRow, OpRow } from "./schema";

export interface PushResult {
  id: string;
  status: "applied" | "duplicate" | "conflict" | "quarantined";
  rev: number | null;
  reason: string | null;
  gaps?: { code: string; what: string }[];
  original?: { status: "applied" | "conflict" | "quarantined"; rev: number | null; reason: string | null };
}

/** Reasons for which the server kept an op outside the chain: this phone's chain is forked. */
export const FORKED: ReadonlySet<string> = new Set(["seq-taken", "prev-broken"]);

/** The reason under which an op stays here that is no longer as it was saved. */
export const ALTERED = "altered-here";

/** Ops that the server has not answered yet, in the order of their chain. */
export async function waitingOps(store: PhoneStore, deviceId: string): Promise<OpRow[]> {
  const rows = await store.read((transaction) => transaction.objectStore("ops").index("waiting").getAll(1));
  return rows.filter((row) => row.deviceId === deviceId).sort((left, right) => left.seq - right.seq);
}

/** Whether an op is still what was saved: its hash was kept apart from it. */
export async function isAsSaved(row: OpRow): Promise<boolean> {
  return (await opHash(row.op)) === row.hash;
}

/**
 * An op that somebody altered on this phone is never sent: it stays for whoever looks into it, and the person says it anew.
 * What it had done here can no longer be told from it, so the next pull shows everything as the server has it.
 */
export async function setAside(transaction: Writing, row: OpRow): Promise<void> {
  const { visitId, path, id } = row.op;
  const { waiting: _, ...kept } = row;
  const result = { status: "quarantined" as const, rev: null, reason: ALTERED, gaps: [] };
  await transaction.objectStore("ops").put({ ...kept, result, answeredAt: Date.now() });
  const answer = await transaction.objectStore("answers").get([visitId, path]);
  if (answer?.local?.opId === id) await transaction.objectStore("answers").put({ ...answer, local: null });
  await transaction.objectStore("meta").put(null, "cursor");
}

/** The server counts from `expectedSeq`: what it never got waits again. False if the op with which to go on is no longer here. */
export async function waitAgainFrom(store: PhoneStore, deviceId: string, expectedSeq: number): Promise<boolean> {
  return store.write(async (transaction) => {
    const ops = transaction.objectStore("ops");
    const rows = await ops.getAll(IDBKeyRange.bound([deviceId, expectedSeq], [deviceId, Number.MAX_SAFE_INTEGER]));
    if (rows[0]?.seq !== expectedSeq) return false;
    for (const row of rows) await ops.put({ ...row, waiting: 1, result: null, receipt: null, answeredAt: null });
    return true;
  });
}

/** Keep what the server answered, with the receipt that proves it. */
export async function acknowledge(
  store: PhoneStore,
  deviceId: string,
  results: PushResult[],
  receiptOf: (row: OpRow) => Receipt | null,
): Promise<void> {
  const byId = new Map(results.map((result) => [result.id, result]));
  await store.write(async (transaction) => {
    const ops = transaction.objectStore("ops");
    for (const row of await ops.index("waiting").getAll(1)) {
      const result = byId.get(row.op.id);
      const receipt = receiptOf(row);
      if (row.deviceId !== deviceId || !result || !receipt) continue;
      const { waiting: _, ...answered } = row;
      // What was kept outside the chain has had no effect: it waits until it is said again.
      const still = FORKED.has(result.reason ?? "") ? { waiting: 1 as const } : {};
      const first = { rev: result.rev, reason: result.reason, ...result.original, gaps: result.gaps ?? [] };
      const status = result.original?.status ?? result.status;
      await ops.put({ ...answered, ...still, result: { ...first, status }, receipt, answeredAt: Date.now() });
      await settle(transaction, row.op, { ...first, status });
    }
  });
}

/** Let the screens show what the server made of an op. */
async function settle(transaction: Writing, op: Op, result: NonNullable<OpRow["result"]>): Promise<void> {
  if (op.kind === "submit" || op.kind === "review") return settleVisit(transaction, op, result);
  if (op.kind !== "answer.set" && op.kind !== "note.set" && op.kind !== "conflict.resolve") return;
  const answers = transaction.objectStore("answers");
  const row = await answers.get([op.visitId, op.path]);
  if (!row) return;
  if (result.status === "applied" && op.kind !== "conflict.resolve")
    await answers.put(applied(row, op, result.rev ?? 0));
  else if (row.local?.opId === op.id) await answers.put(setBeside(row, op, result));
}

function applied(row: AnswerRow, op: Op, rev: number): AnswerRow {
  const by = { userId: op.userId, name: "" };
  const server = { value: op.value, rev, by, opId: op.id, at: op.at.wall };
  if (row.local?.opId === op.id) return { ...row, server, local: null };
  return { ...row, server, local: row.local && { ...row.local, baseRev: rev } };
}

function setBeside(row: AnswerRow, op: Op, result: NonNullable<OpRow["result"]>): AnswerRow {
  // A choice the server did not take has nothing of its own to keep: both answers are on record, and what stands comes by the pull.
  if (result.status === "applied" || op.kind === "conflict.resolve") return { ...row, local: null };
  if (result.status !== "conflict") return row;
  const by = { userId: op.userId, name: "" };
  const mine = { opId: op.id, value: op.value, reason: result.reason ?? "differs", by, at: op.at.wall };
  const others = row.candidates.filter((one) => one.by.userId !== op.userId);
  return { ...row, local: null, candidates: [...others, mine] };
}

async function settleVisit(transaction: Writing, op: Op, result: NonNullable<OpRow["result"]>): Promise<void> {
  const visits = transaction.objectStore("visits");
  const visit = await visits.get(op.visitId);
  if (!visit || result.status === "applied") return;
  const undone = op.kind === "submit" ? { submittedAt: null } : { reviewed: null };
  await visits.put({ ...visit, local: { ...visit.local, ...undone } });
}

const KEPT_AFTER_ANSWER_MS = 30 * 24 * 3_600_000;

/** Let go of ops whose receipt is older than thirty days. */
export async function pruneOps(store: PhoneStore, now: number): Promise<void> {
  const isOld = (row: OpRow) => row.receipt !== null && now - (row.answeredAt ?? now) > KEPT_AFTER_ANSWER_MS;
  const rows = await store.read((transaction) => transaction.objectStore("ops").getAll());
  const old = rows.filter((row) => !row.waiting && isOld(row));
  if (!old.length) return;
  await store.write(async (transaction) => {
    for (const row of old) await transaction.objectStore("ops").delete([row.deviceId, row.seq]);
  });
}

/** The end of the chain, for a screen that counts. */
export async function chainHead(store: PhoneStore): Promise<{ seq: number; hash: string }> {
  return store.read((transaction) => headIn(transaction));
}
