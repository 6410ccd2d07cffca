import { ALTERED } from "@/store/outbox";
import type { OpRow, UploadRow } from "@/store/schema";
import { readVisit, type VisitView } from "@/store/visit_view";
import { Inspector, type Team } from "./inspector";
import type { House, Moment } from "./line";
import { Random } from "./random";

/** What one schedule left behind, for the server's record to be held against. */
export interface Report {
  seed: number;
  visit: string;
  digest: string;
  /** Every op that a screen called saved, under the id under which it counts. */
  saved: string[];
  /** Ops that somebody altered on a phone before the server had them: kept there, told of, never sent. */
  kept: string[];
  shas: string[];
}

const STEPS = 11;

/** Two inspectors fill one checklist on two phones, one of them lent at times, while everything goes wrong. */
export class Schedule {
  readonly #phones: Inspector[];

  constructor(
    readonly seed: number,
    readonly team: Team,
    house: House,
    readonly patienceMs: number,
  ) {
    const [leader, colleague, guest] = team.people;
    if (!leader || !colleague || !guest) throw new Error("a team is three people");
    const borrower = new Inspector(team, guest, new Random(seed * 3 + 2), house);
    this.#phones = [
      new Inspector(team, leader, new Random(seed * 3), house, borrower),
      new Inspector(team, colleague, new Random(seed * 3 + 1), house),
      borrower,
    ];
  }

  /** Live through the day; then the line is mended. */
  async run(killAt: Moment | null, before: (step: number) => Promise<void>): Promise<void> {
    const holders = this.#phones.slice(0, 2);
    for (const phone of holders) await firstPull(phone, this.patienceMs);
    const fate = { killAt };
    for (const phone of holders) phone.line.fate = fate;
    await Promise.all(holders.map((phone) => day(phone, before)));
    await this.settle();
  }

  /** Sync until nothing waits and nobody has a choice left to make. */
  async settle(): Promise<void> {
    const until = performance.now() + this.patienceMs;
    let left: string[][] = [];
    while (performance.now() < until) {
      const synced = [];
      for (const phone of this.#phones) synced.push(await phone.settle());
      for (const phone of this.#phones) synced.push(await phone.sync());
      left = await Promise.all(this.#phones.map(waiting));
      if (synced.includes(null)) await pause();
      else if (left.every((one) => one.length === 0) && (await this.#decide()) === 0) return;
    }
    const told = this.#phones.map((phone, n) => `[${left[n]?.join(", ")}] wait, last problem ${phone.problem}`);
    throw new Error(`not settled: ${told.join("; ")}`);
  }

  async #decide(): Promise<number> {
    const decided = await Promise.all(this.#phones.slice(0, 2).map((phone) => phone.resolveAll()));
    return decided.reduce((sum, one) => sum + one, 0);
  }

  async report(): Promise<Report> {
    const told = { saved: [] as string[], kept: [] as string[], shas: new Set<string>() };
    for (const phone of this.#phones) {
      await nothingIsMissingHere(phone);
      const { ops, uploads } = await rowsOf(phone);
      for (const { id, sha } of phone.saved) {
        const row = finalRow(ops, id);
        (row.result?.reason === ALTERED ? told.kept : told.saved).push(row.op.id);
        if (sha && uploads.get(sha)?.receipt) told.shas.add(sha);
      }
    }
    const { seed, team } = this;
    const views = (await Promise.all(this.#phones.map((phone) => viewOf(phone, team.visit)))).flatMap(
      (one) => one ?? [],
    );
    if (new Set(views.map((view) => view.digest)).size !== 1)
      throw new Error(`the phones differ: ${differences(views)}`);
    return { seed, visit: team.visit, digest: views[0]?.digest ?? "", ...told, shas: [...told.shas] };
  }
}

/** A failed round is not tried again at once. */
function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, 100));
}

/** Before the day begins every phone has its visit. */
async function firstPull(phone: Inspector, patienceMs: number): Promise<void> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    await phone.sync();
    if (await viewOf(phone, phone.team.visit)) return;
    await pause();
  }
  throw new Error(`the visit never reached the phone: ${phone.problem}`);
}

async function day(phone: Inspector, before: (step: number) => Promise<void>): Promise<void> {
  for (let step = 0; step < STEPS; step++) {
    await before(step);
    await phone.step();
    await nothingIsMissingHere(phone);
  }
}

function viewOf(phone: Inspector, visit: string): Promise<VisitView | null> {
  return phone.here(() => readVisit(phone.store, visit));
}

/** What one phone shows otherwise than the first. */
function differences(views: VisitView[]): string {
  const [first, ...others] = views.map(({ answers, evidence }) => {
    const pieces = evidence.map(({ sha, voidReason, late }) => [sha, JSON.stringify([voidReason, late])]);
    return new Map([...Object.entries(answers).map(([path, value]) => [path, JSON.stringify(value)]), ...pieces] as [
      string,
      string,
    ][]);
  });
  const names = new Set([first, ...others].flatMap((view) => [...(view?.keys() ?? [])]));
  const differing = [...names].filter((name) => others.some((view) => view.get(name) !== first?.get(name)));
  return differing
    .map((name) => `${name}: ${[first, ...others].map((view) => view?.get(name)).join(" / ")}`)
    .join("; ");
}

function rowsOf(
  phone: Inspector,
): Promise<{ ops: Map<string, OpRow>; uploads: Map<string, UploadRow>; held: Set<string> }> {
  return phone.here(() =>
    phone.store.read(async (transaction) => {
      const [ops, uploads, blobs] = await Promise.all([
        transaction.objectStore("ops").getAll(),
        transaction.objectStore("uploads").getAll(),
        transaction.objectStore("blobs").getAllKeys(),
      ]);
      return {
        ops: new Map(ops.map((row) => [row.op.id, row])),
        uploads: new Map(uploads.map((row) => [row.sha, row])),
        held: new Set(blobs),
      };
    }),
  );
}

/** What has still to go; what cannot go because it was altered here has to say so. */
async function waiting(phone: Inspector): Promise<string[]> {
  const { ops, uploads } = await rowsOf(phone);
  const saysSo = (row: UploadRow) => phone.altered.has(row.sha) && row.stuck?.code === "corrupt-here";
  const files = [...uploads.values()].filter((row) => !row.receipt && !saysSo(row));
  return [
    ...[...ops.values()].filter((row) => row.waiting).map(({ seq, op }) => `op ${seq} ${op.kind}`),
    ...files.map(({ sha, stuck }) => `file ${sha.slice(0, 8)} ${stuck?.code ?? ""}`),
  ];
}

/** The op under which a saved one counts by now: the last that says it again. */
function finalRow(ops: Map<string, OpRow>, id: string): OpRow {
  const row = ops.get(id);
  if (!row) throw new Error(`the saved op ${id} is gone from the phone`);
  return row.saidAgainAs ? finalRow(ops, row.saidAgainAs) : row;
}

/** What was called saved is on this phone, and bytes are let go only with the server's receipt. */
async function nothingIsMissingHere(phone: Inspector): Promise<void> {
  const { ops, uploads, held } = await rowsOf(phone);
  for (const { id, sha } of phone.saved) {
    const row = finalRow(ops, id);
    if (row.result?.reason === ALTERED && !phone.altered.size) throw new Error(`${id} is called altered and was not`);
    if (sha && !held.has(sha) && !uploads.get(sha)?.receipt)
      throw new Error(`the bytes ${sha} are gone without a receipt`);
  }
}
