import type { PhoneStore } from "./database";

const NAME = "portrait/";

/** The photos of the team that are not on this phone yet. */
export async function missingPortraits(store: PhoneStore): Promise<string[]> {
  return store.read(async (transaction) => {
    const visits = await transaction.objectStore("visits").getAll();
    const wanted = new Set(visits.flatMap((visit) => visit.body.team.flatMap((one) => one.photo ?? [])));
    const held = new Set(await transaction.objectStore("meta").getAllKeys());
    return [...wanted].filter((sha) => !held.has(NAME + sha));
  });
}

export async function keepPortrait(store: PhoneStore, sha: string, bytes: ArrayBuffer): Promise<void> {
  await store.setMeta(NAME + sha, bytes);
}

export async function portraitOf(store: PhoneStore, sha: string): Promise<Blob | null> {
  const bytes = await store.meta<ArrayBuffer>(NAME + sha);
  return bytes ? new Blob([bytes], { type: "image/jpeg" }) : null;
}
