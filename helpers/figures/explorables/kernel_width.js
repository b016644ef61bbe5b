// Kernel ridge on a line: width and λ to slide, a point to drag; solved afresh by Cholesky for each picture.
import { between, button, canvas, clamp, draggable, frame, handle, listOf, power, slider, still, whole, write } from "./core.js";

export const gauss = (a, b, sigma) => Math.exp(-(((a - b) / sigma) ** 2) / 2);

// The kernel between all that is learned from, and between it and what is held out.
/** @type {(x: number[], held: number[], sigma: number) => { near: Float64Array[], far: Float64Array[] }} */
export const kernels = (x, held, sigma) => ({ near: x.map(u => Float64Array.from(x, v => gauss(u, v, sigma))), far: held.map(u => Float64Array.from(x, v => gauss(u, v, sigma))) });

// The lower factor of K + λI.
/** @type {(K: Float64Array[], lam: number) => Float64Array[]} */
export function factor(K, lam) {
  const n = K.length, L = K.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) {
    const row = L[i], other = L[j]; let s = K[i][j] + (i === j ? lam : 0);
    for (let k = 0; k < j; k++) s -= row[k] * other[k];
    row[j] = i === j ? Math.sqrt(s) : s / other[j];
  }
  return L;
}

export function solve(L, b) {
  const n = L.length, v = [...b];
  for (let i = 0; i < n; i++) { for (let k = 0; k < i; k++) v[i] -= L[i][k] * v[k]; v[i] /= L[i][i]; }
  for (let i = n - 1; i >= 0; i--) { for (let k = i + 1; k < n; k++) v[i] -= L[k][i] * v[k]; v[i] /= L[i][i]; }
  return v;
}

export const predict = (x, alpha, sigma, at) => at.map(z => x.reduce((s, v, i) => s + alpha[i] * gauss(z, v, sigma), 0));
// The mean square of what the rows of K foretell from α, less y.
function error(K, alpha, y) {
  let sum = 0;
  for (let i = 0; i < K.length; i++) { const row = K[i]; let r = -y[i]; for (let k = 0; k < row.length; k++) r += alpha[k] * row[k]; sum += r * r; }
  return sum / K.length;
}

// α and both mean squared errors. Only these depend on y: kernels and factor are found once for a width and a λ.
export function fit({ near, far }, L, y, heldY) {
  const alpha = solve(L, y);
  return { alpha, train: error(near, alpha, y), test: error(far, alpha, heldY) };
}

// The effective degrees of freedom tr K(K + λI)⁻¹ = n − λ tr (K + λI)⁻¹.
/** @type {(L: Float64Array[], lam: number) => number} */
export function freedom(L, lam) {
  const n = L.length; let trace = 0;
  for (let j = 0; j < n; j++) {   // ‖L⁻¹e_j‖²: the diagonal of the inverse
    const v = new Float64Array(n); v[j] = 1;
    for (let i = j; i < n; i++) { for (let k = j; k < i; k++) v[i] -= L[i][k] * v[k]; v[i] /= L[i][i]; trace += v[i] * v[i]; }
  }
  return n - lam * trace;
}

const told = v => (v < 0.001 ? v.toExponential(1).replace("e-", "e−") : v.toPrecision(2));

