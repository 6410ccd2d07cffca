import { sha256 } from "@/engine/canonical";
import type { Op } from "@/engine/ops";
import { addEvidence, addLocation, resolveConflict, setAnswer, setNote, voidEvidence } from "@/store/captures";
import { PhoneStore } from "@/store/database";
import { evictReceipted } from "@/store/files";
import { readVisit } from "@/store/visit_view";
import { Api } from "@/sync/api";
import { syncOnce } from "@/sync/round";
import { type House, Line } from "./line";
import type { Random } from "./random";
import { fillUp, killInNextWrite, spare, withClock } from "./trouble";

export interface Team {
  visit: string;
  form: string;
  matter: number;
  people: { userId: number; session: string }[];
}

const ITEMS = 6;
const DAY_MS = 24 * 3_600_000;
const PLACE = { at: 1_784_595_600_000, lat7: 368000000, lon7: 1180000000, accuracyCm: 900 };

/** One inspector with one phone, doing what a day brings; `saved` is what the screen called 已保存. */
export class Inspector {
  readonly saved: { id: string; sha: string | null }[] = [];
  readonly line: Line;
  readonly #api: Api;
  readonly #clock = { skewMs: 0 };
  #tab: PhoneStore;

  constructor(
    readonly team: Team,
    readonly userId: number,
    session: string,
    readonly random: Random,
    house: House,
  ) {
    this.line = new Line(house, session, random);
    this.#api = new Api(this.line.fetch);
    this.#tab = new PhoneStore(userId);
  }

  get store(): PhoneStore {
    return this.#tab;
  }

  /** Do one thing, or let one thing go wrong. */
  step(): Promise<void> {
    return withClock(this.#clock, () => this.#step());
  }

  /** One round; a line that fails is no news here. */
  sync(): Promise<boolean> {
    return withClock(this.#clock, () =>
      syncOnce(this.#api, this.#tab).then(
        () => true,
        () => false,
      ),
    );
  }

  async #step(): Promise<void> {
    const roll = this.random.below(100);
    if (roll < 34) return this.#answer();
    if (roll < 40) return this.#note();
    if (roll < 52) return this.#photograph();
    if (roll < 56) return this.#void();
    if (roll < 59) return this.#keep(() => addLocation(this.#tab, this.team.visit, PLACE));
    if (roll < 80) return void (await this.sync());
    if (roll < 84) return this.#reload();
    if (roll < 88) return this.#dieWhileSaving();
    if (roll < 91) return this.#runFull();
    if (roll < 94) return this.#endOrRenewSession();
    if (roll < 96) return this.#setClock();
    if (roll < 98) return void (await evictReceipted(this.#tab, Date.now() + 8 * DAY_MS));
    return this.#twoTabs();
  }

  async #endOrRenewSession(): Promise<void> {
    this.line.sessionLives = !this.line.sessionLives;
  }

  async #setClock(): Promise<void> {
    this.#clock.skewMs = this.random.of([-DAY_MS, 0, DAY_MS]);
  }

  /** Make peace with the line, then choose wherever two answers stand. */
  async settle(): Promise<boolean> {
    await this.line.quiet();
    this.line.sessionLives = true;
    this.#clock.skewMs = 0;
    fillUp(this.userId, false);
    return this.sync();
  }

  async resolveAll(): Promise<number> {
    const view = await readVisit(this.#tab, this.team.visit);
    for (const row of view?.conflicts ?? []) {
      const keep = this.random.of([row.server?.opId ?? null, ...row.candidates.map((one) => one.opId)]);
      await this.#keep(() => resolveConflict(this.#tab, this.team.visit, row.path, keep));
    }
    return view?.conflicts.length ?? 0;
  }

  #answer(): Promise<void> {
    const path = `/matters/${this.team.matter}/items/item${this.random.below(ITEMS)}`;
    const result = this.random.of(["pass", "fail", "na"]);
    const value = { result, problem: result === "fail" ? `问题${this.random.below(9)}` : null, disposal: null };
    return this.#keep(() => setAnswer(this.#tab, this.team.visit, path, value, this.team.form));
  }

  #note(): Promise<void> {
    const value = { text: `情况${this.random.below(99)}` };
    return this.#keep(() => setNote(this.#tab, this.team.visit, "/record/situation", value));
  }

  async #photograph(): Promise<void> {
    const bytes = this.random.bytes(this.random.chance(0.06) ? 700_000 : 200 + this.random.below(4000));
    const sha = await sha256(bytes);
    const file = { sha, bytes: bytes.buffer, mime: "image/jpeg", item: null, role: "photo" as const, caption: "" };
    return this.#keep(() => addEvidence(this.#tab, this.team.visit, { ...file, capture: PLACE }), sha);
  }

  async #void(): Promise<void> {
    const shas = this.saved.flatMap((one) => one.sha ?? []);
    if (shas.length) await this.#keep(() => voidEvidence(this.#tab, this.team.visit, this.random.of(shas), "重复"));
  }

  /** The screen says 已保存 when the write resolves, and only then does it go into the log. */
  async #keep(write: () => Promise<Op>, sha: string | null = null): Promise<void> {
    const op = await write();
    this.saved.push({ id: op.id, sha });
  }

  async #reload(): Promise<void> {
    await this.#tab.close();
    this.#tab = new PhoneStore(this.userId);
  }

  async #dieWhileSaving(): Promise<void> {
    killInNextWrite(this.userId);
    await this.#answer().catch(() => undefined);
    spare(this.userId);
    await this.#reload();
  }

  async #runFull(): Promise<void> {
    fillUp(this.userId, true);
    await this.#photograph().catch(() => undefined);
    fillUp(this.userId, false);
  }

  async #twoTabs(): Promise<void> {
    const first = this.#tab;
    const second = new PhoneStore(this.userId);
    const write = (tab: PhoneStore, item: number) => {
      const path = `/matters/${this.team.matter}/items/item${item}`;
      const value = { result: "pass", problem: null, disposal: null };
      return this.#keep(() => setAnswer(tab, this.team.visit, path, value, this.team.form));
    };
    await Promise.all([write(first, 0), write(second, 1), syncOnce(this.#api, second).catch(() => undefined)]);
    await second.close();
  }
}
