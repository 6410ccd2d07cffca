import { isChinese, say } from "@/engine/language";
import { SHANGHAI_MS } from "@/engine/workdays";

const WEEKDAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MINUTE = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/;

/** 7月28日; with the year when it is not this one. Every day and time on a screen is China's, whatever the phone's zone. */
export function day(moment: number | string | Date, now = new Date()): string {
  const date = inChina(moment);
  const isThisYear = date.getUTCFullYear() === inChina(now).getUTCFullYear();
  if (!isChinese()) {
    const words = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
    return isThisYear ? words : `${words} ${date.getUTCFullYear()}`;
  }
  const words = `${date.getUTCMonth() + 1}月${date.getUTCDate()}日`;
  return isThisYear ? words : `${date.getUTCFullYear()}年${words}`;
}

/** 2026年7月28日, as print wants it. */
export function dayInFull(moment: number | string | Date): string {
  const date = inChina(moment);
  return `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日`;
}

export function weekday(moment: number | Date): string {
  return say(WEEKDAYS[inChina(moment).getUTCDay()] ?? "");
}

/** 16:20 */
export function clock(moment: number | string | Date): string {
  const date = inChina(moment);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

export function clockToTheSecond(moment: number): string {
  return `${clock(moment)}:${two(inChina(moment).getUTCSeconds())}`;
}

/** 16:20 today, else 7月28日 16:20. */
export function moment(at: number | string | Date, now = new Date()): string {
  return isoDay(at) === isoDay(now) ? clock(at) : `${day(at, now)} ${clock(at)}`;
}

/** A span of time: 4 秒, 30 分钟. */
export function span(seconds: number): string {
  return seconds < 120 ? say("{0} 秒", seconds) : say("{0} 分钟", Math.round(seconds / 60));
}

/** What is left of a deadline of so many working days; before its first day there is more left than it has. */
export function remainingWords(remaining: number, wd: number): string {
  if (remaining > wd) return say("还没起算，共 {0} 个工作日", wd);
  if (remaining < 0) return say("已超 {0} 个工作日", -remaining);
  return remaining === 0 ? say("今天截止") : say("剩 {0} 个工作日", remaining);
}

/** How long something has run: 0:07, 12:40. */
export function duration(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${Math.round(bytes / 1024)} KB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}

/** A fingerprint in groups of four, shortened to its ends. */
export function fingerprint(sha: string): string {
  const upper = sha.toUpperCase();
  return `${upper.slice(0, 4)} ${upper.slice(4, 8)} … ${upper.slice(-4)}`;
}

export function ordinal(number: number): string {
  return String(number).padStart(2, "0");
}

/** This moment as ISO 8601 with China's offset. */
export function isoWithOffset(at: number | Date = new Date()): string {
  return `${inChina(at).toISOString().slice(0, 19)}+08:00`;
}

/** The calendar day in China, 2026-07-28. */
export function isoDay(at: number | string | Date): string {
  return inChina(at).toISOString().slice(0, 10);
}

/** What a field for a day and a time shows of a moment, and back. */
export function fieldOf(iso: string): string {
  return iso ? inChina(iso).toISOString().slice(0, 16) : "";
}

export function isoOfField(value: string): string {
  const parts = MINUTE.exec(value);
  return parts ? `${parts[1]}T${parts[2]}:00+08:00` : "";
}

/** A matter's name short enough for a tab. */
export function shortName(name: string): string {
  return name.replace(/(监督检查|执法检查|专项检查|检查|监察)$/, "") || name;
}

/** The moment moved so that its UTC fields read as China's. A bare day is that day in China. */
function inChina(moment: number | string | Date): Date {
  const isDay = typeof moment === "string" && /^\d{4}-\d{2}-\d{2}$/.test(moment);
  const at = new Date(isDay ? `${moment}T00:00:00+08:00` : moment).getTime();
  return new Date(at + SHANGHAI_MS);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
