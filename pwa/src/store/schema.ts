import type { DBSchema, IDBPDatabase } from "idb";
import type { Candidate, Capture, EvidenceRole, Person, SignatureBody, VisitBody } from "@/engine/documents";
import type { Form } from "@/engine/form";
import type { Receipt } from "@/engine/keys";
import type { Op, Status } from "@/engine/ops";

/** An answer: what the server holds, and what this phone says until the server has answered. */
export interface AnswerRow {
  visitId: string;
  path: string;
  server: { value: unknown; rev: number; by: Person | null; opId: string | null; at: number | null } | null;
  local: { value: unknown; opId: string; baseRev: number; at: number } | null;
  candidates: Candidate[];
}

/** A piece of evidence; `custody` follows its bytes, the op log follows what is said of it. */
export interface EvidenceRow extends Capture {
  visitId: string;
  sha: string;
  item: string;
  role: EvidenceRole;
  mime: string;
  size: number;
  caption: string;
  number: number;
  mine: boolean;
  voidReason: string | null;
  late: boolean;
  complete: boolean;
}

/** The bytes of a file on their way to the server, one row per file. */
export interface UploadRow {
  sha: string;
  visitId: string;
  mime: string;
  size: number;
  capture: Capture & { item: string | null };
  tries: number;
  receipt: Receipt | null;
  receivedAt: number | null;
  stuck: { code: string; at: number } | null;
}

/** An original: whole, or, for what is long, in pieces of at most 1 MiB that lie beside it. */
export type BlobRow = { sha: string; bytes: ArrayBuffer } | ({ sha: string } & Pieces);

/** `ends`: where each piece ends, in bytes from the beginning. */
export interface Pieces {
  owner: string;
  ends: number[];
}

export interface SignatureRow extends SignatureBody {
  opId: string;
}

export interface OpRow {
  deviceId: string;
  seq: number;
  op: Op;
  hash: string;
  size: number;
  /** 1 while the server has not answered; absent afterwards, so that the index holds only what waits. */
  waiting?: 1;
  result: { status: Status; rev: number | null; reason: string | null; gaps: { code: string; what: string }[] } | null;
  receipt: Receipt | null;
  answeredAt: number | null;
  /** The op with which this one was said again under a new identity; that one counts. */
  saidAgainAs?: string;
}

export interface VisitRow {
  id: string;
  rev: number;
  body: VisitBody;
  /** What this phone did to the visit as a whole and the server has not answered yet. */
  local: { submittedAt: number | null; reviewed: "approve" | "return" | null };
}

export interface PhoneDatabase extends DBSchema {
  meta: { key: string; value: unknown };
  visits: { key: string; value: VisitRow };
  forms: { key: string; value: { sha: string; form: Form } };
  answers: { key: [string, string]; value: AnswerRow; indexes: { visit: string } };
  evidence: { key: [string, string, string]; value: EvidenceRow; indexes: { visit: string; sha: string } };
  uploads: { key: string; value: UploadRow };
  blobs: { key: string; value: BlobRow };
  pieces: { key: [string, number]; value: { owner: string; n: number; bytes: ArrayBuffer } };
  signatures: { key: string; value: SignatureRow; indexes: { visit: string } };
  ops: { key: [string, number]; value: OpRow; indexes: { waiting: number; visit: string; id: string } };
}

export type StoreName =
  | "meta"
  | "visits"
  | "forms"
  | "answers"
  | "evidence"
  | "uploads"
  | "blobs"
  | "pieces"
  | "signatures"
  | "ops";
export const STORES: StoreName[] = [
  "meta",
  "visits",
  "forms",
  "answers",
  "evidence",
  "uploads",
  "blobs",
  "pieces",
  "signatures",
  "ops",
];
export const VERSION = 2;

/** Lay what is missing. Migrations only ever add: what an older version saved stays readable. */
export function upgrade(database: IDBPDatabase<PhoneDatabase>, from: number): void {
  if (from < 1) layFirst(database);
  if (from < 2) database.createObjectStore("pieces", { keyPath: ["owner", "n"] });
}

export function layFirst(database: IDBPDatabase<PhoneDatabase>): void {
  database.createObjectStore("meta");
  database.createObjectStore("visits", { keyPath: "id" });
  database.createObjectStore("forms", { keyPath: "sha" });
  database.createObjectStore("answers", { keyPath: ["visitId", "path"] }).createIndex("visit", "visitId");
  const evidence = database.createObjectStore("evidence", { keyPath: ["visitId", "sha", "item"] });
  evidence.createIndex("visit", "visitId");
  evidence.createIndex("sha", "sha");
  database.createObjectStore("uploads", { keyPath: "sha" });
  database.createObjectStore("blobs", { keyPath: "sha" });
  database.createObjectStore("signatures", { keyPath: "opId" }).createIndex("visit", "visitId");
  const ops = database.createObjectStore("ops", { keyPath: ["deviceId", "seq"] });
  ops.createIndex("waiting", "waiting");
  ops.createIndex("visit", "op.visitId");
  ops.createIndex("id", "op.id");
}
