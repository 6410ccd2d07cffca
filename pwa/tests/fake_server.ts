import { canonical, sha256 } from "@/engine/canonical";
import { fromHex, makeDeviceKey, type ReceiptKey, sign, verifySignature } from "@/engine/keys";
import { NO_PREVIOUS, type Op, opHash } from "@/engine/ops";
import type { Fetch } from "@/sync/api";

type Stored = { op: Op; hash: string; status: string; rev: number | null; reason: string | null };
type Upload = { size: number; bytes: Uint8Array<ArrayBuffer>; whole: boolean };

/** A server for tests that speaks the protocol's shapes (sync.md "Endpoints") and fails where a test tells it to. */
export class FakeServer {
  epoch = "life-1";
  session = true;
  /** Whose session the phone's cookie is; anybody's if null. */
  sessionOf: number | null = null;
  #owners = new Map<string, number>();
  ops: Stored[] = [];
  outside: Stored[] = [];
  files = new Map<string, Upload>();
  answers = new Map<string, { rev: number; value: unknown; deviceId: string }>();
  docs: object[] = [];
  devices = new Map<string, JsonWebKey>();
  calls: string[] = [];
  /** Asked before each call: an answer instead of the real one, or "cut" to lose the answer after the work is done. */
  trouble: (method: string, path: string, call: number) => Response | "cut" | null = () => null;
  maxOps = 200;
  minClient = 1;
  rescued: ArrayBuffer[] = [];
  declared = new Map<string, unknown>();
  /** Kinds of op that are kept without effect. */
  refused = new Set<string>();
  #key: { privateKey: CryptoKey; publicJwk: JsonWebKey } | undefined;
  #seq = 0;

  fetch: Fetch = async (path, init) => {
    const method = init.method ?? "GET";
    const where = path.replace("/api/v1", "");
    this.calls.push(`${method} ${where}`);
    const trouble = this.trouble(method, where, this.calls.length);
    if (trouble instanceof Response) return trouble;
    const answer = await this.#answer(method, where, init);
    if (trouble === "cut") throw new TypeError("network error");
    return answer;
  };

  async #answer(method: string, path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    const byToken = headers.get("Authorization")?.startsWith("Bearer ") ?? false;
    if (path === "/meta") return json(200, await this.#meta());
    if (!this.session && !byToken) return problem(401, "not-logged-in");
    if (path === "/devices") return this.#register(JSON.parse(String(init.body)));
    const owner = this.#owners.get(headers.get("X-Device") ?? "");
    if (!byToken && this.sessionOf && owner && owner !== this.sessionOf) return problem(409, "device-taken");
    if (!this.devices.has(headers.get("X-Device") ?? "")) return problem(401, "device-unknown");
    if (path.startsWith("/sync/pull")) return this.#pull(path);
    if (path === "/sync/push") return this.#push(JSON.parse(String(init.body)));
    if (path === "/rescue") {
      this.rescued.push(await (init.body as Blob).arrayBuffer());
      return json(202, { rescueId: "r1" });
    }
    if (path.startsWith("/conflicts/")) {
      this.declared.set(path, JSON.parse(String(init.body)));
      return json(201, { state: "declared" });
    }
    if (path === "/receipts/query") return this.#receipts(JSON.parse(String(init.body)));
    if (path.startsWith("/evidence/")) return this.#evidence(method, path.slice(10), init, headers);
    return problem(404, "not-found");
  }

  async #meta() {
    const key: ReceiptKey = { kid: "k1", jwk: (await this.#keys()).publicJwk };
    const limits = { maxOps: 200, maxPushBytes: 262_144, chunkBytes: 64, maxChunkBytes: 256, maxEvidenceBytes: 1e9 };
    const serverTime = 1_784_595_000_000;
    return {
      apiVersions: [1],
      minClient: this.minClient,
      serverTime,
      limits,
      epoch: this.epoch,
      receiptKeys: [key],
      agencyKey: null,
    };
  }

  #register(told: { deviceId: string; publicJwk: JsonWebKey; userId: number }): Response {
    const { deviceId, publicJwk, userId } = told;
    if (this.sessionOf && this.sessionOf !== userId) return problem(401, "login-required");
    this.#owners.set(deviceId, userId);
    const known = this.devices.get(deviceId);
    if (known && canonical(known) !== canonical(publicJwk)) return problem(409, "device-taken");
    this.devices.set(deviceId, publicJwk);
    return json(known ? 200 : 201, { pushToken: `token-${deviceId}` });
  }

