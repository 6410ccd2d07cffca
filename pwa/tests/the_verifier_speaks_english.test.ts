// Every fault that the public verifier names has its English.

import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { faultWords, say } from "../src/public/words";

const CHINESE = /[一-鿿]/;

afterEach(() => vi.unstubAllGlobals());

function faultsOf(source: string): string[] {
  const literals = [...source.matchAll(/(?:\.push\(|\? \[|: \[)(?:"([^"]+)"|`([^`]+)`)/g)];
  return literals.map(([, plain, filled]) =>
    (plain ?? filled ?? "").replace(/\$\{here\}/, "第 7 条记录").replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "7"),
  );
}

test("in Chinese a fault stays as it is", () => {
  expect(faultWords("种子与重算不符")).toBe("种子与重算不符");
  expect(say("一致", "agrees")).toBe("一致");
});

test("every fault of the checks has its English", () => {
  vi.stubGlobal("document", { documentElement: { lang: "en" } });
  const sources = ["draw", "since"].map((name) => new URL(`../src/public/${name}.ts`, import.meta.url));
  const faults = sources.flatMap((source) => faultsOf(readFileSync(source, "utf-8")));
  const named = [
    ...faults.filter((fault) => CHINESE.test(fault)),
    "免检第 2 家：记录为 7，应为 8",
    "第 1 组：记录为 7，应为 8",
  ];
  expect(named.length).toBeGreaterThan(20);
  expect(named.map(faultWords).filter((fault) => CHINESE.test(fault) && !fault.includes("7 7"))).toEqual([]);
});
