// The published vectors, computed by the browser's engine; and one byte flipped is always noticed.

import { describe, expect, it } from "vitest";
import { sha256 } from "@/engine/sha256";
import { byBytes, canonical, sha256Hex, utf8 } from "@/public/bytes";
import {
  type Commit,
  checkFiles,
  checkPicks,
  checkRecord,
  checkSeed,
  checkSpelling,
  checkTeams,
  type DrawRecord,
  type Files,
  type Pick,
  picksWithOtherInput,
} from "@/public/draw";
import { type MatchingRules, matched, type Team } from "@/public/matching";
import { checkSince } from "@/public/since";
import second from "../../tests/contract/vectors/draw-2.json";
import published from "../../tests/planning/draw/vectors/draw-1.json";

interface Vector {
  name: string;
  roster: string[];
  inspectors: string[];
  recusals: string[];
  exemptions: string[];
  exclusions: { codes: string[] }[];
  commit: Commit;
  commit_jcs: string;
  nonce: string;
  inputs: DrawRecord["inputs"];
  beacon: { value: string } | null;
  expect: {
    C: string;
    seed: string;
    cap: number | null;
    team: DrawRecord["team"];
    strata: {
      skipped: Omit<Pick, "stratum">[];
      id: string;
      picks: Omit<Pick, "stratum">[];
      cutoff_ticket: string | null;
      shortfall: number;
    }[];
  };
}

const vectors = [...published.draws, ...second.draws] as unknown as Vector[];

function fileOf(lines: string[]): string {
  const sorted = [...lines].sort(byBytes);
  return sorted.map((line) => `${line}\n`).join("");
}

function drawn(vector: Vector): { record: DrawRecord; files: Files } {
  const files: Files = new Map([
    ["roster.txt", fileOf(vector.roster)],
    ["inspectors.txt", fileOf(vector.inspectors)],
    ["recusals.txt", fileOf(vector.recusals)],
    ["exemptions.txt", fileOf(vector.exemptions)],
    ...vector.exclusions.map(({ codes }, at): [string, string] => [`exclusions/${at + 1}.txt`, fileOf(codes)]),
  ]);
  const reasons = new Map(
    vector.exemptions.map((line) => [line.slice(0, line.indexOf("|")), line.slice(line.indexOf("|") + 1)]),
  );
  const record: DrawRecord = {
    serial: vector.commit.serial as string,
    commit: vector.commit,
    C: vector.expect.C,
    nonce: vector.nonce,
    inputs: vector.inputs,
    beacon: vector.beacon,
    seed: vector.expect.seed,
    strata: vector.expect.strata.map(({ id, cutoff_ticket, shortfall }, at) => ({
      id,
      quota: (vector.commit.strata as { quota: number }[])[at]?.quota ?? 0,
      cutoff_ticket,
      shortfall,
    })),
    picks: vector.expect.strata.flatMap(({ id, picks }) => picks.map((pick) => ({ stratum: id, ...pick }))),
    skipped: vector.expect.strata.flatMap(({ id, skipped }) =>
      skipped.map((pick) => ({ stratum: id, ...pick, reason: reasons.get(pick.code) ?? "" })),
    ),
    team: vector.expect.team,
    cap: vector.expect.cap,
    files: { exclusions: [] },
    signatures: [],
  };
  return { record, files };
}

describe.each(vectors)("$name", (vector) => {
  it("spells the commit document to the byte", () => {
    expect(canonical(vector.commit)).toBe(vector.commit_jcs);
  });

  it("holds in every check", () => {
    const { record, files } = drawn(vector);
    expect(checkFiles(record, files, vector.expect.C)).toEqual({ faults: [] });
    expect(checkSeed(record)).toEqual({ faults: [] });
    expect(checkPicks(record, files)).toEqual({ faults: [] });
    expect(checkTeams(record, files)).toEqual({ faults: [] });
  });

  it("notices a changed roster, a changed input and a changed pick", () => {
    const { record, files } = drawn(vector);
    const stuffed = new Map(files).set("roster.txt", `${files.get("roster.txt")}x|A\n`);
    expect(checkFiles(record, stuffed, vector.expect.C).faults).toContain("roster.txt 的指纹与公告不符");
    const [first, ...rest] = record.inputs;
    const steered = { ...record, inputs: [{ ...(first as DrawRecord["inputs"][0]), input: "1" }, ...rest] };
    expect(checkSeed(steered).faults).toContain("种子与重算不符");
    const dropped = { ...record, picks: record.picks.slice(1) };
    expect(checkPicks(dropped, files).faults.length).toBeGreaterThan(0);
  });
});

/** A line that carries its own digest. */
function held(line: { [name: string]: string | null }): string {
  return canonical({ ...line, digest: sha256Hex(utf8(canonical(line))) });
}

describe("the record and what follows it", () => {
  const { record, files } = drawn(vectors[0] as Vector);

  it("is linked line by line, and says which line is not", () => {
    const { signatures: _none, ...unsigned } = record;
    const hash = sha256Hex(utf8(canonical(unsigned as unknown as Commit)));
    const witnesses = record.commit.witnesses as { name: string; kind: string }[];
    const signed: DrawRecord = { ...record, signatures: witnesses.map((one) => ({ ...one, covers: hash })) };
    const covered = sha256Hex(utf8(canonical(signed.signatures as unknown as Commit[])));
    const first = held({ event: "locked", prev: null, record: hash, signatures: covered });
    const second = held({ event: "attached", prev: sha256Hex(utf8(first)), record: hash });
    expect(checkRecord(signed, `${first}\n${second}\n`, hash)).toEqual({ faults: [] });
    expect(checkRecord(signed, `${second}\n${first}\n`, hash).faults).toContain("第 1 条记录没有接上");
    expect(checkRecord(signed, "", "00").faults).toContain("抽取记录的指纹与公告不符");
  });

  it("gives the same entities for the same digits and others for other digits", () => {
    const picked = record.picks.map((pick) => pick.code);
    const codes = (input: string) => picksWithOtherInput(record, files, 1, input).map((pick) => pick.code);
    expect(codes("0042")).toEqual(picked);
    expect(codes("0043")).not.toEqual(picked);
  });
});

