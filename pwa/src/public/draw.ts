// A draw computed a second time from its published files (draw.md 1.2 to 1.8). No DOM, no network.

import {
  byBytes,
  canonical,
  fromHex,
  type Json,
  joined,
  lengthPrefixed,
  sha256,
  sha256Hex,
  toHex,
  utf8,
} from "./bytes";

interface Promised {
  rows: number;
  root: string;
}

interface Stratum {
  id: string;
  quota: number;
}

export interface Commit {
  [name: string]: Json;
}

export interface Pick {
  stratum: string;
  rank: number;
  code: string;
  ticket: string;
}

export interface DrawRecord {
  serial: string;
  commit: Commit;
  C: string;
  nonce: string;
  inputs: { name: string; input: string; salt: string | null }[];
  beacon: { value: string } | null;
  seed: string;
  strata: { id: string; quota: number; cutoff_ticket: string | null; shortfall: number }[];
  picks: Pick[];
  files: { exclusions: string[]; [kind: string]: string | string[] };
  signatures: { name: string; covers: string }[];
}

/** The published files by name, as text. */
export type Files = Map<string, string>;

/** What one check came to: whether it holds, and in one line each what does not. */
export interface Verdict {
  faults: string[];
}

/** The names of the committed files with what the commitment promised of each. */
export function promisedFiles(record: DrawRecord): [string, Promised][] {
  const commit = record.commit;
  const kinds = ["roster", "inspectors", "recusals", "exemptions"];
  const named = kinds.map((kind): [string, Promised] => [`${kind}.txt`, commit[kind] as unknown as Promised]);
  const exclusions = commit.exclusions as unknown as Promised[];
  return [...named, ...exclusions.map((promised, at): [string, Promised] => [`exclusions/${at + 1}.txt`, promised])];
}

/** The files are those that were committed to, and the commitment is the one announced. */
export async function checkFiles(record: DrawRecord, files: Files, announced: string): Promise<Verdict> {
  const faults: string[] = [];
  for (const [name, promised] of promisedFiles(record)) {
    const text = files.get(name);
    if (text === undefined) faults.push(`缺少文件 ${name}`);
    else if ((await sha256Hex(utf8(text))) !== promised.root) faults.push(`${name} 的指纹与公告不符`);
    else if (linesOf(text).length !== promised.rows) faults.push(`${name} 的行数与公告不符`);
  }
  const commitment = await sha256Hex(utf8(canonical(record.commit)));
  if (commitment !== record.C) faults.push("记录里的指纹与约定内容不符");
  if (commitment !== announced) faults.push("抽取前公告的指纹与约定内容不符");
  return { faults };
}

/** The seed follows from the commitment, the sealed number and the witnesses' inputs. */
export async function checkSeed(record: DrawRecord): Promise<Verdict> {
  const faults: string[] = [];
  if ((await sha256Hex(fromHex(record.nonce))) !== record.commit.nonce_hash) faults.push("随机数不是事先封存的那一个");
  for (const [at, witness] of (record.commit.witnesses as { name: string; commitment: string | null }[]).entries()) {
    const given = record.inputs[at];
    if (given === undefined || given.name !== witness.name) faults.push(`缺少见证人 ${witness.name} 的数字`);
    else if ((await sealedInput(given)) !== witness.commitment) faults.push(`${witness.name} 的数字与事先封存的不符`);
  }
  if (toHex(await seedOf(record, record.inputs)) !== record.seed) faults.push("种子与重算不符");
  return { faults };
}

/** Each stratum's picks are the smallest tickets that are not exempt. */
export async function checkPicks(record: DrawRecord, files: Files): Promise<Verdict> {
  const computed = await picksFrom(record, files, fromHex(record.seed));
  const faults: string[] = [];
  const longest = Math.max(computed.length, record.picks.length);
  for (let at = 0; at < longest; at += 1) {
    const [left, right] = [record.picks[at], computed[at]];
    if (left?.code !== right?.code || left?.ticket !== right?.ticket || left?.stratum !== right?.stratum)
      faults.push(`第 ${at + 1} 家：记录为 ${left?.code ?? "无"}，应为 ${right?.code ?? "无"}`);
  }
  for (const stratum of record.strata) {
    const last = computed.filter((pick) => pick.stratum === stratum.id).at(-1)?.ticket ?? null;
    if (last !== stratum.cutoff_ticket) faults.push(`${stratum.id} 组最后一名的票号与重算不符`);
  }
  return { faults };
}

