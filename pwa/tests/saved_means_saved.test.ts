import { beforeEach, expect, test, vi } from "vitest";
import { NO_PREVIOUS, opHash } from "@/engine/ops";
import { notKeptYet, onSaving, type Saving } from "@/store/changes";
import { PhoneFull, PhoneStore } from "@/store/database";
import { chainHead } from "@/store/outbox";
import { FakeServer } from "./fake_server";
import { TestPhone, VISIT } from "./phone";

let phone: TestPhone;
beforeEach(() => {
  phone = new TestPhone(new FakeServer());
});

test("an answer and its op are saved together", async () => {
  const op = await phone.answer("gate", "pass");
  expect((await phone.answerRow("gate"))?.local).toMatchObject({ opId: op.id, value: { result: "pass" } });
  expect((await phone.ops()).map((row) => row.op.id)).toEqual([op.id]);
});

test("ops form one chain without gaps, even when many are captured at once", async () => {
  await Promise.all(["a", "b", "c", "d", "e"].map((item) => phone.answer(item, "pass")));
  const rows = await phone.ops();
  let before = NO_PREVIOUS;
  for (const [place, row] of rows.entries()) {
    expect(row.op.seq).toBe(place + 1);
    expect(row.op.prev).toBe(before);
    expect(await opHash(row.op)).toBe(row.hash);
    before = row.hash;
  }
  expect(await chainHead(phone.store)).toEqual({ seq: 5, hash: before });
});

test("while words stand in a field that are not kept yet, no screen says that all is saved", async () => {
  const told: Saving[] = [];
  const stop = onSaving((now) => told.push(now));
  const kept = notKeptYet();
  await phone.answer("gate", "pass");
  expect(told.at(-1)?.underWay).toBe(1);
  kept();
  kept();
  expect(told.at(-1)?.underWay).toBe(0);
  stop();
});

test("two tabs on one database never fork the chain", async () => {
  const otherTab = new TestPhone(new FakeServer(), phone.store.userId);
  await Promise.all([0, 1, 2, 3].map((n) => (n % 2 ? otherTab : phone).answer(`item${n}`, "pass")));
  expect((await phone.ops()).map((row) => row.op.seq)).toEqual([1, 2, 3, 4]);
});

test("a photo's op, row and bytes are saved together, and the same bytes are numbered once", async () => {
  const sha = await phone.photo(1);
  expect(await phone.photo(1)).toBe(sha);
  await phone.photo(2);
  const evidence = await phone.store.read((transaction) =>
    transaction.objectStore("evidence").index("visit").getAll(VISIT),
  );
  expect(evidence.map((row) => row.number).sort()).toEqual([1, 2]);
  const blob = await phone.store.read((transaction) => transaction.objectStore("blobs").get(sha));
  expect(blob && "bytes" in blob && blob.bytes.byteLength).toBe(500);
});

test("a full phone says so and keeps nothing of the half", async () => {
  await phone.answer("gate", "pass");
  const real = IDBObjectStore.prototype.put;
  const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, value, key) {
    if (this.name === "blobs") throw new DOMException("full", "QuotaExceededError");
    return real.call(this, value, key);
  });
  await expect(phone.photo(1)).rejects.toThrow(PhoneFull);
  put.mockRestore();
  expect((await phone.ops()).length).toBe(1);
  await phone.answer("fence", "pass");
  expect((await phone.ops()).map((row) => row.op.seq)).toEqual([1, 2]);
});

test("a database that the system closed is opened again and nothing is lost", async () => {
  await phone.answer("gate", "pass");
  await phone.store.close();
  await phone.answer("fence", "na");
  expect((await phone.ops()).length).toBe(2);
});

test("each person has a database of their own", async () => {
  await phone.answer("gate", "pass");
  const other = new PhoneStore(phone.store.userId + 5_000);
  expect(await other.read((transaction) => transaction.objectStore("ops").count())).toBe(0);
});
