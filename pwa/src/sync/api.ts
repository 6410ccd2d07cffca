/** A refusal as the server words it (application/problem+json). */
export interface Problem {
  code: string;
  detail: string;
  [fact: string]: unknown;
}

export interface Answer<T> {
  status: number;
  body: T;
  headers: Headers;
}

/** The server could not be reached at all; nothing is known to have arrived. */
export class NoSignal extends Error {
  override name = "NoSignal";
}

/** The server answered, and said no. */
export class Refused extends Error {
  override name = "Refused";
  readonly status: number;
  readonly problem: Problem;
  readonly headers: Headers;

  constructor(status: number, problem: Problem, headers: Headers) {
    super(`${status} ${problem.code}`);
    this.status = status;
    this.problem = problem;
    this.headers = headers;
  }
}

export interface Call {
  method?: string;
  json?: unknown;
  bytes?: BodyInit;
  headers?: Record<string, string>;
  /** Sent instead of the session: the push token, for what may outlive it. */
  token?: string | null;
  deviceId?: string;
  signal?: AbortSignal;
}

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** One door to the server: same origin, same answers, no other host. */
export class Api {
  readonly #fetch: Fetch;

  constructor(fetchThrough: Fetch = (path, init) => fetch(path, init)) {
    this.#fetch = fetchThrough;
  }

  /** The bytes of a picture. */
  async bytes(path: string, call: Call): Promise<ArrayBuffer> {
    const response = await this.#ask(path, call);
    if (response.ok) return response.arrayBuffer();
    throw new Refused(response.status, asProblem(response.status, await readBody(response)), response.headers);
  }

  async call<T>(path: string, call: Call = {}): Promise<Answer<T>> {
    const response = await this.#ask(path, call);
    const body = await readBody(response);
    if (response.ok) return { status: response.status, body: body as T, headers: response.headers };
    throw new Refused(response.status, asProblem(response.status, body), response.headers);
  }

  async #ask(path: string, call: Call): Promise<Response> {
    const headers: Record<string, string> = { Accept: "application/json", ...call.headers };
    if (call.json !== undefined) headers["Content-Type"] = "application/json";
    if (call.deviceId) headers["X-Device"] = call.deviceId;
    if (call.token) headers.Authorization = `Bearer ${call.token}`;
    return this.#fetch(`/api/v1${path}`, {
      method: call.method ?? "GET",
      headers,
      body: call.json === undefined ? call.bytes : JSON.stringify(call.json),
      credentials: call.token ? "omit" : "same-origin",
      cache: "no-store",
      signal: call.signal ?? AbortSignal.timeout(60_000),
    }).catch((reason: unknown) => {
      throw new NoSignal("the server cannot be reached", { cause: reason });
    });
  }
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text().catch((reason: unknown) => {
    throw new NoSignal("the answer was cut off", { cause: reason });
  });
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function asProblem(status: number, body: unknown): Problem {
  const told = (typeof body === "object" && body !== null ? body : {}) as Partial<Problem>;
  return { ...told, code: told.code ?? `http-${status}`, detail: told.detail ?? "" };
}
