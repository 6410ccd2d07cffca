import { expect, test } from "vitest";
import { visitPages } from "@/app/pages";

const factsAt = (address: string) => {
  const [part = "", ...rest] = address.split("/");
  return visitPages(part, ...rest).facts;
};

test("the address of a signature says which page asked for it", () => {
  expect(factsAt("sign/inspector/7/obstacle")).toEqual({ role: "inspector", userId: 7, from: "obstacle" });
  expect(factsAt("sign/inspector/7/refusal")).toEqual({ role: "inspector", userId: 7, from: "refusal" });
});

test("a signature at an address without that goes on to the signing page", () => {
  expect(factsAt("sign/inspector/7")).toEqual({ role: "inspector", userId: 7, from: undefined });
  expect(factsAt("sign/party")).toEqual({ role: "party", from: undefined });
});

test("the full text leads back to the pad it was opened from", () => {
  expect(factsAt("text/sign/party")).toEqual({ from: ["sign", "party"] });
  expect(factsAt("text")).toEqual({ from: [] });
});
