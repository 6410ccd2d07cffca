import { listed, say } from "./language";
export type StepKey =
  | "method"
  | "precheck"
  | "certificates"
  | "notice"
  | "checklist"
  | "record"
  | "disposal"
  | "rights"
  | "results"
  | "signing"
  | "submit";

export interface Step {
  key: StepKey;
  name: string;
  state: "done" | "now" | "open" | "locked";
  /** Nobody has to do it, and nobody has: it carries no number and counts in none. */
  optional: boolean;
  note: string;
}

/** One piece of work before anybody signs; done when nothing of it is missing, or, where it is not asked for, when somebody did it. */
export interface Work {
  key: StepKey;
  name: string;
  missing: number;
  optional?: "done" | "left";
  note: string;
}

/** What the steps of a visit are judged by. */
export interface Progress {
  works: Work[];
  handedOver: boolean;
  submittedAt: string | null;
  signaturesMissing: string[];
}

const MOST_NAMED = 3;

/** The steps of a visit, each with its state; a locked one says what opens it. */
export function stepsOf({ works, handedOver, submittedAt, signaturesMissing }: Progress): Step[] {
  const open = works.filter((work) => work.missing > 0);
  const signed = open.length === 0 && signaturesMissing.length === 0;
  const steps: [StepKey, string, boolean, boolean, string][] = [
    ...works.map((work): [StepKey, string, boolean, boolean, string] => {
      return [work.key, work.name, work.missing === 0 && work.optional !== "left", true, work.note];
    }),
    ["signing", say("签字"), signed, open.length === 0, signingNote(open, signaturesMissing)],
    ["submit", say("提交"), handedOver, signed, submitNote(handedOver, submittedAt, signed)],
  ];
  const left = new Set(works.filter((work) => work.optional === "left").map((work) => work.key));
  const first = steps.find(([key, , done, may]) => !done && may && !left.has(key))?.[0];
  return steps.map(([key, name, done, may, note]) => {
    const state = done || handedOver ? "done" : key === first ? "now" : may ? "open" : "locked";
    return { key, name, state, note, optional: left.has(key) && state !== "done" };
  });
}

function signingNote(open: Work[], missing: string[]): string {
  if (open.length > MOST_NAMED) return say("前面还有 {0} 步，办完后可签", open.length);
  if (open.length) return say("{0}办完后可签", listed(open.map((work) => work.name)));
  return missing.length ? say("还差：{0}", listed(missing)) : say("都已签好");
}

function submitNote(handedOver: boolean, submittedAt: string | null, signed: boolean): string {
  if (handedOver) return submittedAt ? say("已提交 {0}", submittedAt) : say("已提交");
  return signed ? say("可以提交；没有信号也能提交") : say("签字后可提交；没有信号也能提交");
}
