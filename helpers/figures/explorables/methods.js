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
  return (x, y, o) => {
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
}

const decode = text => new Float32Array(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);

export const surface = s => s.kind === "quadratic" ? quadratic(s.P, s.q) : spline(s);

// The iterates x0, x1, ... as [x, y, f]; ends early where they leave every bound.
export function walk(method, f, [x, y], step, beta, steps) {
  const o = new Float64Array(6), path = []; let vx = 0, vy = 0;
  for (let i = 0; i <= steps; i++) {
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
