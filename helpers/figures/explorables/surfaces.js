// Functions of two variables: value, gradient and Hessian, written into one array [f, fx, fy, fxx, fxy, fyy].

/**
 * @typedef {Float64Array} Out
 * @typedef {((x: number, y: number, o: Out) => Out) & { within?: (x: number, y: number) => boolean }} Surface `within` where not all of the plane is known
 * @typedef {{ size: number, affine: number[], coefficients: string | Float32Array }} Sampled coefficients of a B-spline of degree 5 in x and y on size × size places x0 + h·i, y0 + k·j
 */

// f(x) = ½xᵀPx + qᵀx
/** @type {(P: number[][], q: number[]) => Surface} */
export function quadratic([[a, b], [c, d]], q) {
  const m = (b + c) / 2;
  return (x, y, o) => {
    o[1] = a * x + m * y + q[0];
    o[2] = m * x + d * y + q[1];
    o[0] = (x * (o[1] + q[0]) + y * (o[2] + q[1])) / 2;
    o[3] = a; o[4] = m; o[5] = d;
    return o;
  };
}

// The six quintics that are not zero at t in [0, 1) between two knots, and their first two derivatives: degree by
// degree, wᵢ of degree d is a mean of two of degree d − 1, and a derivative is a difference of them.
/** @type {(t: number, w: Out, d: Out, s: Out) => void} */
function basis(t, w, d, s) {
  w.fill(0); w[0] = 1;
  for (let degree = 1; degree <= 5; degree++) {
    if (degree === 4) for (let i = 5; i >= 0; i--) s[i] = (w[i - 2] ?? 0) - 2 * (w[i - 1] ?? 0) + w[i];
    if (degree === 5) for (let i = 5; i >= 0; i--) d[i] = (w[i - 1] ?? 0) - w[i];
    for (let i = degree; i >= 0; i--) w[i] = ((t + degree - i) * (w[i - 1] ?? 0) + (i + 1 - t) * w[i]) / degree;
  }
}

/** @type {(sampled: Sampled) => Surface} */
export function spline({ size: n, affine: [x0, h, y0, k], coefficients }) {
  const c = coefficients instanceof Float32Array ? coefficients : decode(coefficients);
  const six = () => new Float64Array(6), [u, du, ddu, v, dv, ddv] = [six(), six(), six(), six(), six(), six()];
  /** @type {(t: number) => number} */
  const cell = t => Math.min(Math.max(Math.floor(t), 2), n - 4);
  /** @type {Surface} */
  const value = (x, y, o) => {
    const i = cell((x - x0) / h), j = cell((y - y0) / k);
    basis((x - x0) / h - i, u, du, ddu); basis((y - y0) / k - j, v, dv, ddv); o.fill(0);
    for (let b = 0; b < 6; b++) {
      const row = (j + b - 2) * n + i - 2;
      let along = 0, slope = 0, bend = 0;
      for (let a = 0; a < 6; a++) { const z = c[row + a]; along += u[a] * z; slope += du[a] * z; bend += ddu[a] * z; }
      o[0] += v[b] * along; o[1] += v[b] * slope / h; o[2] += dv[b] * along / k;
      o[3] += v[b] * bend / h / h; o[4] += dv[b] * slope / h / k; o[5] += ddv[b] * along / k / k;
    }
    return o;
  };
  const right = x0 + h * (n - 3), top = y0 + k * (n - 3);      // further out the quintics run away
  value.within = (x, y) => x > x0 + 2 * h && x < right && y > y0 + 2 * k && y < top;
  return value;
}

/** @type {(text: string) => Float32Array} */
const decode = text => new Float32Array(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);

/** @type {(s: any) => Surface} */
export const surface = s => (s.kind === "quadratic" ? quadratic(s.P, s.q) : spline(s));
