// Quantile lines through a cloud of points, solved exactly; least squares, LAD and Huber beside them; one point to drag.
import { DASHES, between, canvas, checkbox, draggable, frame, handle, listOf, pointIn, slider, whole, write, yesNo } from "./core.js";

const rho = (r, tau) => Math.max(tau * r, (tau - 1) * r);
/** @type {(x: number[], y: number[], tau: number, line: number[]) => number} */
export const lossOf = (x, y, tau, [b, w]) => x.reduce((sum, v, i) => sum + rho(y[i] - b - w * v, tau), 0);

// The best line through point k: y_i − y_k − w(x_i − x_k) is least in total where w is a weighted quantile of the slopes.
function bestThrough(x, y, tau, k) {
  const turns = []; let slope = 0;   // of the sum, left of all turns
  for (let i = 0; i < x.length; i++) {
    const d = x[i] - x[k]; if (d === 0) continue;
    turns.push([(y[i] - y[k]) / d, Math.abs(d)]); slope -= Math.max(tau * d, (tau - 1) * d);
  }
  turns.sort((p, q) => p[0] - q[0]);
  for (const [w, weight] of turns) { slope += weight; if (slope >= 0) return [y[k] - w * x[k], w]; }
  return [y[k], 0];   // all x are the same
}

// From corner to corner: a corner is best if no line through one of its points is better (where two or more points lie on it,
// a way down would run along one of these lines). Starts from the best line through point 0.
export function quantileLine(x, y, tau, from = 0) {
  const size = Math.max(...y.map(Math.abs), 1e-300), near = 1e-10 * size;
  let line = bestThrough(x, y, tau, from), value = lossOf(x, y, tau, line), moved = true;
  while (moved) {
    moved = false;
    for (const k of onLine(x, y, line, near)) {
      const next = bestThrough(x, y, tau, k), loss = lossOf(x, y, tau, next);
      if (loss < value - 1e-13 * value) { line = next; value = loss; moved = true; break; }
    }
  }
  return line;
}
/** @type {(x: number[], y: number[], line: number[], near: number) => number[]} */
export const onLine = (x, y, [b, w], near) => x.flatMap((v, i) => (Math.abs(y[i] - b - w * v) <= near ? [i] : []));

// The multipliers of a line through two points: the others' slopes are τ or τ − 1, and Σ aᵢ = Σ aᵢxᵢ = 0 gives these two.
/** @type {(x: number[], y: number[], tau: number, line: number[]) => { on: number[], below: number, a: number[] | null }} */
export function multipliers(x, y, tau, line) {
  const size = Math.max(...y.map(Math.abs)), on = onLine(x, y, line, 1e-10 * size); let sum = 0, moment = 0, below = 0;
  x.forEach((v, i) => { if (on.includes(i)) return; const r = y[i] - line[0] - line[1] * v, a = r > 0 ? tau : tau - 1; if (r < 0) below++; sum += a; moment += a * v; });
  if (on.length !== 2 || x[on[0]] === x[on[1]]) return { on, below, a: null };
  const [i, j] = on, second = (sum * x[i] - moment) / (x[j] - x[i]);
  return { on, below, a: [-sum - second, second] };
}

export function weightedLine(x, y, weight) {
  let s = 0, sx = 0, sy = 0; x.forEach((v, i) => { s += weight[i]; sx += weight[i] * v; sy += weight[i] * y[i]; });
  const mx = sx / s, my = sy / s; let sxx = 0, sxy = 0;
  x.forEach((v, i) => { sxx += weight[i] * (v - mx) ** 2; sxy += weight[i] * (v - mx) * (y[i] - my); });
  const w = sxx ? sxy / sxx : 0; return [my - w * mx, w];
}

// Iteratively reweighted least squares, which goes down in each round.
export function huberLine(x, y, delta, rounds = 400) {
  let line = weightedLine(x, y, x.map(() => 1));
  for (let k = 0; k < rounds; k++) {
    const next = weightedLine(x, y, x.map((v, i) => delta / Math.max(delta, Math.abs(y[i] - line[0] - line[1] * v))));
    const still = Math.abs(next[0] - line[0]) <= 1e-14 * Math.abs(next[0]) && Math.abs(next[1] - line[1]) <= 1e-14 * Math.abs(next[1]);
    line = next; if (still) break;
  }
  return line;
}

const FITS = [["least squares", "momentum"], ["LAD (τ = 0.5)", "gradient_descent"], ["Huber", "nesterov"]];
const text = v => v.toFixed(2).replace("-", "−");

