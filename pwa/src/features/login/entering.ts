/** How an attempt to enter ended; `given` where somebody else gave the password, which is replaced first. */
export type Entering =
  | "entered"
  | "wrong"
  | "given"
  | "unfit-password"
  | "no-signal"
  | "too-often"
  | "not-inspector"
  | "failed";

/** Enter with login and password; with `chosen` too, a password that was given is replaced by it. */
export type Enter = (login: string, password: string, chosen?: string) => Promise<Entering>;
