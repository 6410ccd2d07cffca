/** A checklist form as its canonical JSON says (forms/schema.json gives the exact meaning of every part). */
export interface Form {
  key: string;
  version: number;
  title: string;
  agency: string;
  matter: string;
  sections: Section[];
}

export interface Section {
  id: string;
  title: string;
  items: Item[];
}

export type ItemType = "check" | "text" | "number" | "choice" | "multi" | "date";

export interface Item {
  id: string;
  type: ItemType;
  label: string;
  required: boolean;
  photo: "never" | "on-fail" | "always";
  relevant: Expression | null;
  basis?: { law: string; article?: string }[];
  verified?: boolean;
  method?: string;
  failText?: string;
  severity?: "minor" | "serious" | "grave";
  applies?: string;
  note?: string;
  unit?: string;
  min?: string;
  max?: string;
  maxLength?: number;
  choices?: { value: string; label: string }[];
}

export type Expression =
  | { and: Expression[] }
  | { or: Expression[] }
  | { not: Expression }
  | { eq: [string, string] }
  | { lt: [string, string] }
  | { in: [string, string[]] }
  | { answered: string };

/** The value of a check item. */
export interface Check {
  result: "pass" | "fail" | "na";
  problem: string | null;
  disposal: string | null;
}

/** Every item in form order. */
export function itemsOf(form: Form): Item[] {
  return form.sections.flatMap((section) => section.items);
}
