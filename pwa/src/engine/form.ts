/** A checklist form as its canonical JSON says (forms/schema.json gives the exact meaning of every part). */
export interface Form {
  key: string;
  version: number;
  title: string;
  agency: string;
  matter: string;
  heading?: string;
  remarks?: string[];
  bands?: { atLeast: number; label: string }[];
  sections: Section[];
}

export interface Section {
  id: string;
  title: string;
  relevant?: Expression | null;
  items: Item[];
}

export type FileType = "photos" | "video" | "audio" | "file";
export type SimpleType = "text" | "number" | "choice" | "multi" | "date";
export type ItemType = "check" | SimpleType | FileType | "location" | "signature" | "table";

export interface Basis {
  law: string;
  article?: string;
  pending?: true;
  unnumbered?: true;
}

/** What an item and a table's column have in common. */
export interface Field {
  id: string;
  type: ItemType;
  label: string;
  required: boolean;
  unit?: string;
  min?: string;
  max?: string;
  maxLength?: number;
  choices?: { value: string; label: string; points?: number }[];
}

export interface Item extends Field {
  photo: "never" | "on-fail" | "always";
  relevant: Expression | null;
  basis?: Basis[];
  verified?: boolean;
  method?: string;
  failText?: string;
  severity?: "minor" | "serious" | "grave";
  points?: number;
  applies?: string;
  note?: string;
  constraint?: { holds: Expression; otherwise: string };
  default?: string | string[];
  prefill?: string;
  minPieces?: number;
  maxPieces?: number;
  columns?: Field[];
  minRows?: number;
  maxRows?: number;
}

/** The other side of a comparison: a literal, or what another item says. */
export type Operand = string | { item: string };

export type Expression =
  | { and: Expression[] }
  | { or: Expression[] }
  | { not: Expression }
  | { eq: [string, Operand] }
  | { ne: [string, Operand] }
  | { lt: [string, Operand] }
  | { le: [string, Operand] }
  | { gt: [string, Operand] }
  | { ge: [string, Operand] }
  | { in: [string, string[]] }
  | { answered: string };

/** The value of a check item. */
export interface Check {
  result: "pass" | "fail" | "na";
  problem: string | null;
  disposal: string | null;
}

/** The value of a location item. */
export interface Place {
  lat7: number;
  lon7: number;
  accuracyCm: number | null;
  at: number;
}

/** The value of a signature item. */
export interface Hand {
  name: string;
  image: string;
}

/** Every item in form order. */
export function itemsOf(form: Form): Item[] {
  return form.sections.flatMap((section) => section.items);
}
