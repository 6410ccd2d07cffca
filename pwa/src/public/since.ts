// What was changed after a draw's record, computed anew line by line (draw.md 1.9, 1.10). No DOM, no network.

import { byBytes, canonical, fromHex, type Json, sha256Hex, utf8 } from "./bytes";
import {
  codesByStratum,
  type DrawRecord,
  exemptions,
  type Files,
  groupsOf,
  keyOf,
  linesOf,
  maskedCode,
  ordered,
  type Verdict,
} from "./draw";
import type { MatchingRules } from "./matching";

type Holder = string | null;
type Facts = Record<string, Json>;

interface Told extends Facts {
  event: string;
}

interface Place {
  stratum: string;
  code: string;
}

const CHANGES = ["replaced", "seat_redrawn", "appointed", "swapped"];
const OTHERS = ["locked", "void", "redraw_allowed", "attached"];

/** Every change after the lock came to what the draw's own keys give, says why, and names who asked and who approved. */
export function checkSince(record: DrawRecord, files: Files, events: string): Verdict {
  const faults: string[] = [];
  const since = new Since(record, files);
  for (const [at, line] of linesOf(events).entries()) {
    const told = JSON.parse(line) as Told;
    const here = `第 ${at + 1} 条记录`;
    if (CHANGES.includes(told.event)) {
      if (!["reason", "approver", "asked_by"].every((name) => told[name]))
        faults.push(`${here}没有写明理由、批准人和提出人`);
      for (const [name, value] of Object.entries(since.after(told)))
        if (canonical(value) !== canonical(told[name] as Json))
          faults.push(`${here}的 ${name}：记录为 ${canonical(told[name] ?? null)}，应为 ${canonical(value)}`);
      faults.push(...since.barred.splice(0).map((words) => `${here}：${words}`));
    } else if (told.event === "opened") faults.push(...since.opened(told).map((words) => `${here}：${words}`));
    else if (!OTHERS.includes(told.event)) faults.push(`${here}：不认识的记录 ${told.event}`);
  }
  return { faults };
}

class Since {
  /** What a change did that nobody may do, in words. */
  readonly barred: string[] = [];
  private readonly rules: MatchingRules;
  private readonly groups: Map<string, Set<string>>;
  private readonly codes: Map<string, string[]>;
  private readonly exempt: Map<string, string>;
  private readonly recused: Set<string>;
  private readonly used: Set<string>;
  private readonly teams = new Map<string, Holder[]>();
  /** Who is away or out of post when this line's seat is redrawn. */
  private unable = new Set<string>();
  private picked: Place[];

  constructor(
    private readonly record: DrawRecord,
    files: Files,
  ) {
    this.rules = record.commit.matching as unknown as MatchingRules;
    this.groups = groupsOf(files);
    this.codes = codesByStratum(files);
    this.exempt = exemptions(files);
    this.recused = new Set(linesOf(files.get("recusals.txt") ?? ""));
    this.picked = record.picks.map(({ stratum, code }) => ({ stratum, code }));
    this.used = new Set(this.picked.map(({ code }) => code));
    for (const code of this.used) this.teams.set(code, Array<Holder>(this.rules.seats).fill(null));
    for (const { code, leader, members } of record.team) this.teams.set(code, [leader, ...members]);
  }

  /** The members of a line as they must be. */
  after(told: Told): Facts {
    for (const line of told.recused as string[]) this.recused.add(line);
    this.unable = new Set((told.unable ?? []) as string[]);
    if (told.event === "replaced") return this.replaced(told);
    if (told.event === "swapped") return this.swapped(told.codes as string[], told.seat as number);
    const [code, seat] = [told.code as string, told.seat as number];
    if (told.event === "appointed") return { left: this.take(code, seat, told.entered as Holder) };
    const [team, entered] = [this.team(code), this.nextFor(code, seat)];
    const left = team[seat] ?? null;
    team[seat] = entered;
    return { left, entered };
  }

  /** The salts of exactly those that were ever drawn, each of which gives its masked code. */
  opened(told: Told): string[] {
    const salts = told.salts as Record<string, { code: string; salt: string }>;
    const wrong = Object.entries(salts).filter(([code, { salt, code: plain }]) => code !== maskedCode(salt, plain));
    const due = this.record.commit.codes === "masked" ? [...this.used].sort(byBytes) : [];
    const whole = canonical(Object.keys(salts).sort(byBytes)) === canonical(due);
    return [
      ...wrong.map(([, { code }]) => `${code} 的盐和它的遮盖编码不符`),
      ...(whole ? [] : ["公开的盐不是每家抽中单位各一个"]),
    ];
  }

