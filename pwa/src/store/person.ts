import { getContext, setContext } from "svelte";
import type { PhoneStore } from "./database";

/** Who is using this phone, as the server named them. */
export interface User {
  id: number;
  name: string;
  agencyId: number;
  agencyName: string;
  roles: string[];
  inspectorId: number | null;
}

export interface Person {
  user: User;
  store: PhoneStore;
}

const KEY = Symbol("person");

export function providePerson(person: Person): void {
  setContext(KEY, person);
}

/** The person whose pages these are, and the door to what they captured. */
export function thisPerson(): Person {
  return getContext<Person>(KEY);
}
