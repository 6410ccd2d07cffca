import type { User } from "./person";

/** Who has logged in on this phone. A password opens what is here without signal; it guards the screen, not the disk. */
interface Known {
  user: User;
  login: string;
  salt: string;
  proof: string;
}

const PEOPLE = "yaohao.people";
const CURRENT = "yaohao.current";
const ROUNDS = 310_000;

export function knownPeople(): { user: User; login: string }[] {
  return readPeople();
}

/** The person whose pages are open on this phone; null when locked. */
export function currentUser(): User | null {
  const id = Number(localStorage.getItem(CURRENT));
  return readPeople().find((one) => one.user.id === id)?.user ?? null;
}

export async function rememberPerson(user: User, login: string, password: string): Promise<void> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const known: Known = { user, login, salt: spell(salt), proof: await prove(password, salt) };
  const others = readPeople().filter((one) => one.user.id !== user.id);
  localStorage.setItem(PEOPLE, JSON.stringify([known, ...others]));
  localStorage.setItem(CURRENT, String(user.id));
}

/** Open again what was locked, without signal. Null if the name or the password does not fit. */
export async function unlock(login: string, password: string): Promise<User | null> {
  const known = readPeople().find((one) => one.login === login);
  if (!known || (await prove(password, unspell(known.salt))) !== known.proof) return null;
  localStorage.setItem(CURRENT, String(known.user.id));
  return known.user;
}

/** Lock: nothing is deleted. */
export function lockPhone(): void {
  localStorage.removeItem(CURRENT);
}

function readPeople(): Known[] {
  return JSON.parse(localStorage.getItem(PEOPLE) ?? "[]") as Known[];
}

async function prove(password: string, salt: Uint8Array<ArrayBuffer>): Promise<string> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(password), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return spell(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)));
}

function spell(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function unspell(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
