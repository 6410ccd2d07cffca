import { openDB } from "idb";
import { expect, test } from "vitest";
import { sha256 } from "@/engine/canonical";
import { RunningSha256 } from "@/engine/sha256";
import { addEvidence } from "@/store/captures";
import { PhoneStore } from "@/store/database";
import { evictReceipted } from "@/store/files";
import { dropAbandoned, Incoming, openOriginal, resume } from "@/store/originals";
import { layFirst, type PhoneDatabase } from "@/store/schema";
import { FakeServer } from "./fake_server";
import { TestPhone, VISIT } from "./phone";

const PLACE = { at: 1_784_595_600_000, lat7: null, lon7: null, accuracyCm: null };
const bytes = (length: number, seed = 1) => new Uint8Array(length).map((_, n) => (n * 31 + seed) % 251).buffer;

async function film(phone: TestPhone, lengths: number[]) {
  const incoming = new Incoming(phone.store);
  for (const [n, length] of lengths.entries()) await incoming.add(bytes(length, n));
  const [sha, { owner, ends }] = [incoming.sha(), incoming];
  const facts = { sha, owner, ends, mime: "video/mp4", item: null, role: "photo" as const, caption: "" };
  await addEvidence(phone.store, VISIT, { ...facts, capture: PLACE });
  return sha;
}

test("a digest that runs is the digest of the whole, wherever it is cut", async () => {
  for (const lengths of [[0], [55], [56], [64, 1], [63, 2, 200], [1, 1, 1, 61, 127]]) {
    const running = new RunningSha256();
    const parts = lengths.map((length, n) => new Uint8Array(bytes(length, n)));
    for (const part of parts) running.add(part);
    expect(running.hex()).toBe(await sha256(Uint8Array.from(parts.flatMap((part) => [...part]))));
  }
});

test("a film in uneven pieces goes up as one file, and its pieces go with its receipt", async () => {
  const server = new FakeServer();
  const phone = new TestPhone(server);
  const sha = await film(phone, [300, 7, 450]);
  const original = await openOriginal(phone.store, sha);
  expect(new Uint8Array((await original?.slice(298, 310)) ?? []).length).toBe(12);
  await phone.sync();
  expect(server.files.get(sha)?.whole).toBe(true);
  await evictReceipted(phone.store, Date.now(), 1);
  expect(await phone.store.read((transaction) => transaction.objectStore("pieces").count())).toBe(0);
});

test("pieces that a killed page left are finished later, or dropped when nobody comes for a day", async () => {
  const phone = new TestPhone(new FakeServer());
  const left = new Incoming(phone.store);
  await left.add(bytes(100));
  expect((await resume(phone.store, left.owner)).sha()).toBe(await sha256(bytes(100)));
  const tomorrow = Date.now() + 25 * 3_600_000;
  await dropAbandoned(phone.store, tomorrow, new Set([left.owner]));
  expect((await resume(phone.store, left.owner)).size).toBe(100);
  await dropAbandoned(phone.store, tomorrow, new Set());
  expect((await resume(phone.store, left.owner)).size).toBe(0);
});

test("a database of the first version opens with all it holds", async () => {
  const userId = 9_001;
  const first = await openDB<PhoneDatabase>(`yaohao-${userId}`, 1, { upgrade: layFirst });
  await first.put("blobs", { sha: "a".repeat(64), bytes: bytes(10) });
  first.close();
  const original = await openOriginal(new PhoneStore(userId), "a".repeat(64));
  expect((await original?.slice(0, 100))?.byteLength).toBe(10);
});
