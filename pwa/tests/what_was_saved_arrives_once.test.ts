import { beforeEach, expect, test } from "vitest";
import { resolveConflict } from "@/store/captures";
import { ownDevice } from "@/store/device";
import { pruneOps } from "@/store/outbox";
import { adoptNewDevice } from "@/store/reissue";
import { Refused } from "@/sync/api";
import { BadReceipt } from "@/sync/push";
import { FakeServer, problem } from "./fake_server";
import { TestPhone, VISIT } from "./phone";

let server: FakeServer;
let phone: TestPhone;
beforeEach(() => {
  server = new FakeServer();
  phone = new TestPhone(server);
});

const pushes = () => server.calls.filter((call) => call === "POST /sync/push").length;
const firstPush = (what: Response | "cut") => {
  let done = false;
  server.trouble = (_, path) => {
    if (path !== "/sync/push" || done) return null;
    done = true;
    return what;
  };
};

test("everything that waits goes out in order and gets a receipt", async () => {
  for (const item of ["a", "b", "c"]) await phone.answer(item, "pass");
  await phone.sync();
  expect(server.ops.map((one) => one.op.seq)).toEqual([1, 2, 3]);
  expect((await phone.ops()).every((row) => row.receipt && row.result?.status === "applied")).toBe(true);
  expect(await phone.answerRow("a")).toMatchObject({ local: null, server: { rev: 1 } });
});

test("an answer lost on the way back is asked for again and counted once", async () => {
  await phone.answer("a", "pass");
  firstPush("cut");
  await expect(phone.sync()).rejects.toThrow();
  expect(await phone.waiting()).toBe(1);
  await phone.sync();
  expect(server.ops.length).toBe(1);
  expect((await phone.ops())[0]?.result).toMatchObject({ status: "applied", rev: 1 });
});

test("a push that is too big is halved until it fits", async () => {
  for (let n = 0; n < 9; n++) await phone.answer(`item${n}`, "pass");
  server.maxOps = 2;
  await phone.sync();
  expect(server.ops.length).toBe(9);
  expect(await phone.waiting()).toBe(0);
});

test("more than two hundred ops take several pushes", async () => {
  for (let n = 0; n < 205; n++) await phone.answer(`item${n}`, "pass");
  await phone.sync();
  expect(server.ops.length).toBe(205);
  expect(pushes()).toBe(2);
});

test("a server that counts from further back gets the missing ops again", async () => {
  for (const item of ["a", "b", "c"]) await phone.answer(item, "pass");
  await phone.sync();
  server.ops.splice(1);
  await phone.answer("d", "pass");
  await phone.sync();
  expect(server.ops.map((one) => one.op.seq)).toEqual([1, 2, 3, 4]);
});

test("a forked chain goes on as a new device and everything takes effect", async () => {
  await phone.answer("a", "pass");
  await phone.sync();
  const before = await ownDevice(phone.store);
  const [stolen] = server.ops;
  if (!stolen) throw new Error("nothing was stored");
  server.ops.push({ ...stolen, op: { ...stolen.op, id: "other", seq: 2 }, hash: "f".repeat(64) });
  await phone.answer("b", "fail");
  await phone.sync();
  const after = await ownDevice(phone.store);
  expect(after.id).not.toBe(before.id);
  expect(server.answers.get(`${VISIT} /matters/3/items/b`)?.value).toMatchObject({ result: "fail" });
  expect(await phone.waiting()).toBe(0);
});

test("a device id that belongs to another key gives way to a new one", async () => {
  const device = await ownDevice(phone.store);
  server.devices.set(device.id, { kty: "EC", crv: "P-256", x: "x", y: "y" });
  await phone.answer("a", "pass");
  await phone.sync();
  expect(server.answers.size).toBe(1);
  expect(await phone.waiting()).toBe(0);
});

test("a server that forgot the device learns it again", async () => {
  await phone.answer("a", "pass");
  await phone.sync();
  server.devices.clear();
  await phone.answer("b", "pass");
  await phone.sync();
  expect(server.ops.length).toBe(2);
});

test("after the session ended the token carries the answers, and what is new stays away", async () => {
  await phone.sync();
  await phone.answer("a", "pass");
  server.session = false;
  expect(await phone.sync()).toEqual({ sessionOver: true });
  expect(server.ops.length).toBe(1);
});

test("while a colleague is logged in on this phone the token carries what waits, and nothing of theirs comes in", async () => {
  await phone.sync();
  await phone.answer("a", "pass");
  server.sessionOf = 7;
  const calls = server.calls.length;
  expect(await phone.sync()).toEqual({ sessionOver: true });
  expect(server.ops.length).toBe(1);
  expect(server.calls.slice(calls).filter((call) => call.includes("/pull"))).toEqual([]);
});

test("a new device is never registered in a colleague's name", async () => {
  await phone.answer("a", "pass");
  server.sessionOf = 7;
  await expect(phone.sync()).rejects.toThrow("401");
  expect(server.devices.size).toBe(0);
  expect(await phone.waiting()).toBe(1);
});

