import type { Entering } from "@/features/login/entering";
import { rememberPerson, unlock } from "@/store/people";
import type { User } from "@/store/person";
import { Api, NoSignal, Refused } from "@/sync/api";

const OUTCOMES: Record<string, Entering> = {
  "password-is-initial": "given",
  "new-password-wrong": "unfit-password",
};

/** Enter: by the server when there is signal, else by what this phone remembers of the person.
 *  With `chosen` a password that was given is replaced by it, which takes signal. */
export async function enter(
  login: string,
  password: string,
  chosen?: string,
): Promise<{ outcome: Entering; user: User | null }> {
  try {
    const user = await askServer(login, password, chosen);
    if (!user.roles.includes("inspector")) return { outcome: "not-inspector", user: null };
    await rememberPerson(user, login, chosen ?? password);
    return { outcome: "entered", user };
  } catch (reason) {
    if (reason instanceof NoSignal)
      return chosen ? { outcome: "no-signal", user: null } : enterOffline(login, password);
    if (!(reason instanceof Refused)) throw reason;
    if (reason.status >= 500) return { outcome: "failed", user: null };
    return { outcome: reason.status === 429 ? "too-often" : (OUTCOMES[reason.problem.code] ?? "wrong"), user: null };
  }
}

async function askServer(login: string, password: string, chosen?: string): Promise<User> {
  const path = chosen ? "/session/passwords" : "/session";
  const json = chosen ? { login, password, chosen } : { login, password };
  return (await new Api().call<{ user: User }>(path, { method: "POST", json })).body.user;
}

async function enterOffline(login: string, password: string): Promise<{ outcome: Entering; user: User | null }> {
  const user = await unlock(login, password);
  return { outcome: user ? "entered" : "no-signal", user };
}
