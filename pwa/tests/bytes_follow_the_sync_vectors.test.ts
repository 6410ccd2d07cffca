import { expect, test } from "vitest";
import { canonical } from "@/engine/canonical";
import { visitDigest } from "@/engine/fingerprint";
import { verifySignature } from "@/engine/keys";
import { type Op, opHash, uuid7 } from "@/engine/ops";
import vectors from "../../tests/contract/vectors/sync-1.json";

test("every op is spelled and hashed as the server spells and hashes it", async () => {
  for (const { op, canonical: spelled, hash } of vectors.ops) {
    expect(canonical(op)).toBe(spelled);
    expect(await opHash(op as Op)).toBe(hash);
  }
});

test("the visit's fingerprint is the server's", async () => {
  const { visitId, answers, evidence, is } = vectors.digest;
  expect(await visitDigest(visitId, answers, evidence)).toBe(is);
});

test("the signatures of the vectors verify over the bytes named by the protocol", async () => {
  const head = Uint8Array.from(Buffer.from(vectors.push.head.hash, "hex"));
  const told = new TextEncoder().encode(canonical(vectors.evidence.told));
  const { sig, ...receipt } = vectors.receipt.is;
  const signed = new TextEncoder().encode(canonical(receipt));
  expect(await verifySignature(vectors.publicJwk, head, vectors.push.head.sig)).toBe(true);
  expect(await verifySignature(vectors.publicJwk, told, vectors.evidence.sig)).toBe(true);
  expect(await verifySignature(vectors.receipt.jwk, signed, sig)).toBe(true);
  expect(await verifySignature(vectors.publicJwk, signed, sig)).toBe(false);
});

test("a float, an unsafe integer or a lone surrogate has no canonical spelling", () => {
  for (const value of [0.5, Number.NaN, 2 ** 53, "\ud800", undefined]) expect(() => canonical(value)).toThrow();
});

test("an identifier carries its millisecond, version and variant", () => {
  const id = uuid7(0x0197e0aa1111, new Uint8Array(10).fill(255));
  expect(id).toBe("0197e0aa-1111-7fff-bfff-ffffffffffff");
});
