import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { enter } from "@/app/session";
import { unlock } from "@/store/people";

const USER = { id: 7, name: "陈一", agencyId: 1, agencyName: "示例局", roles: ["inspector"] };
const answer = (status: number, body: object) => new Response(JSON.stringify(body), { status });
const asked: { path: string; json: unknown }[] = [];

/** A server at which `given` is the password that the administrator gave. */
function serve(path: string, init: RequestInit): Promise<Response> {
  const json = JSON.parse(init.body as string) as { password: string; chosen?: string };
  asked.push({ path, json });
  if (json.password !== "given") return Promise.resolve(answer(401, { code: "login-failed" }));
  if (!path.endsWith("/passwords")) return Promise.resolve(answer(403, { code: "password-is-initial" }));
  if ((json.chosen ?? "").length < 10) return Promise.resolve(answer(422, { code: "new-password-wrong" }));
  return Promise.resolve(answer(200, { user: USER }));
}

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  vi.stubGlobal("fetch", serve);
});
afterEach(() => vi.unstubAllGlobals());

test("a given password is told apart from a wrong one", async () => {
  expect((await enter("c1", "guess")).outcome).toBe("wrong");
  expect((await enter("c1", "given")).outcome).toBe("given");
});

test("the chosen password opens the phone, then and without signal", async () => {
  expect((await enter("c1", "given", "short")).outcome).toBe("unfit-password");
  const entered = await enter("c1", "given", "my-own-words");
  expect(entered).toEqual({ outcome: "entered", user: USER });
  expect(asked.at(-1)?.path).toBe("/api/v1/session/passwords");
  expect(await unlock("c1", "given")).toBeNull();
  expect(await unlock("c1", "my-own-words")).toEqual(USER);
});

test("replacing takes signal, and says so", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no route")));
  expect((await enter("c1", "given", "my-own-words")).outcome).toBe("no-signal");
});
