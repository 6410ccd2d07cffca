import { sha256 } from "@/engine/canonical";
import type { Op } from "@/engine/ops";
import { addEvidence, addLocation, resolveConflict, setAnswer, setNote, voidEvidence } from "@/store/captures";
import { PhoneOutdated, PhoneStore } from "@/store/database";
import { evictReceipted } from "@/store/files";
import { readVisit } from "@/store/visit_view";
import { Api } from "@/sync/api";
import { syncOnce } from "@/sync/round";
import { type House, Line } from "./line";
import type { Random } from "./random";
import { happened } from "./tally";
import { alterBytes, alterHead, alterOp } from "./tampering";
import { fillUp, killInNextWrite, onPage, type Page, spare } from "./trouble";

export interface Person {
  userId: number;
  session: string;
}

export interface Team {
  visit: string;
  form: string;
  matter: number;
  people: Person[];
}

const ITEMS = 6;
const DAY_MS = 24 * 3_600_000;
const LAST_VERSION = 2;
const ROUNDS_IN_A_WEEK = 4;
const PLACE = { at: 1_784_595_600_000, lat7: 368000000, lon7: 1180000000, accuracyCm: 900 };

/** One inspector with one phone, doing what a day brings; `saved` is what the screen called 已保存. */
export class Inspector {
  readonly saved: { id: string; sha: string | null }[] = [];
  /** What somebody altered on the phone behind the app's back: op ids and the SHA-256 of files. */
  readonly altered = new Set<string>();
  readonly line: Line;
  /** Why the last round could not be finished. */
  problem: unknown = null;
  readonly #api: Api;
  #page: Page = { skewMs: 0, version: 0 };
  #tab: PhoneStore;

  constructor(
    readonly team: Team,
    readonly person: Person,
    readonly random: Random,
    readonly house: House,
    /** A colleague who borrows this phone now and then. */
    readonly guest: Inspector | null = null,
  ) {
    this.line = new Line(house, person.session, random);
    this.#api = new Api(this.line.fetch);
    this.#tab = new PhoneStore(person.userId);
  }

  get store(): PhoneStore {
    return this.#tab;
  }

  /** Whatever is done on this phone is done on its present page. */
  here<T>(work: () => Promise<T>): Promise<T> {
    return onPage(this.#page, work);
  }

  /** Do one thing, or let one thing go wrong. */
  step(): Promise<void> {
    return this.here(() => this.#step());
  }

  /** One round: "over" if it was finished without a session; null if it was not finished, which is no news here. */
  sync(): Promise<"done" | "over" | null> {
    return this.here(() =>
      syncOnce(this.#api, this.#tab).then(
        ({ sessionOver }) => (sessionOver ? "over" : "done"),
        (reason) => {
          this.problem = reason;
          return null;
        },
      ),
    );
  }

  async #step(): Promise<void> {
    const roll = this.random.below(100);
    if (roll < 30) return this.#answer();
    if (roll < 36) return this.#note();
    if (roll < 47) return this.#photograph();
    if (roll < 51) return this.#void();
    if (roll < 53) return this.#locate();
    if (roll < 73) return void (await this.sync());
    if (roll < 76) return this.#reload();
    if (roll < 79) return this.#dieWhileSaving();
    if (roll < 82) return this.#runFull();
    if (roll < 84) return this.#endOrRenewSession();
    if (roll < 86) return this.#setClock();
    if (roll < 88) return this.#letAWeekPass();
    if (roll < 90) return this.#twoTabs();
    if (roll < 92) return this.#updateApp();
    if (roll < 94) return this.#noteAltered(await alterOp(this.#tab, this.random), "op altered on the phone");
    if (roll < 96) return this.#noteAltered(await alterBytes(this.#tab, this.random), "bytes altered on the phone");
    if (roll < 97) return alterHead(this.#tab);
    if (roll < 98) return this.#lend();
    return this.#threeDaysOffline();
  }

  async #noteAltered(what: string | null, kind: string): Promise<void> {
    if (!what) return;
    happened(kind);
    this.altered.add(what);
  }

  async #endOrRenewSession(): Promise<void> {
    this.line.sessionLives = !this.line.sessionLives;
    happened(this.line.sessionLives ? "logged in again" : "session ended");
  }

