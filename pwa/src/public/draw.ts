// A draw computed a second time from its published files (draw.md 1.2 to 1.8). No DOM, no network.

import { sha256 } from "../engine/sha256";
import { byBytes, canonical, fromHex, type Json, joined, lengthPrefixed, sha256Hex, toHex, utf8 } from "./bytes";
import { isOpenCode } from "./codes";
import { compared, type MatchingRules, matched, type Team } from "./matching";
import { type Allocation, quotasOf } from "./quotas";

interface Promised {
  rows: number;
  root: string;
}

interface Stratum {
  id: string;
  population: number;
  ratio: [number, number] | null;
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
  beacon: { source?: string; round?: string; value: string } | null;
  seed: string | null;
  strata: { id: string; quota: number; cutoff_ticket: string | null; shortfall: number }[];
  picks: Pick[];
  skipped: (Pick & { reason: string })[];
  team: Team[];
  cap: number | null;
  files: { exclusions: string[]; [kind: string]: string | string[] };
  signatures: { name: string; kind: string; covers: string }[];
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

/** The files are those that were committed to, in their form, and the commitment is the one announced. */
export function checkFiles(record: DrawRecord, files: Files, announced: string): Verdict {
  const faults: string[] = [];
  const masked = record.commit.codes === "masked";
  for (const [at, [name, promised]] of promisedFiles(record).entries()) {
    const text = files.get(name);
    if (text === undefined) {
      faults.push(`缺少文件 ${name}`);
      continue;
    }
    const lines = linesOf(text);
    if (sha256Hex(utf8(text)) !== promised.root) faults.push(`${name} 的指纹与公告不符`);
    else if (lines.length !== promised.rows) faults.push(`${name} 的行数与公告不符`);
    if (lines.some((line, place) => place > 0 && byBytes(lines[place - 1] as string, line) >= 0))
      faults.push(`${name} 没有按字节排序，或有重复`);
    const fits = masked ? (code: string) => MASKED.test(code) : isOpenCode;
    const wrong = at === 0 ? lines.map(firstHalf).filter((code) => !fits(code)) : [];
    if (wrong.length > 0) faults.push(`${name} 有 ${wrong.length} 个编码不合规则，如 ${wrong[0]}`);
  }
  const commitment = sha256Hex(utf8(canonical(record.commit)));
  if (commitment !== record.C) faults.push("记录里的指纹与约定内容不符");
  if (commitment !== announced) faults.push("抽取前公告的指纹与约定内容不符");
  return { faults: [...faults, ...quotaFaults(record, files)] };
}

/** The seed follows from the commitment, the sealed number and the witnesses' inputs. */
export function checkSeed(record: DrawRecord): Verdict {
  const faults: string[] = [];
  if (sha256Hex(fromHex(record.nonce)) !== record.commit.nonce_hash) faults.push("随机数不是事先封存的那一个");
  if (record.seed === null) return { faults };
  const witnesses = record.commit.witnesses as { name: string; commitment: string | null }[];
  const announced = record.commit.beacon as { source: string; round: string } | null;
  if (witnesses.length === 0 && announced === null) faults.push("没有见证人也没有公开随机数，结果可由一人挑选");
  if (record.inputs.length !== witnesses.length) faults.push("见证人和数字的个数不同");
  for (const [at, witness] of witnesses.entries()) {
    const given = record.inputs[at];
    if (given === undefined || given.name !== witness.name) faults.push(`缺少见证人 ${witness.name} 的数字`);
    else if (sealedInput(given) !== witness.commitment) faults.push(`${witness.name} 的数字与事先封存的不符`);
    else if (given.salt === null && !new RegExp(`^[0-9]{${record.commit.input_digits}}$`).test(given.input))
      faults.push(`${witness.name} 的数字不是 ${record.commit.input_digits} 位`);
  }
  const same = announced?.source === record.beacon?.source && announced?.round === record.beacon?.round;
  if ((announced === null) !== (record.beacon === null) || !same) faults.push("公开随机数不是约定的那一期");
  if (toHex(seedOf(record, record.inputs)) !== record.seed) faults.push("种子与重算不符");
  return { faults };
}

/** Each stratum's picks are the smallest tickets that are not exempt; the exempt ones met on the way are skipped. */
export function checkPicks(record: DrawRecord, files: Files): Verdict {
  if (record.seed === null) {
    const anything = record.picks.length + record.skipped.length + record.strata.length + record.inputs.length;
    return { faults: anything > 0 ? ["没有种子，却有抽中的单位"] : [] };
  }
  const computed = picksFrom(record, files, fromHex(record.seed));
  return {
    faults: [
      ...differences("第", "家", record.picks, computed.picks, (pick) => pick.code),
      ...differences("免检第", "家", record.skipped, computed.skipped, (pick) => pick.code),
      ...differences("第", "组", record.strata, computed.strata, (stratum) => stratum.cutoff_ticket ?? "无"),
    ],
  };
}

/** The teams follow from the picks and the committed people, seat by seat. */
export function checkTeams(record: DrawRecord, files: Files): Verdict {
  if (record.seed === null) return { faults: record.team.length > 0 ? ["没有种子，却有检查组"] : [] };
  const first = new Map<string, string>();
  for (const pick of record.picks) if (!first.has(pick.code)) first.set(pick.code, pick.stratum);
  const groups = groupsOf(files);
  const recused = new Set(linesOf(files.get("recusals.txt") ?? ""));
  const rules = record.commit.matching as unknown as MatchingRules;
  const computed = matched(first, groups, recused, rules, keyOf("inspector", fromHex(record.seed)));
  const faults = differences("第", "个检查组", record.team, computed.team, (team) => team.code);
  if (record.cap !== computed.cap) faults.push(`每人最多承担：记录为 ${record.cap}，应为 ${computed.cap}`);
  return { faults };
}

/** Each inspector's groups. */
export function groupsOf(files: Files): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const line of linesOf(files.get("inspectors.txt") ?? "")) {
    const inspector = firstHalf(line);
    const known = groups.get(inspector) ?? new Set();
    groups.set(inspector, known.add(line.slice(inspector.length + 1)));
  }
  return groups;
}

