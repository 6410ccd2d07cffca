import type { Form } from "@/engine/form";
import type { PhoneStore } from "@/store/database";
import type { Device } from "@/store/device";
import { keepPortrait, missingPortraits } from "@/store/portraits";
import { type Api, Refused } from "./api";

/** What a visit shows and does not carry itself: fetched once each, so that it is there without a signal. */
export async function fetchWhatBelongs(api: Api, store: PhoneStore, device: Device): Promise<void> {
  await fetchOfferedForms(api, store, device);
  for (const sha of await missingPortraits(store)) {
    const bytes = await api.bytes(`/portraits/${sha}`, { deviceId: device.id }).catch(unlessGone);
    if (bytes) await keepPortrait(store, sha, bytes);
  }
}

/** A photo or a form may be replaced between the pull and this call: the next pull names the new one. */
function unlessGone(reason: unknown): null {
  if (reason instanceof Refused && reason.status === 404) return null;
  throw reason;
}

/** Fetch, once each, the forms that a team may choose from: the choice works without a signal afterwards. */
async function fetchOfferedForms(api: Api, store: PhoneStore, device: Device): Promise<void> {
  const missing = await store.read(async (transaction) => {
    const [visits, held] = [
      await transaction.objectStore("visits").getAll(),
      new Set(await transaction.objectStore("forms").getAllKeys()),
    ];
    const offered = visits.flatMap((visit) => (visit.body.forms ?? []).map((form) => form.sha));
    return [...new Set(offered)].filter((sha) => !held.has(sha));
  });
  for (const sha of missing) {
    const answer = await api.call<Form>(`/forms/${sha}`, { deviceId: device.id }).catch(unlessGone);
    if (!answer) continue;
    const row = { sha, form: answer.body };
    await store.write(async (transaction) => void (await transaction.objectStore("forms").put(row)));
  }
}
