import type { Gap } from "./gaps";
import { isDate } from "./values";

/**
 * What the walk of a visit still lacks: the twin of backend/fieldwork/walk/rules.py, held to walk-1.json.
 * Version 0 stands for visits dispatched before there was a walk.
 */
export interface Procedure {
  version: number;
  minInspectors?: number;
  precheck?: boolean;
}

export type MethodKey = "on_site" | "written" | "online" | "sampling" | "other_agency" | "commissioned";
type Field = [name: string, label: string];

export interface Method {
  label: string;
  atTheDoor: boolean;
  checklist: boolean;
  fields: Field[];
  files: number;
}

export const METHODS: Record<MethodKey, Method> = {
  on_site: { label: "实地核查", atTheDoor: true, checklist: true, fields: [], files: 0 },
  written: {
    label: "书面检查",
    atTheDoor: false,
    checklist: true,
    fields: [["materials", "调取了哪些材料"]],
    files: 1,
  },
  online: {
    label: "网络监测",
    atTheDoor: false,
    checklist: true,
    fields: [["address", "监测的网址、账号或系统"]],
    files: 1,
  },
  sampling: {
    label: "抽样检测",
    atTheDoor: true,
    checklist: true,
    fields: [
      ["samples", "样品名称、规格、批号、数量、封样"],
      ["laboratory", "送检单位"],
    ],
    files: 1,
  },
  other_agency: {
    label: "采用其他部门结论",
    atTheDoor: false,
    checklist: false,
    fields: [
      ["source", "作出结论的部门"],
      ["document", "文号、日期"],
      ["conclusion", "结论"],
    ],
    files: 1,
  },
  commissioned: {
    label: "委托专业机构",
    atTheDoor: false,
    checklist: false,
    fields: [
      ["source", "受托机构"],
      ["document", "报告编号、日期"],
      ["conclusion", "专业意见"],
    ],
    files: 1,
  },
};

const REGISTER: Field[] = [["document", "登记信息的出处、文号、日期"]];

/** Why nothing could be inspected, and what must be written about it; one file at least proves it. */
export const OBSTACLES: Record<string, Field[]> = {
  unreachable: [
    ["attempts", "几时、怎样联系过，结果如何"],
    ["found", "登记地址现场情况"],
  ],
  uncooperative: [["conduct", "怎样不配合、怎样劝告过"]],
  deregistered: REGISTER,
  registration_revoked: REGISTER,
  licence_revoked: REGISTER,
  permit_revoked: REGISTER,
  closed: [
    ["found", "现场情况"],
    ["confirmedBy", "何人证实"],
  ],
  liquidation: [["document", "清算公告或文书的出处、日期"]],
  moved_out: [
    ["destination", "迁入地和当地检查单位"],
    ["document", "迁出信息的出处、日期"],
  ],
};
const OBSTACLE_FILES = 1;

export type Paper = "rectification" | "stop" | "referral";
const DISPOSALS: [Paper, string[]][] = [
  ["rectification", ["责令限期改正", "责令改正"]],
  ["stop", ["停止"]],
  ["referral", ["移送", "立案"]],
];
const SERVED: Paper[] = ["rectification", "stop"];
const ORDER_FIELDS: Record<Paper, string[]> = {
  rectification: ["due", "text"],
  stop: ["text"],
  referral: ["to", "text"],
};

/** What a team may come to for one matter: the slug of a published code and its words. */
export const MATTER_RESULTS: [slug: string, words: string][] = [
  ["nothing-found", "未发现问题"],
  ["no-such-business", "未发现开展本次抽查涉及的经营活动"],
  ["corrected", "发现问题已责令改正"],
  ["pending", "发现问题待后续处理"],
];

type Answers = Record<string, unknown>;

export interface Walked {
  answers: Answers;
  files: Record<string, number>;
  matters: number[];
  /** Every failed item's path with what was ordered about it. */
  findings: [path: string, disposal: string][];
  team: { userId: number; name: string }[];
}

export function methodOf(answers: Answers): MethodKey {
  const chosen = part(answers, "/steps/method", "method");
  return typeof chosen === "string" && chosen in METHODS ? (chosen as MethodKey) : "on_site";
}

/** Everything the walk lacks before 提交, in the order a team goes; without checklists and signatures. */
export function walkGaps(procedure: Procedure, walked: Walked): Gap[] {
  const { answers } = walked;
  if (!procedure.version) return [...steps(answers, ["certificates", "notice"]), ...record(answers)];
  const method = METHODS[methodOf(answers)];
  return [
    ...methodGaps(method, walked),
    ...(procedure.precheck ? steps(answers, ["precheck"]) : []),
    ...(method.atTheDoor ? doorGaps(procedure, walked) : []),
    ...disposalGaps(method, walked),
    ...(method.atTheDoor ? steps(answers, ["rights"]) : []),
    ...recordGaps(method, answers),
    ...resultGaps(walked),
  ];
}

/** What a visit lacks before it is closed as one that could not be made; `reasons` are the profile's. */
export function obstacleGaps(reasons: string[], { answers, files }: Walked): Gap[] {
  const kind = part(answers, "/exception", "kind");
  const fields = typeof kind === "string" && reasons.includes(kind) ? OBSTACLES[kind] : undefined;
  if (!fields) return [{ code: "exception", what: "/exception" }];
  const gaps: Gap[] = fields
    .filter(([name]) => !text(answers, "/exception", name))
    .map(([name]) => ({ code: "exception", what: `/exception/${name}` }));
  if ((files["/exception"] ?? 0) < OBSTACLE_FILES) gaps.push({ code: "evidence", what: "/exception" });
  return gaps;
}