/** The record is the one announced, every signature covers it, and the lines that follow are linked. */
export async function checkRecord(record: DrawRecord, events: string, announced: string): Promise<Verdict> {
  const faults: string[] = [];
  const { signatures, ...unsigned } = record as unknown as { signatures: Json } & Record<string, Json>;
  const hash = await sha256Hex(utf8(canonical(unsigned)));
  if (announced !== "" && hash !== announced) faults.push("抽取记录的指纹与公告不符");
  for (const signature of record.signatures)
    if (signature.covers !== hash) faults.push(`${signature.name} 签的不是这份记录`);
  const signed = await sha256Hex(utf8(canonical(signatures)));
  let previous: string | null = null;
  for (const [at, line] of linesOf(events).entries()) {
    const event = JSON.parse(line) as { prev: string | null; record: string; signatures?: string };
    const linked = event.prev === previous && event.record === hash && (event.signatures ?? signed) === signed;
    if (!linked) faults.push(`第 ${at + 1} 条记录没有接上`);
    previous = await sha256Hex(utf8(line));
  }
  return { faults };
}

/** Who would have been drawn had the witness at `place` written something else. */
export async function picksWithOtherInput(
  record: DrawRecord,
  files: Files,
  place: number,
  input: string,
): Promise<Pick[]> {
  const inputs = record.inputs.map((given, at) => (at === place ? { ...given, input } : given));
  return picksFrom(record, files, await seedOf(record, inputs));
}

/** The key of entity tickets as the one-line check needs it. */
export async function entityKey(seed: Uint8Array): Promise<string> {
  return sha256Hex(joined(utf8("draw/1/entity\n"), seed));
}

export function linesOf(text: string): string[] {
  return text.split("\n").slice(0, -1);
}

async function seedOf(record: DrawRecord, inputs: DrawRecord["inputs"]): Promise<Uint8Array<ArrayBuffer>> {
  const parts = [fromHex(record.nonce), ...inputs.map((given) => utf8(given.input))];
  if (record.beacon) parts.push(fromHex(record.beacon.value));
  const commitment = await sha256(utf8(canonical(record.commit)));
  return sha256(joined(utf8("draw/1/seed\n"), commitment, ...parts.map(lengthPrefixed)));
}

async function picksFrom(record: DrawRecord, files: Files, seed: Uint8Array): Promise<Pick[]> {
  const key = await entityKey(seed);
  const exempt = new Set(linesOf(files.get("exemptions.txt") ?? "").map((line) => line.split("|", 1)[0]));
  const codes = new Map<string, string[]>();
  for (const line of linesOf(files.get("roster.txt") ?? "")) {
    const bar = line.indexOf("|");
    const stratum = line.slice(bar + 1);
    const known = codes.get(stratum);
    if (known) known.push(line.slice(0, bar));
    else codes.set(stratum, [line.slice(0, bar)]);
  }
  const picks: Pick[] = [];
  for (const stratum of record.commit.strata as unknown as Stratum[]) {
    const tickets = await ticketsOf(key, codes.get(stratum.id) ?? []);
    let left = stratum.quota;
    for (const [at, { code, ticket }] of tickets.entries()) {
      if (left === 0) break;
      if (exempt.has(code)) continue;
      picks.push({ stratum: stratum.id, rank: at + 1, code, ticket });
      left -= 1;
    }
  }
  return picks;
}

async function ticketsOf(key: string, codes: string[]): Promise<{ code: string; ticket: string }[]> {
  const tickets = await Promise.all(codes.map(async (code) => ({ code, ticket: await sha256Hex(utf8(key + code)) })));
  return tickets.sort((a, b) => (a.ticket < b.ticket ? -1 : a.ticket > b.ticket ? 1 : byBytes(a.code, b.code)));
}

async function sealedInput(given: { input: string; salt: string | null }): Promise<string | null> {
  if (given.salt === null) return null;
  const sealed = joined(
    utf8("draw/1/witness\n"),
    lengthPrefixed(fromHex(given.salt)),
    lengthPrefixed(utf8(given.input)),
  );
  return sha256Hex(sealed);
}
