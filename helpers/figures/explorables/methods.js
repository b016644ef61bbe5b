// The methods that walk on a surface, as in helpers.methods, and the lowest point of a box.

/** @typedef {import("./surfaces.js").Surface} Surface */

// The iterates x0, x1, ... as [x, y, f]; ends early where they leave every bound, or with f = NaN where nothing is known of f.
/** @type {(method: string, f: Surface, start: number[], step: number, beta: number, steps: number) => number[][]} */
export function walk(method, f, [x, y], step, beta, steps) {
  const o = new Float64Array(6), path = [], keep = method === "gradient_descent" ? 0 : beta;
  let vx = 0, vy = 0;
  for (let i = 0; i <= steps; i++) {
    if (f.within && !f.within(x, y)) { path.push([x, y, NaN]); break; }
    f(x, y, o); path.push([x, y, o[0]]);
    if (!(Math.abs(x) + Math.abs(y) < 1e6)) break;
    if (method === "newton") {
      const [, gx, gy, a, b, d] = o, det = a * d - b * b;
      if (Math.abs(det) < 1e-12) break;
      x -= (d * gx - b * gy) / det; y -= (a * gy - b * gx) / det;
      continue;
    }
    if (method === "nesterov") f(x + beta * vx, y + beta * vy, o);   // the slope ahead, where momentum leads
    vx = keep * vx - step * o[1]; vy = keep * vy - step * o[2];
    x += vx; y += vy;
  }
  return path;
}

// The lowest point of the box: the best of a grid, then Newton's method with damping. Gives [x, y, f].
/** @type {(f: Surface, box: number[], grid?: number) => number[]} */
export function lowest(f, [x0, x1, y0, y1], grid = 60) {
  const o = new Float64Array(6);
  /** @type {(v: number, a: number, b: number) => number} */
  const inside = (v, a, b) => Math.min(b, Math.max(a, v));
  /** @type {(x: number, y: number) => number[]} */
  const at = (x, y) => { f(x, y, o); return [x, y, o[0]]; };
  let best = [x0, y0, Infinity], damping = 1e-3;
  for (let j = 0; j <= grid; j++) for (let i = 0; i <= grid; i++) {
    const p = at(x0 + (x1 - x0) * i / grid, y0 + (y1 - y0) * j / grid);
    if (p[2] < best[2]) best = p;
  }
  for (let i = 0; i < 200 && damping < 1e9; i++) {
    at(best[0], best[1]);
    const [, gx, gy, a, b, d] = o, det = (a + damping) * (d + damping) - b * b;
    const p = at(inside(best[0] - ((d + damping) * gx - b * gy) / det, x0, x1), inside(best[1] - ((a + damping) * gy - b * gx) / det, y0, y1));
    if (p[2] < best[2]) { best = p; damping /= 10; } else damping *= 10;
  }
  return best;
}
