import type { PointGroup } from "signature_pad";

const MARGIN = 8;

/** The drawing as a data address, cut to its ink so that it prints large. */
export function asImage(svg: string, strokes: PointGroup[]): string {
  const points = strokes.flatMap((stroke) => stroke.points);
  const [left, top] = [Math.min(...points.map((one) => one.x)), Math.min(...points.map((one) => one.y))];
  const [right, bottom] = [Math.max(...points.map((one) => one.x)), Math.max(...points.map((one) => one.y))];
  const box = [left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN].map(Math.round);
  const cut = svg
    .replace(/viewBox="[^"]*"/, `viewBox="${box.join(" ")}"`)
    .replace(/ width="[^"]*"/, ` width="${box[2]}"`)
    .replace(/ height="[^"]*"/, ` height="${box[3]}"`);
  return `data:image/svg+xml;base64,${btoa(cut)}`;
}
