// A map of a function of two variables: its shading and its level sets.
import { still } from "./paint.js";

/**
 * @typedef {(x: number, y: number, o: Float64Array) => ArrayLike<number>} Valued writes and gives an array whose first entry is the value
 * @typedef {(v: number) => number} Scale from a coordinate to pixels
 * @typedef {{ low: number, high: number, values: Float64Array }} Heights
 * @typedef {import("./frame.js").View} View
 * @typedef {import("./theme.js").Palette} Palette
 */

const N = 121;   // places along each side

// The values on N × N places, and level sets as pieces of line, at values whose square roots are evenly spaced:
// the rings of a bowl lie evenly.
/** @type {(f: Valued, box: number[], count: number) => Heights & { pieces: number[][] }} */
export function contours(f, [x0, x1, y0, y1], count) {
  const o = new Float64Array(6), values = new Float64Array(N * N), pieces = [];
  /** @type {Scale} */
  const X = i => x0 + (x1 - x0) * i / (N - 1);
  /** @type {Scale} */
  const Y = j => y0 + (y1 - y0) * j / (N - 1);
  for (let j = 0; j < N; j++) for (let i = 0; i < N; i++) values[j * N + i] = f(X(i), Y(j), o)[0];
  const low = values.reduce((a, b) => Math.min(a, b)), high = values.reduce((a, b) => Math.max(a, b));
  for (let l = 1; l < count; l++) {
    const z = low + (high - low) * (l / count) ** 2;
    for (let j = 0; j < N - 1; j++) for (let i = 0; i < N - 1; i++) {   // marching squares
      const a = values[j * N + i], b = values[j * N + i + 1], d = values[(j + 1) * N + i + 1], e = values[(j + 1) * N + i], ends = [];
      if ((a < z) !== (b < z)) ends.push(X(i + (z - a) / (b - a)), Y(j));
      if ((b < z) !== (d < z)) ends.push(X(i + 1), Y(j + (z - b) / (d - b)));
      if ((e < z) !== (d < z)) ends.push(X(i + (z - e) / (d - e)), Y(j + 1));
      if ((a < z) !== (e < z)) ends.push(X(i), Y(j + (z - a) / (e - a)));
      for (let n = 0; n + 3 < ends.length; n += 4) pieces.push(ends.slice(n, n + 4));
    }
  }
  return { pieces, low, high, values };
}

// The same, ready to be drawn.
/** @type {(f: Valued, box: number[], px: Scale, py: Scale, count?: number) => Heights & { path: Path2D }} */
export function levels(f, box, px, py, count = 16) {
  const { pieces, ...heights } = contours(f, box, count), path = new Path2D();
  for (const [a, b, c, d] of pieces) { path.moveTo(px(a), py(b)); path.lineTo(px(c), py(d)); }
  return { path, ...heights };
}

/** @type {(text: string) => number[]} */
const rgb = text => [1, 3, 5].map(i => parseInt(text.slice(i, i + 2), 16));

// A small picture of the values, from the colour `low` to the colour `high`; drawn large it is smooth.
/** @type {(heights: Heights, colour: import("./theme.js").Palette) => HTMLCanvasElement} */
function shade({ values, low, high }, colour) {
  const picture = document.createElement("canvas"); picture.width = picture.height = N;
  const pen = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d")), image = pen.createImageData(N, N);
  const from = rgb(colour.low), to = rgb(colour.high);
  for (let j = 0; j < N; j++) for (let i = 0; i < N; i++) {
    const t = Math.sqrt(Math.max(0, (values[j * N + i] - low) / (high - low || 1))), at = 4 * ((N - 1 - j) * N + i);
    for (let n = 0; n < 3; n++) image.data[at + n] = from[n] + (to[n] - from[n]) * t;
    image.data[at + 3] = 255;
  }
  pen.putImageData(image, 0, 0);
  return picture;
}

// Lays a map on a view: shading, level sets and what `more` draws upon them, all drawn once for the colours of a page.
/** @type {(view: View, more?: (pen: CanvasRenderingContext2D, colour: Palette) => void) => (map: Heights & { path: Path2D }, colour: Palette) => void} */
export function ground(view, more = () => {}) {
  const lay = still(view);
  return (map, colour) => lay(pen => {
    pen.imageSmoothingQuality = "high"; pen.drawImage(shade(map, colour), 0, 0, view.width, view.height);
    pen.lineWidth = 0.8; pen.strokeStyle = colour.level; pen.stroke(map.path);
    more(pen, colour);
  }, map, colour);
}
