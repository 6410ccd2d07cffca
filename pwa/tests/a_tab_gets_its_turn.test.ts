import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setNote } from "@/store/captures";
import { Api } from "@/sync/api";
import { SyncSchedule } from "@/sync/schedule";
import { FakeServer } from "./fake_server";
import { TestPhone, VISIT } from "./phone";

let server: FakeServer;
let phone: TestPhone;
let turns: ((round: () => Promise<void>) => Promise<void>)[];
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  server = new FakeServer();
  phone = new TestPhone(server);
  const request = (_name: string, round: () => Promise<void>) => (turns.shift() ?? ((run) => run()))(round);
  vi.stubGlobal("navigator", { onLine: true, locks: { request } });
  await setNote(phone.store, VISIT, "/record/situation", { text: "一" });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a tab that the browser gave no turn sends when it is asked again", async () => {
  turns = [() => Promise.reject(new DOMException("the page is not active", "InvalidStateError"))];
  const schedule = new SyncSchedule(new Api(server.fetch), phone.store);
  await schedule.now();
  expect(server.ops).toHaveLength(0);
  await schedule.now();
  expect(server.ops).toHaveLength(1);
  schedule.stop();
});

test("a page that was left while it waited for its turn sends nothing", async () => {
  const schedule = new SyncSchedule(new Api(server.fetch), phone.store);
  turns = [
    (round) => {
      schedule.stop();
      return round();
    },
  ];
  await schedule.now();
  expect(server.ops).toHaveLength(0);
});