  async #setClock(): Promise<void> {
    const days = this.random.of([-1, 0, 1]);
    this.#page.skewMs = days * DAY_MS;
    if (days) happened(days > 0 ? "clock a day ahead" : "clock a day behind");
  }

  /**
   * The phone lets go of what was acknowledged, as it does at the end of a round, which asks first whether the server was
   * restored meanwhile; a server whose backup is older than that is beyond saving.
   */
  async #letAWeekPass(): Promise<void> {
    for (let rounds = 0; rounds < ROUNDS_IN_A_WEEK; rounds++) await this.sync();
    const backedUpAt = Date.now();
    await this.house.backUp();
    if ((await this.sync()) === null) return;
    if (await evictReceipted(this.#tab, backedUpAt + 7 * DAY_MS)) happened("acknowledged files let go after a week");
  }

  /** Make peace with the line. */
  async settle(): Promise<"done" | "over" | null> {
    await this.line.quiet();
    this.line.sessionLives = true;
    this.#page.skewMs = 0;
    fillUp(this.person.userId, false);
    return this.sync();
  }

  /** Choose wherever two answers stand; how many there were. */
  resolveAll(): Promise<number> {
    return this.here(async () => {
      const view = await readVisit(this.#tab, this.team.visit);
      for (const row of view?.conflicts ?? []) {
        happened("conflict decided");
        const keep = this.random.of([row.server?.opId ?? null, ...row.candidates.map((one) => one.opId)]);
        await this.#keep(() => resolveConflict(this.#tab, this.team.visit, row.path, keep));
      }
      return view?.conflicts.length ?? 0;
    });
  }

  #answer(tab = this.#tab): Promise<void> {
    const path = `/matters/${this.team.matter}/items/item${this.random.below(ITEMS)}`;
    const result = this.random.of(["pass", "fail", "na"]);
    const value = { result, problem: result === "fail" ? `问题${this.random.below(9)}` : null, disposal: null };
    return this.#keep(() => setAnswer(tab, this.team.visit, path, value, this.team.form));
  }

  #note(): Promise<void> {
    const value = { text: `情况${this.random.below(99)}` };
    return this.#keep(() => setNote(this.#tab, this.team.visit, "/record/situation", value));
  }

  #locate(): Promise<void> {
    return this.#keep(() => addLocation(this.#tab, this.team.visit, PLACE));
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
    happened("page closed and opened again");
    await this.#tab.close();
    this.#tab = new PhoneStore(this.person.userId);
  }

  async #dieWhileSaving(): Promise<void> {
    killInNextWrite(this.person.userId);
    await this.#answer().catch(() => undefined);
    spare(this.person.userId);
    await this.#reload();
  }

  async #runFull(): Promise<void> {
    fillUp(this.person.userId, true);
    await this.#photograph().catch(() => undefined);
    fillUp(this.person.userId, false);
  }

  async #twoTabs(): Promise<void> {
    happened("two tabs at once");
    const second = new PhoneStore(this.person.userId);
    const round = syncOnce(this.#api, second).catch(() => undefined);
    await Promise.all([this.#answer(), this.#answer(second), round]);
    await second.close();
  }

  /** A newer version opens the same database in a second tab: the old tab lets it in and can save no more. */
  async #updateApp(): Promise<void> {
    const newer = { ...this.#page, version: this.#page.version + 1 };
    if (newer.version > LAST_VERSION) return;
    const [old, oldPage] = [this.#tab, this.#page];
    await this.#answer();
    const second = new PhoneStore(this.person.userId);
    await onPage(newer, () => this.#answer(second));
    const refused = await onPage(oldPage, () => this.#answer(old)).catch((reason: unknown) => reason);
    if (!(refused instanceof PhoneOutdated)) throw new Error("an outdated tab went on saving");
    [this.#tab, this.#page] = [second, newer];
    happened(`app updated from v${newer.version} to v${newer.version + 1} with two tabs`);
  }

  /** A colleague logs in here: what waits goes on by the token, and neither sees or touches the other's. */
  async #lend(): Promise<void> {
    if (!this.guest) return;
    const before = await this.#ownIds();
    this.line.session = this.guest.person.session;
    await this.guest.useOnce();
    await this.sync();
    this.line.session = this.person.session;
    const after = await this.#ownIds();
    if (before.some((id) => !after.includes(id))) throw new Error("a colleague's day took something away");
    happened("two people on one phone");
  }

  async useOnce(): Promise<void> {
    await this.here(async () => {
      if (!(await readVisit(this.#tab, this.team.visit))) await this.sync();
      await this.#answer();
      await this.#note();
      await this.sync();
    });
  }

  async #ownIds(): Promise<string[]> {
    const rows = await this.#tab.read((transaction) => transaction.objectStore("ops").getAll());
    return rows.map((row) => row.op.id);
  }

  /** The session is long over when signal comes back: all that waited goes by the push token, the news wait for a login. */
  async #threeDaysOffline(): Promise<void> {
    const was = this.#page.skewMs;
    this.#page.skewMs = 3 * DAY_MS;
    await this.#answer();
    await this.#photograph();
    this.line.sessionLives = false;
    const round = await this.sync();
    if (round === "done") throw new Error("news came without a session");
    if (round === "over") happened("all uploaded by token after three days offline");
    this.#page.skewMs = was;
  }
}
