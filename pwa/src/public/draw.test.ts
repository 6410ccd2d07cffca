// The published vectors, computed by the browser's engine; and one byte flipped is always noticed.

import { describe, expect, it } from "vitest";
import published from "../../../tests/planning/draw/vectors/draw-1.json";
import { byBytes, canonical, sha256Hex, utf8 } from "./bytes";
import {
  type Commit,
  checkFiles,
  checkPicks,
  checkRecord,
  checkSeed,
  type DrawRecord,
  type Files,
  type Pick,
  picksWithOtherInput,
} from "./draw";

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
    strata: { id: string; picks: Omit<Pick, "stratum">[]; cutoff_ticket: string | null; shortfall: number }[];
  };
}

const vectors = published.draws as unknown as Vector[];

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
  const record: DrawRecord = {
    serial: vector.commit.serial as string,
    commit: vector.commit,
    C: vector.expect.C,
    nonce: vector.nonce,
    inputs: vector.inputs,
    beacon: vector.beacon,
    seed: vector.expect.seed,
    strata: vector.expect.strata.map(({ id, cutoff_ticket, shortfall }) => ({
      id,
      quota: 0,
      cutoff_ticket,
      shortfall,
    })),
    picks: vector.expect.strata.flatMap(({ id, picks }) => picks.map((pick) => ({ stratum: id, ...pick }))),
    files: { exclusions: [] },
    signatures: [],
  };
  return { record, files };
}

describe.each(vectors)("$name", (vector) => {
  it("spells the commit document to the byte", () => {
    expect(canonical(vector.commit)).toBe(vector.commit_jcs);
  });

  it("holds in every check", async () => {
    const { record, files } = drawn(vector);
    expect(await checkFiles(record, files, vector.expect.C)).toEqual({ faults: [] });
    expect(await checkSeed(record)).toEqual({ faults: [] });
    expect(await checkPicks(record, files)).toEqual({ faults: [] });
  });

  it("notices a changed roster, a changed input and a changed pick", async () => {
    const { record, files } = drawn(vector);
    const stuffed = new Map(files).set("roster.txt", `${files.get("roster.txt")}x|A\n`);
    expect((await checkFiles(record, stuffed, vector.expect.C)).faults).toContain("roster.txt 的指纹与公告不符");
    const [first, ...rest] = record.inputs;
    const steered = { ...record, inputs: [{ ...(first as DrawRecord["inputs"][0]), input: "1" }, ...rest] };
    expect((await checkSeed(steered)).faults).toContain("种子与重算不符");
    const dropped = { ...record, picks: record.picks.slice(1) };
    expect((await checkPicks(dropped, files)).faults.length).toBeGreaterThan(0);
  });
});

describe("the record and what follows it", () => {
  const { record, files } = drawn(vectors[0] as Vector);

  it("is linked line by line, and says which line is not", async () => {
    const { signatures, ...unsigned } = record;
    const hash = await sha256Hex(utf8(canonical(unsigned as unknown as Commit)));
    const signed = await sha256Hex(utf8(canonical(signatures)));
    const first = canonical({ event: "locked", prev: null, record: hash, signatures: signed });
    const second = canonical({ event: "opened", prev: await sha256Hex(utf8(first)), record: hash });
    expect(await checkRecord(record, `${first}\n${second}\n`, hash)).toEqual({ faults: [] });
    expect((await checkRecord(record, `${second}\n${first}\n`, hash)).faults).toContain("第 1 条记录没有接上");
    expect((await checkRecord(record, "", "00")).faults).toContain("抽取记录的指纹与公告不符");
  });

  it("gives the same entities for the same digits and others for other digits", async () => {
    const picked = record.picks.map((pick) => pick.code);
    const codes = async (input: string) =>
      (await picksWithOtherInput(record, files, 1, input)).map((pick) => pick.code);
    expect(await codes("0042")).toEqual(picked);
    expect(await codes("0043")).not.toEqual(picked);
  });
});
