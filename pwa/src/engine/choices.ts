import type { Field } from "./form";

/** The choice that says no other one holds. */
const NONE = "noneOfThese";

/** What is chosen after one tap, in the form's order: "none of these" and the others put each other out. */
export function picked(item: Field, before: string[], name: string, on: boolean): string[] {
  const others = before.filter((one) => one !== name);
  const kept = on ? (name === NONE ? [] : others.filter((one) => one !== NONE)) : others;
  const now = on ? [...kept, name] : kept;
  return (item.choices ?? []).map((one) => one.value).filter((one) => now.includes(one));
}
