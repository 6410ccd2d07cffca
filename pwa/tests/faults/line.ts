import { request } from "node:http";
import type { Fetch } from "@/sync/api";
import type { Random } from "./random";
import { happened } from "./tally";

/** What the schedules may do to the server as a whole; each resolves when it serves again. */
export interface House {
  readonly address: string;
  kill(): Promise<void>;
  /** What the server has acknowledged until now outlives every later restore. */
  backUp(): Promise<void>;
}

/** At which moment of a call the server is killed. The last two it does itself, where this header asks it to. */
export const MOMENTS = [
  "half a piece in its hands",
  "any moment of a push",
  "a piece half on the disk",
  "between commit and reply",
] as const;
export type Moment = (typeof MOMENTS)[number];

/** The line between one phone and the server: it drops, delays, duplicates, reorders, cuts and garbles. */
export class Line {
  faulty = true;
  sessionLives = true;
  /** When the server is to be killed, by whichever line of a schedule comes to it first. */
  fate: { killAt: Moment | null } = { killAt: null };
  readonly #stragglers: Promise<unknown>[] = [];

  constructor(
    readonly house: House,
    public session: string,
    readonly random: Random,
  ) {}

  readonly fetch: Fetch = async (path, init) => {
    const { killAt } = this.fate;
    if (killAt && isItsMoment(killAt, path, init)) return this.#killed(killAt, path, init);
    if (!this.faulty) return this.#send(path, init);
    const roll = this.random.below(100);
    if (roll < 7) return this.#lose();
    if (roll < 14) return this.#loseAnswer(path, init);
    if (roll < 20) return this.#twice(path, init);
    if (roll < 25) return this.#againLater(path, init);
    if (roll < 30) await this.#delay();
    if (roll >= 30 && roll < 36 && init.method === "PATCH") return this.#send(path, garbled(init));
    if (roll >= 36 && roll < 42 && init.body) return this.#half(path, init);
    if (roll >= 42 && roll < 46 && path.endsWith("/sync/push")) return this.#send(path, altered(init, this.random));
    if (roll >= 46 && roll < 48) return forged(await this.#send(path, init));
    return this.#send(path, init);
  };

  /** Wait until what was held back has arrived too. */
  async quiet(): Promise<void> {
    this.faulty = false;
    await Promise.all(this.#stragglers.splice(0));
  }

  #send(path: string, init: RequestInit, more: Record<string, string> = {}): Promise<Response> {
    const headers = { ...this.#headers(init), ...more };
    return fetch(this.house.address + path, { method: init.method, body: init.body, headers });
  }

  #headers(init: RequestInit): Record<string, string> {
    const headers = Object.fromEntries(new Headers(init.headers));
    const withSession = this.sessionLives && init.credentials !== "omit";
    return withSession ? { ...headers, Cookie: `yaohao_session=${this.session}` } : headers;
  }

  async #lose(): Promise<never> {
    happened("request lost");
    throw new TypeError("the request was lost");
  }

  async #loseAnswer(path: string, init: RequestInit): Promise<never> {
    await (await this.#send(path, init)).arrayBuffer();
    happened("answer lost");
    throw new TypeError("the answer was lost");
  }

  async #twice(path: string, init: RequestInit): Promise<Response> {
    happened("sent twice at once");
    const [first, second] = await Promise.all([this.#send(path, init), this.#send(path, init)]);
    return this.random.chance(0.5) ? first : second;
  }

  #againLater(path: string, init: RequestInit): Promise<Response> {
    happened("arrived again later, out of order");
    const late = pause(5 + this.random.below(60)).then(() => this.#send(path, init));
    this.#stragglers.push(late.then((answer) => answer.arrayBuffer()).catch(() => undefined));
    return this.#send(path, init);
  }

  #delay(): Promise<void> {
    happened("delayed");
    return pause(this.random.below(20));
  }

  async #half(path: string, init: RequestInit): Promise<never> {
    happened("cut in the middle");
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

  async #killed(moment: Moment, path: string, init: RequestInit): Promise<Response> {
    this.fate.killAt = null;
    if (moment === "half a piece in its hands") await this.#half(path, init).catch(() => undefined);
    else if (moment === "any moment of a push")
      await Promise.race([this.#quietly(path, init), pause(this.random.below(25))]);
    else {
      const survived = await this.#send(path, init, { "X-Die": moment }).catch(() => null);
      // The server had nothing to write for this call, and lives until the next.
      if (survived) {
        this.fate.killAt = moment;
        return survived;
      }
    }
    await this.house.kill();
    happened(`server killed: ${moment}`);
    throw new TypeError("the server is gone");
  }

  #quietly(path: string, init: RequestInit): Promise<unknown> {
    return this.#send(path, init).catch(() => undefined);
  }
}

function isItsMoment(moment: Moment, path: string, init: RequestInit): boolean {
  const isPiece = moment === "half a piece in its hands" || moment === "a piece half on the disk";
  return isPiece ? init.method === "PATCH" : path.endsWith("/sync/push");
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

function garbled(init: RequestInit): RequestInit {
  happened("piece garbled on the way");
  const bytes = new Uint8Array((init.body as ArrayBuffer).slice(0));
  if (bytes.length) bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 0xff;
  return { ...init, body: bytes.buffer };
}

/** One op of a push says something else than was signed. */
function altered(init: RequestInit, random: Random): RequestInit {
  happened("op altered on the way");
  const push = JSON.parse(String(init.body)) as { ops: { value: unknown }[] };
  const one = random.of(push.ops);
  one.value = { result: "na", problem: "改动", disposal: null };
  return { ...init, body: JSON.stringify(push) };
}

/** An answer whose receipt is for something else: the phone must not believe it. */
async function forged(answer: Response): Promise<Response> {
  const text = await answer.text();
  const told = text.replaceAll(/"hash":\s*"[0-9a-f]{8}/g, '"hash":"00000000');
  if (told !== text) happened("receipt forged");
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  return new Response(answer.status === 204 ? null : told, { status: answer.status, headers });
}
