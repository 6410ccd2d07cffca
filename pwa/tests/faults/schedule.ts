import { readVisit } from "@/store/visit_view";
import { Inspector, type Team } from "./inspector";
import type { House, KillAt } from "./line";
import { Random } from "./random";

/** What one schedule left behind, for the server's record to be held against. */
export interface Report {
  seed: number;
  visit: string;
  digest: string;
  saved: string[];
  shas: string[];
}

const STEPS = 11;
const PATIENCE_MS = 180_000;

/** Two inspectors fill one checklist on two phones while everything goes wrong; then the line is mended. */
export async function runSchedule(
  seed: number,
  team: Team,
  house: House,
  killAt: KillAt | null,
  pause: (step: number) => Promise<void>,
): Promise<Report> {
  const phones = team.people.map(
    ({ userId, session }, n) => new Inspector(team, userId, session, new Random(seed * 2 + n), house),
  );
  for (const phone of phones) await firstPull(phone);
  if (phones[0]) phones[0].line.killAt = killAt;
  await Promise.all(phones.map((phone) => day(phone, pause)));
  await settle(phones);
  for (const phone of phones) await nothingIsMissingHere(phone);
  const digests = await Promise.all(phones.map(async (phone) => (await readVisit(phone.store, team.visit))?.digest));
  if (new Set(digests).size !== 1 || !digests[0]) throw new Error(`the phones differ: ${digests.join(" ")}`);
  const saved = phones.flatMap((phone) => phone.saved);
  const shas = [...new Set(saved.flatMap((one) => one.sha ?? []))];
  return { seed, visit: team.visit, digest: digests[0], saved: saved.map((one) => one.id), shas };
}

/** Before the day begins every phone has its visit. */
async function firstPull(phone: Inspector): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    await phone.sync();
    if (await readVisit(phone.store, phone.team.visit)) return;
  }
  throw new Error("the visit never reached the phone");
}

async function day(phone: Inspector, pause: (step: number) => Promise<void>): Promise<void> {
  for (let step = 0; step < STEPS; step++) {
    await pause(step);
    await phone.step();
    await nothingIsMissingHere(phone);
  }
}

async function settle(phones: Inspector[]): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  let left: number[] = [];
  while (performance.now() < until) {
    const synced = [];
    for (const phone of phones) synced.push(await phone.settle());
    for (const phone of phones) synced.push(await phone.sync());
    left = await Promise.all(phones.map(waiting));
    if (synced.includes(false)) await new Promise((done) => setTimeout(done, 300));
    else if (left.every((one) => one === 0) && (await phones[0]?.resolveAll()) === 0) return;
  }
  throw new Error(`not settled: ${left.join(" and ")} still wait`);
}

async function waiting(phone: Inspector): Promise<number> {
  return phone.store.read(async (transaction) => {
    const ops = await transaction.objectStore("ops").index("waiting").getAll(1);
    const uploads = await transaction.objectStore("uploads").getAll();
    return ops.length + uploads.filter((row) => !row.receipt).length;
  });
}

/** What was called saved is on this phone, and bytes are let go only with the server's receipt. */
async function nothingIsMissingHere(phone: Inspector): Promise<void> {
  const [ops, uploads, blobs] = await phone.store.read((transaction) =>
    Promise.all([
      transaction.objectStore("ops").getAll(),
      transaction.objectStore("uploads").getAll(),
      transaction.objectStore("blobs").getAllKeys(),
    ]),
  );
  const here = new Set(ops.map((row) => row.op.id));
  const held = new Set(blobs);
  const receipted = new Set(uploads.filter((row) => row.receipt).map((row) => row.sha));
  for (const { id, sha } of phone.saved) {
    if (!here.has(id)) throw new Error(`the saved op ${id} is gone from the phone`);
    if (sha && !held.has(sha) && !receipted.has(sha)) throw new Error(`the bytes ${sha} are gone without a receipt`);
  }
}
