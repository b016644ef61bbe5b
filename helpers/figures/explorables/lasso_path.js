// The lasso's path in λ, and beside it two of its coefficients: ellipses of the loss, and the diamond they touch.
import { between, canvas, checkbox, frame, slider, write, yesNo } from "./core.js";

// min ½wᵀGw − cᵀw + λ‖w‖₁ by coordinate descent from w, then exactly on the signs found.
export function lasso(G, c, lam, start) {
  const p = c.length, w = start.slice();
  for (let sweep = 0; sweep < 5000; sweep++) {
    let moved = 0;
    for (let j = 0; j < p; j++) {
      let z = c[j]; for (let i = 0; i < p; i++) if (i !== j) z -= G[j][i] * w[i];
      const next = Math.sign(z) * Math.max(Math.abs(z) - lam, 0) / G[j][j]; moved = Math.max(moved, Math.abs(next - w[j])); w[j] = next;
    }
    if (moved < 1e-9) break;
  }
  const on = [...w.keys()].filter(j => w[j] !== 0), v = solve(on.map(i => on.map(j => G[i][j])), on.map(i => c[i] - lam * Math.sign(w[i])));
  if (on.every((j, k) => v[k] * w[j] > 0)) on.forEach((j, k) => { w[j] = v[k]; });
  return w;
}

// A v = b for a positive definite A, by elimination.
export function solve(A, b) {
  const n = b.length, M = A.map((row, i) => [...row, b[i]]);
  for (let i = 0; i < n; i++) for (let k = i + 1; k < n; k++) { const f = M[k][i] / M[i][i]; for (let j = i; j <= n; j++) M[k][j] -= f * M[i][j]; }
  const v = Array(n);
  for (let i = n - 1; i >= 0; i--) { v[i] = M[i][n]; for (let j = i + 1; j < n; j++) v[i] -= M[i][j] * v[j]; v[i] /= M[i][i]; }
  return v;
}

export const ridge = (G, c, lam) => solve(G.map((row, i) => row.map((g, j) => g + (i === j ? lam : 0))), c);

// The heights, moved down and then up as little as keeps them `room` apart and above `floor`.
export function apart(heights, room, floor) {
  const order = [...heights.keys()].sort((i, j) => heights[i] - heights[j]), out = heights.slice();
  order.forEach((i, k) => { if (k > 0) out[i] = Math.max(out[i], out[order[k - 1]] + room); });
  for (let k = order.length - 1, limit = floor; k >= 0; k--) { out[order[k]] = Math.min(out[order[k]], limit); limit = out[order[k]] - room; }
  return out;
}

const told = v => v.toFixed(Math.abs(v) < 10 ? 2 : 1).replace("-", "−");

