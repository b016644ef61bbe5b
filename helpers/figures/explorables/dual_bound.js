// A price on one constraint: the Lagrangian over x, its supporting line in the plane of values, and the bound g(z).
import { between, canvas, choice, frame, oneOf, slider, write } from "./core.js";

const valley = (x, c, d) => (x - c) ** 2 / 2 + d;

// f: objective, u: constraint (u ≤ 0 is allowed), at(z): a minimiser of f + z u, g(z) its value, p: the optimum, x: where it is; then what is drawn.
export const PROBLEMS = {
  "convex: no gap": {
    f: x => valley(x, 3, 0), u: x => (x * x - 1) / 2, at: z => [3 / (1 + z)], g: z => 4.5 * z / (1 + z) - z / 2,
    p: 2, x: 1, zMax: 6, best: 2, allowed: [-1, 1], word: 186, end: "left", xs: [-2, 4.4], ts: [-0.5, 7], us: [-1, 5], gs: [-0.5, 3],
  },
  "two valleys: a gap": {
    f: x => Math.min(valley(x, -1.5, 0), valley(x, 1.5, 1)), u: x => -x,
    at: z => z < 1 / 3 - 1e-12 ? [z - 1.5] : z > 1 / 3 + 1e-12 ? [z + 1.5] : [z - 1.5, z + 1.5],
    g: z => Math.min(1.5 * z, 1 - 1.5 * z) - z * z / 2,
    p: 1, x: 1.5, zMax: 1.5, best: 1 / 3, allowed: [0, 4], word: 0, end: "left", xs: [-3.2, 3.2], ts: [-0.6, 2.6], us: [-3, 3], gs: [-1.5, 1.3],
  },
  "no point inside: no best price": {
    f: x => x, u: x => x * x, at: z => z > 0 ? [-1 / (2 * z)] : [], g: z => z > 0 ? -1 / (4 * z) : -Infinity,
    p: 0, x: 0, zMax: 6, best: Infinity, allowed: [-0.015, 0.015], word: 0, end: "right", xs: [-2, 2], ts: [-2, 2.4], us: [-0.5, 3], gs: [-2, 0.5],
  },
};

const number = v => (Math.abs(v) < 5e-4 ? 0 : v).toFixed(3).replace("-", "−");

