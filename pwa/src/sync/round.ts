import type { PhoneStore } from "@/store/database";
import { type Device, ownDevice } from "@/store/device";
import { evictReceipted } from "@/store/files";
import { pruneOps } from "@/store/outbox";
import { sendAgain } from "@/store/reissue";
import { type Api, Refused } from "./api";
import { CLIENT_VERSION, type Meta, readMeta } from "./meta";
import { pullAll } from "./pull";
import { pushAll } from "./push";
import { recheckAll } from "./recheck";
import { register } from "./register";
import { handInOnce } from "./rescue";
import { noteSync } from "./status";
import { uploadAll } from "./uploads";
import { isSessionOver, type Way } from "./way";

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
  let device = await ownDevice(store);
  const way: Way = { byToken: false };
  if (!device.pushToken) device = await register(api, store);
  await sendAgain(store);
  if (replaced) await recheckAll(api, store, device, meta, way);
  await pushRegistered(api, store, meta, way);
  device = await ownDevice(store);
  const sessionOver = !(await pulled(api, store, device, way));
  await uploadAll(api, store, device, meta, way, (sha, sent, size) => noteSync({ uploading: { sha, sent, size } }));
  await evictReceipted(store, Date.now());
  await pruneOps(store, Date.now());
  return { sessionOver };
}

/** News needs a living session; without one the rest of the round goes by the token. */
async function pulled(api: Api, store: PhoneStore, device: Device, way: Way): Promise<boolean> {
  if (way.byToken) return false;
  try {
    await pullAll(api, store, device);
    return true;
  } catch (reason) {
    if (!isSessionOver(reason)) throw reason;
    way.byToken = true;
    return false;
  }
}

/** A server that does not know the device any more learns it again by the session; a forked chain goes on as a new device. */
async function pushRegistered(api: Api, store: PhoneStore, meta: Meta, way: Way): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const present = await ownDevice(store);
    const device = present.pushToken ? present : await register(api, store);
    try {
      await pushAll(api, store, device, meta, way);
    } catch (reason) {
      const unknown = reason instanceof Refused && reason.problem.code === "device-unknown";
      if (!unknown || attempt > 0) throw reason;
      await register(api, store);
      await sendAgain(store);
      way.byToken = false;
      continue;
    }
    if ((await ownDevice(store)).id === device.id || attempt > 2) return;
  }
}