  #pull(path: string): Response {
    const cursor = new URLSearchParams(path.split("?")[1]).get("cursor");
    if (cursor && !cursor.startsWith(this.epoch)) return problem(410, "cursor-gone");
    const from = Number(cursor?.split(".")[1] ?? 0);
    return json(200, {
      docs: this.docs.slice(from),
      tombstones: [],
      cursor: `${this.epoch}.${this.docs.length}`,
      more: false,
    });
  }

  async #push(push: {
    deviceId: string;
    ops: Op[];
    head: { seq: number; hash: string; sig: string };
  }): Promise<Response> {
    const jwk = this.devices.get(push.deviceId);
    if (!jwk) return problem(401, "device-unknown");
    if (push.ops.length > this.maxOps) return problem(413, "push-too-big");
    if (!(await verifySignature(jwk, fromHex(push.head.hash), push.head.sig))) return problem(401, "bad-signature");
    const chain = this.ops.filter((one) => one.op.deviceId === push.deviceId);
    let head = chain.at(-1)?.hash ?? NO_PREVIOUS;
    let seq = chain.length;
    const results: object[] = [];
    for (const op of push.ops) {
      const hash = await opHash(op);
      const known = [...this.ops, ...this.outside].find((one) => one.hash === hash);
      if (known) {
        const { status, rev, reason } = known;
        results.push({ id: op.id, status: "duplicate", rev, reason, original: { status, rev, reason } });
        continue;
      }
      if (op.seq > seq + 1) return problem(409, "op-gap", { expectedSeq: seq + 1 });
      const reason = op.seq <= seq ? "seq-taken" : op.prev !== head ? "prev-broken" : null;
      const stored = reason ? { op, hash, status: "quarantined", rev: null, reason } : { op, hash, ...this.#apply(op) };
      (reason ? this.outside : this.ops).push(stored);
      if (!reason) [head, seq] = [hash, op.seq];
      results.push({ id: op.id, status: stored.status, rev: stored.rev, reason: stored.reason });
    }
    return json(200, { results, lastSeq: seq, receipt: seq ? await this.#receipt(head) : null });
  }

  #apply(op: Op): { status: string; rev: number | null; reason: string | null } {
    if (this.refused.has(op.kind)) return { status: "quarantined", rev: 0, reason: "refused-here" };
    if (op.kind !== "answer.set" && op.kind !== "note.set") return { status: "applied", rev: null, reason: null };
    const key = `${op.visitId} ${op.path}`;
    const present = this.answers.get(key);
    const mayReplace = op.baseRev === (present?.rev ?? 0) || present?.deviceId === op.deviceId;
    if (!mayReplace) return { status: "conflict", rev: present?.rev ?? 0, reason: "differs" };
    const rev = (present?.rev ?? 0) + 1;
    this.answers.set(key, { rev, value: op.value, deviceId: op.deviceId });
    return { status: "applied", rev, reason: null };
  }

  async #receipts({ opIds, shas }: { opIds: string[]; shas: string[] }): Promise<Response> {
    const all = [...this.ops, ...this.outside];
    const ops = opIds.map(async (id) => {
      const found = all.find((one) => one.op.id === id);
      return [id, found ? { status: found.status, rev: found.rev, receipt: await this.#receipt(found.hash) } : null];
    });
    const files = shas.map(async (sha) => [sha, this.files.get(sha)?.whole ? await this.#receipt(sha) : null]);
    return json(200, {
      ops: Object.fromEntries(await Promise.all(ops)),
      shas: Object.fromEntries(await Promise.all(files)),
    });
  }

  async #evidence(method: string, sha: string, init: RequestInit, headers: Headers): Promise<Response> {
    const known = this.files.get(sha);
    if (known?.whole) return json(200, { receipt: await this.#receipt(sha) }, progress(known));
    if (method === "POST") {
      const { size } = JSON.parse(String(init.body)) as { size: number };
      const upload = known ?? { size, bytes: new Uint8Array(), whole: false };
      this.files.set(sha, upload);
      return new Response(null, { status: 201, headers: progress(upload) });
    }
    if (!known) return problem(404, "not-found");
    const offset = Number(headers.get("Upload-Offset"));
    if (offset !== known.bytes.length) return problem(409, "offset-differs", {}, progress(known));
    known.bytes = Uint8Array.from([...known.bytes, ...new Uint8Array(init.body as ArrayBuffer)]);
    if (known.bytes.length < known.size) return new Response(null, { status: 204, headers: progress(known) });
    if ((await sha256(known.bytes)) !== sha) {
      this.files.delete(sha);
      return problem(422, "hash-differs");
    }
    known.whole = true;
    return json(201, { receipt: await this.#receipt(sha) }, progress(known));
  }

  async #receipt(hash: string) {
    const receipt = { kid: "k1", hash, serverTime: 1_784_595_000_000, serverSeq: ++this.#seq };
    const signed = new TextEncoder().encode(canonical(receipt));
    return { ...receipt, sig: await sign((await this.#keys()).privateKey, signed) };
  }

  async #keys() {
    this.#key ??= await makeDeviceKey();
    return this.#key;
  }
}

function progress(upload: Upload): Record<string, string> {
  return { "Upload-Offset": String(upload.bytes.length), "Upload-Complete": upload.whole ? "?1" : "?0" };
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}

export function problem(
  status: number,
  code: string,
  facts: object = {},
  headers: Record<string, string> = {},
): Response {
  return json(status, { code, detail: code, ...facts }, headers);
}
