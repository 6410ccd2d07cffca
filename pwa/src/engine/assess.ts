import { holds, type Known, namedIn } from "./expressions";
import { type Check, type Form, type Item, itemsOf } from "./form";
import { type Score, scoreOf } from "./scoring";
import { type Cells, cellName, rowsByItem, rowsOf } from "./tables";
import { isBlank, isFileType, whyInvalid } from "./values";

/** What one checklist amounts to so far; every list is in form order. A cell is named `<item>/rows/<row>/<column>`. */
export interface Assessment {
  relevant: string[];
  missing: string[];
  missingPhotos: string[];
  missingProblems: string[];
  invalid: Record<string, string>;
  answered: number;
  total: number;
  complete: boolean;
  score: Score | null;
}

/** Go through the form once, in order, and say what is relevant, answered, missing and invalid. */
export function assess(form: Form, answers: Record<string, unknown>, pieces: Record<string, number>): Assessment {
  const reading = new Reading(answers, pieces);
  for (const section of form.sections) {
    if (!holds(section.relevant, reading.known)) continue;
    for (const item of section.items) {
      if (holds(item.relevant, reading.known)) reading.take(item);
    }
  }
  const { relevant, missing, missingPhotos, missingProblems, invalid, known } = reading;
  const gaps = missing.length + missingPhotos.length + missingProblems.length + Object.keys(invalid).length;
  const complete = gaps === 0;
  return {
    relevant: relevant.map((item) => item.id),
    missing,
    missingPhotos,
    missingProblems,
    invalid,
    answered: known.size,
    total: relevant.length,
    complete,
    score: scoreOf(form, relevant, known, complete),
  };
}

const atFirst = new WeakMap<Form, number>();

/** How many items a form asks while nothing is answered; answers open the rest. Worked out once for each form. */
export function askedAtFirst(form: Form): number {
  const asked = atFirst.get(form) ?? assess(form, {}, {}).total;
  atFirst.set(form, asked);
  return asked;
}

/**
 * What a form offers before anybody answers: what the directory says of the entity (`entity.name` and so on), else the
 * form's default. An offer is no answer until a person takes it.
 */
export function proposals(form: Form, facts: Record<string, string>): Record<string, string | string[]> {
  const offered: Record<string, string | string[]> = {};
  for (const item of itemsOf(form)) {
    const fact = item.prefill === undefined ? undefined : facts[item.prefill];
    const value = isBlank(fact) ? item.default : fact;
    if (value !== undefined && !isBlank(value) && whyInvalid(item, value) === null) offered[item.id] = value;
  }
  return offered;
}

/** One pass over a form: what is known so far, and what was found wanting. */
class Reading {
  known: Known = new Map();
  relevant: Item[] = [];
  missing: string[] = [];
  missingPhotos: string[] = [];
  missingProblems: string[] = [];
  invalid: Record<string, string> = {};
  private cells: Map<string, Cells>;

  constructor(
    private answers: Record<string, unknown>,
    private pieces: Record<string, number>,
  ) {
    this.cells = rowsByItem(answers);
  }

  take(item: Item): void {
    this.relevant.push(item);
    const value = this.answers[item.id];
    if (!isBlank(value)) this.takeValue(item, value);
    else if (item.type === "table") this.takeRows(item);
    else if (isFileType(item.type)) this.takeFiles(item, this.pieces[item.id] ?? 0);
    else if (item.required) this.missing.push(item.id);
    if (asksForPhoto(item, this.known) && !this.pieces[item.id]) this.missingPhotos.push(item.id);
  }

  private takeValue(item: Item, value: unknown): void {
    const reason = whyInvalid(item, value) ?? (this.breaksConstraint(item, value) ? "constraint" : null);
    if (reason) {
      this.invalid[item.id] = reason;
      return;
    }
    this.known.set(item.id, { item, value });
    if (lacksProblem(item, value)) this.missingProblems.push(item.id);
  }

  /** A constraint is judged once all it names is answered. */
  private breaksConstraint(item: Item, value: unknown): boolean {
    if (!item.constraint) return false;
    const known: Known = new Map(this.known).set(item.id, { item, value });
    const expression = item.constraint.holds;
    return namedIn(expression).every((name) => known.has(name)) && !holds(expression, known);
  }

  private takeFiles(item: Item, count: number): void {
    if (count === 0) {
      if (item.required) this.missing.push(item.id);
    } else if (count < (item.minPieces ?? 1)) {
      this.invalid[item.id] = "too-few-files";
    } else if (item.maxPieces !== undefined && count > item.maxPieces) {
      this.invalid[item.id] = "too-many-files";
    } else {
      this.known.set(item.id, { item, value: count });
    }
  }

  private takeRows(item: Item): void {
    const rows = rowsOf(item, this.cells.get(item.id));
    if (!rows.length) {
      if (item.required) this.missing.push(item.id);
      return;
    }
    const faults = this.faults();
    if (rows.length < (item.minRows ?? 1)) this.invalid[item.id] = "too-few-rows";
    else if (item.maxRows !== undefined && rows.length > item.maxRows) this.invalid[item.id] = "too-many-rows";
    for (const [row, filled] of rows) this.takeRow(item, row, filled);
    if (this.faults() === faults) this.known.set(item.id, { item, value: rows.length });
  }

  private takeRow(item: Item, row: string, filled: Map<string, unknown>): void {
    for (const column of item.columns ?? []) {
      const name = cellName(item.id, row, column.id);
      if (!filled.has(column.id)) {
        if (column.required) this.missing.push(name);
        continue;
      }
      const reason = whyInvalid(column, filled.get(column.id));
      if (reason) this.invalid[name] = reason;
    }
  }

  private faults(): number {
    return this.missing.length + Object.keys(this.invalid).length;
  }
}

function lacksProblem(item: Item, value: unknown): boolean {
  return item.type === "check" && (value as Check).result === "fail" && isBlank((value as Check).problem);
}

function asksForPhoto(item: Item, known: Known): boolean {
  const result = item.type === "check" ? (known.get(item.id)?.value as Check | undefined)?.result : undefined;
  if (item.photo === "always") return result !== "na";
  return item.photo === "on-fail" && result === "fail";
}
