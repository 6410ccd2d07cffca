import type { Device } from "@/store/device";
import { type Answer, type Call, Refused } from "./api";

/** How this round speaks for the person: by the session, or, once that has ended, by the push token. */
export interface Way {
  byToken: boolean;
}

/** Call by the session; if it has ended or is a colleague's by now, go on with the push token for the rest of the round. */
export async function authorised<T>(
  way: Way,
  device: Device,
  call: (how: Call) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  if (way.byToken) return call({ deviceId: device.id, token: device.pushToken });
  try {
    return await call({ deviceId: device.id });
  } catch (reason) {
    if (!(isSessionOver(reason) || isAnothersSession(reason)) || !device.pushToken) throw reason;
    way.byToken = true;
    return call({ deviceId: device.id, token: device.pushToken });
  }
}

/** 401 for want of a session, not for a bad signature or an unknown device. */
export function isSessionOver(reason: unknown): boolean {
  if (!(reason instanceof Refused) || reason.status !== 401) return false;
  return reason.problem.code !== "bad-signature" && reason.problem.code !== "device-unknown";
}

/** A colleague has logged in on this phone since: what is not theirs goes by the token, and nothing of theirs comes in here. */
export function isAnothersSession(reason: unknown): boolean {
  return reason instanceof Refused && reason.problem.code === "device-taken";
}
