// Inspectors matched to the picks, seat by seat, exactly as draw.md 1.10 says. No DOM, no network.

import { sha256 } from "../engine/sha256";
import { byBytes, utf8 } from "./bytes";

export interface MatchingRules {
  seats: number;
  hard_cap: number;
  eligible: Record<string, string[]>;
  leader: Record<string, string[]>;
}

export interface Team {
  code: string;
  leader: string;
  members: string[];
}

interface Seat {
  entity: number;
  place: number;
}

/** The teams in matching order and the cap reached; no team and no cap where the seats cannot all be filled. */
export function matched(
  picked: Map<string, string>,
  inspectors: Map<string, Set<string>>,
  recused: Set<string>,
  rules: MatchingRules,
  key: string,
): { team: Team[]; cap: number | null } {
  return new Matching(picked, inspectors, recused, rules, key).run();
}

class Matching {
  private readonly codes: string[];
  private readonly teams: string[][];
  private readonly held = new Map<string, Map<number, Seat>>();
  private readonly able = new Map<string, string[]>();

  constructor(
    private readonly picked: Map<string, string>,
    private readonly inspectors: Map<string, Set<string>>,
    private readonly recused: Set<string>,
    private readonly rules: MatchingRules,
    private readonly key: string,
  ) {
    this.codes = inOrder([...picked.keys()], (code) => key + code);
    this.teams = this.codes.map(() => Array<string>(rules.seats).fill(""));
    for (const inspector of inspectors.keys()) this.held.set(inspector, new Map());
  }

  run(): { team: Team[]; cap: number | null } {
    const { seats, hard_cap } = this.rules;
    const even = Math.ceil((seats * this.codes.length) / (this.inspectors.size || 1));
    let cap = Math.min(hard_cap, Math.max(1, even));
    for (let entity = 0; entity < this.codes.length; entity += 1)
      for (let place = 0; place < seats; place += 1)
        while (!this.filled({ entity, place }, cap)) {
          cap += 1;
          if (cap > hard_cap) return { team: [], cap: null };
        }
    const team = this.codes.map((code, at) => {
      const [leader = "", ...members] = this.teams[at] ?? [];
      return { code, leader, members };
    });
    return { team, cap };
  }

  /** Breadth-first from the empty seat until somebody with room is reached; everyone on the way back shifts one seat. */
  private filled(origin: Seat, cap: number): boolean {
    const queue = [origin];
    const parents = new Map<number, Seat | null>([[this.number(origin), null]]);
    const met = new Set<string>();
    const asked = new Set<string>();
    for (const seat of queue) {
      const team = this.teams[seat.entity] as string[];
      for (const inspector of this.candidates(seat)) {
        const pair = `${seat.entity}|${inspector}`;
        if (inspector === team[seat.place] || met.has(pair)) continue;
        met.add(pair);
        let joining: Seat[] = [];
        if (team.includes(inspector)) joining = [{ entity: seat.entity, place: team.indexOf(inspector) }];
        else if (!asked.has(inspector)) {
          asked.add(inspector);
          const seats = this.held.get(inspector) as Map<number, Seat>;
          if (seats.size < cap) {
            this.shift(seat, inspector, parents);
            return true;
          }
          joining = [...seats.entries()].sort((a, b) => a[0] - b[0]).map(([, held]) => held);
        }
        for (const next of joining) {
          if (parents.has(this.number(next))) continue;
          parents.set(this.number(next), seat);
          queue.push(next);
        }
      }
    }
    return false;
  }

  private shift(seat: Seat, inspector: string, parents: Map<number, Seat | null>): void {
    let [at, moving]: [Seat | null, string] = [seat, inspector];
    while (at !== null) {
      const team = this.teams[at.entity] as string[];
      const displaced = team[at.place] as string;
      team[at.place] = moving;
      this.held.get(moving)?.set(this.number(at), at);
      this.held.get(displaced)?.delete(this.number(at));
      moving = displaced;
      at = parents.get(this.number(at)) ?? null;
    }
  }

  private candidates(seat: Seat): string[] {
    const code = this.codes[seat.entity] as string;
    const kind = seat.place === 0 ? "leader" : "eligible";
    const wanted = this.rules[kind][this.picked.get(code) as string] ?? [];
    const known = `${kind}|${code}`;
    let able = this.able.get(known);
    if (able === undefined) {
      const fit = [...this.inspectors.entries()]
        .filter(
          ([inspector, groups]) =>
            wanted.some((group) => groups.has(group)) && !this.recused.has(`${inspector}|${code}`),
        )
        .map(([inspector]) => inspector);
      able = inOrder(fit, (inspector) => `${this.key}${code}|${inspector}`);
      this.able.set(known, able);
    }
    const load = (inspector: string) => this.held.get(inspector)?.size ?? 0;
    return [...able].sort((a, b) => load(a) - load(b));
  }

  private number(seat: Seat): number {
    return seat.entity * this.rules.seats + seat.place;
  }
}

/** By the hash of what `spelled` makes of each, then by its bytes. */
function inOrder(items: string[], spelled: (item: string) => string): string[] {
  const hashed = items.map((item) => ({ item, hash: sha256(utf8(spelled(item))) }));
  hashed.sort((a, b) => compared(a.hash, b.hash) || byBytes(a.item, b.item));
  return hashed.map(({ item }) => item);
}

/** Bytewise. */
export function compared(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length; at += 1) {
    const difference = (a[at] as number) - (b[at] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
