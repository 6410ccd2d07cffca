import type { Tie } from "@/engine/ties";
import { capture } from "./capture";
import { keepLocally } from "./captures";
import { announceCapture, whileSaving } from "./changes";
import type { PhoneStore, Reading, Writing } from "./database";
import { newId } from "./device";

/**
 * 利害关系申报 as this person made it. It lies in their own database and goes to those who decide, by no visit: a team's
 * answers are read by the whole team, this by nobody else.
 */
export interface Declaration {
  id: string;
  /** The entity's code, or its name as it was written. */
  entity: string;
  name: string;
  tie: Tie;
  words: string;
  at: number;
  state: "kept" | "sent" | "refused";
  /** Why it was not taken. */
  problem: string;
}

export type NewDeclaration = Pick<Declaration, "entity" | "name" | "tie" | "words">;

const NAME = "declarations";
const KEPT_AFTER_SENT_MS = 30 * 24 * 3_600_000;

export function declarationsOf(store: PhoneStore): Promise<Declaration[]> {
  return store.read(declarationsIn);
}

/** Those that the server does not have yet. */
export async function keptDeclarations(store: PhoneStore): Promise<Declaration[]> {
  return (await declarationsOf(store)).filter((row) => row.state === "kept");
}

export async function declarationsIn(transaction: Reading | Writing): Promise<Declaration[]> {
  return ((await transaction.objectStore("meta").get(NAME)) as Declaration[] | undefined) ?? [];
}

/** Keep a declaration until there is a signal. */
export async function declare(store: PhoneStore, told: NewDeclaration): Promise<void> {
  await whileSaving(store.write((transaction) => keep(transaction, told)));
  announceCapture();
}

/** Stand back from a visit: the team and the file hear that it is so, and only those who decide hear why. */
export async function standBack(
  store: PhoneStore,
  visitId: string,
  told: NewDeclaration,
  plainly: string,
): Promise<void> {
  const value = { done: true, wall: Date.now(), by: "self", text: plainly };
  const draft = { visitId, kind: "note.set" as const, path: `/recusals/${store.userId}`, value };
  await capture(store, draft, async (transaction, op, stood) => {
    await keepLocally(transaction, op, stood);
    await keep(transaction, told);
  });
}

/** Note what became of a declaration; old ones that were taken go. */
export async function settle(store: PhoneStore, id: string, change: Partial<Declaration>, now: number): Promise<void> {
  await store.write(async (transaction) => {
    const rows = await declarationsIn(transaction);
    const changed = rows.map((row) => (row.id === id ? { ...row, ...change } : row));
    const isOver = (row: Declaration) => row.state === "sent" && now - row.at > KEPT_AFTER_SENT_MS;
    await put(
      transaction,
      changed.filter((row) => !isOver(row)),
    );
  });
}

/** One that was not taken is let go, to be written anew. */
export async function dropRefused(store: PhoneStore, id: string): Promise<void> {
  await store.write(async (transaction) => {
    const rows = await declarationsIn(transaction);
    await put(
      transaction,
      rows.filter((row) => row.id !== id || row.state !== "refused"),
    );
  });
}

/** The server's record was replaced: whatever it may have lost is sent once more under the same id. */
export async function sendAllAgain(transaction: Writing): Promise<void> {
  const rows = await declarationsIn(transaction);
  await put(
    transaction,
    rows.map((row) => (row.state === "sent" ? { ...row, state: "kept" as const } : row)),
  );
}

async function keep(transaction: Writing, told: NewDeclaration): Promise<void> {
  const fresh: Declaration = { ...told, id: newId(), at: Date.now(), state: "kept", problem: "" };
  await put(transaction, [...(await declarationsIn(transaction)), fresh]);
}

async function put(transaction: Writing, rows: Declaration[]): Promise<void> {
  await transaction.objectStore("meta").put(rows, NAME);
}
