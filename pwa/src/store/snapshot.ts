import type { PhoneStore, Writing } from "./database";
import { bury, type Document, type Page, takeIn } from "./pulled";

/**
 * Let the server's whole record take the place of what this phone followed before: what it has no more is shown no more.
 * Nothing that was captured here goes: ops, bytes, one's own pieces and answers that wait stay as they are.
 */
export async function takeSnapshot(store: PhoneStore, pages: Page[]): Promise<void> {
  const told = new Set(pages.flatMap((page) => page.docs.map(({ type, id }) => nameOf(type, id))));
  await store.write(async (transaction) => {
    await forgetOthers(transaction, told);
    for (const page of pages) await takeIn(transaction, page, store.userId);
  });
}

async function forgetOthers(transaction: Writing, told: ReadonlySet<string>): Promise<void> {
  const waiting = await transaction.objectStore("ops").index("waiting").getAll(1);
  const own = new Set(waiting.map(({ op }) => op.id));
  const voided = new Set(
    waiting.flatMap(({ op }) => (op.kind === "evidence.void" ? [(op.value as { sha: string }).sha] : [])),
  );
  for (const { id } of await transaction.objectStore("visits").getAll()) {
    if (!told.has(nameOf("visit", id))) await bury(transaction, "visit", id);
  }
  for (const { visitId, path } of await transaction.objectStore("answers").getAll()) {
    if (!told.has(nameOf("answer", `${visitId} ${path}`))) await bury(transaction, "answer", `${visitId} ${path}`);
  }
  for (const { opId } of await transaction.objectStore("signatures").getAll()) {
    if (!told.has(nameOf("signature", opId)) && !own.has(opId))
      await transaction.objectStore("signatures").delete(opId);
  }
  const evidence = transaction.objectStore("evidence");
  for (const row of await evidence.getAll()) {
    const isTold = told.has(nameOf("evidence", `${row.visitId} ${row.sha} ${row.item}`));
    if (!isTold && !row.mine) await evidence.delete([row.visitId, row.sha, row.item]);
    else if (isTold && !voided.has(row.sha)) await evidence.put({ ...row, voidReason: null });
  }
}

function nameOf(type: Document["type"], id: string): string {
  return `${type} ${id}`;
}
