import type { Field, Item } from "@/engine/form";

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
      return `不能小于 ${field.min}${field.unit ?? ""}`;
    case "above-maximum":
      return `不能大于 ${field.max}${field.unit ?? ""}`;
    case "too-long":
      return `最多 ${field.maxLength ?? 4000} 字`;
    case "too-few-files":
      return `至少 ${field.minPieces} 件`;
    case "too-many-files":
      return `最多 ${field.maxPieces} 件，请作废多余的`;
    case "too-few-rows":
      return `至少 ${field.minRows} 行`;
    case "too-many-rows":
      return `最多 ${field.maxRows} 行`;
    case "constraint":
      return field.constraint?.otherwise ?? "";
    default:
      return WORDS[reason] ?? "";
  }
}

/** What may be filled in, before it is: unit, range, number of files or rows. */
export function boundWords(field: Field & Partial<Item>): string {
  const between = (least: string | number | undefined, most: string | number | undefined, unit: string) => {
    const counted = field.type !== "number";
    if (least !== undefined && most !== undefined) return `${least} 至 ${most}${unit}`;
    if (least !== undefined) return `${counted ? "至少" : "不小于"} ${least}${unit}`;
    return most === undefined ? "" : `${counted ? "最多" : "不大于"} ${most}${unit}`;
  };
  if (field.type === "number") return between(field.min, field.max, field.unit ? ` ${field.unit}` : "");
  if (field.minPieces || field.maxPieces) return between(field.minPieces, field.maxPieces, " 件");
  if (field.minRows || field.maxRows) return between(field.minRows, field.maxRows, " 行");
  return "";
}