export function mount(root, s) {
  const ui = frame(root, s), box = [-1, 1, -2, 2], n = s.x.length;
  const state = ui.keep({ sigma: between(0.01, 4), lam: between(1e-6, 100), drag: whole(0, n - 1), y: listOf(between(-9, 9), n) });
  slider(ui, { label: "width σ", min: -2, max: 0.6, step: 0.05, value: Math.log10(state.sigma), text: v => told(10 ** v), change: v => { state.sigma = power(v); } });
  slider(ui, { label: "λ", min: -6, max: 2, step: 0.1, value: Math.log10(state.lam), text: v => told(10 ** v), change: v => { state.lam = power(v); } });
  button(ui, "next point", () => { state.drag = (state.drag + 1) % n; });
  button(ui, "points back", () => { state.y = [...s.y]; curve = null; });
  const view = canvas(ui, 440, 350, "Points, the kernel ridge fit and the held-out points; one point to drag up and down. Up and down arrow keys move it, left and right choose another.", "application");
  const errors = canvas(ui, 380, 350, "Training and held-out error against the width for this λ, with a mark at the width chosen.");
  const px = v => (v - box[0]) / (box[1] - box[0]) * view.width, py = v => (box[3] - v) / (box[3] - box[2]) * view.height;
  const widths = [...Array(53)].map((_, i) => -2 + 0.05 * i), at = [...Array(241)].map((_, i) => -1 + i / 120); let curve = null, solved = { lam: NaN, all: [] }, chosen = { sigma: NaN, lam: NaN, K: null, L: null, freedom: 0 };
  const cloth = still(view), axes = still(errors), Ks = widths.map(t => kernels(s.x, s.held, 10 ** t));
  draggable(ui, view, box, () => [s.x[state.drag], state.y[state.drag]], (_, v) => { state.y = state.y.with(state.drag, v); curve = null; }, {
    home: () => [s.x[state.drag], s.y[state.drag]],
    pick: (u, v) => {   // the nearest point, as one sees it
      const far = i => Math.hypot(px(s.x[i]) - px(u), py(state.y[i]) - py(v));
      state.drag = s.x.reduce((best, _, i) => (far(i) < far(best) ? i : best), 0);
    },
    key: name => {   // left and right step from point to point
      const by = { ArrowLeft: n - 1, ArrowRight: 1 }[name] ?? 0;
      state.drag = (state.drag + by) % n; return by !== 0;
    },
  });

  ui.onDraw(colour => {
    const { sigma, lam, drag, y } = state, width = Math.log10(sigma);
    if (chosen.sigma !== sigma || chosen.lam !== lam) { const K = kernels(s.x, s.held, sigma), L = factor(K.near, lam); chosen = { sigma, lam, K, L, freedom: freedom(L, lam) }; }
    if (solved.lam !== lam) { solved = { lam, all: Ks.map(K => factor(K.near, lam)) }; curve = null; }
    const now = fit(chosen.K, chosen.L, y, s.heldY); curve ??= Ks.map((K, i) => fit(K, solved.all[i], y, s.heldY));
    let p = view.pen; cloth(c => {
      c.fillStyle = colour.paper; c.fillRect(0, 0, view.width, view.height);
      c.strokeStyle = colour.line; c.lineWidth = 1; c.strokeRect(0.5, 0.5, view.width - 1, view.height - 1);
      c.beginPath(); c.moveTo(0, py(0)); c.lineTo(view.width, py(0)); c.stroke();
      c.strokeStyle = colour.newton; c.lineWidth = 1.6; s.held.forEach((x, i) => { c.strokeRect(px(x) - 3, py(s.heldY[i]) - 3, 6, 6); });
    }, colour);
    p.strokeStyle = colour.gradient_descent; p.lineWidth = 2.8; p.beginPath();
    predict(s.x, now.alpha, sigma, at).forEach((v, i) => p.lineTo(px(at[i]), clamp(py(v), -1e3, 1e4))); p.stroke();
    // the kernel of the chosen point, at the foot: how far its influence reaches
    p.strokeStyle = colour.mark; p.lineWidth = 1.4; p.setLineDash([4, 3]); p.beginPath();
    at.forEach(z => p.lineTo(px(z), py(-2 + 0.5 * gauss(z, s.x[drag], sigma)))); p.stroke(); p.setLineDash([]);
    p.fillStyle = colour.mark; s.x.forEach((x, i) => { p.beginPath(); p.arc(px(x), py(y[i]), 3.6, 0, 7); p.fill(); });
    handle(p, px(s.x[drag]), py(y[drag]), colour.mark, colour.paper);
    write(p, "discs: learned from; squares: held out", 8, 17, colour.ink, colour.paper); write(p, "dashed: the kernel of the point ringed", 8, 33, colour.faint, colour.paper);

    p = errors.pen;
    const low = -3, high = 0.5, qx = t => 46 + (t + 2) / 2.6 * (errors.width - 56), qy = v => 10 + (high - clamp(Math.log10(Math.max(v, 1e-12)), low, high)) / (high - low) * (errors.height - 44);
    axes(c => {
      c.fillStyle = colour.paper; c.fillRect(0, 0, errors.width, errors.height); c.strokeStyle = colour.line; c.lineWidth = 1;
      for (let k = -3; k <= 0; k++) { c.beginPath(); c.moveTo(46, qy(10 ** k)); c.lineTo(errors.width, qy(10 ** k)); c.stroke(); write(c, ["1", "0.1", "0.01", "0.001"][-k], 42, qy(10 ** k) + 4, colour.faint, colour.paper, "right"); }
      for (const t of [-2, -1, 0]) write(c, String(10 ** t), qx(t), errors.height - 18, colour.faint, colour.paper, "center");
      write(c, "width σ", errors.width / 2, errors.height - 4, colour.faint, colour.paper, "center");
    }, colour);
    const plot = (pick, stroke, dash) => { p.strokeStyle = stroke; p.setLineDash(dash); p.lineWidth = 2.4; p.beginPath(); curve.forEach((c, i) => p.lineTo(qx(widths[i]), qy(pick(c)))); p.stroke(); };
    plot(c => c.train, colour.gradient_descent, []); plot(c => c.test, colour.newton, [7, 4]);
    p.strokeStyle = colour.mark; p.setLineDash([3, 3]); p.lineWidth = 2; p.beginPath(); p.moveTo(qx(width), 8); p.lineTo(qx(width), errors.height - 34); p.stroke(); p.setLineDash([]);
    write(p, "solid: error on the points learned from", errors.width - 6, 20, colour.ink, colour.paper, "right"); write(p, "dashed: held out", errors.width - 6, 36, colour.ink, colour.paper, "right");
    const best = widths[curve.reduce((b, c, i) => (c.test < curve[b].test ? i : b), 0)], least = Math.min(...curve.map(c => c.test));
    ui.say(`${chosen.freedom.toFixed(1)} effective degrees of freedom of ${s.x.length}; mean squared error ${told(now.train)} learned from, ${told(now.test)} held out. `
      + (now.test < 1.1 * least ? "For this λ the width is about the best." : width < best ? "Too narrow: each point speaks for itself only." : "Too wide for this λ: the fit cannot bend enough."));
  });
}
