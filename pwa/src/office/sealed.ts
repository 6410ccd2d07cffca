import { fromHex, joined, lengthPrefixed, sha256Hex, toHex, utf8 } from "../public/bytes";

const SALT_BYTES = 16;

interface Kept {
  input: string;
  salt: string;
}

/** A witness's sealed input: kept on this phone alone, known to the house by its fingerprint until it is opened. */
export function sealInputs(page: Document): void {
  const sealing = page.querySelector<HTMLFormElement>("form[data-seal]");
  if (sealing) sealing.addEventListener("submit", (event) => seal(event, sealing));
  const opening = page.querySelector<HTMLFormElement>("form[data-open]");
  if (opening) fill(opening);
}

/** `SHA-256("draw/1/witness\n" ‖ LP(salt) ‖ LP(input))`, in hex (draw.md 1.5). */
export function sealed(input: string, salt: string): string {
  return sha256Hex(joined(utf8("draw/1/witness\n"), lengthPrefixed(fromHex(salt)), lengthPrefixed(utf8(input))));
}

function seal(event: SubmitEvent, form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>("[data-text]");
  const commitment = form.querySelector<HTMLInputElement>("[name=commitment]");
  const input = field?.value.trim().normalize("NFC") ?? "";
  if (!commitment || input === "" || Array.from(input).length > 64) {
    event.preventDefault();
    return;
  }
  const kept: Kept = { input, salt: toHex(crypto.getRandomValues(new Uint8Array(SALT_BYTES))) };
  // Kept before it is handed in: a fingerprint whose input was lost could never be opened.
  localStorage.setItem(keyOf(form.dataset.seal), JSON.stringify(kept));
  commitment.value = sealed(kept.input, kept.salt);
}

function fill(form: HTMLFormElement): void {
  const text = localStorage.getItem(keyOf(form.dataset.open));
  const kept = text === null ? null : (JSON.parse(text) as Kept);
  const [input, salt] = ["input", "salt"].map((name) => form.querySelector<HTMLInputElement>(`[name=${name}]`));
  if (kept === null || !input || !salt) {
    form.querySelector("[data-lost]")?.removeAttribute("hidden");
    return;
  }
  input.value = kept.input;
  salt.value = kept.salt;
}

function keyOf(place: string | undefined): string {
  return `draw-seal-${place}`;
}
