import type { PhoneStore } from "./database";
import { declarationsIn } from "./declarations";
import { partsIn } from "./originals";
import type { OpRow, UploadRow } from "./schema";

const MAGIC = "YAOHAO-OUTBOX-1";
const INFO = new TextEncoder().encode("yaohao rescue 1");

/**
 * Everything that has no receipt, as one file an administrator can open when the phone cannot sync.
 *
 * Layout: a line `YAOHAO-OUTBOX-1`, a line of JSON `{deviceId, userId, madeAt, iv, ephemeral}`, then AES-256-GCM under
 * HKDF-SHA-256 of ECDH between the ephemeral P-256 key and the agency's (`info` "yaohao rescue 1", no salt). Inside: a line of
 * JSON `{ops, files:[{sha,size,mime,visitId,capture}], declarations}`, then the files' bytes one after the other. Without an agency
 * key, which a phone learns at its first login, `iv` and `ephemeral` are null and the inside is plain.
 */
export async function exportOutbox(store: PhoneStore): Promise<Blob> {
  const { ops, files, bytes, declarations, deviceId, agencyKey } = await collect(store);
  // What is cut out again is what is here, even where an original was lost.
  const told = files.map(({ sha, mime, visitId, capture }, n) => ({
    sha,
    size: lengthOf(bytes[n] ?? []),
    mime,
    visitId,
    capture,
  }));
  const listing = JSON.stringify({ ops: ops.map((row) => row.op), files: told, declarations });
  const inside = await new Blob([`${listing}\n`, ...bytes.flat()]).arrayBuffer();
  const about = { deviceId, userId: store.userId, madeAt: Date.now() };
  if (!agencyKey) return pack({ ...about, iv: null, ephemeral: null }, inside);
  const { key, ephemeral } = await agree(agencyKey);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, inside);
  return pack({ ...about, iv: Array.from(iv), ephemeral }, sealed);
}

async function collect(store: PhoneStore) {
  return store.read(async (transaction) => {
    const device = (await transaction.objectStore("meta").get("device")) as { id: string } | undefined;
    const agencyKey = (await transaction.objectStore("meta").get("agencyKey")) as JsonWebKey | undefined;
    const ops = (await transaction.objectStore("ops").getAll()).filter((row: OpRow) => !row.receipt);
    const files = (await transaction.objectStore("uploads").getAll()).filter((row: UploadRow) => !row.receipt);
    const bytes = await Promise.all(files.map((row) => partsIn(transaction, row.sha)));
    const declarations = (await declarationsIn(transaction)).filter((row) => row.state === "kept");
    return { ops, files, bytes, declarations, deviceId: device?.id ?? null, agencyKey: agencyKey ?? null };
  });
}

function lengthOf(parts: ArrayBuffer[]): number {
  return parts.reduce((sum, part) => sum + part.byteLength, 0);
}

async function agree(agencyKey: JsonWebKey): Promise<{ key: CryptoKey; ephemeral: JsonWebKey }> {
  const curve = { name: "ECDH", namedCurve: "P-256" } as const;
  const { kty, crv, x, y } = agencyKey;
  const theirs = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, curve, false, []);
  const ours = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: INFO };
  const key = await crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  return { key, ephemeral: await crypto.subtle.exportKey("jwk", ours.publicKey) };
}

function pack(header: object, body: ArrayBuffer): Blob {
  return new Blob([`${MAGIC}\n${JSON.stringify(header)}\n`, body], { type: "application/octet-stream" });
}
