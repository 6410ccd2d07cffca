// What was published once stays readable: the golden draws of every release, checked as the public page checks them.

import { expect, it } from "vitest";
import { canonical, sha256Hex, utf8 } from "@/public/bytes";
import {
  checkFiles,
  checkPicks,
  checkRecord,
  checkSeed,
  checkSpelling,
  checkTeams,
  type DrawRecord,
  type Files,
} from "@/public/draw";
import { checkSince } from "@/public/since";
import first from "../../tests/contract/released/draw-events-1.json";
import second from "../../tests/contract/released/draw-events-2.json";

it.each([first, second])("reads $events", (golden) => {
  const written = golden.files as Record<string, string>;
  const text = written["record.json"] ?? "";
  const record = JSON.parse(text) as DrawRecord;
  const files: Files = new Map(Object.entries(written));
  const events = written["events.jsonl"] ?? "";
  const { signatures: _none, ...unsigned } = record as unknown as Record<string, never>;
  expect(checkSpelling(text)).toEqual({ faults: [] });
  expect(checkFiles(record, files, record.C)).toEqual({ faults: [] });
  expect(checkSeed(record)).toEqual({ faults: [] });
  expect(checkPicks(record, files)).toEqual({ faults: [] });
  expect(checkTeams(record, files)).toEqual({ faults: [] });
  expect(checkSince(record, files, events)).toEqual({ faults: [] });
  expect(checkRecord(record, events, sha256Hex(utf8(canonical(unsigned))))).toEqual({ faults: [] });
});

it("refuses a version that nobody released", () => {
  const written = second.files as Record<string, string>;
  const record = JSON.parse(written["record.json"] ?? "") as DrawRecord;
  const events = (written["events.jsonl"] ?? "").replaceAll("draw-events/2", "draw-events/9");
  expect(checkRecord(record, events, "").faults).toContain("第 1 条记录的版本不认识");
});