  private replaced(told: Told): Facts {
    const entrants: (Place & { rank: number })[] = [];
    const met: Json[] = [];
    const passed = told.passed_over as unknown as (Place & { reason: string })[];
    for (const { stratum } of this.picked.filter(({ code }) => code === told.leaver)) {
      for (const { code, rank } of this.waiting(stratum)) {
        const over = passed.find((each) => each.stratum === stratum && each.code === code && each.reason !== "");
        if (over === undefined) {
          entrants.push({ stratum, code, rank });
          this.used.add(code);
          break;
        }
        met.push(over as unknown as Json);
      }
    }
    this.picked = this.picked.filter(({ code }) => code !== told.leaver).concat(entrants);
    const left = this.team(told.leaver as string);
    this.teams.delete(told.leaver as string);
    for (const [at, { code }] of entrants.entries()) this.seatEntrant(code, at === 0 ? left : null);
    const teams = entrants.map(({ code }) => ({ code, seats: [...this.team(code)] }));
    return { entrants: entrants as unknown as Json, passed_over: met, teams };
  }

  private swapped(codes: string[], seat: number): Facts {
    const traded = codes.map((code) => this.team(code)[seat] ?? null);
    for (const [at, code] of codes.entries()) this.take(code, seat, traded[1 - at] ?? null);
    return { traded };
  }

  /** Rank and code of those who may still enter a stratum, in ticket order. */
  private waiting(stratum: string): { code: string; rank: number }[] {
    return ordered(this.key("entity"), this.codes.get(stratum) ?? [])
      .map(({ code }, at) => ({ code, rank: at + 1 }))
      .filter(({ code }) => !this.used.has(code) && !this.exempt.has(code));
  }

  /** The first entrant takes the leaver's team over, recused seats drawn anew; a further one gets a new team. */
  private seatEntrant(code: string, left: Holder[] | null): void {
    const empty = Array<Holder>(this.rules.seats).fill(null);
    const team = (left ?? empty).map((holder) => (this.isBarred(holder, code) ? null : holder));
    this.teams.set(code, team);
    for (const [seat, holder] of team.entries())
      if (holder === null && (left === null || left[seat] !== null)) team[seat] = this.nextFor(code, seat);
  }

  private nextFor(code: string, seat: number): Holder {
    const stratum = this.picked.find((place) => place.code === code)?.stratum ?? "";
    const wanted = this.rules[seat === 0 ? "leader" : "eligible"][stratum] ?? [];
    const loads = new Map<Holder, number>();
    for (const holder of [...this.teams.values()].flat()) loads.set(holder, (loads.get(holder) ?? 0) + 1);
    const free = [...this.groups.entries()]
      .filter(([inspector, groups]) => wanted.some((group) => groups.has(group)) && this.mayJoin(inspector, code))
      .map(([inspector]) => ({ inspector, load: loads.get(inspector) ?? 0 }))
      .filter(({ inspector, load }) => load < this.rules.hard_cap && !this.unable.has(inspector))
      .map((one) => ({ ...one, ticket: sha256Hex(utf8(`${this.key("inspector")}${code}|${one.inspector}`)) }));
    free.sort((a, b) => a.load - b.load || byBytes(a.ticket, b.ticket) || byBytes(a.inspector, b.inspector));
    return free[0]?.inspector ?? null;
  }

  private take(code: string, seat: number, entered: Holder): Holder {
    const team = this.team(code);
    if (entered === null || !this.mayJoin(entered, code)) this.barred.push(`${entered} 已在 ${code} 的组里，或须回避`);
    const left = team[seat] ?? null;
    team[seat] = entered;
    return left;
  }

  private mayJoin(inspector: string, code: string): boolean {
    return !this.team(code).includes(inspector) && !this.isBarred(inspector, code);
  }

  private isBarred(inspector: Holder, code: string): boolean {
    return this.recused.has(`${inspector}|${code}`);
  }

  private team(code: string): Holder[] {
    const team = this.teams.get(code);
    if (team === undefined) throw new Error(`${code} 没有检查组`);
    return team;
  }

  private key(kind: "entity" | "inspector"): string {
    return keyOf(kind, fromHex(this.record.seed ?? ""));
  }
}
