import { beforeEach, expect, test } from "vitest";
import { declarationsOf, declare, standBack } from "@/store/declarations";
import { countUnsent } from "@/store/overview";
import { FakeServer, problem } from "./fake_server";
import { TestPhone, VISIT } from "./phone";

const TOLD = { entity: "CODE", name: "示例公司", tie: "relative_there" as const, words: "胞弟在该公司任职" };
let server: FakeServer;
let phone: TestPhone;
beforeEach(() => {
  server = new FakeServer();
  phone = new TestPhone(server);
});
const states = async () => (await declarationsOf(phone.store)).map((row) => row.state);
const unsent = async () => (await countUnsent(phone.store)).total;

test("a declaration waits on the phone, goes out with a session, and counts once when its answer was lost", async () => {
  await declare(phone.store, TOLD);
  expect(await unsent()).toBe(1);
  let sent = 0;
  server.trouble = (method) => (method === "PUT" && ++sent === 1 ? "cut" : null);
  await expect(phone.sync()).rejects.toThrow();
  expect(await states()).toEqual(["kept"]);
  await phone.sync();
  expect(await states()).toEqual(["sent"]);
  expect(server.declared.size).toBe(1);
  expect(await unsent()).toBe(0);
});

test("without a session it stays, while answers go by the token", async () => {
  await phone.sync();
  await declare(phone.store, TOLD);
  server.session = false;
  await phone.sync();
  expect(await states()).toEqual(["kept"]);
});

test("what the server cannot place is shown with its words, and holds nothing up", async () => {
  await declare(phone.store, TOLD);
  const sha = await phone.photo(1);
  server.trouble = (method) => (method === "PUT" ? problem(404, "entity-unclear") : null);
  await phone.sync();
  expect((await declarationsOf(phone.store))[0]).toMatchObject({ state: "refused", problem: "entity-unclear" });
  expect((await phone.upload(sha))?.receipt).toBeTruthy();
});

test("a server that was restored gets it again", async () => {
  await declare(phone.store, TOLD);
  await phone.sync();
  server.declared.clear();
  server.epoch = "life-2";
  await phone.sync();
  expect(server.declared.size).toBe(1);
});

test("the team and the file hear that somebody stands back, and never why", async () => {
  await standBack(phone.store, VISIT, TOLD, "申请回避");
  await phone.sync();
  expect(server.ops.map((one) => [one.op.path, JSON.stringify(one.op).includes(TOLD.words)])).toEqual([
    [`/recusals/${phone.store.userId}`, false],
  ]);
  expect([...server.declared.values()]).toMatchObject([{ entity: "CODE", words: TOLD.words }]);
});
