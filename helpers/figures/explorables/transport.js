// Transport on a line: a heap of the target to drag, ε to slide; Sinkhorn's plan, and prices that bound every plan.
import { between, button, canvas, clamp, draggable, frame, handle, power, slider, write } from "./core.js";

export const places = n => [...Array(n)].map((_, i) => i / (n - 1));

// Heaps of given centres, widths and shares on the places, with a little everywhere; sums to 1.
export function heaps(x, parts) {
  const raw = x.map(v => parts.reduce((s, [at, width, share]) => s + share * Math.exp(-(((v - at) / width) ** 2) / 2), 0.02));
  const total = raw.reduce((s, v) => s + v, 0);
  return raw.map(v => v / total);
}

// Rows and columns by turns until the rows are right to tol; C is (xᵢ − xⱼ)², so K has ones on its diagonal.
export function sinkhorn(x, a, b, eps, tol = 1e-9, rounds = 4000) {
  const n = x.length, K = x.map(v => Float64Array.from(x, z => Math.exp(-((v - z) ** 2) / eps))), u = new Float64Array(n), v = new Float64Array(n).fill(1);
  let round = 0, off = Infinity;
  while (off > tol && round < rounds) {
    off = 0; round += 1;
    for (let i = 0; i < n; i++) { let s = 0; for (let j = 0; j < n; j++) s += K[i][j] * v[j]; off = Math.max(off, Math.abs(u[i] * s - a[i])); u[i] = a[i] / s; }
    for (let j = 0; j < n; j++) { let s = 0; for (let i = 0; i < n; i++) s += K[i][j] * u[i]; v[j] = b[j] / s; }
  }
  return { P: K.map((row, i) => Float64Array.from(row, (k, j) => u[i] * k * v[j])), f: Array.from(u, t => eps * Math.log(t)), rounds: round };
}

// On a line nothing crosses: the cheapest plan fills from the left.
export function monotone(a, b) {
  const n = a.length, P = a.map(() => new Float64Array(n)); let i = 0, j = 0, left = a[0], room = b[0];
  while (i < n && j < n) {
    const load = Math.min(left, room); P[i][j] += load; left -= load; room -= load;
    if (left <= room) { i += 1; left = a[i]; } else { j += 1; room = b[j]; }
  }
  return P;
}

export const cost = (x, P) => x.reduce((s, v, i) => s + x.reduce((t, z, j) => t + (v - z) ** 2 * P[i][j], 0), 0);

// Prices from any f: gⱼ = minᵢ Cᵢⱼ − fᵢ is the most that is allowed, and fᵀa + gᵀb is below the cost of every plan.
export function bound(x, f, a, b) {
  return x.reduce((s, z, j) => s + f[j] * a[j] + b[j] * Math.min(...x.map((v, i) => (v - z) ** 2 - f[i])), 0);
}

const told = v => (v < 0.001 ? v.toExponential(1).replace("e-", "e−") : v.toPrecision(3));

export function mount(root, s) {
  const ui = frame(root, s), x = places(s.n), a = heaps(x, s.source), state = ui.keep({ eps: between(10 ** -2.5, 1), at: between(0, 1), share: between(0, 1.6) });
  slider(ui, { label: "ε", min: -2.5, max: 0, step: 0.05, value: Math.log10(state.eps), text: v => told(10 ** v), change: v => { state.eps = power(v); } });
  button(ui, "heap back", () => { state.at = s.at; state.share = s.share; });
  const plan = canvas(ui, 380, 380, "The plan as a square: from left to right where a load ends, from bottom to top where it starts. Dark cells move much; the ringed staircase is the cheapest plan.");
  const view = canvas(ui, 380, 380, "Below the heap to move, above the heaps wanted, one of them to drag. Arrow keys: left and right move it, up and down change its share.", "application");
  const box = [0, 1, 0, 1.6], px = v => 8 + v * (view.width - 16);
  draggable(ui, view, box, () => [state.at, state.share], (u, v) => { state.at = u; state.share = v; });

  ui.onDraw(colour => {
    const eps = state.eps, b = heaps(x, [...s.fixed, [state.at, s.width, state.share]]), now = sinkhorn(x, a, b, eps), exact = monotone(a, b);
    const paid = cost(x, now.P), least = cost(x, exact), floor = bound(x, now.f, a, b), n = s.n;
    let p = plan.pen; p.setLineDash([]); p.fillStyle = colour.paper; p.fillRect(0, 0, plan.width, plan.height);
    const side = plan.width / n, most = Math.max(...now.P.map(row => Math.max(...row)));
    p.fillStyle = colour.gradient_descent;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) { p.globalAlpha = Math.sqrt(now.P[i][j] / most); p.fillRect(j * side, plan.height - (i + 1) * side, side + 0.5, side + 0.5); }
    p.globalAlpha = 1; p.strokeStyle = colour.mark; p.lineWidth = 1.6;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (exact[i][j] > 1e-6) p.strokeRect(j * side + 1, plan.height - (i + 1) * side + 1, side - 2, side - 2);
    p.strokeStyle = colour.line; p.lineWidth = 1; p.strokeRect(0.5, 0.5, plan.width - 1, plan.height - 1);
    write(p, "to →", plan.width - 8, plan.height - 8, colour.faint, colour.paper, "right"); write(p, "from ↑", 8, 17, colour.faint, colour.paper);
    write(p, "ringed: the cheapest plan", 14, 33, colour.ink, colour.paper);

    p = view.pen; p.setLineDash([]); p.fillStyle = colour.paper; p.fillRect(0, 0, view.width, view.height);
    const half = view.height / 2, tall = 1.4 * Math.max(...a, ...b), w = (view.width - 16) / n;
    a.forEach((v, i) => { p.fillStyle = colour.gradient_descent; p.fillRect(px(x[i] * (1 - 1 / n)), view.height - 8 - v / tall * (half - 30), w - 1, v / tall * (half - 30)); });
    b.forEach((v, i) => { p.fillStyle = colour.newton; p.fillRect(px(x[i] * (1 - 1 / n)), half - 8 - v / tall * (half - 30), w - 1, v / tall * (half - 30)); });
    // where the mean load of every place goes
    p.strokeStyle = colour.faint;
    now.P.forEach((row, i) => {
      if (i % 2) return;
      const to = row.reduce((t, v, j) => t + v * x[j], 0) / a[i];
      p.lineWidth = clamp(a[i] * n / 2, 0.4, 1.6); p.beginPath(); p.moveTo(px(x[i]), half + 26); p.lineTo(px(to), half - 4); p.stroke();
    });
    write(p, "wanted", 8, 17, colour.ink, colour.paper); write(p, "there is", 8, half + 42, colour.ink, colour.paper);
    handle(p, state.at * view.width, (1.6 - state.share) / 1.6 * view.height, colour.mark, colour.paper);
    ui.say(`ε = ${told(eps)}: this plan costs ${told(paid)}, the cheapest ${told(least)}; its prices prove that none costs less than ${told(Math.max(floor, 0))}. ${now.rounds} rounds. `
      + (paid > 1.5 * least ? "The entropy blurs the plan, and blur is paid for." : paid > 1.05 * least ? "Close to the staircase." : "Nearly the cheapest plan, for more rounds."));
  });
}
