import { beforeEach, expect, test } from "vitest";
import { evictReceipted } from "@/store/files";
import { FakeServer, problem } from "./fake_server";
import { TestPhone } from "./phone";

let server: FakeServer;
let phone: TestPhone;
beforeEach(() => {
  server = new FakeServer();
  phone = new TestPhone(server);
});

test("a file goes in pieces that grow, and ends with a receipt", async () => {
  const sha = await phone.photo(1, 700);
  await phone.sync();
  expect(server.files.get(sha)?.bytes.length).toBe(700);
  expect((await phone.upload(sha))?.receipt?.hash).toBe(sha);
  expect(server.calls.filter((call) => call.startsWith("PATCH")).length).toBe(4);
});

test("a broken upload goes on where the server is, not from the start", async () => {
  const sha = await phone.photo(1, 700);
  let pieces = 0;
  server.trouble = (method) => (method === "PATCH" && ++pieces === 3 ? "cut" : null);
  await expect(phone.sync()).rejects.toThrow();
  const held = server.files.get(sha)?.bytes.length;
  await phone.sync();
  expect(held).toBeGreaterThan(0);
  expect(server.files.get(sha)?.whole).toBe(true);
  expect((await phone.upload(sha))?.receipt).toBeTruthy();
});

test("a wrong offset follows the server's true one", async () => {
  const sha = await phone.photo(1, 300);
  let told = false;
  server.trouble = (method) => {
    if (method !== "PATCH" || told) return null;
    told = true;
    return problem(409, "offset-differs", {}, { "Upload-Offset": "0", "Upload-Complete": "?0" });
  };
  await phone.sync();
  expect(server.files.get(sha)?.whole).toBe(true);
});

test("bytes spoiled on the way are sent again after the phone has checked its own", async () => {
  const sha = await phone.photo(1, 300);
  let spoiled = false;
  server.trouble = (method, path) => {
    if (method !== "PATCH" || spoiled) return null;
    spoiled = true;
    server.files.delete(path.slice("/evidence/".length));
    return problem(422, "hash-differs");
  };
  await phone.sync();
  expect(server.files.get(sha)?.whole).toBe(true);
});

test("bytes spoiled on the phone are shown as such and never deleted", async () => {
  const sha = await phone.photo(1, 60);
  await phone.store.write(async (transaction) => {
    await transaction.objectStore("blobs").put({ sha, bytes: new Uint8Array(60).buffer });
  });
  await phone.sync();
  expect((await phone.upload(sha))?.stuck?.code).toBe("corrupt-here");
  expect(await phone.store.read((transaction) => transaction.objectStore("blobs").count())).toBe(1);
});

test("one stuck file holds up neither the answers nor the next file", async () => {
  const small = await phone.photo(1, 100);
  const large = await phone.photo(2, 400);
  await phone.answer("a", "pass");
  server.trouble = (method, path) => (method === "POST" && path.endsWith(small) ? problem(507, "http-507") : null);
  await phone.sync();
  expect((await phone.upload(small))?.stuck?.code).toBe("http-507");
  expect((await phone.upload(large))?.receipt).toBeTruthy();
  expect(await phone.waiting()).toBe(0);
  server.trouble = () => null;
  await phone.sync();
  expect((await phone.upload(small))?.receipt).toBeTruthy();
});

test("the next file is announced while the ones before it are on their way", async () => {
  const { fetch } = server;
  let announced = 0;
  let tell = () => {};
  const allAnnounced = new Promise<void>((done) => {
    tell = done;
  });
  server.fetch = async (path, init) => {
    if (init.method === "POST" && path.includes("/evidence/") && ++announced === 4) tell();
    if (init.method === "PATCH") await allAnnounced;
    return fetch(path, init);
  };
  phone = new TestPhone(server);
  const shas = await Promise.all([1, 2, 3, 4].map((seed) => phone.photo(seed)));
  await phone.sync();
  for (const sha of shas) expect((await phone.upload(sha))?.receipt?.hash).toBe(sha);
});

test("an announcement that finds no signal ends the round quietly, and the next round sends everything", async () => {
  const shas = await Promise.all([1, 2, 3, 4, 5].map((seed) => phone.photo(seed, 300)));
  let announced = 0;
  server.trouble = (method, path) =>
    method === "POST" && path.startsWith("/evidence/") && ++announced > 3 ? "cut" : null;
  await expect(phone.sync()).rejects.toThrow();
  server.trouble = () => null;
  await phone.sync();
  for (const sha of shas) expect((await phone.upload(sha))?.receipt?.hash).toBe(sha);
});

test("an original stays until its receipt is seven days old; under pressure only receipted ones go", async () => {
  const kept = await phone.photo(1, 100);
  await phone.sync();
  const unsent = await phone.photo(2, 100);
  const held = () => phone.store.read((transaction) => transaction.objectStore("blobs").getAllKeys());
  expect(await evictReceipted(phone.store, Date.now())).toBe(0);
  expect(await evictReceipted(phone.store, Date.now(), 50)).toBe(100);
  expect(await held()).toEqual([unsent]);
  expect(kept).not.toBe(unsent);
});
