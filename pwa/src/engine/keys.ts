import { canonical } from "./canonical";

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;

/** A receipt: the server's signed word that it holds `hash` durably. */
export interface Receipt {
  kid: string;
  hash: string;
  serverTime: number;
  serverSeq: number;
  sig: string;
}

export interface ReceiptKey {
  kid: string;
  jwk: JsonWebKey;
}

/** The device's own key: the private half can be used on this phone and never leaves it. */
export async function makeDeviceKey(): Promise<{ privateKey: CryptoKey; publicJwk: JsonWebKey }> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { privateKey: pair.privateKey, publicJwk: { kty, crv, x, y } };
}

/** base64url of r‖s over the bytes. */
export async function sign(key: CryptoKey, bytes: BufferSource): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.sign(SIGNING, key, bytes)));
}

export async function verifySignature(jwk: JsonWebKey, bytes: BufferSource, signature: string): Promise<boolean> {
  const key = await crypto.subtle.importKey("jwk", jwk, CURVE, false, ["verify"]);
  return crypto.subtle.verify(SIGNING, key, fromBase64Url(signature), bytes);
}

/** Whether the receipt is the server's own word about exactly this hash. */
export async function isReceiptFor(receipt: Receipt | null, hash: string, keys: ReceiptKey[]): Promise<boolean> {
  const known = keys.find((key) => key.kid === receipt?.kid);
  if (!receipt || !known || receipt.hash !== hash) return false;
  const { sig, ...signed } = receipt;
  return verifySignature(known.jwk, new TextEncoder().encode(canonical(signed)), sig);
}

export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
