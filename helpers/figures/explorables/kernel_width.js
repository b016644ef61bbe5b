// Kernel ridge on a line: width and λ to slide, a point to drag; solved afresh by Cholesky for each picture.
import { between, button, canvas, clamp, draggable, frame, handle, listOf, power, slider, whole, write } from "./core.js";

export const gauss = (a, b, sigma) => Math.exp(-(((a - b) / sigma) ** 2) / 2);

// The lower factor of K + λI.
export function factor(x, sigma, lam) {
  const n = x.length, L = x.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) {
    let s = gauss(x[i], x[j], sigma) + (i === j ? lam : 0);
    for (let k = 0; k < j; k++) s -= L[i][k] * L[j][k];
    L[i][j] = i === j ? Math.sqrt(s) : s / L[j][j];
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
const square = (a, b) => a.reduce((s, v, i) => s + (v - b[i]) ** 2, 0) / a.length;

// α, the effective degrees of freedom tr K(K + λI)⁻¹ = n − λ tr (K + λI)⁻¹, and both mean squared errors.
export function fit(x, y, held, heldY, sigma, lam) {
  const L = factor(x, sigma, lam), alpha = solve(L, y), n = x.length; let trace = 0;
  for (let j = 0; j < n; j++) {   // ‖L⁻¹e_j‖²: the diagonal of the inverse
    const v = new Float64Array(n); v[j] = 1;
    for (let i = j; i < n; i++) { for (let k = j; k < i; k++) v[i] -= L[i][k] * v[k]; v[i] /= L[i][i]; trace += v[i] * v[i]; }
  }
  return { alpha, freedom: n - lam * trace, train: square(predict(x, alpha, sigma, x), y), test: square(predict(x, alpha, sigma, held), heldY) };
}

const told = v => (v < 0.001 ? v.toExponential(1).replace("e-", "e−") : v.toPrecision(2));

export function mount(root, s) {
  const ui = frame(root, s), box = [-1, 1, -2, 2], n = s.x.length;
  const state = ui.keep({ sigma: between(0.01, 4), lam: between(1e-6, 100), drag: whole(0, n - 1), y: listOf(between(-9, 9), n) });
  slider(ui, { label: "width σ", min: -2, max: 0.6, step: 0.05, value: Math.log10(state.sigma), text: v => told(10 ** v), change: v => { state.sigma = power(v); } });
  slider(ui, { label: "λ", min: -6, max: 2, step: 0.1, value: Math.log10(state.lam), text: v => told(10 ** v), change: v => { state.lam = power(v); curve = null; } });
  button(ui, "next point", () => { state.drag = (state.drag + 1) % n; });
  button(ui, "points back", () => { state.y = [...s.y]; curve = null; });
  const view = canvas(ui, 440, 350, "Points, the kernel ridge fit and the held-out points; one point to drag up and down. Up and down arrow keys move it, left and right choose another.", "application");
  const errors = canvas(ui, 380, 350, "Training and held-out error against the width for this λ, with a mark at the width chosen.");
  const px = v => (v - box[0]) / (box[1] - box[0]) * view.width, py = v => (box[3] - v) / (box[3] - box[2]) * view.height;
  const widths = [...Array(53)].map((_, i) => -2 + 0.05 * i), at = [...Array(241)].map((_, i) => -1 + i / 120); let curve = null;
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
    const { sigma, lam, drag, y } = state, width = Math.log10(sigma), now = fit(s.x, y, s.held, s.heldY, sigma, lam);
    curve ??= widths.map(t => fit(s.x, y, s.held, s.heldY, 10 ** t, lam));
    let p = view.pen; p.setLineDash([]); p.fillStyle = colour.paper; p.fillRect(0, 0, view.width, view.height);
    p.strokeStyle = colour.line; p.lineWidth = 1; p.strokeRect(0.5, 0.5, view.width - 1, view.height - 1);
    p.beginPath(); p.moveTo(0, py(0)); p.lineTo(view.width, py(0)); p.stroke();
    p.strokeStyle = colour.newton; p.lineWidth = 1.6; s.held.forEach((x, i) => { p.strokeRect(px(x) - 3, py(s.heldY[i]) - 3, 6, 6); });
    p.strokeStyle = colour.gradient_descent; p.lineWidth = 2.8; p.beginPath();
    predict(s.x, now.alpha, sigma, at).forEach((v, i) => p.lineTo(px(at[i]), clamp(py(v), -1e3, 1e4))); p.stroke();
    // the kernel of the chosen point, at the foot: how far its influence reaches
    p.strokeStyle = colour.mark; p.lineWidth = 1.4; p.setLineDash([4, 3]); p.beginPath();
    at.forEach(z => p.lineTo(px(z), py(-2 + 0.5 * gauss(z, s.x[drag], sigma)))); p.stroke(); p.setLineDash([]);
    p.fillStyle = colour.mark; s.x.forEach((x, i) => { p.beginPath(); p.arc(px(x), py(y[i]), 3.6, 0, 7); p.fill(); });
    handle(p, px(s.x[drag]), py(y[drag]), colour.mark, colour.paper);
    write(p, "discs: learned from; squares: held out", 8, 17, colour.ink, colour.paper); write(p, "dashed: the kernel of the point ringed", 8, 33, colour.faint, colour.paper);

    p = errors.pen; p.setLineDash([]); p.fillStyle = colour.paper; p.fillRect(0, 0, errors.width, errors.height);
    const low = -3, high = 0.5, qx = t => 46 + (t + 2) / 2.6 * (errors.width - 56), qy = v => 10 + (high - clamp(Math.log10(Math.max(v, 1e-12)), low, high)) / (high - low) * (errors.height - 44);
    p.strokeStyle = colour.line; p.lineWidth = 1;
    for (let k = -3; k <= 0; k++) { p.beginPath(); p.moveTo(46, qy(10 ** k)); p.lineTo(errors.width, qy(10 ** k)); p.stroke(); write(p, ["1", "0.1", "0.01", "0.001"][-k], 42, qy(10 ** k) + 4, colour.faint, colour.paper, "right"); }
    for (const t of [-2, -1, 0]) write(p, String(10 ** t), qx(t), errors.height - 18, colour.faint, colour.paper, "center");
    write(p, "width σ", errors.width / 2, errors.height - 4, colour.faint, colour.paper, "center");
    const plot = (pick, stroke, dash) => { p.strokeStyle = stroke; p.setLineDash(dash); p.lineWidth = 2.4; p.beginPath(); curve.forEach((c, i) => p.lineTo(qx(widths[i]), qy(pick(c)))); p.stroke(); };
    plot(c => c.train, colour.gradient_descent, []); plot(c => c.test, colour.newton, [7, 4]);
    p.strokeStyle = colour.mark; p.setLineDash([3, 3]); p.lineWidth = 2; p.beginPath(); p.moveTo(qx(width), 8); p.lineTo(qx(width), errors.height - 34); p.stroke(); p.setLineDash([]);
    write(p, "solid: error on the points learned from", errors.width - 6, 20, colour.ink, colour.paper, "right"); write(p, "dashed: held out", errors.width - 6, 36, colour.ink, colour.paper, "right");
    const best = widths[curve.reduce((b, c, i) => (c.test < curve[b].test ? i : b), 0)], least = Math.min(...curve.map(c => c.test));
    ui.say(`${now.freedom.toFixed(1)} effective degrees of freedom of ${s.x.length}; mean squared error ${told(now.train)} learned from, ${told(now.test)} held out. `
      + (now.test < 1.1 * least ? "For this λ the width is about the best." : width < best ? "Too narrow: each point speaks for itself only." : "Too wide for this λ: the fit cannot bend enough."));
  });
}
