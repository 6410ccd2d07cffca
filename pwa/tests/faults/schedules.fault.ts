import { readFileSync, writeFileSync } from "node:fs";
import { test } from "vitest";
import type { Team } from "./inspector";
import type { House, KillAt } from "./line";
import { type Report, runSchedule } from "./schedule";

/** `FAULTS` names a file with the world that tests/faults made, and gets the reports back beside it. */
interface World {
  address: string;
  control: string;
  firstSeed: number;
  kills: number;
  restores: number;
  atOnce: number;
  teams: Team[];
}

const file = process.env.FAULTS ?? "";

test("every schedule ends with all that was saved in one place", { timeout: 7_200_000 }, async () => {
  const world = JSON.parse(readFileSync(file, "utf8")) as World;
  const house = new RealHouse(world);
  const every = Math.max(1, Math.floor(world.teams.length / Math.max(1, world.kills)));
  const reports: Report[] = [];
  const failures: string[] = [];
  let next = 0;
  const restoreAt = new Set(
    Array.from({ length: world.restores }, (_, n) => Math.floor(((n + 0.5) * world.teams.length) / world.restores)),
  );
  const runner = async () => {
    for (let n = next++; n < world.teams.length; n = next++) {
      const seed = world.firstSeed + n;
      const kill: KillAt | null =
        world.kills && n % every === every - 1 ? (n % 2 ? "half a piece" : "before the answer") : null;
      const pause = async (step: number) => {
        if (step === 6 && restoreAt.delete(n)) await house.restore();
      };
      try {
        reports.push(await runSchedule(seed, world.teams[n] as Team, house, kill, pause));
      } catch (reason) {
        failures.push(`seed ${seed}: ${reason instanceof Error ? (reason.stack ?? reason.message) : reason}`);
      }
    }
  };
  await Promise.all(Array.from({ length: world.atOnce }, runner));
  writeFileSync(`${file}.reports`, JSON.stringify(reports));
  if (failures.length) throw new Error(failures.slice(0, 5).join("\n"));
});

class RealHouse implements House {
  readonly address: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(readonly world: World) {
    this.address = world.address;
  }

  kill(): Promise<void> {
    return this.#ask("/kill");
  }

  /** Put an earlier backup in the database's place. */
  restore(): Promise<void> {
    return this.#ask("/restore");
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
