import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { assess, proposals } from "@/engine/assess";
import type { Form } from "@/engine/form";

interface Generated {
  seed: number;
  form: Form;
  answers: Record<string, unknown>;
  photos: Record<string, number>;
  facts: Record<string, string>;
  expect: object;
  offered: object;
}

/** Written by tests/contract/test_both_engines_agree_on_generated_forms.py, which runs this file. */
const path = process.env.GENERATED_FORMS;

test.skipIf(!path)("the phone says what the server says of every generated form", () => {
  const lines = readFileSync(path ?? "", "utf-8")
    .trimEnd()
    .split("\n");
  expect(lines.length).toBe(Number(process.env.GENERATED_COUNT));
  for (const line of lines) {
    const one: Generated = JSON.parse(line);
    expect(assess(one.form, one.answers, one.photos), `seed ${one.seed}`).toEqual(one.expect);
    expect(proposals(one.form, one.facts), `seed ${one.seed}`).toEqual(one.offered);
  }
});
