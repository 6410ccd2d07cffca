import type { Component } from "svelte";

// Every page comes when it is first opened; the service worker holds them all, so none of them needs a signal.
// Pages differ in what they are given; the router below is the one place that knows.
// biome-ignore lint/suspicious/noExplicitAny: a table of components with different properties
type Load = () => Promise<{ default: Component<any> }>;

const loaded = new Map<Load, ReturnType<Load>>();

/** A page's code, always the same promise: a page that is asked for again with other facts goes on as it stands. */
export function once(load: Load): ReturnType<Load> {
  const known = loaded.get(load);
  if (known) return known;
  const loading = load();
  loaded.set(load, loading);
  loading.catch(() => loaded.delete(load));
  return loading;
}

/** The pages beside a visit, by the first part of the address; 今日 is part of the app itself. */
export const pages: Record<string, Load> = {
  tasks: () => import("@/features/tasks/Tasks.svelte"),
  sync: () => import("@/features/outbox/Outbox.svelte"),
  me: () => import("@/features/me/Me.svelte"),
  ties: () => import("@/features/ties/Ties.svelte"),
  login: () => import("@/features/login/Login.svelte"),
};

const OF_A_VISIT: Record<string, Load> = {
  "": () => import("@/features/visit/Visit.svelte"),
  method: () => import("@/features/method/Method.svelte"),
  precheck: () => import("@/features/precheck/PreCheck.svelte"),
  certificates: () => import("@/features/door/Certificates.svelte"),
  presence: () => import("@/features/door/SignIn.svelte"),
  badge: () => import("@/features/door/Badge.svelte"),
  recusal: () => import("@/features/door/StandBack.svelte"),
  notice: () => import("@/features/door/Notice.svelte"),
  delivery: () => import("@/features/door/Receipt.svelte"),
  checklist: () => import("@/features/checklist/Checklist.svelte"),
  form: () => import("@/features/form_choice/FormChoice.svelte"),
  evidence: () => import("@/features/evidence/Evidence.svelte"),
  record: () => import("@/features/record/Record.svelte"),
  disposal: () => import("@/features/disposal/Disposals.svelte"),
  rights: () => import("@/features/rights/Rights.svelte"),
  results: () => import("@/features/results/Results.svelte"),
  signing: () => import("@/features/signing/Signing.svelte"),
  sign: () => import("@/features/signing/SignaturePage.svelte"),
  refusal: () => import("@/features/signing/Refusal.svelte"),
  text: () => import("@/features/signing/FullText.svelte"),
  submit: () => import("@/features/submitting/Submit.svelte"),
  obstacle: () => import("@/features/obstacle/Obstacle.svelte"),
  papers: () => import("@/features/paper/Papers.svelte"),
  copy: () => import("@/features/paper/PartyCopy.svelte"),
  paper: () => import("@/features/paper/Paper.svelte"),
  review: () => import("@/features/review/Review.svelte"),
  conflicts: () => import("@/features/conflicts/Conflicts.svelte"),
};

export interface VisitRoute {
  load: Load;
  /** What makes it another page rather than the same one further on. */
  key: string;
  facts: Record<string, unknown>;
}

/** The page of a visit at `#/visit/<id>/<part>/<detail>/<further>` and what it is told. */
export function visitPages(part: string, ...rest: string[]): VisitRoute {
  const [detail, further, from] = rest;
  const load = OF_A_VISIT[part] ?? (OF_A_VISIT[""] as Load);
  switch (part) {
    case "checklist":
      return { load, key: "", facts: { matterId: detail ? Number(detail) : undefined, itemId: further } };
    case "form":
      return { load, key: detail ?? "", facts: { matterId: Number(detail) } };
    case "evidence":
      return { load, key: "", facts: { sha: detail } };
    case "presence":
      return { load, key: detail ?? "", facts: { userId: Number(detail) } };
    case "delivery":
    case "paper":
      return { load, key: detail ?? "", facts: { paper: detail ?? "notice" } };
    case "sign":
      return { load, key: `${detail} ${further}`, facts: { ...signer(detail, further), from } };
    case "text":
      return { load, key: "", facts: { from: rest } };
    default:
      return { load, key: "", facts: {} };
  }
}

function signer(role?: string, userId?: string) {
  return role === "inspector" ? { role, userId: Number(userId) } : { role: role === "witness" ? "witness" : "party" };
}
