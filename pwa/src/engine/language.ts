/**
 * What the screens say. The words in the source are Chinese and are the keys; a dictionary says them in another
 * language. What goes on record or on paper is never said by `say`.
 */
export type Dictionary = Readonly<Record<string, string>>;

let spoken: Dictionary | null = null;

export function speak(dictionary: Dictionary | null): void {
  spoken = dictionary;
}

/** Whether the screens speak the language of the source. */
export function isChinese(): boolean {
  return spoken === null;
}

/** The words in the language of the screen, with `{0}`, `{1}`… replaced by the facts. */
export function say(words: string, ...facts: unknown[]): string {
  return inPlace(spoken?.[words] ?? words, facts);
}

/** Names one after the other, as the screen's language divides them. */
export function listed(names: readonly string[]): string {
  return names.join(isChinese() ? "、" : ", ");
}

/** The words as they are in the source: for papers and for what goes on record. */
export function sayInChinese(words: string, ...facts: unknown[]): string {
  return inPlace(words, facts);
}

export type Say = typeof say;

function inPlace(words: string, facts: unknown[]): string {
  return words.replace(/\{(\d)\}/g, (_, place) => String(facts[Number(place)] ?? ""));
}
