// Quantile lines through a cloud of points, solved exactly; least squares, LAD and Huber beside them; one point to drag.
import { DASHES, between, canvas, checkbox, draggable, frame, handle, listOf, pointIn, slider, still, whole, write, yesNo } from "./core.js";

/** @type {(x: number[], y: number[], tau: number, line: number[]) => number} */
export function lossOf(x, y, tau, [b, w]) {
  let sum = 0; for (let i = 0; i < x.length; i++) { const r = y[i] - b - w * x[i]; sum += r > 0 ? tau * r : (tau - 1) * r; }
  return sum;
}

// The best line through point k: y_i − y_k − w(x_i − x_k) is least in total where w is a weighted quantile of the slopes.
function bestThrough(x, y, tau, k) {
  const turn = new Float64Array(x.length), weight = new Float64Array(x.length); let n = 0, slope = 0;   // of the sum, left of all turns
  for (let i = 0; i < x.length; i++) {
    const d = x[i] - x[k]; if (d === 0) continue;
    turn[n] = (y[i] - y[k]) / d; weight[n++] = Math.abs(d); slope -= Math.max(tau * d, (tau - 1) * d);
  }
  if (n === 0) return [y[k], 0];   // all x are the same
  const w = firstTurn(turn, weight, n, slope);
  return [y[k] - w * x[k], w];
}

