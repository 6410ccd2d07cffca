import type { PhoneStore } from "@/store/database";
import { type Device, ownDevice, setPushToken } from "@/store/device";
import { adoptNewDevice } from "@/store/reissue";
import { type Api, Refused } from "./api";
import type { Way } from "./way";

/** Do it; a server that does not know this device (any more) learns it by the session, and it is done anew. */
export async function asKnownDevice<T>(api: Api, store: PhoneStore, way: Way, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (reason) {
    if (!(reason instanceof Refused) || reason.problem.code !== "device-unknown") throw reason;
    await register(api, store);
    way.byToken = false;
    return work();
  }
}

/** This database's device, made known to the server before its first use. */
export async function knownDevice(api: Api, store: PhoneStore): Promise<Device> {
  const present = await ownDevice(store);
  return present.pushToken ? present : register(api, store);
}

/** Make this device known to the server; a device id that belongs to another key or person gives way to a new one. */
async function register(api: Api, store: PhoneStore): Promise<Device> {
  const device = await ownDevice(store);
  try {
    return await registerAs(api, store, device);
  } catch (reason) {
    if (!(reason instanceof Refused) || reason.status !== 409) throw reason;
    return registerAs(api, store, await adoptNewDevice(store, device.id));
  }
}

async function registerAs(api: Api, store: PhoneStore, device: Device): Promise<Device> {
  const json = { deviceId: device.id, publicJwk: device.publicJwk, userId: store.userId };
  const { body } = await api.call<{ pushToken: string }>("/devices", { method: "POST", json });
  await setPushToken(store, device.id, body.pushToken);
  return { ...device, pushToken: body.pushToken };
}
