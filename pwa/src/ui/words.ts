const WEEKDAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];

/** 7月28日; with the year when it is not this one. */
export function day(moment: number | string | Date, now = new Date()): string {
  const date = asDate(moment);
  const words = `${date.getMonth() + 1}月${date.getDate()}日`;
  return date.getFullYear() === now.getFullYear() ? words : `${date.getFullYear()}年${words}`;
}

export function weekday(moment: number | Date): string {
  return WEEKDAYS[new Date(moment).getDay()] ?? "";
}

/** 16:20 */
export function clock(moment: number | string | Date): string {
  const date = asDate(moment);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function clockToTheSecond(moment: number): string {
  return `${clock(moment)}:${two(new Date(moment).getSeconds())}`;
}

/** 16:20 today, else 7月28日 16:20. */
export function moment(at: number | string | Date, now = new Date()): string {
  return asDate(at).toDateString() === now.toDateString() ? clock(at) : `${day(at, now)} ${clock(at)}`;
}

/** A span of time: 4 秒, 30 分钟. */
export function span(seconds: number): string {
  return seconds < 120 ? `${seconds} 秒` : `${Math.round(seconds / 60)} 分钟`;
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

/** This moment as ISO 8601 with the phone's own offset. */
export function isoWithOffset(at = new Date()): string {
  const offset = -at.getTimezoneOffset();
  const sign = offset < 0 ? "-" : "+";
  const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${clock(at)}:${two(at.getSeconds())}${zone}`;
}

/** A matter's name short enough for a tab. */
export function shortName(name: string): string {
  return name.replace(/(监督检查|执法检查|专项检查|检查|监察)$/, "") || name;
}

function asDate(moment: number | string | Date): Date {
  const isDay = typeof moment === "string" && /^\d{4}-\d{2}-\d{2}$/.test(moment);
  return new Date(isDay ? `${moment}T00:00:00` : moment);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