interface Matched {
  name: string;
  entities: string[];
  inspectors: string[];
  recusals: string[];
  matching: MatchingRules;
  K_inspector: string;
  expect: { team?: Team[]; cap?: number };
}

const halves = (line: string): [string, string] => {
  const bar = line.indexOf("|");
  return [line.slice(0, bar), line.slice(bar + 1)];
};

describe.each(published.matching as unknown as Matched[])("matching: $name", (vector) => {
  it("fills every seat as published", () => {
    const groups = new Map<string, Set<string>>();
    for (const [inspector, group] of vector.inspectors.map(halves))
      groups.set(inspector, (groups.get(inspector) ?? new Set()).add(group));
    const picked = new Map(vector.entities.map(halves));
    const found = matched(picked, groups, new Set(vector.recusals), vector.matching, vector.K_inspector);
    expect(found).toEqual({ team: vector.expect.team ?? [], cap: vector.expect.cap ?? null });
  });
});

describe.each(second.records)("the record of $record.commit.title", ({ record, hash, lines }) => {
  const text = lines.map((line) => `${line}\n`).join("");
  const { files } = drawn(vectors.find(({ commit }) => commit.serial === record.serial) as Vector);
  const check = (events: string) => checkSince(record as unknown as DrawRecord, files, events).faults;

  it("is linked, signed and opened as a second program wrote it", () => {
    expect(checkRecord(record as unknown as DrawRecord, text, hash)).toEqual({ faults: [] });
  });

  it("replaces, redraws, trades and appoints as a second program did", () => {
    expect(lines).toHaveLength(7);
    expect(check(text)).toEqual([]);
  });

  it("says which change is not what the keys give", () => {
    expect(check(text.replace('"rank":', '"rank":1'))[0]).toMatch(/^第 2 条记录的 entrants：/);
    expect(check(text.replace('"swapped"', '"swapped "'))).toContain("第 4 条记录：不认识的记录 swapped ");
    expect(check(text.replace('"traded":["P', '"traded":["Q'))[0]).toMatch(/^第 4 条记录的 traded：/);
    expect(check(text.replace(/("event":"appointed","left":)"P/, '$1"Q'))[0]).toMatch(/^第 5 条记录的 left：/);
    expect(check(text.replaceAll('"asked_by":"王科长"', '"asked_by":""'))).toContain(
      "第 2 条记录没有写明理由、批准人和提出人",
    );
    const handed = text.replace(/"passed_over":\[\{[^\]]*\]/, '"passed_over":[]');
    expect(check(handed)[0]).toMatch(/^第 2 条记录的 entrants：/);
  });

  it("lets nobody be appointed to a team they sit in already", () => {
    const again = text.replace(/"entered":"A001"(,"event":"appointed","left":("P\d+"))/, '"entered":$2$1');
    expect(check(again)).toContainEqual(expect.stringMatching(/^第 5 条记录：P\d+ 已在 .+ 的组里，或须回避$/));
  });

  it("lets no letter of it be another one", () => {
    const letters = [...text];
    for (let at = 0; at < letters.length; at += 37) {
      const other = [...letters.slice(0, at), letters[at] === "7" ? "8" : "7", ...letters.slice(at + 1)].join("");
      const noticed = () => checkRecord(record as unknown as DrawRecord, other, hash).faults.length;
      expect(refused(noticed), `letter ${at}`).toBe(true);
    }
  });
});

/** Whether a check finds a fault, or cannot read at all. */
function refused(faults: () => number): boolean {
  try {
    return faults() > 0;
  } catch {
    return true;
  }
}

describe("the file of a record", () => {
  it("is spelled in one way only", () => {
    const spelled = '{\n "a": [],\n "b": [\n  1,\n  {\n   "c": "中"\n  }\n ]\n}\n';
    expect(checkSpelling(spelled)).toEqual({ faults: [] });
    expect(checkSpelling(spelled.replace(" 1,", "\t1,")).faults).toEqual(["record.json 从第 22 个字符起不是标准写法"]);
    expect(checkSpelling(spelled.trimEnd()).faults).toHaveLength(1);
  });
});

describe("what must not pass", () => {
  const { record } = drawn(vectors[0] as Vector);

  it("is a record without signatures and without the lines that follow it", () => {
    expect(checkRecord(record, "", "").faults).toContain("没有锁定或作废这一行");
  });

  it("is a record whose seed was taken out", () => {
    const first = canonical({ event: "locked", prev: null, record: "", signatures: "" });
    expect(checkRecord({ ...record, seed: null }, `${first}\n`, "").faults).toContain("没有种子，却没有作废");
  });
});

describe("SHA-256", () => {
  it("is the browser's own for every length around a block", async () => {
    for (let length = 0; length < 200; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 31 + length) & 255);
      const own = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      expect(sha256(bytes)).toEqual(own);
    }
  });
});
