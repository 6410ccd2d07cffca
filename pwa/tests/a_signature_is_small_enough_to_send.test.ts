import { expect, test } from "vitest";
import { asImage } from "@/ui/signature_image";

type Stroke = Parameters<typeof asImage>[1][number];
const stroke = (points: number): Stroke =>
  ({
    points: Array.from({ length: points }, (_, n) => ({ x: 50 + (n % 300), y: 90 + (n % 97), time: n, pressure: 0.5 })),
  }) as Stroke;

test("the drawing is cut to its ink", () => {
  const drawn = asImage('<svg viewBox="0 0 800 600" width="800" height="600"><path d="M1.23456 2"/></svg>', [
    stroke(200),
  ]);
  const svg = atob(drawn.split(",")[1] ?? "");
  expect(svg).toContain('viewBox="42 82 215 112" width="215" height="112"');
  expect(svg).toContain("M1.2 2");
});

test("a drawing with very many points still fits into an op", () => {
  const long = `<svg viewBox="0 0 8 6"><path d="${"M100.123 200.456 ".repeat(40_000)}"/></svg>`;
  expect(asImage(long, [stroke(60_000)]).length).toBeLessThan(180_000);
});
