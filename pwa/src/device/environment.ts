/** Why the app cannot keep its promise in this browser; null when it can. */
export type Unfit = "wechat" | "insecure" | "no-database";

export function whyUnfit(agent = navigator.userAgent, page: Window = window): Unfit | null {
  if (/MicroMessenger|DingTalk|QQ\//i.test(agent)) return "wechat";
  if (!page.isSecureContext || !page.crypto.subtle || !("serviceWorker" in page.navigator)) return "insecure";
  return page.indexedDB ? null : "no-database";
}
