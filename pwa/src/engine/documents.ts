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
  team: Member[];
  numbers: Record<string, string>;
  deadlines: DeadlineView[];
  citations: Record<string, Citation | null>;
  returned: { path: string; reason: string }[];
  digest: string | null;
  startedAt: number | null;
  submittedAt: number | null;
  approvedAt: number | null;
  closedReason: string | null;
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
