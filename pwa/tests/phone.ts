import "fake-indexeddb/auto";
import { sha256 } from "@/engine/canonical";
import { addEvidence, setAnswer } from "@/store/captures";
import { PhoneStore } from "@/store/database";
import { Api } from "@/sync/api";
import { syncOnce } from "@/sync/round";
import type { FakeServer } from "./fake_server";

export const VISIT = "0197e0aa-2222-7aaa-8aaa-000000000002";
export const FORM = "b".repeat(64);
const PLACE = { at: 1_784_595_600_000, lat7: null, lon7: null, accuracyCm: null };

let people = 100;

/** A phone of its own: a fresh database and a line to the server. */
export class TestPhone {
  readonly store: PhoneStore;
  readonly #api: Api;

  constructor(server: FakeServer, userId = ++people) {
    this.store = new PhoneStore(userId);
    this.#api = new Api(server.fetch);
  }

  answer(item: string, result: "pass" | "fail" | "na") {
    const value = { result, problem: result === "fail" ? "有问题" : null, disposal: null };
    return setAnswer(this.store, VISIT, `/matters/3/items/${item}`, value, FORM);
  }

  async photo(seed: number, size = 500): Promise<string> {
    const bytes = new Uint8Array(size).map((_, n) => (n * 31 + seed) % 251);
    const sha = await sha256(bytes);
    const file = { sha, bytes: bytes.buffer as ArrayBuffer, mime: "image/jpeg", item: null, role: "photo" as const };
    await addEvidence(this.store, VISIT, { ...file, caption: "", capture: PLACE });
    return sha;
  }

  sync() {
    return syncOnce(this.#api, this.store);
  }

  ops() {
    return this.store.read((transaction) => transaction.objectStore("ops").getAll());
  }

  async waiting(): Promise<number> {
    return (await this.ops()).filter((row) => row.waiting).length;
  }

  answerRow(item: string) {
    return this.store.read((transaction) =>
      transaction.objectStore("answers").get([VISIT, `/matters/3/items/${item}`]),
    );
  }

  upload(sha: string) {
    return this.store.read((transaction) => transaction.objectStore("uploads").get(sha));
  }
}
