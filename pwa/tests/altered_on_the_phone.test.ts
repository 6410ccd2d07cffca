import { beforeEach, expect, test } from "vitest";
import { voidEvidence } from "@/store/captures";
import { ownDevice } from "@/store/device";
import { readOutbox } from "@/store/overview";
import type { OpRow } from "@/store/schema";
import { FakeServer } from "./fake_server";
import { TestPhone, VISIT } from "./phone";

let server: FakeServer;
let phone: TestPhone;
beforeEach(async () => {
  server = new FakeServer();
  phone = new TestPhone(server);
  for (const item of ["a", "b", "c"]) await phone.answer(item, "pass");
});

/** Somebody edits the database behind the app's back. */
async function alter(seq: number): Promise<OpRow> {
  const row = (await phone.ops()).find((one) => one.seq === seq) as OpRow;
  const altered = { ...row, op: { ...row.op, value: { result: "fail", problem: "换掉了", disposal: null } } };
  await phone.store.write(async (transaction) => void (await transaction.objectStore("ops").put(altered)));
  return altered;
}

const arrived = () => server.ops.map((one) => `${one.op.path.at(-1)} ${(one.op.value as { result: string }).result}`);

test.each([
  1, 2, 3,
])("altered op %i never leaves the phone, stays on it, is told of, and holds nothing up", async (seq) => {
  const { op } = await alter(seq);
  await phone.sync();
  expect(arrived()).toEqual(["a pass", "b pass", "c pass"].filter((_, n) => n !== seq - 1));
  expect((await readOutbox(phone.store)).refused.map((row) => [row.op, row.result?.reason])).toEqual([
    [op, "altered-here"],
  ]);
  expect(await phone.waiting()).toBe(0);
  await phone.answer(String.fromCharCode(96 + seq), "na");
  await phone.sync();
  expect(server.ops.length).toBe(3);
});

test("a voiding that was altered is not shown as one", async () => {
  const sha = await phone.photo(1);
  await phone.sync();
  const piece = { visitId: VISIT, sha, item: null, role: "photo", mime: "image/jpeg", size: 500, caption: "", at: 1 };
  const told = { lat7: null, lon7: null, accuracyCm: null, late: false, complete: true, voidReason: null, by: null };
  server.docs = [{ type: "evidence", id: `${VISIT} ${sha} `, rev: 1, body: { ...piece, ...told } }];
  await voidEvidence(phone.store, VISIT, sha, "重复");
  await alter(5);
  await phone.sync();
  const rows = await phone.store.read((transaction) => transaction.objectStore("evidence").getAll());
  expect(rows.map((row) => [row.sha, row.voidReason])).toEqual([[sha, null]]);
});

test("what the server had taken before it was altered here counts once", async () => {
  server.trouble = (_, path) => (path === "/sync/push" ? "cut" : null);
  await expect(phone.sync()).rejects.toThrow();
  server.trouble = () => null;
  await alter(2);
  await phone.sync();
  expect(arrived()).toEqual(["a pass", "b pass", "c pass"]);
  expect((await phone.ops()).every((row) => row.receipt)).toBe(true);
});

test("an altered end of the chain makes a new chain, with everything in it", async () => {
  await phone.sync();
  const before = await ownDevice(phone.store);
  await phone.store.write(
    async (transaction) => void (await transaction.objectStore("meta").put({ seq: 3, hash: "f".repeat(64) }, "head")),
  );
  await phone.answer("d", "pass");
  await phone.sync();
  expect((await ownDevice(phone.store)).id).not.toBe(before.id);
  expect(arrived()).toEqual(["a pass", "b pass", "c pass", "d pass"]);
});
