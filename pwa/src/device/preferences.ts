export interface Preferences {
  theme: "system" | "light" | "dark";
  text: "usual" | "larger" | "largest";
  hand: "right" | "left";
  language: "zh-CN" | "en";
}

const KEY = "yaohao.preferences";
const USUAL: Preferences = { theme: "system", text: "usual", hand: "right", language: "zh-CN" };

export function readPreferences(): Preferences {
  return { ...USUAL, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>) };
}

export function keepPreferences(preferences: Preferences): void {
  localStorage.setItem(KEY, JSON.stringify(preferences));
  applyPreferences(preferences);
}

/** Let the page follow the person's choice of light, size and hand. */
export function applyPreferences({ theme, text, hand, language }: Preferences): void {
  document.documentElement.lang = language;
  const page = document.documentElement.dataset;
  if (theme === "system") delete page.theme;
  else page.theme = theme;
  page.text = text;
  page.hand = hand;
}
