// The page on which anyone computes a draw again, in their own browser, from the published files.

import { fromHex } from "./bytes";
import {
  checkFiles,
  checkPicks,
  checkRecord,
  checkSeed,
  checkSpelling,
  checkTeams,
  type DrawRecord,
  entityKey,
  type Files,
  maskedCode,
  picksWithOtherInput,
  promisedFiles,
  ticketOf,
  type Verdict,
} from "./draw";
import { checkSince } from "./since";
import { faultWords, say } from "./words";

const SHOWN = 20;
const MOST_ROWS = 2000;

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
  word.textContent = holds ? say("一致", "agrees") : say("不一致", "does not agree");
  word.className = holds ? "ok" : "bad";
  part("[data-detail]", row).replaceChildren(
    ...verdict.faults.slice(0, SHOWN).map((fault) => element("p", faultWords(fault), "bad")),
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
  if (record.seed)
    list.append(element("code", `→ ${spaced(record.seed.slice(0, 8))} … ${spaced(record.seed.slice(-4))}`, "mono"));
  return list;
}

function picksTable(record: DrawRecord, names: Record<string, string>): HTMLElement {
  const details = element("details", "");
  const rows = record.picks.slice(0, MOST_ROWS).map((pick) => {
    const row = element("tr", "");
    row.append(element("td", names[pick.code] ?? pick.code), element("td", String(pick.rank), "r num"));
    row.append(element("td", spaced(pick.ticket.slice(0, 16)), "mono"));
    return row;
  });
  const table = element("table", "");
  const head = element("tr", "");
  for (const word of [say("单位", "Entity"), say("次序", "Rank"), say("票号", "Ticket")]) {
    const cell = element("th", word);
    cell.setAttribute("scope", "col");
    head.append(cell);
  }
  const body = element("tbody", "");
  body.append(...rows);
  const top = element("thead", "");
  top.append(head);
  table.append(top, body);
  details.append(
    element(
      "summary",
      record.picks.length > MOST_ROWS
        ? say(`看前 ${MOST_ROWS} 家的票号`, `The first ${MOST_ROWS} tickets`)
        : say(`看全部 ${record.picks.length} 家的票号`, `All ${record.picks.length} tickets`),
    ),
    table,
  );
  return details;
}

function offerOtherInput(record: DrawRecord, files: Files): void {
  const place = record.inputs.length - 1;
  const given = record.inputs[place];
  if (given === undefined || given.salt !== null) return;
  const section = part("#try");
  const field = part<HTMLInputElement>("#other-input");
  part("[data-label]", section).textContent = say(
    `${given.name}的数字（记录为 ${given.input}）`,
    `Input of ${given.name} (${given.input} on record)`,
  );
  field.value = given.input;
  section.hidden = false;
  part("form", section).addEventListener("submit", (event) => {
    event.preventDefault();
    const drawn = new Set(record.picks.map((pick) => pick.code));
    const other = picksWithOtherInput(record, files, place, field.value);
    const changed = other.filter((pick) => !drawn.has(pick.code)).length;
    const answer = part("[data-answer]", section);
    answer.hidden = false;
    answer.textContent =
      changed === 0
        ? say(
            `数字是 ${field.value} 时，抽到的还是这 ${record.picks.length} 家。`,
            `With ${field.value} the same ${record.picks.length} entities are drawn.`,
          )
        : say(
            `${given.name}的数字改成 ${field.value} 后，${record.picks.length} 家中有 ${changed} 家不同。`,
            `Had ${given.name} given ${field.value}, ${changed} of the ${record.picks.length} entities would be others.`,
          );
  });
}

