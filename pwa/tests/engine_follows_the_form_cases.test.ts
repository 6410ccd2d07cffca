import { describe, expect, test } from "vitest";
import { assess, proposals } from "@/engine/assess";
import type { Form } from "@/engine/form";

interface CaseFile {
  about: string;
  form: Form;
  facts?: Record<string, string>;
  proposals?: object;
  cases: { name: string; answers: Record<string, unknown>; photos: Record<string, number>; expect: object }[];
}

const files = import.meta.glob<CaseFile>("../../forms/cases/*.json", { eager: true, import: "default" });

test("the case files are found", () => expect(Object.keys(files).length).toBeGreaterThan(5));

for (const file of Object.values(files)) {
  describe(file.about, () => {
    test.each(file.cases.map((one) => [one.name, one] as const))("%s", (_, one) => {
      expect(assess(file.form, one.answers, one.photos)).toEqual(one.expect);
    });

    test("offers what the case says", () => {
      expect(proposals(file.form, file.facts ?? {})).toEqual(file.proposals ?? {});
    });
  });
}
