import { makeDeviceKey } from "@/engine/keys";
import { NO_PREVIOUS, uuid7 } from "@/engine/ops";
import type { PhoneStore, Reading, Writing } from "./database";

/** This database's own identity. An evicted database comes back as a new device, never as a forked sequence. */
export interface Device {
  id: string;
  privateKey: CryptoKey;
  publicJwk: JsonWebKey;
  pushToken: string | null;
}

export interface Head {
  seq: number;
  hash: string;
}

export const EMPTY_CHAIN: Head = { seq: 0, hash: NO_PREVIOUS };

export function newId(): string {
  return uuid7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}

/** The device of this database, made at its first use. */
export async function ownDevice(store: PhoneStore): Promise<Device> {
  return (await store.meta<Device>("device")) ?? (await takeIdentity(store, null));
}

/** Start a new chain under a new identity; what `further` writes is part of the same moment. */
export async function takeIdentity(
  store: PhoneStore,
  instead: string | null,
  further: (transaction: Writing) => Promise<void> = async () => undefined,
): Promise<Device> {
  const fresh: Device = { id: newId(), ...(await makeDeviceKey()), pushToken: null };
  return store.write(async (transaction) => {
    const present = (await transaction.objectStore("meta").get("device")) as Device | undefined;
    if (present && present.id !== instead) return present;
    await transaction.objectStore("meta").put(fresh, "device");
    await transaction.objectStore("meta").put(EMPTY_CHAIN, "head");
    await further(transaction);
    return fresh;
  });
}

export async function setPushToken(store: PhoneStore, deviceId: string, pushToken: string): Promise<void> {
  await store.write(async (transaction) => {
    const device = (await transaction.objectStore("meta").get("device")) as Device | undefined;
    if (device?.id === deviceId) await transaction.objectStore("meta").put({ ...device, pushToken }, "device");
  });
}

export async function headIn(transaction: Reading | Writing): Promise<Head> {
  return ((await transaction.objectStore("meta").get("head")) as Head | undefined) ?? EMPTY_CHAIN;
}