test("a receipt that is not the server's own word counts as none", async () => {
  await phone.answer("a", "pass");
  const real = server.fetch;
  server.fetch = async (path, init) => {
    const answer = await real(path, init);
    if (!path.endsWith("/sync/push")) return answer;
    const body = await answer.json();
    return Response.json({ ...body, receipt: { ...body.receipt, serverSeq: 999 } });
  };
  const wary = new TestPhone(server, phone.store.userId);
  await expect(wary.sync()).rejects.toThrow(BadReceipt);
  expect(await phone.waiting()).toBe(1);
});

test.each([429, 503])("status %i stops the round and loses nothing", async (status) => {
  await phone.answer("a", "pass");
  firstPush(problem(status, "later", {}, { "Retry-After": "7" }));
  const failed = await phone.sync().catch((reason: unknown) => reason);
  expect(failed).toBeInstanceOf(Refused);
  expect((failed as Refused).headers.get("Retry-After")).toBe("7");
  expect(await phone.waiting()).toBe(1);
});

test("a replaced server record gets again what it lost, and only that", async () => {
  for (const item of ["a", "b"]) await phone.answer(item, "pass");
  const sha = await phone.photo(7);
  await phone.sync();
  server.ops.splice(1);
  server.files.delete(sha);
  server.epoch = "life-2";
  await phone.sync();
  expect(server.ops.map((one) => one.op.seq)).toEqual([1, 2, 3]);
  expect(server.files.get(sha)?.whole).toBe(true);
});

test("a restored server that forgot the device gets everything again, though nothing new waits", async () => {
  await phone.answer("a", "pass");
  await phone.sync();
  Object.assign(server, { ops: [], answers: new Map(), devices: new Map(), epoch: "life-2" });
  await phone.sync();
  expect(server.ops.length).toBe(1);
});

test("a check after a restore that was cut off is made again", async () => {
  await phone.answer("a", "pass");
  await phone.sync();
  Object.assign(server, { ops: [], answers: new Map(), epoch: "life-2" });
  server.trouble = (_, path) => (path === "/receipts/query" ? "cut" : null);
  await expect(phone.sync()).rejects.toThrow();
  server.trouble = () => null;
  await phone.sync();
  expect(server.ops.length).toBe(1);
});

test("what a former identity of this phone had sent is missed after a restore too", async () => {
  await phone.answer("a", "pass");
  await phone.sync();
  const before = await ownDevice(phone.store);
  await adoptNewDevice(phone.store, before.id);
  await phone.answer("b", "pass");
  await phone.sync();
  Object.assign(server, { ops: [], answers: new Map(), epoch: "life-2" });
  await phone.sync();
  expect(server.ops.map((one) => one.op.path).sort()).toEqual(["a", "b"].map((item) => `/matters/3/items/${item}`));
});

test("what waits when this phone becomes a new device goes before what is captured next", async () => {
  const first = await phone.answer("a", "pass");
  await adoptNewDevice(phone.store, (await ownDevice(phone.store)).id);
  await phone.answer("a", "fail");
  await phone.sync();
  expect(server.ops.map((one) => (one.op.value as { result: string }).result)).toEqual(["pass", "fail"]);
  expect(server.ops.some((one) => one.op.id === first.id)).toBe(false);
});

test("a chain that the server lost further back than this phone remembers goes on as a new one", async () => {
  for (const item of ["a", "b"]) await phone.answer(item, "pass");
  await phone.sync();
  await pruneOps(phone.store, Date.now() + 31 * 24 * 3_600_000);
  Object.assign(server, { ops: [], answers: new Map() });
  await phone.answer("c", "pass");
  await phone.sync();
  expect(server.ops.map((one) => one.op.path)).toEqual(["/matters/3/items/c"]);
  expect(await phone.waiting()).toBe(0);
});

test("a choice that the server did not take leaves nothing behind on this phone", async () => {
  const path = "/matters/3/items/a";
  await phone.answer("a", "pass");
  await phone.sync();
  const candidate = {
    opId: "theirs",
    value: { result: "fail" },
    reason: "differs",
    by: { userId: 9, name: "" },
    at: 1,
  };
  await phone.store.write(async (transaction) => {
    const row = await transaction.objectStore("answers").get([VISIT, path]);
    if (row) await transaction.objectStore("answers").put({ ...row, candidates: [candidate] });
  });
  await resolveConflict(phone.store, VISIT, path, "theirs");
  server.refused.add("conflict.resolve");
  await phone.sync();
  expect(await phone.answerRow("a")).toMatchObject({ local: null, server: { value: { result: "pass" } } });
});

test("a colleague's different answer becomes a visible choice, never a silent loss", async () => {
  const colleague = new TestPhone(server);
  await phone.answer("a", "pass");
  await colleague.answer("a", "fail");
  await phone.sync();
  await colleague.sync();
  const row = await colleague.answerRow("a");
  expect(row?.candidates.map((one) => one.value)).toEqual([{ result: "fail", problem: "有问题", disposal: null }]);
  expect(server.answers.get(`${VISIT} /matters/3/items/a`)?.value).toMatchObject({ result: "pass" });
});