/** Who of the team fell out, with a reason on record: such a one signs nothing. */
export function absent(answers: Answers, team: Walked["team"]): Set<number> {
  const out = team.filter(({ userId }) => {
    const path = `/presence/${userId}`;
    return Boolean(part(answers, path, "absent")) && String(part(answers, path, "text") ?? "").trim() !== "";
  });
  return new Set(out.map((one) => one.userId));
}

export function asksForChecklists(procedure: Procedure, answers: Answers): boolean {
  return !procedure.version || METHODS[methodOf(answers)].checklist;
}

export function asksForParty(procedure: Procedure, answers: Answers): boolean {
  return !procedure.version || METHODS[methodOf(answers)].atTheDoor;
}

/** The paper that an inspector's words about a finding call for. */
export function paperOf(disposal: string): Paper | null {
  return DISPOSALS.find(([, spoken]) => spoken.some((words) => disposal.includes(words)))?.[0] ?? null;
}

/** Whether what a paper must say is written. */
export function isOrdered(answers: Answers, paper: Paper): boolean {
  const path = `/orders/${paper}`;
  const whole = ORDER_FIELDS[paper].every((name) => text(answers, path, name));
  return whole && (paper !== "rectification" || isDate(text(answers, path, "due")));
}

/** Somebody received a paper and signed for it, or did not sign and the remark says why. */
export function isDelivered(answers: Answers, paper: string): boolean {
  const path = `/deliveries/${paper}`;
  if (!part(answers, path, "done")) return false;
  const received = text(answers, path, "name") !== "" && Boolean(part(answers, path, "image"));
  return received || text(answers, path, "text") !== "";
}

function methodGaps(method: Method, { answers, files }: Walked): Gap[] {
  const path = "/steps/method";
  const gaps: Gap[] = method.fields
    .filter(([name]) => !text(answers, path, name))
    .map(([name]) => ({ code: "method", what: `${path}/${name}` }));
  if ((files[path] ?? 0) < method.files) gaps.push({ code: "evidence", what: path });
  return gaps;
}

function doorGaps(procedure: Procedure, { answers, team }: Walked): Gap[] {
  const out = absent(answers, team);
  const here = team.filter((one) => part(answers, `/presence/${one.userId}`, "done"));
  const gaps: Gap[] = team
    .filter((one) => !here.includes(one) && !out.has(one.userId))
    .map((one) => ({ code: "presence", what: one.name }));
  if (!gaps.length && here.length < (procedure.minInspectors ?? 2)) gaps.push({ code: "too-few", what: "/presence" });
  gaps.push(...steps(answers, ["certificates", "withdrawalAsked"]));
  const asked = team.some((one) => text(answers, `/recusals/${one.userId}`, "text"));
  if (part(answers, "/steps/withdrawalAsked", "withdrawal") && !asked) {
    gaps.push({ code: "recusal", what: "/steps/withdrawalAsked" });
  }
  return [...gaps, ...steps(answers, ["notice"]), ...deliveryGaps(answers, "notice")];
}

function disposalGaps(method: Method, { answers, findings }: Walked): Gap[] {
  const gaps: Gap[] = findings.filter(([, words]) => !words.trim()).map(([what]) => ({ code: "disposal", what }));
  const papers = findings.map(([, words]) => paperOf(words));
  for (const [paper] of DISPOSALS) {
    if (!papers.includes(paper)) continue;
    if (!isOrdered(answers, paper)) gaps.push({ code: "order", what: `/orders/${paper}` });
    if (SERVED.includes(paper) && method.atTheDoor) gaps.push(...deliveryGaps(answers, paper));
  }
  return gaps;
}

function deliveryGaps(answers: Answers, paper: string): Gap[] {
  return isDelivered(answers, paper) ? [] : [{ code: "delivery", what: `/deliveries/${paper}` }];
}

function recordGaps(method: Method, answers: Answers): Gap[] {
  const gaps = method.checklist ? record(answers) : [];
  const stated = part(answers, "/steps/rights", "statement");
  if (method.atTheDoor && stated && !text(answers, "/record/partyOpinion", "text")) {
    gaps.push({ code: "record", what: "/record/partyOpinion" });
  }
  return gaps;
}

function resultGaps({ answers, matters }: Walked): Gap[] {
  const known = MATTER_RESULTS.map(([slug]) => slug);
  return matters
    .map((id) => `/results/${id}`)
    .filter((path) => !known.includes(String(part(answers, path, "code"))))
    .map((what) => ({ code: "result", what }));
}

function steps(answers: Answers, names: string[]): Gap[] {
  return names
    .map((name) => `/steps/${name}`)
    .filter((path) => !part(answers, path, "done"))
    .map((what) => ({ code: "step", what }));
}

function record(answers: Answers): Gap[] {
  return ["situation", "startedAt", "endedAt"]
    .map((name) => `/record/${name}`)
    .filter((path) => !text(answers, path, "text"))
    .map((what) => ({ code: "record", what }));
}

/** One member of a note. */
export function part(answers: Answers, path: string, name: string): unknown {
  const value = answers[path];
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** One member of a note as trimmed text. */
export function text(answers: Answers, path: string, name: string): string {
  const value = part(answers, path, name);
  return typeof value === "string" ? value.trim() : "";
}
