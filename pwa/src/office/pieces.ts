import { RunningSha256 } from "../engine/sha256";
import { say } from "../public/words";

const PIECE = 1 << 20;
const LONGEST_WAIT_MS = 30_000;
const AS_PROGRAM = { Accept: "application/json" };

/** A large file goes up in pieces: hashed here first, so that the same file chosen again goes on where it broke off. */
export function sendInPieces(page: Document): void {
  page.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const file = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
      if (!("inPieces" in form.dataset) || !file?.size) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (form.dataset.sending) return;
      form.dataset.sending = "yes";
      void send(form, file).finally(() => delete form.dataset.sending);
    },
    true,
  );
}

async function send(form: HTMLFormElement, file: File): Promise<void> {
  const line = form.querySelector<HTMLElement>("[data-progress]");
  const tell = (words: string) => {
    if (line) [line.hidden, line.textContent] = [false, words];
  };
  const button = form.querySelector<HTMLElement>("button[type=submit], button:not([type])");
  button?.setAttribute("aria-busy", "true");
  try {
    const sha = await hashOf(file, (share) => tell(say(`正在算指纹 ${share}%`, `Computing the fingerprint ${share}%`)));
    const address = `${form.action}/${sha}`;
    let offset = await patiently(() => offsetAt(address), tell);
    while (offset < file.size) {
      const share = Math.floor((100 * offset) / file.size);
      tell(say(`正在上传 ${share}%，断了会接着传`, `Uploading ${share}%; a broken line is taken up again`));
      const from = offset;
      offset = await patiently(() => sendPiece(address, file, from), tell);
    }
    tell(say("正在核对指纹", "Checking the fingerprint"));
    const facts = new FormData(form);
    facts.delete("file");
    facts.set("name", file.name);
    const ended = await fetch(address, { method: "POST", body: facts, headers: AS_PROGRAM });
    if (!ended.ok) throw new Error(await wordsOf(ended, document.documentElement.lang));
    location.reload();
  } catch (reason) {
    const why =
      reason instanceof Error ? reason.message : say("请再选这个文件，会接着传", "choose the file again, it goes on");
    tell(say(`没有登记：${why}`, `Not registered: ${why}`));
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

async function hashOf(file: File, tell: (share: number) => void): Promise<string> {
  const hash = new RunningSha256();
  for (let from = 0; from < file.size; from += PIECE) {
    hash.add(new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer()));
    tell(Math.floor((100 * Math.min(file.size, from + PIECE)) / file.size));
  }
  return hash.hex();
}

async function offsetAt(address: string): Promise<number> {
  const answer = await fetch(address, { cache: "no-store", headers: AS_PROGRAM });
  if (!answer.ok) throw new Error(await wordsOf(answer, document.documentElement.lang));
  return Number(answer.headers.get("Upload-Offset") ?? 0);
}

async function sendPiece(address: string, file: File, offset: number): Promise<number> {
  const headers = { ...AS_PROGRAM, "Content-Type": "application/partial-upload", "Upload-Offset": String(offset) };
  const answer = await fetch(address, { method: "PATCH", headers, body: file.slice(offset, offset + PIECE) });
  if (!answer.ok && answer.status !== 409) throw new Error(await wordsOf(answer, document.documentElement.lang));
  return Number(answer.headers.get("Upload-Offset") ?? offset);
}

/** A lost line is tried again, ever slower; an answer that says no is not. */
async function patiently(work: () => Promise<number>, tell: (words: string) => void): Promise<number> {
  for (let wait = 1_000; ; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
    try {
      return await work();
    } catch (reason) {
      if (!(reason instanceof TypeError)) throw reason;
      tell(say("线路断了，会接着传，不用重来", "The line broke; it goes on where it was"));
      await new Promise((go) => setTimeout(go, wait));
    }
  }
}

/** Why the server said no, in the page's language: its problems carry Chinese as title and English as detail. */
export async function wordsOf(answer: Response, language: string): Promise<string> {
  const told = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string };
  const english = language === "en";
  const words = english ? told.detail : told.title;
  return words ?? (english ? `the server answered ${answer.status}` : `服务器答复 ${answer.status}`);
}
