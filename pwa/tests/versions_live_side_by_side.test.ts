import { openDB } from "idb";
import { expect, test } from "vitest";
import { PhoneOutdated, PhoneStore } from "@/store/database";
import { VERSION } from "@/store/schema";
import { FakeServer } from "./fake_server";
import { TestPhone } from "./phone";

let people = 500;

/** A later app's opening of the same database: migrations only ever add. */
function openLater(userId: number, version: number) {
  return openDB(`yaohao-${userId}`, version, {
    upgrade: (database) => void database.createObjectStore(`later-${version}`),
  });
}

test("what an older version saved is still there after two newer ones", async () => {
  const userId = ++people;
  const phone = new TestPhone(new FakeServer(), userId);
  await phone.answer("a", "pass");
  await phone.photo(1);
  await phone.store.close();
  for (const version of [VERSION + 1, VERSION + 2]) (await openLater(userId, version)).close();
  const last = await openLater(userId, VERSION + 2);
  expect(await last.count("ops")).toBe(2);
  expect(await last.count("blobs")).toBe(1);
  expect((await last.getAll("ops")).every((row) => row.waiting === 1)).toBe(true);
  last.close();
});

test("an old tab lets the new version in, and says plainly that it can save no more", async () => {
  const userId = ++people;
  const old = new TestPhone(new FakeServer(), userId);
  await old.answer("a", "pass");
  const newer = await openLater(userId, VERSION + 1);
  await expect(old.answer("b", "pass")).rejects.toBeInstanceOf(PhoneOutdated);
  expect(await newer.count("ops")).toBe(1);
  newer.close();
});

test("two tabs of one person write one chain", async () => {
  const userId = ++people;
  const server = new FakeServer();
  const tabs = [new TestPhone(server, userId), new TestPhone(server, userId)];
  await Promise.all(tabs.flatMap((tab, n) => ["a", "b", "c"].map((item) => tab.answer(`${item}${n}`, "pass"))));
  const seqs = (await new PhoneStore(userId).read((transaction) => transaction.objectStore("ops").getAll())).map(
    (row) => row.seq,
  );
  expect(seqs.sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

test("two people on one phone never see each other's work", async () => {
  const server = new FakeServer();
  const [first, second] = [new TestPhone(server, ++people), new TestPhone(server, ++people)];
  await first.answer("a", "pass");
  expect(await second.ops()).toEqual([]);
  expect(await second.answerRow("a")).toBeUndefined();
});
