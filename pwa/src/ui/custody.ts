import type { EvidenceRow, UploadRow } from "@/store/schema";

export type CustodyState = "only" | "up" | "both" | "stuck" | "cleared";

export const custodyWords: Record<CustodyState, string> = {
  only: "仅在本机",
  up: "正在上传",
  both: "服务器已存",
  stuck: "卡住",
  cleared: "本机已清，服务器已存",
};

/** Green only with the server's receipt, or where the server itself says that it holds a colleague's file. */
export function custodyOf(
  piece: EvidenceRow,
  upload: UploadRow | undefined,
  uploading: ReadonlyMap<string, number>,
): CustodyState {
  if (upload?.receipt) return "both";
  if (!upload) return piece.complete ? "cleared" : "only";
  if (upload.stuck) return "stuck";
  return uploading.has(piece.sha) ? "up" : "only";
}
