import { type Assessment, assess, proposals } from "@/engine/assess";
import { itemPath, type Matter, type VisitBody } from "@/engine/documents";
import { visitDigest } from "@/engine/fingerprint";
import { type Check, type Form, type Item, itemsOf } from "@/engine/form";
import type { Gap } from "@/engine/gaps";
import { checklistGaps, signatureGaps } from "@/engine/readiness";
import { sharedQuestions } from "@/engine/shared";
import { countsFor } from "@/engine/values";
import {
  absent,
  asksForChecklists,
  asksForParty,
  obstacleGaps,
  part,
  text,
  type Walked,
  walkGaps,
} from "@/engine/walk";
import type { PhoneStore } from "./database";
import type { AnswerRow, EvidenceRow, OpRow, SignatureRow, UploadRow, VisitRow } from "./schema";

export interface Checklist {
  matter: Matter;
  form: Form;
  sha: string;
  seen: Assessment;
  /** What the form offers: no answer until a person takes it. */
  offers: Record<string, string | string[]>;
}

/** Everything a screen may want to know of one visit, as it stands on this phone. */
export interface VisitView {
  row: VisitRow;
  body: VisitBody;
  checklists: Checklist[];
  formsMissing: number;
  /** From every path of a question that several matters ask to all of its paths. */
  shared: Map<string, string[]>;
  answers: Record<string, unknown>;
  answerRows: AnswerRow[];
  conflicts: AnswerRow[];
  evidence: EvidenceRow[];
  uploads: Map<string, UploadRow>;
  signatures: SignatureRow[];
  digest: string;
  walked: Walked;
  gaps: { conflicts: Gap[]; checklists: Gap[]; walk: Gap[]; signatures: Gap[]; closing: Gap[] };
  waitingOps: OpRow[];
  refusedOps: OpRow[];
}

/** Read one visit with all that belongs to it; null if this phone does not have it. */
export async function readVisit(store: PhoneStore, visitId: string): Promise<VisitView | null> {
  const raw = await store.read(async (transaction) => {
    const row = await transaction.objectStore("visits").get(visitId);
    if (!row) return null;
    const [answers, evidence, signatures, uploads, ops] = await Promise.all([
      transaction.objectStore("answers").index("visit").getAll(visitId),
      transaction.objectStore("evidence").index("visit").getAll(visitId),
      transaction.objectStore("signatures").index("visit").getAll(visitId),
      transaction.objectStore("uploads").getAll(),
      transaction.objectStore("ops").index("visit").getAll(visitId),
    ]);
    const shas = withChosenForms(row.body, effective(answers)).matters.flatMap((matter) => matter.formSha ?? []);
    const forms = await Promise.all(shas.map((sha) => transaction.objectStore("forms").get(sha)));
    return { row, answers, evidence, signatures, uploads, ops, forms: forms.flatMap((form) => form ?? []) };
  });
  return raw && view(raw);
}

interface Raw {
  row: VisitRow;
  answers: AnswerRow[];
  evidence: EvidenceRow[];
  signatures: SignatureRow[];
  uploads: UploadRow[];
  ops: OpRow[];
  forms: { sha: string; form: Form }[];
}

async function view(raw: Raw): Promise<VisitView> {
  const { row, signatures } = raw;
  const answers = effective(raw.answers);
  const evidence = raw.evidence.sort((left, right) => left.number - right.number);
  const counted = evidence.filter(counts);
  const body = withChosenForms(row.body, answers);
  const facts = Object.fromEntries(Object.entries(body.entity).map(([name, fact]) => [`entity.${name}`, fact]));
  const checklists = body.matters.flatMap((matter) => checklist(matter, raw.forms, answers, counted, facts));
  const procedure = procedureOf(body);
  const digest = await visitDigest(row.id, ...signedPart(answers, counted, procedure.version));
  const walked = walkedSoFar(row.body, checklists, answers, counted);
  const here = row.body.team.filter((one) => !absent(answers, row.body.team).has(one.userId));
  const inInk = signedInInk(answers, counted, digest);
  const conflicts = raw.answers.filter((answer) => answer.candidates.length > 0);
  const ops = raw.ops.sort((left, right) => left.op.at.wall - right.op.at.wall);
  return {
    row,
    body,
    checklists,
    formsMissing: body.matters.filter((matter) => matter.formSha).length - checklists.length,
    shared: sharedQuestions(checklists.map(asked)),
    answers,
    answerRows: raw.answers,
    conflicts,
    evidence,
    uploads: new Map(raw.uploads.map((upload) => [upload.sha, upload])),
    signatures: signatures.sort((left, right) => left.at - right.at),
    digest,
    walked,
    gaps: {
      conflicts: conflicts.map((answer) => ({ code: "conflict", what: answer.path })),
      checklists: asksForChecklists(procedure, answers)
        ? checklists.flatMap((one) => checklistGaps(one.matter.id, one.seen))
        : [],
      walk: walkGaps(procedure, walked),
      signatures: signatureGaps(digest, here, signatures, asksForParty(procedure, answers) && !inInk),
      closing: [
        ...obstacleGaps(
          (row.body.cannotInspectReasons ?? []).map((one) => one.value),
          walked,
        ),
        ...signatureGaps(digest, here, signatures, false),
      ],
    },
    waitingOps: ops.filter((one) => one.waiting),
    refusedOps: ops.filter((one) => one.result?.status === "quarantined" && !one.saidAgainAs),
  };
}