export function mount(root, s) {
  const ui = frame(root, s), { taus, delta, box } = s;
  const state = ui.keep({ tau: between(0.05, 0.95), copies: whole(1, 60), fan: yesNo, shown: listOf(yesNo, FITS.length), at: pointIn(box) });
  slider(ui, { label: "τ", min: 0.05, max: 0.95, step: 0.05, value: state.tau, text: v => v.toFixed(2), ticks: [[0.5, "median"]], change: v => { state.tau = v; } });
  slider(ui, { label: "households dragged", min: 1, max: 60, step: 1, value: state.copies, text: v => `${v} of ${s.x.length - 1 + v}`, change: v => { state.copies = v; } });
  checkbox(ui, { label: "the fan", checked: state.fan, change: v => { state.fan = v; } });
  FITS.forEach(([label, method], k) => checkbox(ui, { label, checked: state.shown[k], method, change: v => { state.shown = state.shown.with(k, v); } }));
  const view = canvas(ui, 560, 420, "Food against income; a household to drag. Arrow keys move it, with Shift in larger steps, Home puts it back.", "application");
  draggable(ui, view, box, () => state.at, (x, y) => { state.at = [x, y]; });
  const aside = document.createElement("div"), rows = {}; aside.className = "aside"; ui.views.append(aside);
  for (const name of ["slope for this τ", "households below, on, above", "multipliers of those on the line", "slope of least squares", "slope of LAD", "slope of Huber"]) {
    const row = document.createElement("div"), value = document.createElement("div"); row.textContent = name; row.style.color = "var(--lx-faint)";
    value.style.cssText = "margin:0 0 9px;font-size:15px;font-variant-numeric:tabular-nums"; rows[name] = value; aside.append(row, value);
  }
  const px = v => (v - box[0]) / (box[1] - box[0]) * view.width, py = v => view.height - (v - box[2]) / (box[3] - box[2]) * view.height;

  ui.onDraw(colour => {
    const p = view.pen, { tau, at } = state, x = [...s.x], y = [...s.y]; x[s.drag] = at[0]; y[s.drag] = at[1];
    for (let k = 1; k < state.copies; k++) { x.push(at[0]); y.push(at[1]); }
    const draw = (/** @type {number[]} */ [b, w], ink, width, dash = []) => { p.setLineDash(dash); p.strokeStyle = ink; p.lineWidth = width; p.beginPath(); p.moveTo(px(box[0]), py(b + w * box[0])); p.lineTo(px(box[1]), py(b + w * box[1])); p.stroke(); };
    p.setLineDash([]); p.fillStyle = colour.paper; p.fillRect(0, 0, view.width, view.height);
    p.strokeStyle = colour.line; p.lineWidth = 1; p.strokeRect(0.5, 0.5, view.width - 1, view.height - 1);
    p.fillStyle = colour.faint; x.forEach((v, i) => { if (i === s.drag || i >= s.x.length) return; p.beginPath(); p.arc(px(v), py(y[i]), 2.4, 0, 7); p.fill(); });
    const solved = new Map();   // the chosen τ and the median are often in the fan as well
    const lineFor = t => { if (!solved.has(t)) solved.set(t, quantileLine(x, y, t, s.drag)); return solved.get(t); };
    if (state.fan) for (const t of taus) draw(lineFor(t), colour.level, 1);
    const line = lineFor(tau), fits = [weightedLine(x, y, x.map(() => 1)), lineFor(0.5), huberLine(x, y, delta)];
    FITS.forEach(([, method], k) => { if (state.shown[k]) draw(fits[k], colour[method], 2.2, DASHES[method]); });
    draw(line, colour.newton, 3);
    const { on, below, a } = multipliers(x, y, tau, line), above = x.length - below - on.length;
    p.fillStyle = colour.newton; for (const i of on) { p.beginPath(); p.arc(px(x[i]), py(y[i]), 5, 0, 7); p.fill(); }
    handle(p, px(at[0]), py(at[1]), colour.mark, colour.paper);
    write(p, "income →", view.width - 10, view.height - 9, colour.ink, colour.paper, "right"); write(p, "↑ food", 9, 18, colour.ink, colour.paper);
    write(p, `τ = ${text(tau)}`, 9, 38, colour.newton, colour.paper);
    const told = [text(line[1]), `${below}, ${on.length}, ${above}`, a ? a.map(text).join(" and ") : "not unique: several on it", ...fits.map(f => text(f[1]))];
    Object.values(rows).forEach((row, i) => { row.textContent = told[i]; });
    const proof = a ? `Both multipliers lie in [${text(tau - 1)}, ${text(tau)}]: no line has a smaller loss.` : "More than two households lie on the line: their multipliers are not unique.";
    ui.say(`For τ = ${text(tau)} at most ${Math.floor(tau * x.length + 1e-9)} of ${x.length} may lie below: ${below} do. ${proof}`);
  });
}
