import { expect, test } from "vitest";
import { absent, obstacleGaps, type Procedure, type Walked, walkGaps } from "@/engine/walk";
import vectors from "../../tests/contract/vectors/walk-1.json";

interface Case {
  name: string;
  procedure: Procedure;
  walked: Walked;
  gaps: [string, string][];
}

test.each(vectors.walks as unknown as Case[])("$name", ({ procedure, walked, gaps }) => {
  expect(walkGaps(procedure, walked).map((gap) => [gap.code, gap.what])).toEqual(gaps);
});

test.each(vectors.obstacles as unknown as (Case & { reasons: string[] })[])("$name", ({ reasons, walked, gaps }) => {
  expect(obstacleGaps(reasons, walked).map((gap) => [gap.code, gap.what])).toEqual(gaps);
});

test("who fell out with a reason signs nothing; without a reason nobody fell out", () => {
  const team = [
    { userId: 1, name: "赵示例" },
    { userId: 2, name: "钱样例" },
  ];
  const answers = { "/presence/1": { absent: true, text: "生病住院" }, "/presence/2": { absent: true, text: " " } };
  expect([...absent(answers, team)]).toEqual([1]);
});
