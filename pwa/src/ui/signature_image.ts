import type { PointGroup } from "signature_pad";

const MARGIN = 8;
const MOST_CHARACTERS = 180_000;

/** The drawing as a data address, cut to its ink so that it prints large; one too long to be sent is drawn as plain lines. */
export function asImage(svg: string, strokes: PointGroup[]): string {
  const box = boxAround(strokes);
  const cut = svg
    .replace(/viewBox="[^"]*"/, `viewBox="${box.join(" ")}"`)
    .replace(/ width="[^"]*"/, ` width="${box[2]}"`)
    .replace(/ height="[^"]*"/, ` height="${box[3]}"`)
    .replace(/(\d\.\d)\d+/g, "$1");
  const image = asAddress(cut);
  return image.length <= MOST_CHARACTERS ? image : asAddress(plainLines(strokes, box));
}

function boxAround(strokes: PointGroup[]): number[] {
  const points = strokes.flatMap((stroke) => stroke.points);
  const [xs, ys] = [points.map((one) => one.x), points.map((one) => one.y)];
  const [left, top] = [least(xs), least(ys)];
  return [left - MARGIN, top - MARGIN, most(xs) - left + 2 * MARGIN, most(ys) - top + 2 * MARGIN].map(Math.round);
}

function plainLines(strokes: PointGroup[], box: number[]): string {
  const every = Math.ceil(strokes.reduce((sum, stroke) => sum + stroke.points.length, 0) / 8_000);
  const lines = strokes.map((stroke) => {
    const kept = stroke.points.filter((_, n) => n % every === 0 || n === stroke.points.length - 1);
    return `M${kept.map((one) => `${Math.round(one.x)} ${Math.round(one.y)}`).join("L")}`;
  });
  const look = 'fill="none" stroke="#12202a" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.join(" ")}"><path d="${lines.join("")}" ${look}/></svg>`;
}

function asAddress(svg: string): string {
  return `data:image/svg+xml;base64,${btoa(svg)}`;
}

function least(numbers: number[]): number {
  return numbers.reduce((found, one) => Math.min(found, one), Number.POSITIVE_INFINITY);
}

function most(numbers: number[]): number {
  return numbers.reduce((found, one) => Math.max(found, one), Number.NEGATIVE_INFINITY);
}
