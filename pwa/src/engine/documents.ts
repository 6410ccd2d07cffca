import type { Procedure } from "./walk";

/** What the server tells a phone: the bodies of pulled documents (contract "Sync shapes"). */
export interface Citation {
  source: string;
  article: string;
  quote: string;
}

export interface Member {
  userId: number;
  inspectorId: number;
  name: string;
  certificateNo: string;
  leader: boolean;
  /** SHA-256 of the photo that is held up. */
  photo?: string | null;
  lastInStepAt: number | null;
}

export interface Matter {
  id: number;
  name: string;
  class: "key" | "general";
  legalBasis: string;
  content?: string;
  formKey: string | null;
  formSha: string | null;
  formChoice?: FormChoice;
}

/** How a matter came to its checklist: by itself, or by a person with a reason. */
export interface FormChoice {
  how: "matter" | "suits" | "person" | "none";
  by?: string;
  reason?: string;
}

/** A form that a team may choose instead; its content is fetched by its SHA-256. */
export interface OfferedForm {
  sha: string;
  title: string;
  version: number;
  items: number;
  /** The matters of the visit that it is made for. Absent from an older server. */
  suits?: number[];
}

export interface DeadlineView {
  kind: string;
  due: string;
  wd: number;
  remaining: number;
  state: "ok" | "warn" | "due" | "overdue";
  provisional?: boolean;
  citation: Citation | null;
  /** The working days after the start, up to some after the last one: what the phone counts by. */
  days: string[];
  /** The working days up to the start of one that does not run yet: they are left too. */
  before?: string[];
}

/** What is known of the entity before the door is knocked on; null once nobody is on the way there. */
export interface Known {
  industry: string;
  region: string;
  riskGrade: string | null;
  riskSource: string;
  directories: string[];
  flags: string[];
  earlier: {
    serial: string;
    on: string | null;
    matters: string[];
    closedReason: string | null;
    findings: string[];
    mended: boolean | null;
  }[];
}

export interface RecusalView {
  userId: number;
  by: "party" | "self";
  reason: string;
  status: "asked" | "granted" | "refused";
  words: string;
  decidedBy: string | null;
}

/** What the walk asks for, and what the rules call things at the door. */
export interface ProcedureView extends Procedure {
  noticeName: string;
  recording: "whole" | "key_steps" | null;
  inspectorsSignRefusal: boolean;
  witness: string;
}

export type VisitStatus = "dispatched" | "in_progress" | "submitted" | "returned" | "approved" | "closed";

export interface VisitBody {
  id: string;
  serial: string;
  status: VisitStatus;
  entity: {
    name: string;
    code: string;
    address: string;
    principal: string;
    phone: string;
    kind: string;
    region?: string;
    industry?: string;
  };
  window: { from: string; to: string };
  agency: { name: string };
  task: { title: string };
  matters: Matter[];
  forms?: OfferedForm[];
  team: Member[];
  /** Experts and others who go along: they assist and sign nothing. Absent from an older server. */
  companions?: { name: string; role: string; organisation: string }[];
  numbers: Record<string, string>;
  deadlines: DeadlineView[];
  citations: Record<string, Citation | null>;
  procedure: ProcedureView;
  known: Known | null;
  cannotInspectReasons: { value: string; label: string }[];
  recusals: RecusalView[];
  returned: Returned[];
  mended: Returned[];
  digest: string | null;
  startedAt: number | null;
  submittedAt: number | null;
  approvedAt: number | null;
  closedReason: string | null;
}

/** An answer that the leader sent back, with what stood there. */
export interface Returned {
  path: string;
  reason: string;
  before?: unknown;
}

export interface Person {
  userId: number;
  name: string;
}

export interface Candidate {
  opId: string;
  value: unknown;
  reason: string;
  by: Person;
  at: number;
}

export interface AnswerBody {
  visitId: string;
  path: string;
  value: unknown;
  rev: number;
  by: Person | null;
  at: number | null;
  opId: string | null;
  candidates: Candidate[];
}

export interface Capture {
  at: number;
  lat7: number | null;
  lon7: number | null;
  accuracyCm: number | null;
}

export interface EvidenceBody extends Capture {
  visitId: string;
  sha: string;
  item: string | null;
  role: EvidenceRole;
  mime: string;
  size: number;
  caption: string;
  by: Person | null;
  complete: boolean;
  void: boolean;
  voidReason: string | null;
  late: boolean;
}

export type EvidenceRole = "photo" | "stamp" | "signed_sheet";

export interface SignatureBody {
  visitId: string;
  role: "inspector" | "party" | "witness" | "refusal";
  name?: string;
  userId?: number | null;
  at: number;
  digest: string;
  image?: string;
  reason?: string;
  statement?: string;
  witness?: { name: string; contact: string | null } | null;
}

/** Where the answer to an item of a matter's checklist stands. */
export function itemPath(matterId: number, itemId: string): string {
  return `/matters/${matterId}/items/${itemId}`;
}
