import { expect, test } from "vitest";
import { whyUnfit } from "@/device/environment";

const FIT = { isSecureContext: true, crypto: { subtle: {} }, navigator: { serviceWorker: {} }, indexedDB: {} };
const why = (agent: string, page: object) => whyUnfit(agent, page as unknown as Window);

test("a browser that can keep the promise is let in", () => {
  expect(why("Mozilla/5.0 Chrome/140", FIT)).toBeNull();
});

test("a page inside another app is sent to the browser", () => {
  expect(why("Mozilla/5.0 MicroMessenger/8.0.50", FIT)).toBe("wechat");
});

test("an insecure address or a browser without a store is said before anything is captured", () => {
  expect(why("Chrome", { ...FIT, isSecureContext: false })).toBe("insecure");
  expect(why("Chrome", { ...FIT, navigator: {} })).toBe("insecure");
  expect(why("Chrome", { ...FIT, indexedDB: undefined })).toBe("no-database");
});
