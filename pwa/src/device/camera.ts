import { sha256 } from "@/engine/canonical";
import type { EvidenceRole } from "@/engine/documents";
import { addEvidence } from "@/store/captures";
import type { PhoneStore } from "@/store/database";
import { PhoneFull } from "@/store/database";
import { evictReceipted } from "@/store/files";
import { rememberPlace } from "@/store/place";
import { recentFix } from "./location";
import { roomLeft } from "./room";

const ROOM_FOR_OPS = 20 * 1024 ** 2;
const ROOM_BEFORE_FILM = 200 * 1024 ** 2;

/** What a picture is for. */
export interface Subject {
  visitId: string;
  item: string | null;
  role: EvidenceRole;
  caption: string;
}

/** Persist where the person is before the camera covers the page: a killed page comes back to the same question. */
export async function beforeCamera(store: PhoneStore, subject: Subject): Promise<void> {
  const { visitId, item, role } = subject;
  await rememberPlace(store, { route: location.hash, camera: { visitId, item, role } });
}

export async function afterCamera(store: PhoneStore): Promise<void> {
  await rememberPlace(store, { route: location.hash, camera: null });
}

/** Copy the bytes at once, hash them, and save them with their op; a File is never kept. Answers with its SHA-256; throws PhoneFull with nothing saved. */
export async function keepFile(store: PhoneStore, subject: Subject, file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  const fix = recentFix();
  const { visitId, item, role, caption } = subject;
  const capture = {
    at: Date.now(),
    lat7: fix?.lat7 ?? null,
    lon7: fix?.lon7 ?? null,
    accuracyCm: fix?.accuracyCm ?? null,
  };
  const mime = /^[a-z]+\/[a-z0-9.+-]{1,60}$/.test(file.type) ? file.type : "application/octet-stream";
  await leaveRoom(store, bytes.byteLength, mime.startsWith("image/") ? ROOM_FOR_OPS : ROOM_BEFORE_FILM);
  const sha = await sha256(bytes);
  const save = () => addEvidence(store, visitId, { sha, bytes, mime, item, role, caption, capture });
  try {
    await save();
  } catch (reason) {
    if (!(reason instanceof PhoneFull)) throw reason;
    // Under pressure the originals that the server has receipted give way, oldest first.
    if (!(await evictReceipted(store, Date.now(), bytes.byteLength))) throw reason;
    await save();
  }
  return sha;
}

/** Films give way before photos, and photos before the answers. The estimate only warns early; a refused write has the last word. */
async function leaveRoom(store: PhoneStore, bytes: number, reserve: number): Promise<void> {
  const left = await roomLeft();
  if (left === null || left >= bytes + reserve) return;
  await evictReceipted(store, Date.now(), bytes + reserve - left);
  const then = await roomLeft();
  if (then !== null && then < bytes + reserve) throw new PhoneFull("the room that is left is kept for answers");
}
