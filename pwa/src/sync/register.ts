import type { PhoneStore } from "@/store/database";
import { adoptNewDevice, type Device, ownDevice, setPushToken } from "@/store/device";
import { type Api, Refused } from "./api";

/** Make this device known to the server; a device id that belongs to another key or person gives way to a new one. */
export async function register(api: Api, store: PhoneStore): Promise<Device> {
  const device = await ownDevice(store);
  try {
    return await registerAs(api, store, device);
  } catch (reason) {
    if (!(reason instanceof Refused) || reason.status !== 409) throw reason;
    return registerAs(api, store, await adoptNewDevice(store, device.id));
  }
}

async function registerAs(api: Api, store: PhoneStore, device: Device): Promise<Device> {
  const json = { deviceId: device.id, publicJwk: device.publicJwk };
  const { body } = await api.call<{ pushToken: string }>("/devices", { method: "POST", json });
  await setPushToken(store, device.id, body.pushToken);
  return { ...device, pushToken: body.pushToken };
}
