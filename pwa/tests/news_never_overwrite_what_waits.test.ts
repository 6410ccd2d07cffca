import { beforeEach, expect, test } from "vitest";
import type { AnswerBody } from "@/engine/documents";
import { resolveConflict } from "@/store/captures";
import { takePage } from "@/store/pulled";
import { FakeServer } from "./fake_server";
import { TestPhone, VISIT } from "./phone";

const PATH = "/matters/3/items/a";
const COLLEAGUE = { userId: 2, name: "钱样例" };

let server: FakeServer;
let phone: TestPhone;
beforeEach(() => {
  server = new FakeServer();
  phone = new TestPhone(server);
});

function news(body: Partial<AnswerBody>) {
  const empty = {
    visitId: VISIT,
    path: PATH,
    value: null,
    rev: 1,
    by: COLLEAGUE,
    at: 1,
    opId: "theirs",
    candidates: [],
  };
  return { type: "answer" as const, id: `${VISIT} ${PATH}`, rev: 1, body: { ...empty, ...body } };
}

const page = (...docs: ReturnType<typeof news>[]) => ({ docs, tombstones: [], cursor: "life-1.1" });

test("an answer that waits stays what the screen shows, and keeps the revision it was given against", async () => {
  await phone.answer("a", "pass");
  await takePage(phone.store, page(news({ value: { result: "fail", problem: "坏", disposal: null }, rev: 4 })));
  const row = await phone.answerRow("a");
  expect(row?.local).toMatchObject({ value: { result: "pass" }, baseRev: 0 });
  expect(row?.server).toMatchObject({ rev: 4, by: COLLEAGUE });
});

test("an answer given after seeing the colleague's is based on it", async () => {
  await takePage(phone.store, page(news({ value: { result: "fail", problem: "坏", disposal: null }, rev: 4 })));
  const op = await phone.answer("a", "pass");
  expect(op.baseRev).toBe(4);
});

test("a choice between two answers shows at once and names the op that is kept", async () => {
  const mine = { opId: "mine", value: { result: "pass" }, reason: "differs", by: { userId: 1, name: "本人" }, at: 2 };
  await takePage(phone.store, page(news({ value: { result: "fail" }, candidates: [mine] })));
  const op = await resolveConflict(phone.store, VISIT, PATH, "mine");
  expect(op.value).toEqual({ path: PATH, keep: "mine" });
  expect(await phone.answerRow("a")).toMatchObject({ candidates: [], local: { value: { result: "pass" } } });
});

test("a cursor too old brings a fresh snapshot and leaves the outbox alone", async () => {
  await phone.sync();
  await phone.store.setMeta("cursor", "another-life.7");
  server.docs.push(news({ value: { result: "na" }, rev: 9 }));
  await phone.answer("b", "pass");
  await phone.sync();
  expect((await phone.answerRow("a"))?.server?.rev).toBe(9);
  expect(server.calls.filter((call) => call.startsWith("GET /sync/pull")).at(-1)).toBe("GET /sync/pull");
  expect(await phone.waiting()).toBe(0);
});

const buried = { docs: [], tombstones: [{ type: "answer" as const, id: `${VISIT} ${PATH}` }], cursor: "life-1.2" };

test("an answer the server has no more goes from the phone too", async () => {
  await takePage(phone.store, page(news({ rev: 4 })));
  await takePage(phone.store, buried);
  expect(await phone.answerRow("a")).toBeUndefined();
});

test("an answer the server has no more stays where this phone has just given it again", async () => {
  await takePage(phone.store, page(news({ rev: 4 })));
  await phone.answer("a", "pass");
  await takePage(phone.store, buried);
  expect(await phone.answerRow("a")).toMatchObject({ server: null, local: { value: { result: "pass" } } });
});

test("after a restore the phone shows what the server has, and what it said itself in the meantime", async () => {
  const visit = { type: "answer" as const, rev: 1 };
  const theirs = (item: string, value: object) => {
    const path = `/matters/3/items/${item}`;
    return { ...visit, id: `${VISIT} ${path}`, body: { ...news({}).body, path, value } };
  };
  server.docs = [theirs("lost", { result: "fail" }), theirs("kept", { result: "fail" })];
  await phone.sync();
  expect((await phone.answerRow("lost"))?.server).toMatchObject({ value: { result: "fail" } });
  Object.assign(server, { epoch: "life-2", docs: [theirs("kept", { result: "pass" })] });
  server.trouble = (_, path) => {
    if (path.startsWith("/sync/pull")) void phone.answer("mine", "na");
    return null;
  };
  await phone.sync();
  server.trouble = () => null;
  expect(await phone.answerRow("lost")).toBeUndefined();
  expect((await phone.answerRow("kept"))?.server).toMatchObject({ value: { result: "pass" } });
  expect((await phone.answerRow("mine"))?.local).toMatchObject({ value: { result: "na" } });
});
