import { say } from "@/engine/language";

const NAMES: Record<string, string> = { image: "照片", video: "录像", audio: "录音" };

export function nameOf(mime: string): string {
  return say(NAMES[mime.split("/")[0] ?? ""] ?? "文件");
}

/** Why a file is stuck and what mends it, in words. */
export function cureOf(code: string, at: string): string {
  switch (code) {
    case "http-507":
    case "server-full":
    case "store-full":
      return say("服务器空间不足，{0} 退回。原件在本机完好，空间恢复后自动续传。", at);
    case "file-too-big":
    case "http-413":
      return say("文件太大，服务器不收。原件在本机完好，请导出未交内容交给管理员。");
    case "corrupt-here":
      return say("这部手机上的原件与拍摄时的指纹不符，可能是存储损坏。原件没有删，请导出后告诉管理员。");
    case "hash-differs":
      return say("传到服务器的内容与指纹不符，已要求重传。原件在本机完好，会自动再试。");
    case "bytes-missing":
      return say("这部手机上找不到原件的内容。请告诉管理员，记录已留存。");
    case "receipt-invalid":
      return say("服务器的收据核对不上，不能算已存。原件在本机完好，会自动再试。");
    case "not-found":
      return say("服务器上找不到这次检查。原件在本机完好，请告诉管理员。");
    default:
      return say("服务器在 {0} 没有收下。原件在本机完好，会自动再试。", at);
  }
}