export function mount(root, s) {
  const ui = frame(root, s), top = Math.max(...s.c.map(Math.abs)), state = ui.keep({ power: between(0, 3), ridge: yesNo });
  slider(ui, { label: "λ", min: 0, max: 3, step: 0.01, value: state.power, text: v => v === 0 ? "λ_max" : `λ_max / ${(10 ** v).toPrecision(3)}`, change: v => { state.power = v; } });
  checkbox(ui, { label: "ridge instead, ½λ‖w‖²", checked: state.ridge, change: v => { state.ridge = v; } });
  const paths = canvas(ui, 390, 340, "All coefficients against λ, with a mark at the λ chosen.");
  const plane = canvas(ui, 360, 340, "Two coefficients: ellipses of equal loss round the least squares point, and the diamond or disc of equal penalty that touches one of them.");
  const powers = [...Array(121)].map((_, i) => i * 3 / 120), traced = { lasso: [], ridge: [] };
  let w = s.c.map(() => 0);
  for (const t of powers) { w = lasso(s.G, s.c, top * 10 ** -t, w); traced.lasso.push(w); traced.ridge.push(ridge(s.G, s.c, top * 10 ** -t)); }
  const [a, b] = s.pair, G2 = [[s.G[a][a], s.G[a][b]], [s.G[b][a], s.G[b][b]]], c2 = [s.c[a], s.c[b]], free = solve(G2, c2);
  const reach = 1.08 * (Math.abs(free[0]) + Math.abs(free[1]));

  ui.onDraw(colour => {
    const lam = top * 10 ** -state.power, curve = state.ridge ? traced.ridge : traced.lasso;
    const now = state.ridge ? ridge(s.G, s.c, lam) : lasso(s.G, s.c, lam, s.c.map(() => 0));
    let p = paths.pen; p.clearRect(0, 0, paths.width, paths.height);
    const high = s.high, px = t => 30 + t / 3 * (paths.width - 70), py = v => paths.height / 2 - v / high * (paths.height / 2 - 16);
    p.lineWidth = 1; p.setLineDash([]); p.strokeStyle = colour.line; p.beginPath(); p.moveTo(30, py(0)); p.lineTo(paths.width - 40, py(0)); p.stroke();
    for (const v of [-20, 0, 20]) if (Math.abs(v) < high) write(p, String(v).replace("-", "−"), 26, py(v) + 4, colour.faint, colour.paper, "right");
    const inks = [colour.gradient_descent, colour.momentum, colour.nesterov, colour.newton], dashes = [[], [7, 3], [2, 3], [10, 3, 2, 3]];
    s.names.forEach((name, j) => {
      p.strokeStyle = inks[j % 4]; p.setLineDash(dashes[Math.floor(j / 3) % 4]); p.lineWidth = now[j] === 0 ? 1.1 : 2.2;
      p.beginPath(); curve.forEach((v, i) => p.lineTo(px(powers[i]), py(v[j]))); p.stroke();
    });
    const ends = curve.at(-1), heights = apart(ends.map(py), 13, paths.height - 26);
    s.names.forEach((name, j) => write(p, name, paths.width - 36, heights[j] + 4, now[j] === 0 ? colour.faint : colour.ink, colour.paper));
    p.setLineDash([3, 3]); p.strokeStyle = colour.mark; p.lineWidth = 2; p.beginPath(); p.moveTo(px(state.power), 6); p.lineTo(px(state.power), paths.height - 20); p.stroke();
    write(p, "λ_max", 22, paths.height - 4, colour.faint, colour.paper); write(p, "λ_max / 1000", paths.width - 40, paths.height - 4, colour.faint, colour.paper, "right");

    const two = state.ridge ? ridge(G2, c2, lam) : lasso(G2, c2, lam, [0, 0]), q = plane.pen, half = plane.width / 2, scale = (half - 12) / reach;
    const X = v => half + v * scale, Y = v => plane.height / 2 - v * scale; q.clearRect(0, 0, plane.width, plane.height);
    q.setLineDash([]); q.strokeStyle = colour.line; q.lineWidth = 1; q.beginPath(); q.moveTo(0, Y(0)); q.lineTo(plane.width, Y(0)); q.moveTo(X(0), 0); q.lineTo(X(0), plane.height); q.stroke();
    const off = [two[0] - free[0], two[1] - free[1]], level = G2[0][0] * off[0] ** 2 + 2 * G2[0][1] * off[0] * off[1] + G2[1][1] * off[1] ** 2;
    const root11 = Math.sqrt(G2[0][0]), l21 = G2[0][1] / root11, l22 = Math.sqrt(G2[1][1] - l21 * l21);   // G2 = LLᵀ; the ellipse is L⁻ᵀ of a circle
    for (const [size, width] of [[1, 2.4], [0.5, 1], [0.2, 1], [1.8, 1], [3, 1]]) {
      const r = Math.sqrt(level * size); q.strokeStyle = width > 2 ? colour.gradient_descent : colour.level; q.lineWidth = width; q.beginPath();
      for (let i = 0; i <= 90; i++) { const t = i * Math.PI / 45, v = r * Math.sin(t) / l22, u = (r * Math.cos(t) - l21 * v) / root11; q.lineTo(X(free[0] + u), Y(free[1] + v)); }
      q.stroke();
    }
    q.fillStyle = colour.fill; q.globalAlpha = 0.55; q.strokeStyle = colour.momentum; q.lineWidth = 2.2; q.beginPath();
    if (state.ridge) q.arc(X(0), Y(0), Math.hypot(...two) * scale, 0, 7);
    else { const t = Math.abs(two[0]) + Math.abs(two[1]); q.moveTo(X(t), Y(0)); q.lineTo(X(0), Y(t)); q.lineTo(X(-t), Y(0)); q.lineTo(X(0), Y(-t)); q.closePath(); }
    q.fill(); q.globalAlpha = 1; q.stroke();
    q.fillStyle = colour.ink; q.beginPath(); q.arc(X(free[0]), Y(free[1]), 3.5, 0, 7); q.fill(); write(q, "least squares", X(free[0]), Y(free[1]) - 9, colour.ink, colour.paper, "center");
    q.fillStyle = colour.mark; q.beginPath(); q.arc(X(two[0]), Y(two[1]), 6, 0, 7); q.fill();
    write(q, `${s.names[a]} →`, plane.width - 6, Y(0) - 6, colour.faint, colour.paper, "right"); write(q, `${s.names[b]} ↑`, X(0) + 6, 12, colour.faint, colour.paper);
    const kept = now.filter(v => v !== 0).length, zero = two.map((v, k) => v === 0 ? s.names[s.pair[k]] : "").filter(Boolean);
    ui.say(`${kept} of ${now.length} coefficients are not zero. With ${s.names[a]} and ${s.names[b]} alone: ${told(two[0])} and ${told(two[1])}` +
      (zero.length ? `; the ${state.ridge ? "disc" : "diamond"} is touched at a corner, so ${zero.join(" and ")} ${zero.length > 1 ? "are" : "is"} exactly zero.` : state.ridge ? ". A disc has no corners." : ", on an edge of the diamond."));
  });
}
