import { expect, test } from "vitest";
import { wordsOf } from "@/office/pieces";

const PROBLEM = { title: "“a.txt”不是录音、录像、图片或 PDF，没有登记。", detail: "“a.txt” was not registered." };

test("a refusal is told in the language of the page that sent the file", async () => {
  expect(await wordsOf(Response.json(PROBLEM, { status: 422 }), "zh-CN")).toBe(PROBLEM.title);
  expect(await wordsOf(Response.json(PROBLEM, { status: 422 }), "en")).toBe(PROBLEM.detail);
});

test("an answer without words is told by its number", async () => {
  expect(await wordsOf(new Response("<html>", { status: 502 }), "zh-CN")).toBe("服务器答复 502");
});