/** The visit with the forms that the team chose, also before the server has heard of it. */
function withChosenForms(body: VisitBody, answers: Record<string, unknown>): VisitBody {
  const matters = body.matters.map((matter) => {
    const chosen = text(answers, `/forms/${matter.id}`, "formSha");
    const reason = text(answers, `/forms/${matter.id}`, "reason");
    if (!chosen || chosen === matter.formSha) return matter;
    return { ...matter, formSha: chosen, formChoice: { how: "person" as const, reason } };
  });
  return { ...body, matters };
}

function asked({ matter, form, seen }: Checklist) {
  const relevant = new Set(seen.relevant);
  return { matterId: matter.id, items: itemsOf(form).filter((item) => relevant.has(item.id)) };
}

/** A visit pulled before there was a walk is held to the old gates. */
export function procedureOf(body: VisitBody): VisitBody["procedure"] {
  const usual = { noticeName: "检查通知书", recording: null, inspectorsSignRefusal: true, witness: "" };
  return body.procedure ?? { version: 0, ...usual };
}

/** What is signed: all but what stands for a signature itself. */
function signedPart(
  answers: Record<string, unknown>,
  counted: EvidenceRow[],
  version: number,
): [Record<string, unknown>, string[]] {
  if (!version) return [answers, counted.map((piece) => piece.sha)];
  const written = Object.entries(answers).filter(([path]) => !path.startsWith("/papers/"));
  const pieces = counted.filter((piece) => piece.role !== "signed_sheet" && piece.role !== "stamp");
  return [Object.fromEntries(written), pieces.map((piece) => piece.sha)];
}

/** A printed record, signed and stamped, was photographed, and it is the present document that was printed. */
function signedInInk(answers: Record<string, unknown>, counted: EvidenceRow[], digest: string): boolean {
  const paper = "/papers/record";
  const sheet = part(answers, paper, "sha");
  return (
    part(answers, paper, "digest") === digest &&
    counted.some((piece) => piece.role === "signed_sheet" && piece.sha === sheet)
  );
}

function walkedSoFar(
  body: VisitBody,
  checklists: Checklist[],
  answers: Record<string, unknown>,
  counted: EvidenceRow[],
): Walked {
  const files: Record<string, number> = {};
  for (const piece of counted) files[piece.item] = (files[piece.item] ?? 0) + 1;
  const findings = checklists.flatMap(({ matter, seen }) =>
    seen.relevant.flatMap((name): [string, string][] => {
      const path = itemPath(matter.id, name);
      const value = answers[path] as Partial<Check> | null | undefined;
      return value?.result === "fail" ? [[path, value.disposal ?? ""]] : [];
    }),
  );
  return {
    answers,
    files,
    matters: body.matters.map((matter) => matter.id),
    findings: asksForChecklists(procedureOf(body), answers) ? findings : [],
    team: body.team,
  };
}

/** What each path says: this phone's own word until the server has answered, else the server's. */
function effective(rows: AnswerRow[]): Record<string, unknown> {
  const said = rows.filter((row) => row.local ?? row.server);
  return Object.fromEntries(said.map((row) => [row.path, row.local ? row.local.value : row.server?.value]));
}

/** Neither void nor late: part of the document. */
export function counts(piece: EvidenceRow): boolean {
  return piece.voidReason === null && !piece.late;
}

function checklist(
  matter: Matter,
  forms: Raw["forms"],
  answers: Record<string, unknown>,
  counted: EvidenceRow[],
  facts: Record<string, string>,
): Checklist[] {
  const found = forms.find((one) => one.sha === matter.formSha);
  if (!found) return [];
  const below = itemPath(matter.id, "");
  const here = Object.entries(answers).filter(([path]) => path.startsWith(below));
  const given = Object.fromEntries(here.map(([path, value]) => [path.slice(below.length), value]));
  const held = byItem(counted);
  const pieces = Object.fromEntries(
    itemsOf(found.form).map((item) => [item.id, piecesOf(item, held.get(below + item.id) ?? [])]),
  );
  return [
    {
      matter,
      form: found.form,
      sha: found.sha,
      seen: assess(found.form, given, pieces),
      offers: proposals(found.form, facts),
    },
  ];
}

function byItem(pieces: EvidenceRow[]): Map<string, EvidenceRow[]> {
  const held = new Map<string, EvidenceRow[]>();
  for (const piece of pieces) {
    const beside = held.get(piece.item);
    if (beside) beside.push(piece);
    else held.set(piece.item, [piece]);
  }
  return held;
}

function piecesOf(item: Item, pieces: EvidenceRow[]): number {
  return pieces.filter((piece) => countsFor(item, piece.mime)).length;
}
