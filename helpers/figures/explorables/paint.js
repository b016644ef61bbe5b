// Marks that several explorables draw.
import { FONT } from "./theme.js";

/** @typedef {CanvasRenderingContext2D} Pen */

// What stays the same from picture to picture is drawn once, and again when one of `keys` is another, on a sheet that is laid on the view.
/** @type {(view: import("./frame.js").View) => (draw: (pen: Pen) => void, ...keys: unknown[]) => void} */
export function still({ element, pen }) {
  const sheet = document.createElement("canvas"), on = /** @type {Pen} */ (sheet.getContext("2d"));
  /** @type {unknown[] | null} */
  let drawn = null;
  return (draw, ...keys) => {
    if (!drawn || keys.some((key, i) => key !== drawn?.[i])) {
      drawn = keys; sheet.width = element.width; sheet.height = element.height;   // which also clears it
      on.setTransform(pen.getTransform()); draw(on);
    }
    pen.save(); pen.setTransform(1, 0, 0, 1, 0, 0); pen.drawImage(sheet, 0, 0); pen.restore();
  };
}

// Dots, [x, y] in pixels: where they crowd within a quarter of a pixel, one stands for many.
/** @type {(pen: Pen, count: number, x: (k: number) => number, y: (k: number) => number, radius: number) => void} */
export function dots(pen, count, x, y, radius) {
  let [u, v] = [Infinity, Infinity];
  for (let k = 0; k < count; k++) {
    const a = x(k), b = y(k);
    if (Math.abs(a - u) + Math.abs(b - v) < 0.25) continue;
    pen.beginPath(); pen.arc(a, b, radius, 0, 7); pen.fill(); u = a; v = b;
  }
}

// A handle to drag: filled with the paper's colour, ringed in `ring`.
/** @type {(pen: Pen, x: number, y: number, ring: string, paper: string, radius?: number) => void} */
export function handle(pen, x, y, ring, paper, radius = 8) {
  pen.save(); pen.setLineDash([]); pen.shadowColor = "rgba(0,0,0,.35)"; pen.shadowBlur = 5; pen.shadowOffsetY = 1;
  pen.fillStyle = paper; pen.beginPath(); pen.arc(x, y, radius, 0, 7); pen.fill();
  pen.shadowColor = "transparent"; pen.strokeStyle = ring; pen.lineWidth = 3; pen.stroke(); pen.restore();
}

// Text with a halo of the paper's colour, readable over lines.
/** @type {(pen: Pen, text: string, x: number, y: number, ink: string, paper: string, align?: CanvasTextAlign) => void} */
export function write(pen, text, x, y, ink, paper, align = "left") {
  pen.save(); pen.setLineDash([]); pen.font = FONT; pen.textAlign = align; pen.lineJoin = "round";
  pen.strokeStyle = paper; pen.lineWidth = 4; pen.strokeText(text, x, y);
  pen.fillStyle = ink; pen.fillText(text, x, y); pen.restore();
}

// The optimum: a star with a halo.
/** @type {(pen: Pen, x: number, y: number, colour: import("./theme.js").Palette) => void} */
export function star(pen, x, y, colour) {
  pen.beginPath();
  for (let i = 0; i < 10; i++) {
    const r = i % 2 ? 3.6 : 9, turn = i * Math.PI / 5 - Math.PI / 2;
    pen.lineTo(x + r * Math.cos(turn), y + r * Math.sin(turn));
  }
  pen.closePath(); pen.fillStyle = colour.mark; pen.strokeStyle = colour.paper; pen.lineWidth = 3; pen.lineJoin = "round";
  pen.stroke(); pen.fill();
}

// A power of ten in small raised digits.
/** @type {(exponent: number) => string} */
export const raised = exponent => "10" + String(exponent).replace(/[-\d.]/g, c => ({ "-": "⁻", ".": "·" })[c] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[+c]);
