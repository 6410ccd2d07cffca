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
import type { Touched } from "./changes";
import type { PhoneStore, Reading } from "./database";
import { type AnswerRow, type EvidenceRow, type SignatureRow, STORES, type UploadRow, type VisitRow } from "./schema";

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
}

const ALL: Touched = new Set(STORES);
/** The stores that a visit is read from. */
export const OF_A_VISIT = ["visits", "answers", "evidence", "signatures", "uploads", "forms"] as const;

/** Read one visit with all that belongs to it; null if this phone does not have it. What was not touched since `before` is not read again. */
export async function readVisit(
  store: PhoneStore,
  visitId: string,
  touched = ALL,
  before: VisitView | null = null,
): Promise<VisitView | null> {
  const known = before?.row.id === visitId ? before : null;
  const raw = await store.read(async (transaction) => {
    const [row, answers, evidence, signatures, uploads] = await Promise.all([
      known && !touched.has("visits") ? known.row : transaction.objectStore("visits").get(visitId),
      known && !touched.has("answers")
        ? known.answerRows
        : transaction.objectStore("answers").index("visit").getAll(visitId),
      known && !touched.has("evidence")
        ? known.evidence
        : transaction.objectStore("evidence").index("visit").getAll(visitId),
      known && !touched.has("signatures")
        ? known.signatures
        : transaction.objectStore("signatures").index("visit").getAll(visitId),
      known && !touched.has("uploads") ? known.uploads : transaction.objectStore("uploads").getAll().then(bySha),
    ]);
    if (!row) return null;
    const shas = withChosenForms(row.body, effective(answers)).matters.flatMap((matter) => matter.formSha ?? []);
    return { row, answers, evidence, signatures, uploads, forms: await formsIn(transaction, store, shas) };
  });
  return raw && new Seen(raw);
}

const read = new WeakMap<PhoneStore, Map<string, Form>>();

/** Forms never change under their SHA-256: each is read once. */
async function formsIn(transaction: Reading, store: PhoneStore, shas: string[]): Promise<Map<string, Form>> {
  const held = read.get(store) ?? new Map<string, Form>();
  read.set(store, held);
  for (const sha of shas) {
    if (held.has(sha)) continue;
    const found = await transaction.objectStore("forms").get(sha);
    if (found) held.set(sha, found.form);
  }
  return held;
}

function bySha(uploads: UploadRow[]): Map<string, UploadRow> {
  return new Map(uploads.map((upload) => [upload.sha, upload]));
}

interface Raw {
  row: VisitRow;
  answers: AnswerRow[];
  evidence: EvidenceRow[];
  signatures: SignatureRow[];
  uploads: Map<string, UploadRow>;
  forms: Map<string, Form>;
}

/** What every page shows is worked out at once; what only some ask for, when they ask. */
class Seen implements VisitView {
  readonly row: VisitRow;
  readonly body: VisitBody;
  readonly checklists: Checklist[];
  readonly formsMissing: number;
  readonly answers: Record<string, unknown>;
  readonly answerRows: AnswerRow[];
  readonly conflicts: AnswerRow[];
  readonly evidence: EvidenceRow[];
  readonly uploads: Map<string, UploadRow>;
  readonly signatures: SignatureRow[];
  readonly #counted: EvidenceRow[];
  #shared: VisitView["shared"] | undefined;
  #digest: string | undefined;
  #walked: Walked | undefined;
  #gaps: VisitView["gaps"] | undefined;

  constructor({ row, answers, evidence, signatures, uploads, forms }: Raw) {
    this.row = row;
    this.answers = effective(answers);
    this.answerRows = answers;
    this.conflicts = answers.filter((answer) => answer.candidates.length > 0);
    this.evidence = evidence.sort((left, right) => left.number - right.number);
    this.uploads = uploads;
    this.signatures = signatures.sort((left, right) => left.at - right.at);
    this.#counted = evidence.filter(counts);
    this.body = withChosenForms(row.body, this.answers);
    const facts = Object.fromEntries(Object.entries(row.body.entity).map(([name, fact]) => [`entity.${name}`, fact]));
    this.checklists = this.body.matters.flatMap((matter) =>
      checklist(matter, forms, this.answers, this.#counted, facts),
    );
    this.formsMissing = this.body.matters.filter((matter) => matter.formSha).length - this.checklists.length;
  }

  get shared(): VisitView["shared"] {
    this.#shared ??= sharedQuestions(this.checklists.map(asked));
    return this.#shared;
  }

  get digest(): string {
    this.#digest ??= visitDigest(
      this.row.id,
      ...signedPart(this.answers, this.#counted, procedureOf(this.body).version),
    );
    return this.#digest;
  }

  get walked(): Walked {
    this.#walked ??= walkedSoFar(this.row.body, this.checklists, this.answers, this.#counted);
    return this.#walked;
  }

  get gaps(): VisitView["gaps"] {
    this.#gaps ??= this.#findGaps();
    return this.#gaps;
  }

  #findGaps(): VisitView["gaps"] {
    const { answers, body, checklists, digest, signatures, walked } = this;
    const procedure = procedureOf(body);
    const { team, cannotInspectReasons = [] } = this.row.body;
    const away = absent(answers, team);
    const here = team.filter((one) => !away.has(one.userId));
    const asksParty = asksForParty(procedure, answers) && !signedInInk(answers, this.#counted, digest);
    const reasons = cannotInspectReasons.map((one) => one.value);
    return {
      conflicts: this.conflicts.map((answer) => ({ code: "conflict", what: answer.path })),
      checklists: asksForChecklists(procedure, answers)
        ? checklists.flatMap((one) => checklistGaps(one.matter.id, one.seen))
        : [],
      walk: walkGaps(procedure, walked),
      signatures: signatureGaps(digest, here, signatures, asksParty),
      closing: [...obstacleGaps(reasons, walked), ...signatureGaps(digest, here, signatures, false)],
    };
  }
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
  forms: Map<string, Form>,
  answers: Record<string, unknown>,
  counted: EvidenceRow[],
  facts: Record<string, string>,
): Checklist[] {
  const sha = matter.formSha ?? "";
  const form = forms.get(sha);
  if (!form) return [];
  const below = itemPath(matter.id, "");
  const here = Object.entries(answers).filter(([path]) => path.startsWith(below));
  const given = Object.fromEntries(here.map(([path, value]) => [path.slice(below.length), value]));
  const held = byItem(counted);
  const pieces = Object.fromEntries(
    itemsOf(form).map((item) => [item.id, piecesOf(item, held.get(below + item.id) ?? [])]),
  );
  return [
    {
      matter,
      form,
      sha,
      seen: assess(form, given, pieces),
      offers: proposals(form, facts),
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
