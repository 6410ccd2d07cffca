import { request } from "node:http";
import type { Fetch } from "@/sync/api";
import type { Random } from "./random";

/** What the schedules may do to the server as a whole; each resolves when it serves again. */
export interface House {
  readonly address: string;
  kill(): Promise<void>;
}

/** At which moment of a call the server is killed: with half a piece in its hands, or with the answer on its tongue. */
export type KillAt = "half a piece" | "before the answer";

/** The line between one phone and the server: it drops, delays, duplicates, reorders, cuts and garbles. */
export class Line {
  faulty = true;
  sessionLives = true;
  killAt: KillAt | null = null;
  readonly #stragglers: Promise<unknown>[] = [];

  constructor(
    readonly house: House,
    readonly session: string,
    readonly random: Random,
  ) {}

  readonly fetch: Fetch = async (path, init) => {
    if (this.killAt && this.#isItsMoment(path, init)) return this.#killed(path, init);
    if (!this.faulty) return this.#send(path, init);
    const roll = this.random.below(100);
    if (roll < 7) throw new TypeError("the request was lost");
    if (roll < 14) return this.#loseAnswer(path, init);
    if (roll < 20) return this.#twice(path, init);
    if (roll < 25) return this.#againLater(path, init);
    if (roll < 30) await pause(this.random.below(20));
    if (roll >= 30 && roll < 36 && init.method === "PATCH") return this.#send(path, garbled(init));
    if (roll >= 36 && roll < 42 && init.body) return this.#half(path, init);
    if (roll >= 42 && roll < 44) return forged(await this.#send(path, init));
    return this.#send(path, init);
  };

  /** Wait until what was held back has arrived too. */
  async quiet(): Promise<void> {
    this.faulty = false;
    await Promise.all(this.#stragglers);
  }

  #send(path: string, init: RequestInit): Promise<Response> {
    return fetch(this.house.address + path, { method: init.method, body: init.body, headers: this.#headers(init) });
  }

  #headers(init: RequestInit): Record<string, string> {
    const headers = Object.fromEntries(new Headers(init.headers));
    const withSession = this.sessionLives && init.credentials !== "omit";
    return withSession ? { ...headers, Cookie: `yaohao_session=${this.session}` } : headers;
  }

  async #loseAnswer(path: string, init: RequestInit): Promise<never> {
    await (await this.#send(path, init)).arrayBuffer();
    throw new TypeError("the answer was lost");
  }

  async #twice(path: string, init: RequestInit): Promise<Response> {
    const [first, second] = await Promise.all([this.#send(path, init), this.#send(path, init)]);
    return this.random.chance(0.5) ? first : second;
  }

  #againLater(path: string, init: RequestInit): Promise<Response> {
    const late = pause(5 + this.random.below(60)).then(() => this.#send(path, init));
    this.#stragglers.push(late.then((answer) => answer.arrayBuffer()).catch(() => undefined));
    return this.#send(path, init);
  }

  async #half(path: string, init: RequestInit): Promise<never> {
    const body = Buffer.from(await new Response(init.body).arrayBuffer());
    await new Promise<void>((done) => {
      const headers = { ...this.#headers(init), "Content-Length": String(body.length) };
      const cut = request(this.house.address + path, { method: init.method, headers }, (answer) => answer.resume());
      cut.on("error", () => done());
      cut.write(body.subarray(0, body.length >> 1), () => setTimeout(() => cut.destroy(), 5));
      cut.on("close", () => done());
    });
    throw new TypeError("the line broke in the middle");
  }

  #isItsMoment(path: string, init: RequestInit): boolean {
    return this.killAt === "half a piece" ? init.method === "PATCH" : path.endsWith("/sync/push");
  }

  async #killed(path: string, init: RequestInit): Promise<never> {
    const at = this.killAt;
    this.killAt = null;
    if (at === "half a piece") await this.#half(path, init).catch(() => undefined);
    else await this.#send(path, init).catch(() => undefined);
    await this.house.kill();
    throw new TypeError("the server is gone");
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

function garbled(init: RequestInit): RequestInit {
  const bytes = new Uint8Array((init.body as ArrayBuffer).slice(0));
  if (bytes.length) bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 0xff;
  return { ...init, body: bytes.buffer };
}

/** An answer whose receipt is for something else: the phone must not believe it. */
async function forged(answer: Response): Promise<Response> {
  const text = await answer.text();
  const told = text.replaceAll(/"hash":\s*"[0-9a-f]{8}/g, '"hash":"00000000');
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  return new Response(answer.status === 204 ? null : told, { status: answer.status, headers });
}