// The first of n turns at which `slope` and the weights up to there are no longer negative: parted as a quicksort does, in the one part that matters.
function firstTurn(turn, weight, n, slope) {
  let low = 0, high = n - 1;
  const swap = (i, j) => { const t = turn[i], v = weight[i]; turn[i] = turn[j]; weight[i] = weight[j]; turn[j] = t; weight[j] = v; };
  while (low < high) {
    const pivot = turn[(low + high) >> 1]; let less = low, more = high, i = low, before = 0, here = 0;
    while (i <= more) {
      if (turn[i] < pivot) { before += weight[i]; swap(i++, less++); } else if (turn[i] > pivot) swap(i, more--); else here += weight[i++];
    }
    if (less > low && slope + before >= 0) high = less - 1;
    else if (slope + before + here >= 0 || more === high) return pivot;
    else { slope += before + here; low = more + 1; }
  }
  return turn[low];
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
export function onLine(x, y, [b, w], near) {
  const on = []; for (let i = 0; i < x.length; i++) if (Math.abs(y[i] - b - w * x[i]) <= near) on.push(i);
  return on;
}

// The multipliers of a line through two points: the others' slopes are τ or τ − 1, and Σ aᵢ = Σ aᵢxᵢ = 0 gives these two.
/** @type {(x: number[], y: number[], tau: number, line: number[]) => { on: number[], below: number, a: number[] | null }} */
export function multipliers(x, y, tau, line) {
  const size = Math.max(...y.map(Math.abs)), on = onLine(x, y, line, 1e-10 * size); let sum = 0, moment = 0, below = 0;
  x.forEach((v, i) => { if (on.includes(i)) return; const r = y[i] - line[0] - line[1] * v, a = r > 0 ? tau : tau - 1; if (r < 0) below++; sum += a; moment += a * v; });
  if (on.length !== 2 || x[on[0]] === x[on[1]]) return { on, below, a: null };
  const [i, j] = on, second = (sum * x[i] - moment) / (x[j] - x[i]);
  return { on, below, a: [-sum - second, second] };
}

// The line through points i and j if it is the only best one, else null: all others, but for copies of these two, lie off it,
// and the multipliers of both lie strictly between τ − 1 and τ, as often as there are copies.
/** @type {(x: number[], y: number[], tau: number, i: number, j: number) => [number, number] | null} */
export function only(x, y, tau, i, j) {
  if (!(i < x.length && j < x.length && x[i] !== x[j])) return null;
  const w = (y[j] - y[i]) / (x[j] - x[i]), b = y[i] - w * x[i]; let sum = 0, moment = 0, at = 0, too = 0, size = 0;
  for (let k = 0; k < y.length; k++) size = Math.max(size, Math.abs(y[k]));
  for (let k = 0; k < x.length; k++) {
    const r = y[k] - b - w * x[k];
    if (x[k] === x[i] && y[k] === y[i]) at += 1;
    else if (x[k] === x[j] && y[k] === y[j]) too += 1;
    else if (Math.abs(r) <= 1e-9 * size) return null;
    else { const a = r > 0 ? tau : tau - 1; sum += a; moment += a * x[k]; }
  }
  const second = (sum * x[i] - moment) / (x[j] - x[i]), first = -sum - second;
  /** @type {(a: number, copies: number) => boolean} */
  const within = (a, copies) => a > copies * (tau - 1) + 1e-7 && a < copies * tau - 1e-7;
  return within(first, at) && within(second, too) ? [b, w] : null;
}

export function weightedLine(x, y, weight) {
  let s = 0, sx = 0, sy = 0; x.forEach((v, i) => { s += weight[i]; sx += weight[i] * v; sy += weight[i] * y[i]; });
  const mx = sx / s, my = sy / s; let sxx = 0, sxy = 0;
  x.forEach((v, i) => { sxx += weight[i] * (v - mx) ** 2; sxy += weight[i] * (v - mx) * (y[i] - my); });
  const w = sxx ? sxy / sxx : 0; return [my - w * mx, w];
}

// Near a line the Huber loss is a parabola; if its vertex has the same households within δ, above and below, it is the minimiser.
/** @type {(x: number[], y: number[], delta: number, line: number[]) => number[] | null} */
function vertex(x, y, delta, [b, w]) {
  let s = 0, sx = 0, sxx = 0, t = 0, tx = 0;
  const part = r => Math.max(-delta, Math.min(delta, r)), side = r => (r > delta ? 1 : r < -delta ? -1 : 0);
  for (let i = 0; i < x.length; i++) {
    const r = y[i] - b - w * x[i], c = part(r); t += c; tx += c * x[i];
    if (side(r) === 0) { s += 1; sx += x[i]; sxx += x[i] * x[i]; }
  }
  const det = s * sxx - sx * sx; if (!(det > 1e-9 * s * sxx)) return null;
  const next = [b + (sxx * t - sx * tx) / det, w + (s * tx - sx * t) / det];
  for (let i = 0; i < x.length; i++) if (side(y[i] - b - w * x[i]) !== side(y[i] - next[0] - next[1] * x[i])) return null;
  return next;
}

// Iteratively reweighted least squares, which goes down in each round, until the vertex of a parabola is at hand.
export function huberLine(x, y, delta, rounds = 400) {
  let line = weightedLine(x, y, x.map(() => 1));
  for (let k = 0; k < rounds; k++) {
    const end = vertex(x, y, delta, line); if (end) return end;
    const next = weightedLine(x, y, x.map((v, i) => delta / Math.max(delta, Math.abs(y[i] - line[0] - line[1] * v))));
    const settled = Math.abs(next[0] - line[0]) <= 1e-14 * Math.abs(next[0]) && Math.abs(next[1] - line[1]) <= 1e-14 * Math.abs(next[1]);
    line = next; if (settled) break;
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
  const cloth = still(view), corners = new Map();   // for each τ two households on its line: where a drag leaves them the right ones, nothing is sorted

  ui.onDraw(colour => {
    const p = view.pen, { tau, at } = state, x = [...s.x], y = [...s.y]; x[s.drag] = at[0]; y[s.drag] = at[1];
    for (let k = 1; k < state.copies; k++) { x.push(at[0]); y.push(at[1]); }
    const draw = (/** @type {number[]} */ [b, w], ink, width, dash = []) => { p.setLineDash(dash); p.strokeStyle = ink; p.lineWidth = width; p.beginPath(); p.moveTo(px(box[0]), py(b + w * box[0])); p.lineTo(px(box[1]), py(b + w * box[1])); p.stroke(); };
    cloth(c => {
      c.fillStyle = colour.paper; c.fillRect(0, 0, view.width, view.height);
      c.strokeStyle = colour.line; c.lineWidth = 1; c.strokeRect(0.5, 0.5, view.width - 1, view.height - 1);
      c.fillStyle = colour.faint; s.x.forEach((v, i) => { if (i === s.drag) return; c.beginPath(); c.arc(px(v), py(s.y[i]), 2.4, 0, 7); c.fill(); });
    }, colour);
    const solved = new Map();   // the chosen τ and the median are often in the fan as well
    const solve = t => {
      const [i, j] = corners.get(t) ?? [0, 0], kept = only(x, y, t, i, j); if (kept) return kept;
      const line = quantileLine(x, y, t, s.drag), on = onLine(x, y, line, 1e-10 * Math.max(...y.map(Math.abs)));
      const corner = [on[0], on.find(k => x[k] !== x[on[0]]) ?? on[0]]; corners.set(t, corner);
      return only(x, y, t, corner[0], corner[1]) ?? line;   // to the last digit what it is while it is kept
    };
    const lineFor = t => { if (!solved.has(t)) solved.set(t, solve(t)); return solved.get(t); };
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
