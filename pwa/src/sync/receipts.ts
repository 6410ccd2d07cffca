import { isReceiptFor, type Receipt } from "@/engine/keys";
import type { Status } from "@/engine/ops";
import type { Device } from "@/store/device";
import type { OpRow } from "@/store/schema";
import type { Api } from "./api";
import type { Meta } from "./meta";
import { authorised, type Way } from "./way";

const MOST = 500;

type ToldOp = { status: Exclude<Status, "duplicate">; rev: number | null; reason: string | null; receipt: Receipt };

/** What the server says it has. */
export interface Held {
  ops: Record<string, ToldOp | null>;
  shas: Record<string, Receipt | null>;
}

/** Ask what the server has of these ops and files. */
export async function askWhatIsHeld(
  api: Api,
  device: Device,
  way: Way,
  opIds: string[],
  shas: string[] = [],
): Promise<Held> {
  const held: Held = { ops: {}, shas: {} };
  for (let from = 0; from < Math.max(opIds.length, shas.length); from += MOST) {
    const json = { opIds: opIds.slice(from, from + MOST), shas: shas.slice(from, from + MOST) };
    const { body } = await authorised(way, device, (call) =>
      api.call<Held>("/receipts/query", { method: "POST", json, ...call }),
    );
    Object.assign(held.ops, body.ops);
    Object.assign(held.shas, body.shas);
  }
  return held;
}

/** Of these ops, the receipts that are truly for them as they were saved, by op id. */
export async function trueReceipts(rows: OpRow[], held: Held, meta: Meta): Promise<Map<string, Receipt>> {
  const found = new Map<string, Receipt>();
  for (const { op, hash } of rows) {
    const receipt = held.ops[op.id]?.receipt ?? null;
    if (receipt && (await isReceiptFor(receipt, hash, meta.receiptKeys))) found.set(op.id, receipt);
  }
  return found;
}
