import { sha256 } from "@/engine/canonical";
import type { Capture, EvidenceRole } from "@/engine/documents";
import { addEvidenceAt, type Content, type NewFile } from "@/store/captures";
import type { PhoneStore } from "@/store/database";
import { PhoneFull } from "@/store/database";
import { evictReceipted } from "@/store/files";
import { Incoming, PIECE_BYTES } from "@/store/originals";
import { rememberPlace } from "@/store/place";
import { recentFix } from "./location";
import { roomLeft } from "./room";

const ROOM_FOR_OPS = 20 * 1024 ** 2;
const ROOM_BEFORE_FILM = 200 * 1024 ** 2;

/** What a picture is for. */
export interface Subject {
  visitId: string;
  item: string | null;
  /** Where else the piece counts: the same question of other matters. */
  alsoAt?: string[];
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
  const mime = mimeOf(file.type);
  const isPicture = mime.startsWith("image/");
  await leaveRoom(store, file.size, isPicture ? ROOM_FOR_OPS : ROOM_BEFORE_FILM);
  return isPicture ? keepWhole(store, subject, file, mime) : keepInPieces(store, subject, file, mime);
}

/** When and where this is captured. */
export function captureNow(): Capture {
  const fix = recentFix();
  return {
    at: Date.now(),
    lat7: fix?.lat7 ?? null,
    lon7: fix?.lon7 ?? null,
    accuracyCm: fix?.accuracyCm ?? null,
  };
}

export function mimeOf(type: string): string {
  const plain = type.split(";")[0] ?? "";
  return /^[a-z]+\/[a-z0-9.+-]{1,60}$/.test(plain) ? plain : "application/octet-stream";
}

/** Do a write; under pressure the originals that the server has receipted give way, oldest first, and it is tried once more. */
export async function makingRoom<T>(store: PhoneStore, bytes: number, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (reason) {
    if (!(reason instanceof PhoneFull)) throw reason;
    if (!(await evictReceipted(store, Date.now(), bytes))) throw reason;
    return write();
  }
}

/** Say of a file on this phone what it is, wherever it counts. */
export async function addEverywhere(
  store: PhoneStore,
  subject: Subject,
  file: Pick<NewFile, "sha" | "mime" | "capture"> & Content,
): Promise<void> {
  const { visitId, item, role, caption, alsoAt = [] } = subject;
  await addEvidenceAt(store, visitId, [item, ...alsoAt], { ...file, role, caption });
}

/** Films give way before photos, and photos before the answers. The estimate only warns early; a refused write has the last word. */
export async function leaveRoom(store: PhoneStore, bytes: number, reserve = ROOM_BEFORE_FILM): Promise<void> {
  const left = await roomLeft();
  if (left === null || left >= bytes + reserve) return;
  await evictReceipted(store, Date.now(), bytes + reserve - left);
  const then = await roomLeft();
  if (then !== null && then < bytes + reserve) throw new PhoneFull("the room that is left is kept for answers");
}

async function keepWhole(store: PhoneStore, subject: Subject, file: File, mime: string): Promise<string> {
  const capture = captureNow();
  const bytes = await file.arrayBuffer();
  const sha = await sha256(bytes);
  await makingRoom(store, bytes.byteLength, () => addEverywhere(store, subject, { sha, bytes, mime, capture }));
  return sha;
}

/** A film is read, hashed and kept a piece at a time: it never lies in memory whole. */
async function keepInPieces(store: PhoneStore, subject: Subject, file: File, mime: string): Promise<string> {
  const capture = captureNow();
  const incoming = new Incoming(store);
  try {
    for (let from = 0; from < file.size; from += PIECE_BYTES) {
      const bytes = await file.slice(from, from + PIECE_BYTES).arrayBuffer();
      await makingRoom(store, file.size - from, () => incoming.add(bytes));
    }
    return await finish(store, subject, incoming, mime, capture);
  } catch (reason) {
    await incoming.forget().catch(() => undefined);
    throw reason;
  }
}

/** All pieces are here: now they are evidence. */
export async function finish(
  store: PhoneStore,
  subject: Subject,
  incoming: Incoming,
  mime: string,
  capture: Capture,
): Promise<string> {
  const sha = incoming.sha();
  const { owner, ends } = incoming;
  await makingRoom(store, PIECE_BYTES, () => addEverywhere(store, subject, { sha, owner, ends, mime, capture }));
  return sha;
}
