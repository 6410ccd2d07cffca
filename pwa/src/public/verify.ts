// The page on which anyone computes a draw again, in their own browser, from the published files.

import { fromHex } from "./bytes";
import {
  checkFiles,
  checkPicks,
  checkRecord,
  checkSeed,
  type DrawRecord,
  entityKey,
  type Files,
  picksWithOtherInput,
  promisedFiles,
  type Verdict,
} from "./draw";

const SHOWN = 20;

function part<Kind extends HTMLElement>(selector: string, within: ParentNode = document): Kind {
  const found = within.querySelector<Kind>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

function element(tag: string, text: string, css = ""): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  if (css) made.className = css;
  return made;
}

async function textOf(address: string): Promise<string | undefined> {
  const answer = await fetch(address);
  return answer.ok ? answer.text() : undefined;
}

async function filesOf(folder: string, record: DrawRecord): Promise<Files> {
  const files: Files = new Map();
  for (const [name] of promisedFiles(record)) {
    const text = await textOf(folder + name);
    if (text !== undefined) files.set(name, text);
  }
  return files;
}

function show(key: string, verdict: Verdict, ...detail: HTMLElement[]): boolean {
  const row = part(`#check-${key}`);
  const holds = verdict.faults.length === 0;
  const mark = part("[data-mark]", row);
  mark.classList.remove("wait");
  mark.classList.toggle("bad", !holds);
  mark.textContent = holds ? "✓" : "✗";
  const word = part("[data-word]", row);
  word.textContent = holds ? "一致" : "不一致";
  word.className = holds ? "ok" : "bad";
  part("[data-detail]", row).replaceChildren(
    ...verdict.faults.slice(0, SHOWN).map((fault) => element("p", fault, "bad")),
    ...detail,
  );
  return holds;
}

function spaced(hex: string): string {
  return (hex.toUpperCase().match(/.{4}/g) ?? []).join(" ");
}

function inputsOf(record: DrawRecord): HTMLElement {
  const list = element("p", "", "row wrap g8");
  for (const given of record.inputs) list.append(element("span", `${given.name}　${given.input}`, "witness-input"));
  list.append(element("code", `→ ${spaced(record.seed.slice(0, 8))} … ${spaced(record.seed.slice(-4))}`, "mono"));
  return list;
}

function picksTable(record: DrawRecord, names: Record<string, string>): HTMLElement {
  const details = element("details", "");
  const rows = record.picks.map((pick) => {
    const row = element("tr", "");
    row.append(element("td", names[pick.code] ?? pick.code), element("td", String(pick.rank), "r num"));
    row.append(element("td", spaced(pick.ticket.slice(0, 16)), "mono"));
    return row;
  });
  const table = element("table", "");
  const head = element("tr", "");
  for (const word of ["单位", "次序", "票号"]) {
    const cell = element("th", word);
    cell.setAttribute("scope", "col");
    head.append(cell);
  }
  const body = element("tbody", "");
  body.append(...rows);
  const top = element("thead", "");
  top.append(head);
  table.append(top, body);
  details.append(element("summary", `看全部 ${record.picks.length} 家的票号`), table);
  return details;
}

function offerOtherInput(record: DrawRecord, files: Files): void {
  const place = record.inputs.length - 1;
  const given = record.inputs[place];
  if (given === undefined || given.salt !== null) return;
  const section = part("#try");
  const field = part<HTMLInputElement>("#other-input");
  part("[data-label]", section).textContent = `${given.name}的数字（记录为 ${given.input}）`;
  field.value = given.input;
  section.hidden = false;
  part("form", section).addEventListener("submit", async (event) => {
    event.preventDefault();
    const drawn = new Set(record.picks.map((pick) => pick.code));
    const other = await picksWithOtherInput(record, files, place, field.value);
    const changed = other.filter((pick) => !drawn.has(pick.code)).length;
    const answer = part("[data-answer]", section);
    answer.hidden = false;
    answer.textContent =
      changed === 0
        ? `数字是 ${field.value} 时，抽到的还是这 ${record.picks.length} 家。`
        : `${given.name}的数字改成 ${field.value} 后，${record.picks.length} 家中有 ${changed} 家不同。`;
  });
}

async function verify(): Promise<void> {
  const page = part("#verify");
  const verdict = part("#verdict");
  const { files: folder = "", commitment = "", recordHash = "" } = page.dataset;
  if (!globalThis.crypto?.subtle) {
    verdict.textContent = "这个浏览器不能在此计算。请用 https 打开，或下载文件用核验程序计算。";
    return;
  }
  const started = performance.now();
  const text = await textOf(`${folder}record.json`);
  if (text === undefined) {
    verdict.textContent = "没有取到抽取记录。请检查网络后重新打开这一页。";
    verdict.classList.add("bad");
    return;
  }
  const record = JSON.parse(text) as DrawRecord;
  const names = JSON.parse(part("#names").textContent ?? "{}") as Record<string, string>;
  const files = await filesOf(folder, record);
  const events = (await textOf(`${folder}events.jsonl`)) ?? "";
  const holds = [
    show("files", await checkFiles(record, files, commitment)),
    show("seed", await checkSeed(record), inputsOf(record)),
    show("picks", await checkPicks(record, files), picksTable(record, names)),
    show("record", await checkRecord(record, events, recordHash)),
  ].every(Boolean);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const numbers = record.inputs.length > 0 ? `和这 ${record.inputs.length} 组数字` : "";
  verdict.classList.toggle("bad", !holds);
  verdict.replaceChildren(
    holds ? `这份名录${numbers}，只能抽出公布的这 ${record.picks.length} 家。` : "有对不上的地方，见左边不一致的项。",
    element("span", `全部计算在您的浏览器里完成，没有上传任何内容。用时 ${seconds} 秒。`, "verdict-note"),
  );
  part("[data-formula]").textContent =
    `K=${await entityKey(fromHex(record.seed))}; CODE=单位的编码; printf %s "$K$CODE" | sha256sum`;
  offerOtherInput(record, files);
}

verify().catch((fault: unknown) => {
  const verdict = part("#verdict");
  verdict.textContent = "公开的文件读不出来，无法核验。";
  verdict.classList.add("bad");
  throw fault;
});
