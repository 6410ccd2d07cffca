import { expect, test } from "vitest";
import { declare } from "@/store/declarations";
import { exportOutbox } from "@/store/export";
import { TooOld } from "@/sync/round";
import { FakeServer, problem } from "./fake_server";
import { TestPhone } from "./phone";

const TOLD = { entity: "示例工厂", name: "示例工厂", tie: "relative_there", words: "胞弟在该厂任职" } as const;
const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;

test("the bundle opens with the agency's key and holds every op and byte without a receipt", async () => {
  const phone = new TestPhone(new FakeServer());
  const agency = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  await phone.store.setMeta("agencyKey", await crypto.subtle.exportKey("jwk", agency.publicKey));
  const op = await phone.answer("a", "fail");
  const sha = await phone.photo(3, 64);
  await declare(phone.store, TOLD);

  const bundle = new Uint8Array(await (await exportOutbox(phone.store)).arrayBuffer());
  const [magic, header, body] = lines(bundle);
  expect(magic).toBe("YAOHAO-OUTBOX-1");
  const { iv, ephemeral } = JSON.parse(header) as { iv: number[]; ephemeral: JsonWebKey };
  const theirs = await crypto.subtle.importKey("jwk", ephemeral, CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, agency.privateKey, 256);
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("yaohao rescue 1");
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  const key = await crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const inside = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: Uint8Array.from(iv) }, key, body));
  const end = inside.indexOf(10);
  const listing = JSON.parse(new TextDecoder().decode(inside.slice(0, end)));
  expect(listing.ops[0]).toEqual(op);
  expect(listing.files.map((file: { sha: string }) => file.sha)).toEqual([sha]);
  expect(listing.declarations).toMatchObject([TOLD]);
  expect(inside.length - end - 1).toBe(64);
});

test("an app too old hands in what waits once, and again only when there is more", async () => {
  const server = new FakeServer();
  const phone = new TestPhone(server);
  server.minClient = 2;
  await phone.answer("a", "pass");
  for (let n = 0; n < 3; n++) await expect(phone.sync()).rejects.toThrow(TooOld);
  expect(server.rescued.length).toBe(1);
  await phone.answer("b", "pass");
  await expect(phone.sync()).rejects.toThrow(TooOld);
  expect(server.rescued.length).toBe(2);
  expect(await phone.waiting()).toBe(2);
  await declare(phone.store, TOLD);
  await expect(phone.sync()).rejects.toThrow(TooOld);
  expect(server.rescued.length).toBe(3);
});

test("a push refused as too old is handed in the same way", async () => {
  const server = new FakeServer();
  const phone = new TestPhone(server);
  server.trouble = (_, path) => (path === "/sync/push" ? problem(426, "client-too-old") : null);
  await phone.answer("a", "pass");
  await expect(phone.sync()).rejects.toThrow(TooOld);
  expect(server.rescued.length).toBe(1);
});

function lines(bundle: Uint8Array<ArrayBuffer>): [string, string, Uint8Array<ArrayBuffer>] {
  const first = bundle.indexOf(10);
  const second = bundle.indexOf(10, first + 1);
  const words = (from: number, to: number) => new TextDecoder().decode(bundle.slice(from, to));
  return [words(0, first), words(first + 1, second), bundle.slice(second + 1)];
}
