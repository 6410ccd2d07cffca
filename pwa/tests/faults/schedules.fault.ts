import { readFileSync, writeFileSync } from "node:fs";
import { test } from "vitest";
import type { Team } from "./inspector";
import { type House, MOMENTS, type Moment } from "./line";
import { type Report, Schedule } from "./schedule";
import { happened, tally } from "./tally";

/** `FAULTS` names a file with the world that tests/faults made, and gets the reports back beside it. */
interface World {
  address: string;
  control: string;
  firstSeed: number;
  kills: number;
  restores: number;
  atOnce: number;
  /** How long a schedule may take to settle before it counts as stuck. */
  patienceMs: number;
  teams: Team[];
}

const file = process.env.FAULTS ?? "";
const STEP_OF_RESTORE = 6;

test("every schedule ends with all that was saved in one place", { timeout: 7_200_000 }, async () => {
  const world = JSON.parse(readFileSync(file, "utf8")) as World;
  const house = new RealHouse(world);
  const killed = spread(world.kills, world.teams.length);
  const restored = spread(world.restores, world.teams.length);
  const failures: string[] = [];
  const ended: { schedule: Schedule; restores: number }[] = [];
  /** Whether it went well; if not, why not is told at the end. */
  const noting = (schedule: Schedule, work: Promise<unknown>): Promise<boolean> =>
    work.then(
      () => true,
      (reason) => {
        failures.push(`seed ${schedule.seed}: ${reason instanceof Error ? (reason.stack ?? reason.message) : reason}`);
        return false;
      },
    );

  await inTurns(world, async (team, n) => {
    const schedule = new Schedule(world.firstSeed + n, team, house, world.patienceMs);
    const moment: Moment | null = killed.has(n) ? (MOMENTS[[...killed].indexOf(n) % MOMENTS.length] as Moment) : null;
    const before = async (step: number) => {
      if (step === STEP_OF_RESTORE && restored.delete(n)) await house.restore();
    };
    if (await noting(schedule, schedule.run(moment, before))) ended.push({ schedule, restores: house.restores });
  });

  // What was sent before a later restore is missed by the server again: those phones come back too, as they would.
  const reports: Report[] = [];
  await inTurns({ ...world, teams: ended }, async ({ schedule, restores }) => {
    if (restores < house.restores && !(await noting(schedule, schedule.settle()))) return;
    await noting(
      schedule,
      schedule.report().then((report) => reports.push(report)),
    );
  });
  writeFileSync(`${file}.reports`, JSON.stringify({ reports, failures, tally: tally() }));
});

/** Which schedules, evenly spread, bring one of `count` events. */
function spread(count: number, over: number): Set<number> {
  return new Set(Array.from({ length: count }, (_, n) => Math.floor(((n + 0.5) * over) / count)));
}

/** Every team gets its work, `atOnce` at a time. */
async function inTurns<T>(
  world: { atOnce: number; teams: T[] },
  work: (team: T, n: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const runner = async () => {
    for (let n = next++; n < world.teams.length; n = next++) await work(world.teams[n] as T, n);
  };
  await Promise.all(Array.from({ length: world.atOnce }, runner));
}

class RealHouse implements House {
  readonly address: string;
  restores = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(readonly world: World) {
    this.address = world.address;
  }

  kill(): Promise<void> {
    return this.#ask("/kill");
  }

  backUp(): Promise<void> {
    return this.#ask("/back-up");
  }

  /** Put an earlier backup in the database's place. */
  async restore(): Promise<void> {
    await this.#ask("/restore");
    this.restores += 1;
    happened("server restored from a backup");
  }

  #ask(what: string): Promise<void> {
    const mine = this.#turn.then(async () => {
      const answer = await fetch(this.world.control + what, { method: "POST" });
      if (!answer.ok) throw new Error(`${what}: ${answer.status} ${await answer.text()}`);
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
