// How many each stratum gives, in whole numbers of any size (draw.md 1.3).

import { byBytes } from "./bytes";

interface Stratum {
  id: string;
  ratio: [number, number] | null;
}

export interface Allocation {
  total: number;
  weights: Record<string, number>;
}

/** The quota of every stratum, from how many stand in it. */
export function quotasOf(
  strata: Stratum[],
  allocation: Allocation | null,
  counts: Map<string, number>,
): Map<string, number> {
  const quotas = new Map(strata.map(({ id }) => [id, 0]));
  const sharing = new Map<string, number>();
  for (const { id, ratio } of strata) {
    const count = counts.get(id) ?? 0;
    if (ratio === null) sharing.set(id, count);
    else quotas.set(id, byRatio(count, ratio));
  }
  if (allocation)
    for (const [id, quota] of sharedOut(allocation.total, allocation.weights, sharing)) quotas.set(id, quota);
  return quotas;
}

function byRatio(count: number, [numerator, denominator]: [number, number]): number {
  if (count === 0 || numerator === 0) return 0;
  const [n, d] = [BigInt(count) * BigInt(numerator), BigInt(denominator)];
  return Math.min(count, Math.max(1, Number((n + d - 1n) / d)));
}

function sharedOut(total: number, weights: Record<string, number>, counts: Map<string, number>): Map<string, number> {
  const parts = new Map([...counts].map(([id, count]) => [id, BigInt(count) * BigInt(weights[id] ?? 0)]));
  const whole = [...parts.values()].reduce((sum, part) => sum + part, 0n) || 1n;
  const share = (id: string) => BigInt(total) * (parts.get(id) ?? 0n);
  const full = [...counts].filter(([id, count]) => share(id) > BigInt(count) * whole);
  if (full.length > 0) {
    const others = new Map([...counts].filter(([id]) => !full.some(([taken]) => taken === id)));
    const left = total - full.reduce((sum, [, count]) => sum + count, 0);
    return new Map([...full, ...sharedOut(left, weights, others)]);
  }
  const quotas = new Map([...counts.keys()].map((id) => [id, Number(share(id) / whole)]));
  const sum = [...counts.keys()].reduce((added, id) => added + share(id), 0n) / whole;
  const spare = Number(sum) - [...quotas.values()].reduce((added, quota) => added + quota, 0);
  const byRemainder = [...counts.keys()].sort((a, b) => {
    const [left, right] = [share(a) % whole, share(b) % whole];
    return left === right ? byBytes(a, b) : left > right ? -1 : 1;
  });
  for (const id of byRemainder.slice(0, spare)) quotas.set(id, (quotas.get(id) ?? 0) + 1);
  return quotas;
}
