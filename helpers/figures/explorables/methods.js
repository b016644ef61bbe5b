// Surfaces (value, gradient, Hessian) and the methods that walk on them, as in helpers.methods.

export function quadratic(P, q) {          // f(x) = ½xᵀPx + qᵀx
  const [[a, b], [c, d]] = P, m = (b + c) / 2;
  return (x, y, o) => {
    o[1] = a * x + m * y + q[0]; o[2] = m * x + d * y + q[1];
    o[0] = (x * (o[1] + q[0]) + y * (o[2] + q[1])) / 2;
    o[3] = a; o[4] = m; o[5] = d; return o;
  };
}

export function spline({ size: n, affine: [x0, h, y0, k], coefficients }) {  // bicubic B-spline
  const c = coefficients instanceof Float32Array ? coefficients : decode(coefficients);
  const U = [0, 1, 2].map(() => new Float64Array(4)), V = [0, 1, 2].map(() => new Float64Array(4));
  const basis = (t, [w, d, s]) => {
    const u = 1 - t;
    w[0] = u * u * u / 6; w[1] = (3 * t * t * t - 6 * t * t + 4) / 6; w[2] = (3 * u * u * u - 6 * u * u + 4) / 6; w[3] = t * t * t / 6;
    d[0] = -u * u / 2; d[1] = (3 * t * t - 4 * t) / 2; d[2] = (-3 * u * u + 4 * u) / 2; d[3] = t * t / 2;
    s[0] = u; s[1] = 3 * t - 2; s[2] = 3 * u - 2; s[3] = t;
  };
  const value = (x, y, o) => {
    const i = Math.min(Math.max(Math.floor((x - x0) / h), 1), n - 3), j = Math.min(Math.max(Math.floor((y - y0) / k), 1), n - 3);
    basis((x - x0) / h - i, U); basis((y - y0) / k - j, V); o.fill(0);
    for (let b = 0; b < 4; b++) {
      let v = 0, g = 0, e = 0; const row = (j + b - 1) * n + i - 1;
      for (let a = 0; a < 4; a++) { const z = c[row + a]; v += U[0][a] * z; g += U[1][a] * z; e += U[2][a] * z; }
      o[0] += V[0][b] * v; o[1] += V[0][b] * g / h; o[2] += V[1][b] * v / k;
      o[3] += V[0][b] * e / h / h; o[4] += V[1][b] * g / h / k; o[5] += V[2][b] * v / k / k;
    }
    return o;
  };
  const right = x0 + h * (n - 2), top = y0 + k * (n - 2);      // further out the cubics run away
  value.within = (x, y) => x > x0 + h && x < right && y > y0 + k && y < top;
  return value;
}

const decode = text => new Float32Array(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);

export const surface = s => s.kind === "quadratic" ? quadratic(s.P, s.q) : spline(s);

// The lowest point of the box: the best of a grid, then Newton's method with damping. Returns [x, y, f].
export function lowest(f, [x0, x1, y0, y1], grid = 60) {
  const o = new Float64Array(6); let best = [x0, y0, Infinity], damping = 1e-3;
  const inside = (v, a, b) => Math.min(b, Math.max(a, v));
  const at = (x, y) => { f(x, y, o); return [x, y, o[0]]; };
  for (let j = 0; j <= grid; j++) for (let i = 0; i <= grid; i++) {
    const p = at(x0 + (x1 - x0) * i / grid, y0 + (y1 - y0) * j / grid); if (p[2] < best[2]) best = p;
  }
  for (let i = 0; i < 200 && damping < 1e9; i++) {
    at(best[0], best[1]);
    const [, gx, gy, a, b, d] = o, det = (a + damping) * (d + damping) - b * b;
    const p = at(inside(best[0] - ((d + damping) * gx - b * gy) / det, x0, x1), inside(best[1] - ((a + damping) * gy - b * gx) / det, y0, y1));
    if (p[2] < best[2]) { best = p; damping /= 10; } else damping *= 10;
  }
  return best;
}

// The iterates x0, x1, ... as [x, y, f]; ends early where they leave every bound, or with f = NaN where nothing is known of f.
export function walk(method, f, [x, y], step, beta, steps) {
  const o = new Float64Array(6), path = []; let vx = 0, vy = 0;
  for (let i = 0; i <= steps; i++) {
    if (f.within && !f.within(x, y)) { path.push([x, y, NaN]); break; }
    f(x, y, o); path.push([x, y, o[0]]);
    if (!(Math.abs(x) + Math.abs(y) < 1e6)) break;
    if (method === "newton") {
      const det = o[3] * o[5] - o[4] * o[4]; if (Math.abs(det) < 1e-12) break;
      const [gx, gy] = [o[1], o[2]];
      x -= (o[5] * gx - o[4] * gy) / det; y -= (o[3] * gy - o[4] * gx) / det; continue;
    }
    if (method === "nesterov") f(x + beta * vx, y + beta * vy, o);
    const keep = method === "gradient_descent" ? 0 : beta;
    vx = keep * vx - step * o[1]; vy = keep * vy - step * o[2]; x += vx; y += vy;
  }
  return path;
}
