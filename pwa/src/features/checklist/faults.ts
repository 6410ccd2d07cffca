import type { Field, Item } from "@/engine/form";
import { say } from "@/engine/language";

const WORDS: Record<string, string> = {
  "not-a-check": "请选合格、不合格或不适用",
  "not-text": "要填文字",
  "not-a-decimal": "要填数字，例如 1280.5",
  "not-a-choice": "请从列出的里面选",
  "not-a-date": "日期不对",
  "not-a-location": "位置不对，请重新定位",
  "not-a-signature": "签名不全，请重签",
  "kept-as-files": "请拍摄或选文件",
  "kept-as-rows": "请按行填写",
};

/** What is wrong with an answer and what would be right, in words; empty if nothing is. */
export function faultWords(field: Field & Partial<Item>, reason: string | undefined): string {
  switch (reason) {
    case undefined:
      return "";
    case "below-minimum":
      return say("不能小于 {0}{1}", field.min, field.unit ?? "");
    case "above-maximum":
      return say("不能大于 {0}{1}", field.max, field.unit ?? "");
    case "too-long":
      return say("最多 {0} 字", field.maxLength ?? 4000);
    case "too-few-files":
      return say("至少 {0} 件", field.minPieces);
    case "too-many-files":
      return say("最多 {0} 件，请作废多余的", field.maxPieces);
    case "too-few-rows":
      return say("至少 {0} 行", field.minRows);
    case "too-many-rows":
      return say("最多 {0} 行", field.maxRows);
    case "constraint":
      return field.constraint?.otherwise ?? "";
    default:
      return say(WORDS[reason] ?? "");
  }
}

/** What may be filled in, before it is: unit, range, number of files or rows. */
export function boundWords(field: Field & Partial<Item>): string {
  const between = (least: string | number | undefined, most: string | number | undefined, unit: string) => {
    const counted = field.type !== "number";
    if (least !== undefined && most !== undefined) return say("{0} 至 {1}{2}", least, most, unit);
    if (least !== undefined) return `${counted ? say("至少") : say("不小于")} ${least}${unit}`;
    return most === undefined ? "" : `${counted ? say("最多") : say("不大于")} ${most}${unit}`;
  };
  if (field.type === "number") return between(field.min, field.max, field.unit ? ` ${field.unit}` : "");
  if (field.minPieces || field.maxPieces) return between(field.minPieces, field.maxPieces, ` ${say("件")}`);
  if (field.minRows || field.maxRows) return between(field.minRows, field.maxRows, ` ${say("行")}`);
  return "";
}
