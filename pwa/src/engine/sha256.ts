// SHA-256 (FIPS 180-4), where a browser's own does not serve: it asks for a promise for each of a draw's million short
// hashes, and wants a film whole in memory.

const K = new Uint32Array(64);
const START = new Uint32Array(8);

/** The first 32 bits of the fractional part, as the standard takes its constants from the first primes. */
function fraction(root: number): number {
  return ((root - Math.floor(root)) * 0x100000000) | 0;
}

for (let candidate = 2, found = 0; found < 64; candidate += 1) {
  let prime = true;
  for (let factor = 2; factor * factor <= candidate; factor += 1) if (candidate % factor === 0) prime = false;
  if (!prime) continue;
  if (found < 8) START[found] = fraction(Math.sqrt(candidate));
  K[found] = fraction(Math.cbrt(candidate));
  found += 1;
}

const words = new Uint32Array(64);

/** The digest's 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const state = START.slice();
  for (let at = 0; at < padded.length; at += 64) mix(state, view, at);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, place) => {
    digest.setUint32(place * 4, word);
  });
  return new Uint8Array(digest.buffer);
}

const BLOCK = 64;

/** The digest of bytes that come piece by piece: a film never lies in memory whole. */
export class RunningSha256 {
  readonly #state = START.slice();
  readonly #rest = new Uint8Array(BLOCK);
  #length = 0;

  add(bytes: Uint8Array): void {
    let at = 0;
    const begun = this.#length % BLOCK;
    this.#length += bytes.length;
    if (begun) {
      at = Math.min(BLOCK - begun, bytes.length);
      this.#rest.set(bytes.subarray(0, at), begun);
      if (begun + at < BLOCK) return;
      mix(this.#state, new DataView(this.#rest.buffer), 0);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (; at + BLOCK <= bytes.length; at += BLOCK) mix(this.#state, view, at);
    this.#rest.set(bytes.subarray(at));
  }

  /** In lower-case hex; nothing is added afterwards. */
  hex(): string {
    const length = this.#length;
    const end = new Uint8Array(((length % BLOCK) + 8 >= BLOCK ? 2 : 1) * BLOCK - (length % BLOCK));
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(length / 0x20000000));
    view.setUint32(end.length - 4, length << 3);
    this.add(end);
    return Array.from(this.#state, (word) => word.toString(16).padStart(8, "0")).join("");
  }
}

function mix(state: Uint32Array, view: DataView, at: number): void {
  const w = words;
  for (let t = 0; t < 16; t += 1) w[t] = view.getUint32(at + t * 4);
  for (let t = 16; t < 64; t += 1) {
    const [x, y] = [w[t - 15] as number, w[t - 2] as number];
    const s0 = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
    const s1 = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
    w[t] = (w[t - 16] as number) + s0 + (w[t - 7] as number) + s1;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let t = 0; t < 64; t += 1) {
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + choice + (K[t] as number) + (w[t] as number)) | 0;
    const t2 = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  for (const [place, word] of [a, b, c, d, e, f, g, h].entries()) state[place] = (state[place] as number) + word;
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
