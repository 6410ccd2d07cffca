import { type Assessment, assess, proposals } from "@/engine/assess";
import { itemPath, type Matter, type VisitBody } from "@/engine/documents";
import { visitDigest } from "@/engine/fingerprint";
import { type Form, type Item, itemsOf } from "@/engine/form";
import { checklistGaps, type Gap, recordGaps, signatureGaps, stepGaps } from "@/engine/readiness";
import { countsFor } from "@/engine/values";
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
  answers: Record<string, unknown>;
  answerRows: AnswerRow[];
  conflicts: AnswerRow[];
  evidence: EvidenceRow[];
  uploads: Map<string, UploadRow>;
  signatures: SignatureRow[];
  digest: string;
  gaps: { conflicts: Gap[]; steps: Gap[]; checklists: Gap[]; record: Gap[]; signatures: Gap[] };
  waitingOps: OpRow[];
  refusedOps: OpRow[];
}

/** Read one visit with all that belongs to it; null if this phone does not have it. */
export async function readVisit(store: PhoneStore, visitId: string): Promise<VisitView | null> {
  const raw = await store.read(async (transaction) => {
    const row = await transaction.objectStore("visits").get(visitId);
    if (!row) return null;
    const shas = row.body.matters.flatMap((matter) => matter.formSha ?? []);
    const [answers, evidence, signatures, uploads, ops, ...forms] = await Promise.all([
      transaction.objectStore("answers").index("visit").getAll(visitId),
      transaction.objectStore("evidence").index("visit").getAll(visitId),
      transaction.objectStore("signatures").index("visit").getAll(visitId),
      transaction.objectStore("uploads").getAll(),
      transaction.objectStore("ops").index("visit").getAll(visitId),
      ...shas.map((sha) => transaction.objectStore("forms").get(sha)),
    ]);
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
  const facts = Object.fromEntries(Object.entries(row.body.entity).map(([name, fact]) => [`entity.${name}`, fact]));
  const checklists = row.body.matters.flatMap((matter) => checklist(matter, raw.forms, answers, counted, facts));
  const digest = await visitDigest(
    row.id,
    answers,
    counted.map((piece) => piece.sha),
  );
  const conflicts = raw.answers.filter((answer) => answer.candidates.length > 0);
  const ops = raw.ops.sort((left, right) => left.op.at.wall - right.op.at.wall);
  return {
    row,
    body: row.body,
    checklists,
    formsMissing: row.body.matters.filter((matter) => matter.formSha).length - checklists.length,
    answers,
    answerRows: raw.answers,
    conflicts,
    evidence,
    uploads: new Map(raw.uploads.map((upload) => [upload.sha, upload])),
    signatures: signatures.sort((left, right) => left.at - right.at),
    digest,
    gaps: {
      conflicts: conflicts.map((answer) => ({ code: "conflict", what: answer.path })),
      steps: stepGaps(answers),
      checklists: checklists.flatMap((one) => checklistGaps(one.matter.id, one.seen)),
      record: recordGaps(answers),
      signatures: signatureGaps(digest, row.body.team, signatures),
    },
    waitingOps: ops.filter((one) => one.waiting),
    refusedOps: ops.filter((one) => one.result?.status === "quarantined"),
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
  const pieces = Object.fromEntries(itemsOf(found.form).map((item) => [item.id, piecesOf(item, below, counted)]));
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

function piecesOf(item: Item, below: string, counted: EvidenceRow[]): number {
  return counted.filter((piece) => piece.item === below + item.id && countsFor(item, piece.mime)).length;
}
