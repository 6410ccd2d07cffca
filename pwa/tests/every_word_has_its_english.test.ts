import { expect, test } from "vitest";
import { say, sayInChinese, speak } from "@/engine/language";
import { english } from "@/languages/en";

const sources = import.meta.glob<string>("../src/{app,device,engine,features,preview,store,sync,ui}/**/*.{ts,svelte}", {
  query: "?raw",
  import: "default",
  eager: true,
});
const HAN = /\p{Script=Han}/u;
const LITERAL = /"(?:[^"\\\n]|\\.)*"/g;
const BESIDE = /^[\s　·]+|[\s　·]+$/gu;

/** What is written on paper or on record stays Chinese in every language, and so does what is compared with it. */
const ON_RECORD = new Set([
  "公章",
  "签字盖章件",
  "逐项改正，书面报告改正情况。",
  "登记信息与名录一致，未见异常。",
  "您有权对本次检查发现的情况陈述、申辩，我们如实记录，不会因此加重处理。",
  "对检查人员有利害关系的，您可以申请回避；对公示的检查结果有异议的，可以向{0}提出。",
  "中文",
  "{0} {1}　{2}",
  "原件另存，本图为副本",
  "责令改正",
  "停止",
  "移送",
  "立案",
]);
const papers = /\/(ui\/papers|features\/record\/draft)/;

function scripts(path: string, text: string): string {
  const code = path.endsWith(".svelte") ? text.replace(/<style>[\s\S]*?<\/style>/, "") : text;
  return code.replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|^\s*\/\/.*$|\s\/\/ .*$/gm, "");
}

/** Markup without its scripts, its expressions and its attributes: what a reader sees as it stands. */
function bareText(text: string): string {
  let markup = scripts("a.svelte", text).replace(/<script[\s\S]*?<\/script>/g, "");
  for (let before = ""; before !== markup; ) {
    before = markup;
    markup = markup.replace(/\{[^{}]*\}/g, "");
  }
  return markup;
}

test("no words of a screen stand outside the catalogue", () => {
  const bare: string[] = [];
  for (const [path, text] of Object.entries(sources)) {
    if (!path.endsWith(".svelte") || papers.test(path)) continue;
    for (const line of bareText(text).split("\n")) {
      if (HAN.test(line.replace(/caption="[^"]*"/g, ""))) bare.push(`${path}: ${line.trim()}`);
    }
  }
  expect(bare).toEqual([]);
});

test("every key has its English, and no English is without a key", () => {
  const used = new Set<string>();
  for (const [path, text] of Object.entries(sources)) {
    if (papers.test(path)) continue;
    for (const [literal] of scripts(path, text).matchAll(LITERAL)) {
      const words = (JSON.parse(literal.replace(/\\(?!["\\nu])/g, "\\\\")) as string).replace(BESIDE, "");
      if (HAN.test(words) && !ON_RECORD.has(words)) used.add(words);
    }
  }
  const missing = [...used].filter((words) => !(words in english));
  expect(missing).toEqual([]);
  expect(Object.keys(english).filter((words) => !used.has(words) && HAN.test(words) && !ON_RECORD.has(words))).toEqual(
    [],
  );
});

test("each side of the catalogue has the same places for facts", () => {
  const places = (words: string) => [...words.matchAll(/\{\d\}/g)].map(([place]) => place).sort();
  const wrong = Object.entries(english).filter(([zh, en]) => `${places(zh)}` !== `${places(en)}`);
  expect(wrong).toEqual([]);
});

test("the screen speaks English when told to; papers never do", () => {
  speak(english);
  expect(say("还差：{0}", "x")).toBe("Missing: x");
  expect(say("没有这样的词")).toBe("没有这样的词");
  expect(sayInChinese("还差：{0}", "x")).toBe("还差：x");
  speak(null);
  expect(say("还差：{0}", "x")).toBe("还差：x");
});
