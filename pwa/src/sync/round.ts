import type { PhoneStore } from "@/store/database";
import { type Device, ownDevice } from "@/store/device";
import { evictReceipted } from "@/store/files";
import { pruneOps } from "@/store/outbox";
import { sendAgain } from "@/store/reissue";
import { type Api, Refused } from "./api";
import { fetchWhatBelongs } from "./belongings";
import { sendDeclarations } from "./declarations";
import { CLIENT_VERSION, type Meta, readMeta } from "./meta";
import { pullAll } from "./pull";
import { pushAll } from "./push";
import { recheckAll } from "./recheck";
import { asKnownDevice, knownDevice } from "./register";
import { handInOnce } from "./rescue";
import { noteUpload } from "./status";
import { uploadAll } from "./uploads";
import { isAnothersSession, isSessionOver, type Way } from "./way";

/** This app is older than the server still understands: everything stays here until it is updated. */
export class TooOld extends Error {
  override name = "TooOld";
}

/** One round: answers out, news in, then the bytes. Throws when it could not be finished; what was done stays done. */
export async function syncOnce(api: Api, store: PhoneStore): Promise<{ sessionOver: boolean }> {
  try {
    return await wholeRound(api, store);
  } catch (reason) {
    const refusedAsOld = reason instanceof Refused && reason.status === 426;
    if (!refusedAsOld && !(reason instanceof TooOld)) throw reason;
    await handInOnce(api, store);
    throw new TooOld("what waits is in the server's keeping", { cause: reason });
  }
}

async function wholeRound(api: Api, store: PhoneStore): Promise<{ sessionOver: boolean }> {
  const { meta, replaced } = await readMeta(api, store);
  if (meta.minClient > CLIENT_VERSION) throw new TooOld("the app must be updated first");
  const way: Way = { byToken: false };
  const sessionOver = await asKnownDevice(api, store, way, () => exchange(api, store, meta, replaced, way));
  await evictReceipted(store, Date.now());
  await pruneOps(store, Date.now());
  return { sessionOver };
}

/** Answers out, news in, then the bytes. Tells whether the session is over. */
async function exchange(api: Api, store: PhoneStore, meta: Meta, replaced: boolean, way: Way): Promise<boolean> {
  if (replaced) await recheckAll(api, store, await knownDevice(api, store), meta, way);
  await pushInOneChain(api, store, meta, way);
  const device = await knownDevice(api, store);
  const sessionOver = !(await pulled(api, store, device, way));
  await uploadAll(api, store, device, meta, way, noteUpload);
  return sessionOver;
}

/** What waits under a former identity is said again in the present chain; one that forks on the way goes on as a new device. */
async function pushInOneChain(api: Api, store: PhoneStore, meta: Meta, way: Way): Promise<void> {
  for (let forks = 0; forks < 4; forks++) {
    const device = await knownDevice(api, store);
    await sendAgain(store);
    await pushAll(api, store, device, meta, way);
    if ((await ownDevice(store)).id === device.id) return;
  }
}

/** News needs a living session; without one the rest of the round goes by the token. */
async function pulled(api: Api, store: PhoneStore, device: Device, way: Way): Promise<boolean> {
  if (way.byToken) return false;
  try {
    await pullAll(api, store, device);
    await fetchWhatBelongs(api, store, device);
    await sendDeclarations(api, store, device, way);
    return true;
  } catch (reason) {
    if (!isSessionOver(reason) && !isAnothersSession(reason)) throw reason;
    way.byToken = true;
    return false;
  }
}
