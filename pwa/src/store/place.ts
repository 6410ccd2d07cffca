import type { EvidenceRole } from "@/engine/documents";
import type { PhoneStore } from "./database";

/** Where the person is, and whether the camera is open for a question: a killed page comes back to the same spot. */
export interface Place {
  route: string;
  camera: { visitId: string; item: string | null; role: EvidenceRole } | null;
}

export async function rememberPlace(store: PhoneStore, place: Place): Promise<void> {
  await store.jot("place", place);
}

export async function rememberedPlace(store: PhoneStore): Promise<Place | null> {
  return (await store.meta<Place>("place")) ?? null;
}
