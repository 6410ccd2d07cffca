import type { Entering } from "@/features/login/entering";
import { rememberPerson, unlock } from "@/store/people";
import type { User } from "@/store/person";
import { Api, NoSignal, Refused } from "@/sync/api";

/** Enter: by the server when there is signal, else by what this phone remembers of the person. */
export async function enter(login: string, password: string): Promise<{ outcome: Entering; user: User | null }> {
  try {
    const json = { login, password };
    const { body } = await new Api().call<{ user: User }>("/session", { method: "POST", json });
    if (!body.user.roles.includes("inspector")) return { outcome: "not-inspector", user: null };
    await rememberPerson(body.user, login, password);
    return { outcome: "entered", user: body.user };
  } catch (reason) {
    if (reason instanceof NoSignal) return enterOffline(login, password);
    if (!(reason instanceof Refused)) throw reason;
    if (reason.status >= 500) return { outcome: "failed", user: null };
    return { outcome: reason.status === 429 ? "too-often" : "wrong", user: null };
  }
}

async function enterOffline(login: string, password: string): Promise<{ outcome: Entering; user: User | null }> {
  const user = await unlock(login, password);
  return { outcome: user ? "entered" : "no-signal", user };
}