async function verify(): Promise<void> {
  const page = part("#verify");
  const verdict = part("#verdict");
  const { files: folder = "", commitment = "", recordHash = "" } = page.dataset;
  const started = performance.now();
  const text = await textOf(`${folder}record.json`);
  if (text === undefined) {
    verdict.textContent = say(
      "没有取到抽取记录。请检查网络后重新打开这一页。",
      "The record could not be fetched. Check the network and open this page again.",
    );
    verdict.classList.add("bad");
    return;
  }
  const record = JSON.parse(text) as DrawRecord;
  const names = JSON.parse(part("#names").textContent ?? "{}") as Record<string, string>;
  const files = await filesOf(folder, record);
  const events = (await textOf(`${folder}events.jsonl`)) ?? "";
  const holds = [
    show("files", await afterAPaint(() => checkFiles(record, files, commitment))),
    show("seed", checkSeed(record), inputsOf(record)),
    show("picks", await afterAPaint(() => checkPicks(record, files)), picksTable(record, names)),
    show("team", await afterAPaint(() => checkTeams(record, files))),
    show("record", both(checkSpelling(text), await afterAPaint(() => checkRecord(record, events, recordHash)))),
    show("since", await afterAPaint(() => checkSince(record, files, events))),
  ].every(Boolean);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  verdict.classList.toggle("bad", !holds);
  verdict.replaceChildren(
    holds
      ? verdictOf(record)
      : say("有对不上的地方，见左边不一致的项。", "Something does not agree: see the items on the left."),
    element(
      "span",
      say(
        `全部计算在您的浏览器里完成，没有上传任何内容。用时 ${seconds} 秒。`,
        `Computed entirely in your browser, nothing was uploaded. It took ${seconds} s.`,
      ),
      "verdict-note",
    ),
  );
  if (record.seed === null) return;
  const key = entityKey(fromHex(record.seed));
  part("[data-formula]").textContent =
    `K=${key}; CODE=${say("单位的编码", "the-entitys-code")}; printf %s "$K$CODE" | sha256sum`;
  offerOtherInput(record, files);
  offerOneFirm(record, files, key);
}

function both(one: Verdict, other: Verdict): Verdict {
  return { faults: [...one.faults, ...other.faults] };
}

function verdictOf(record: DrawRecord): string {
  if (record.seed === null)
    return say(
      "这次摇号在数字到齐以前作废，没有抽出任何单位，记录完整。",
      "This draw was voided before the inputs were complete: nothing was drawn, and the record is whole.",
    );
  const [inputs, picks] = [record.inputs.length, record.picks.length];
  return say(
    `这份名录${inputs > 0 ? `和这 ${inputs} 组数字` : ""}，只能抽出公布的这 ${picks} 家，检查组也只能这样配。`,
    `This roster${inputs > 0 ? ` with these ${inputs} inputs` : ""} gives exactly the ${picks} published entities, and exactly these teams.`,
  );
}

/** Let the page show what it has before a long sum begins. */
function afterAPaint<Found>(work: () => Found): Promise<Found> {
  return new Promise((resolve) => setTimeout(() => resolve(work()), 0));
}

/** A firm looks itself up: its code, and its salt where codes are masked. */
function offerOneFirm(record: DrawRecord, files: Files, key: string): void {
  const section = part("#own");
  section.hidden = false;
  part("form", section).addEventListener("submit", (event) => {
    event.preventDefault();
    const written = part<HTMLInputElement>("#own-code").value.trim();
    const salt = part<HTMLInputElement>("#own-salt").value.trim();
    const code = /^[0-9a-f]{32}$/.test(salt) ? maskedCode(salt, written) : written;
    const answer = part("[data-answer]", section);
    answer.hidden = false;
    answer.textContent = standingOf(record, files, key, code);
  });
}

function standingOf(record: DrawRecord, files: Files, key: string, code: string): string {
  const roster = files.get("roster.txt") ?? "";
  const strata = record.strata.filter(({ id }) => roster.includes(`${code}|${id}\n`));
  if (code === "" || strata.length === 0)
    return say(
      "这个编码不在参加摇号的名录里。编码遮盖的，要连盐一起填，盐向摇号的机关要。",
      "This code is not in the roster. Where codes are masked, enter the salt too; the agency gives it to you.",
    );
  const ticket = ticketOf(key, code);
  return strata
    .map(({ id, cutoff_ticket }) => {
      const drawn = record.picks.some((pick) => pick.code === code && pick.stratum === id);
      const [own, last] = [ticket, cutoff_ticket ?? ""].map((whole) => spaced(whole.slice(0, 16)));
      return say(
        `${id} 组：票号 ${own}…，最后一名 ${last}…，${drawn ? "抽中" : "没有抽中"}。`,
        `Stratum ${id}: ticket ${own}…, the last one drawn ${last}…: ${drawn ? "drawn" : "not drawn"}. `,
      );
    })
    .join("");
}

verify().catch((fault: unknown) => {
  const verdict = part("#verdict");
  verdict.textContent = say(
    "公开的文件读不出来，无法核验。",
    "The published files cannot be read; nothing can be verified.",
  );
  verdict.classList.add("bad");
  throw fault;
});