/** Reason by exempt code. */
export function exemptions(files: Files): Map<string, string> {
  const lines = linesOf(files.get("exemptions.txt") ?? "");
  return new Map(lines.map((line) => [firstHalf(line), line.slice(firstHalf(line).length + 1)]));
}

/** The lines of the first release carry no version; every later one carries its own. */
const EVENT_VERSIONS = ["draw-events/2"];

interface Event {
  [name: string]: Json | undefined;
  event: string;
  prev: string | null;
  record: string;
}

/** The record is the one announced, signed by everyone present, and the lines that follow it are linked and true. */
export function checkRecord(record: DrawRecord, events: string, announced: string): Verdict {
  const faults: string[] = [];
  const { signatures, ...unsigned } = record as unknown as { signatures: Json } & Record<string, Json>;
  const hash = sha256Hex(utf8(canonical(unsigned)));
  if (announced !== "" && hash !== announced) faults.push("抽取记录的指纹与公告不符");
  for (const signature of record.signatures)
    if (signature.covers !== hash) faults.push(`${signature.name} 签的不是这份记录`);
  const told = linesOf(events).map((line) => ({ line, event: JSON.parse(line) as Event }));
  const ended = told[0]?.event.event;
  if (ended !== "locked" && ended !== "void") faults.push("没有锁定或作废这一行");
  if (record.seed === null && ended !== "void") faults.push("没有种子，却没有作废");
  const present = new Set(record.signatures.map(({ name, kind }) => `${name}|${kind}`));
  for (const { name, kind } of record.commit.witnesses as { name: string; kind: string }[])
    if (ended !== "void" && !present.has(`${name}|${kind}`)) faults.push(`缺少 ${name} 的签名`);
  const signed = sha256Hex(utf8(canonical(signatures)));
  let previous: string | null = null;
  for (const [at, { line, event }] of told.entries()) {
    const carried = event.signatures ?? (at > 0 ? signed : null);
    const linked = event.prev === previous && event.record === hash && carried === signed;
    if (!linked) faults.push(`第 ${at + 1} 条记录没有接上`);
    if (event.v !== undefined && !EVENT_VERSIONS.includes(event.v as string))
      faults.push(`第 ${at + 1} 条记录的版本不认识`);
    const { digest, ...told } = event;
    const own = sha256Hex(utf8(canonical(told as unknown as Json)));
    if (digest !== own || canonical(event as unknown as Json) !== line)
      faults.push(`第 ${at + 1} 条记录与它自己的指纹不符`);
    previous = sha256Hex(utf8(line));
  }
  if (events !== "" && !events.endsWith("\n")) faults.push("最后一条记录没有写完");
  return { faults };
}

/** record.json is spelled as it was published, byte for byte: nothing hides in its blanks. */
export function checkSpelling(text: string): Verdict {
  const spelled = `${published(JSON.parse(text) as Json)}\n`;
  if (text === spelled) return { faults: [] };
  const place = [...text].findIndex((letter, at) => letter !== spelled[at]);
  return { faults: [`record.json 从第 ${(place < 0 ? spelled.length : place) + 1} 个字符起不是标准写法`] };
}

/** Members by name, one to a line, as the published file has them. */
function published(value: Json, indent = "\n"): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const deeper = `${indent} `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const members = Array.isArray(value)
    ? value.map((item) => published(item, deeper))
    : Object.keys(value)
        .sort(byBytes)
        .map((name) => `${JSON.stringify(name)}: ${published(value[name] as Json, deeper)}`);
  return members.length === 0 ? `${open}${close}` : `${open}${deeper}${members.join(`,${deeper}`)}${indent}${close}`;
}

/** Who would have been drawn had the witness at `place` written something else. */
export function picksWithOtherInput(record: DrawRecord, files: Files, place: number, input: string): Pick[] {
  const inputs = record.inputs.map((given, at) => (at === place ? { ...given, input } : given));
  return picksFrom(record, files, seedOf(record, inputs)).picks;
}