export function mount(root, s) {
  const ui = frame(root, s), names = Object.keys(PROBLEMS), state = ui.keep({ z: between(0, 6), kind: oneOf(names) });
  state.z = Math.min(state.z, PROBLEMS[state.kind].zMax);
  choice(ui, names, state.kind, kind => { state.kind = kind; price.max = PROBLEMS[kind].zMax; pick(Math.min(state.z, PROBLEMS[kind].zMax)); });
  const price = slider(ui, { label: "price z", min: 0, max: PROBLEMS[state.kind].zMax, step: 0.01, value: state.z, text: v => `z = ${v.toFixed(2)}`, change: v => { state.z = v; } });
  const pick = z => { price.value = z; price.dispatchEvent(new Event("input")); };
  const W = 270, H = 270, views = ["Objective and Lagrangian over x.", "Values of constraint and objective, with the supporting line.", "The bound g over the price z."].map(label => canvas(ui, W, H, label));

  ui.onDraw(colour => {
    const P = PROBLEMS[state.kind], z = state.z, g = P.g(z), at = P.at(z);
    const [left, middle, right] = views.map(view => view.pen);
    const plane = (pen, [x0, x1], [y0, y1], name, level) => {
      const px = x => 4 + (W - 8) * (x - x0) / (x1 - x0), py = y => H - 22 - (H - 30) * (y - y0) / (y1 - y0);
      pen.setLineDash([]); pen.fillStyle = colour.paper; pen.fillRect(0, 0, W, H);
      const curve = (f, ink, width, dash = [], from = x0, to = x1) => {
        pen.strokeStyle = ink; pen.lineWidth = width; pen.setLineDash(dash); pen.beginPath();
        for (let i = 0; i <= 400; i++) { const [x, y] = f(from + (to - from) * i / 400); if (Number.isFinite(y)) pen.lineTo(px(x), Math.max(-H, Math.min(2 * H, py(y)))); }
        pen.stroke(); pen.setLineDash([]);
      };
      const dot = (x, y, ink, square) => {
        pen.fillStyle = ink; pen.strokeStyle = colour.paper; pen.lineWidth = 2; pen.beginPath();
        if (square) pen.rect(px(x) - 6, py(y) - 6, 12, 12); else pen.arc(px(x), py(y), 6.5, 0, 7);
        pen.fill(); pen.stroke();
      };
      const frame = () => { pen.fillStyle = colour.paper; pen.fillRect(0, H - 20, W, 20); pen.strokeStyle = colour.faint; pen.lineWidth = 1; pen.strokeRect(0.5, 0.5, W - 1, H - 21); write(pen, name, W / 2, H - 6, colour.ink, colour.paper, "center"); };
      const allowed = (from, to) => { pen.fillStyle = colour.fill; pen.fillRect(px(from), 0, px(to) - px(from), H); };
      return { px, py, curve, dot, frame, allowed, across: y => curve(x => [x, y], colour.faint, 1.2, [2, 4]), pen, level };
    };

    let v = plane(left, P.xs, P.ts, "x");
    v.allowed(...P.allowed);
    v.across(P.p); v.curve(x => [x, P.f(x)], colour.gradient_descent, 2.4);
    v.curve(x => [x, P.f(x) + z * P.u(x)], colour.momentum, 2.4, [7, 3]);
    if (Number.isFinite(g)) v.curve(x => [x, g], colour.momentum, 1.2, [2, 3]);
    v.dot(P.x, P.p, colour.mark);
    for (const x of at) v.dot(x, g, colour.momentum, true);
    write(left, "objective", 12, 20 + P.word, colour.gradient_descent, colour.paper); write(left, "Lagrangian L(x, z)", 12, 38 + P.word, colour.momentum, colour.paper); v.frame();

    v = plane(middle, P.us, P.ts, "constraint u: allowed where u ≤ 0");
    v.allowed(P.us[0], 0);
    v.curve(x => [P.u(x), P.f(x)], colour.gradient_descent, 2.4, [], -6, 6);
    if (Number.isFinite(g)) v.curve(u => [u, g - z * u], colour.momentum, 2.4, [7, 3]);
    v.curve(t => [0, P.ts[0] + (P.ts[1] - P.ts[0]) * (t - P.us[0]) / (P.us[1] - P.us[0])], colour.faint, 1);
    v.curve(u => [u, P.p], colour.mark, 1.2, [2, 3], P.u(P.x), 0);   // from the optimum to the axis
    v.dot(0, P.p, colour.mark); if (Number.isFinite(g)) v.dot(0, g, colour.momentum, true);
    write(middle, "all (u, objective)", W - 10, 20, colour.gradient_descent, colour.paper, "right"); write(middle, "line of slope −z", W - 10, 38, colour.momentum, colour.paper, "right"); v.frame();

    v = plane(right, [-0.02 * P.zMax, 1.02 * P.zMax], P.gs, "price z");
    v.across(P.p); write(right, `optimum p* = ${P.p}`, W - 10, v.py(P.p) - 7, colour.ink, colour.paper, "right");
    v.curve(t => [t, P.g(t)], colour.momentum, 2.4, [], P.zMax / 400, P.zMax);
    if (Number.isFinite(g)) {
      const top = v.py(P.p), now = v.py(g); right.strokeStyle = colour.mark; right.lineWidth = 1.2; right.beginPath(); right.moveTo(v.px(z), top); right.lineTo(v.px(z), now); right.stroke();
      v.dot(z, g, colour.momentum, true);
    }
    write(right, "bound g(z)", P.end === "left" ? 12 : W - 10, H - 32, colour.momentum, colour.paper, P.end); v.frame();

    const gap = P.p - g;
    ui.say(`At the price z = ${z.toFixed(2)}, nobody gets below g(z) = ${Number.isFinite(g) ? number(g) : "−∞"}; the optimum is ${P.p}, so the gap is ${Number.isFinite(gap) ? number(gap) : "∞"}.\n` + (
      gap < 1e-3 && Number.isFinite(P.best) ? "The bound has reached the optimum: this price is the multiplier."
      : state.kind === names[1] && Math.abs(z - P.best) < 0.01 ? "The best price of all. The line rests on both valleys, and the dent between them keeps it from the optimum."
      : state.kind === names[2] ? "The bound climbs for as long as the price rises, and no price reaches 0."
      : z < P.best ? "Too cheap: the Lagrangian is lowest where the constraint is violated. Raise the price." : "Too dear: the Lagrangian is lowest where there is room to spare. Lower the price."));
  });
}
