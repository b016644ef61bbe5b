// Ridge on a curve: many noisy samples of one truth, each fitted with the same λ; their mean and their scatter.
import { between, canvas, clamp, frame, power, slider, whole, write } from "./core.js";

// Legendre polynomials of degree 1 to d at x in [-1, 1]: the features, n × d.
export function features(xs, degree) {
  return xs.map(x => {
    const row = [x]; let before = 1, last = x;
    for (let k = 2; k <= degree; k++) { const next = ((2 * k - 1) * x * last - (k - 1) * before) / k; before = last; last = next; row.push(next); }
    return row;
  });
}

// The rows of (XcᵀXc + λI)⁻¹Xcᵀ by Cholesky, Xc centred: what turns a sample's y into its coefficients.
export function smoother(X, lam) {
  const n = X.length, p = X[0].length, mean = X[0].map((_, j) => X.reduce((s, row) => s + row[j], 0) / n);
  const C = X.map(row => row.map((v, j) => v - mean[j])), A = [...Array(p)].map(() => Array(p).fill(0));
  for (let i = 0; i < p; i++) for (let j = 0; j <= i; j++) {
    let s = i === j ? lam : 0; for (let k = 0; k < n; k++) s += C[k][i] * C[k][j];
    for (let k = 0; k < j; k++) s -= A[i][k] * A[j][k];
    A[i][j] = i === j ? Math.sqrt(s) : s / A[j][j];
  }
  const B = C.map(row => {   // for each sample point a column of the answer
    const v = row.slice();
    for (let i = 0; i < p; i++) { for (let k = 0; k < i; k++) v[i] -= A[i][k] * v[k]; v[i] /= A[i][i]; }
    for (let i = p - 1; i >= 0; i--) { for (let k = i + 1; k < p; k++) v[i] -= A[k][i] * v[k]; v[i] /= A[i][i]; }
    return v;
  });
  return { B, mean };
}

// H with (fitted values at `at`) = H y: (1/n)𝟏ᵀ + (x − mean)ᵀB.
export function hat(X, at, lam) {
  const { B, mean } = smoother(X, lam), n = X.length;
  return at.map(row => B.map(b => { let s = 1 / n; for (let j = 0; j < b.length; j++) s += (row[j] - mean[j]) * b[j]; return s; }));
}

const apply = (H, y) => H.map(row => row.reduce((s, h, i) => s + h * y[i], 0));
const average = v => v.reduce((s, x) => s + x, 0) / v.length;

// Squared bias and variance at the points of `at`, in closed form, averaged over them.
export function errors(X, truthAtX, at, truthAt, lam, sigma) {
  const H = hat(X, at, lam), centre = apply(H, truthAtX);
  return { bias: average(centre.map((v, i) => (v - truthAt[i]) ** 2)), variance: sigma ** 2 * average(H.map(row => row.reduce((s, h) => s + h * h, 0))), H, centre };
}

const told = v => (v >= 100 || v < 0.001 ? v.toExponential(1).replace("e+", "e").replace("e-", "e−") : v.toPrecision(2));