/** The code as it stands in a masked roster. */
export function maskedCode(salt: string, code: string): string {
  return `x:${sha256Hex(joined(lengthPrefixed(fromHex(salt)), utf8(code)))}`;
}

/** One entity's ticket: what the one-line check computes. */
export function ticketOf(key: string, code: string): string {
  return sha256Hex(utf8(key + code));
}

/** The key of entity tickets as the one-line check needs it. */
export function entityKey(seed: Uint8Array): string {
  return keyOf("entity", seed);
}

export function linesOf(text: string): string[] {
  return text.split("\n").slice(0, -1);
}

const MASKED = /^x:[0-9a-f]{64}$/;

function firstHalf(line: string): string {
  const bar = line.indexOf("|");
  return bar < 0 ? line : line.slice(0, bar);
}

export function keyOf(kind: "entity" | "inspector", seed: Uint8Array): string {
  return sha256Hex(joined(utf8(`draw/1/${kind}\n`), seed));
}

function quotaFaults(record: DrawRecord, files: Files): string[] {
  const strata = record.commit.strata as unknown as Stratum[];
  const counts = new Map([...codesByStratum(files)].map(([id, codes]) => [id, codes.length]));
  const quotas = quotasOf(strata, record.commit.allocation as unknown as Allocation | null, counts);
  return strata.flatMap(({ id, population, quota }) => [
    ...(population === (counts.get(id) ?? 0)
      ? []
      : [`${id} 组公布 ${population} 家，名录里有 ${counts.get(id) ?? 0} 家`]),
    ...(quota === quotas.get(id) ? [] : [`${id} 组名额公布 ${quota}，按比例应为 ${quotas.get(id)}`]),
  ]);
}

function differences<Item>(
  before: string,
  after: string,
  recorded: Item[],
  computed: Item[],
  shown: (item: Item) => string,
): string[] {
  const faults: string[] = [];
  for (let at = 0; at < Math.max(recorded.length, computed.length); at += 1) {
    const [left, right] = [recorded[at], computed[at]];
    const same = left !== undefined && right !== undefined;
    if (same && canonical(left as unknown as Json) === canonical(right as unknown as Json)) continue;
    const [was, is] = [left, right].map((item) => (item === undefined ? "无" : shown(item)));
    faults.push(`${before} ${at + 1} ${after}：记录为 ${was}，应为 ${is}`);
  }
  return faults;
}

function seedOf(record: DrawRecord, inputs: DrawRecord["inputs"]): Uint8Array<ArrayBuffer> {
  const parts = [fromHex(record.nonce), ...inputs.map((given) => utf8(given.input))];
  if (record.beacon) parts.push(fromHex(record.beacon.value));
  const commitment = sha256(utf8(canonical(record.commit)));
  return sha256(joined(utf8("draw/1/seed\n"), commitment, ...parts.map(lengthPrefixed)));
}

export function codesByStratum(files: Files): Map<string, string[]> {
  const codes = new Map<string, string[]>();
  for (const line of linesOf(files.get("roster.txt") ?? "")) {
    const code = firstHalf(line);
    const stratum = line.slice(code.length + 1);
    const known = codes.get(stratum);
    if (known) known.push(code);
    else codes.set(stratum, [code]);
  }
  return codes;
}

function picksFrom(record: DrawRecord, files: Files, seed: Uint8Array): Drawn {
  const key = entityKey(seed);
  const exempt = exemptions(files);
  const codes = codesByStratum(files);
  const found: Drawn = { picks: [], skipped: [], strata: [] };
  for (const { id, quota } of record.commit.strata as unknown as Stratum[]) {
    let [left, cutoff]: [number, string | null] = [quota, null];
    for (const [at, { code, hash }] of ordered(key, codes.get(id) ?? []).entries()) {
      if (left === 0) break;
      const pick = { stratum: id, rank: at + 1, code, ticket: toHex(hash) };
      const reason = exempt.get(code);
      if (reason !== undefined) found.skipped.push({ ...pick, reason });
      else {
        found.picks.push(pick);
        [left, cutoff] = [left - 1, pick.ticket];
      }
    }
    found.strata.push({ id, quota, cutoff_ticket: cutoff, shortfall: left });
  }
  return found;
}

interface Drawn {
  picks: DrawRecord["picks"];
  skipped: DrawRecord["skipped"];
  strata: DrawRecord["strata"];
}

export function ordered(key: string, codes: string[]): { code: string; hash: Uint8Array }[] {
  const tickets = codes.map((code) => ({ code, hash: sha256(utf8(key + code)) }));
  return tickets.sort((a, b) => compared(a.hash, b.hash) || byBytes(a.code, b.code));
}

function sealedInput(given: { input: string; salt: string | null }): string | null {
  if (given.salt === null) return null;
  return sha256Hex(
    joined(utf8("draw/1/witness\n"), lengthPrefixed(fromHex(given.salt)), lengthPrefixed(utf8(given.input))),
  );
}