export function mount(root, s) {
  const ui = frame(root, s), state = ui.keep({ lam: between(1e-5, 1e3), sigma: between(0.05, 1), degree: whole(1, 12) }), low = -5, high = 3;
  slider(ui, { label: "λ", min: low, max: high, step: 0.05, value: Math.log10(state.lam), text: v => told(10 ** v), change: v => { state.lam = power(v); } });
  slider(ui, { label: "noise σ", min: 0.05, max: 1, step: 0.05, value: state.sigma, text: v => v.toFixed(2), change: v => { state.sigma = v; curves = null; } });
  slider(ui, { label: "degree", min: 1, max: 12, step: 1, value: state.degree, text: v => String(v), change: v => { state.degree = v; curves = null; } });
  const fits = canvas(ui, 415, 330, "The true curve, twelve ridge fits to twelve noisy samples of it, and their mean.");
  const view = canvas(ui, 390, 330, "Squared bias, variance and their sum against λ, with a mark at the λ chosen.");
  const at = [...Array(121)].map((_, i) => -1 + i / 60), truthAt = at.map(x => Math.sin(Math.PI * x) + x / 2), truth = s.x.map(x => Math.sin(Math.PI * x) + x / 2);
  const powers = [...Array(65)].map((_, i) => low + (high - low) * i / 64); let curves = null;

  ui.onDraw(colour => {
    const X = features(s.x, state.degree), grid = features(at, state.degree), lam = state.lam, chosen = Math.log10(lam);
    curves ??= powers.map(t => errors(X, truth, grid, truthAt, 10 ** t, state.sigma));
    const now = errors(X, truth, grid, truthAt, lam, state.sigma);
    let p = fits.pen; p.clearRect(0, 0, fits.width, fits.height); p.setLineDash([]);
    const px = x => (x + 1) / 2 * fits.width, py = y => (2.4 - y) / 4.8 * fits.height;
    const line = ys => { p.beginPath(); ys.forEach((y, i) => p.lineTo(px(at[i]), clamp(py(y), -1e3, 1e4))); p.stroke(); };
    p.strokeStyle = colour.line; p.lineWidth = 1; p.beginPath(); p.moveTo(0, py(0)); p.lineTo(fits.width, py(0)); p.stroke();
    p.strokeStyle = colour.level; p.lineWidth = 1;
    for (const noise of s.noise) line(apply(now.H, truth.map((v, i) => v + state.sigma * noise[i])));
    p.strokeStyle = colour.ink; p.lineWidth = 2.4; p.setLineDash([2, 3]); line(truthAt);
    p.strokeStyle = colour.gradient_descent; p.lineWidth = 2.8; p.setLineDash([]); line(now.centre);
    p.fillStyle = colour.mark; s.x.forEach((x, i) => { p.beginPath(); p.arc(px(x), py(truth[i] + state.sigma * s.noise[0][i]), 3, 0, 7); p.fill(); });
    write(p, "dotted: the truth; thick: mean of all fits", 8, 16, colour.ink, colour.paper);
    write(p, "thin: fits to 12 samples; dots: one sample", 8, 32, colour.faint, colour.paper);

    p = view.pen; p.clearRect(0, 0, view.width, view.height);
    const top = 0.5, floor = -4.5, qx = t => 34 + (t - low) / (high - low) * (view.width - 62), qy = v => 10 + (top - clamp(Math.log10(Math.max(v, 1e-9)), floor - 1, top)) / (top - floor) * (view.height - 40);
    p.setLineDash([]); p.strokeStyle = colour.line; p.lineWidth = 1;
    for (let k = -4; k <= 0; k++) { p.beginPath(); p.moveTo(34, qy(10 ** k)); p.lineTo(view.width, qy(10 ** k)); p.stroke(); write(p, k ? `10${"⁰¹²³⁴"[-k].replace(/^/, "⁻")}` : "1", 30, qy(10 ** k) + 4, colour.faint, colour.paper, "right"); }
    for (let k = low; k <= high; k += 2) write(p, told(10 ** k), qx(k), view.height - 4, colour.faint, colour.paper, "center");
    const plot = (pick, stroke, dash, width) => { p.strokeStyle = stroke; p.setLineDash(dash); p.lineWidth = width; p.beginPath(); curves.forEach((c, i) => { const y = qy(pick(c)); if (y < view.height - 22) p.lineTo(qx(powers[i]), y); }); p.stroke(); };
    plot(c => c.bias, colour.gradient_descent, [], 2.2); plot(c => c.variance, colour.newton, [7, 4], 2.2); plot(c => c.bias + c.variance, colour.ink, [], 3);
    p.setLineDash([3, 3]); p.strokeStyle = colour.mark; p.lineWidth = 2; p.beginPath(); p.moveTo(qx(chosen), 8); p.lineTo(qx(chosen), view.height - 26); p.stroke();
    write(p, "thick: error = bias² + variance", view.width - 6, view.height - 66, colour.ink, colour.paper, "right");
    write(p, "thin: bias²", view.width - 6, view.height - 50, colour.ink, colour.paper, "right"); write(p, "dashed: variance", view.width - 6, view.height - 34, colour.ink, colour.paper, "right");
    const sums = curves.map(c => c.bias + c.variance), best = powers[sums.indexOf(Math.min(...sums))];
    const total = now.bias + now.variance;
    ui.say(`Squared bias ${told(now.bias)} + variance ${told(now.variance)} = ${told(total)}. ` + (total < 1.03 * Math.min(...sums) ? "This λ is about the best."
      : chosen < best ? "λ is too small: the fits scatter around a mean that is right." : "λ is too large: the fits agree with each other, and are wrong together."));
  });
}
