// The proximal operator as a pull: a function, a point v on a spring, where it comes to rest, and the envelope.
import { between, canvas, choice, clamp, draggable, frame, handle, oneOf, slider, write } from "./core.js";

// value(x) and prox(v, t), the minimiser over x of value(x) + (x − v)²/2t; `low` and `high` bound the domain.
export const PULLS = {
  "|x|": { value: Math.abs, prox: (v, t) => Math.sign(v) * Math.max(Math.abs(v) - t, 0) },
  "x²/2": { value: x => x * x / 2, prox: (v, t) => v / (1 + t) },
  "Huber, δ = ½": { value: x => Math.abs(x) <= 0.5 ? x * x / 2 : Math.abs(x) / 2 - 0.125, prox: (v, t) => Math.abs(v) <= (1 + t) / 2 ? v / (1 + t) : v - Math.sign(v) * t / 2 },
  "max(0, x)": { value: x => Math.max(0, x), prox: (v, t) => v > t ? v - t : Math.min(v, 0) },
  "box [−1, ½]": { value: x => x < -1 || x > 0.5 ? Infinity : 0, prox: v => clamp(v, -1, 0.5), low: -1, high: 0.5 },
  "1 if x ≠ 0": { value: x => x === 0 ? 0 : 1, prox: (v, t) => v * v > 2 * t ? v : 0, jumps: true },
};

export function envelopeAt({ value, prox }, v, t) { const x = prox(v, t); return value(x) + (x - v) ** 2 / (2 * t); }

const number = v => (Math.abs(v) < 5e-3 ? 0 : v).toFixed(2).replace("-", "−");

export function mount(root, s) {
  const ui = frame(root, s), state = ui.keep({ v: between(-3, 3), step: between(0.05, 3), name: oneOf(Object.keys(PULLS)) }), box = [-3, 3, -0.45, 3], strip = 62;
  choice(ui, Object.keys(PULLS), state.name, name => { state.name = name; });
  slider(ui, { label: "step t", min: 0.05, max: 3, step: 0.05, value: state.step, text: v => v.toFixed(2), change: v => { state.step = v; } });
  const left = canvas(ui, 440, 380, "v on the axis of x. Left and right arrow keys move it, with Shift in larger steps, Home puts it back.", "application");
  const right = canvas(ui, 380, 380, "The prox of v against v, with the diagonal");
  draggable(ui, left, box, () => [state.v, 0], x => { state.v = x; });
  const px = x => (x - box[0]) / (box[1] - box[0]) * left.width, py = y => left.height - (y - box[2]) / (box[3] - box[2]) * (left.height - strip);
  const qx = x => (x + 3) / 6 * right.width, qy = y => right.height - (y + 3) / 6 * right.height;
  const curve = (pen, f, from, to, x, y, stroke, width, dashes = []) => {
    pen.strokeStyle = stroke; pen.lineWidth = width; pen.setLineDash(dashes); pen.lineJoin = "round"; pen.beginPath();
    for (let i = 0; i <= 600; i++) { const u = from + (to - from) * i / 600; pen.lineTo(x(u), y(clamp(f(u), -9, 9))); }
    pen.stroke();
  };
  const segment = (pen, points, stroke, width, dashes = []) => { pen.strokeStyle = stroke; pen.lineWidth = width; pen.setLineDash(dashes); pen.beginPath(); for (const p of points) pen.lineTo(...p); pen.stroke(); };
  const dot = (pen, x, y, fill, paper) => { pen.setLineDash([]); pen.fillStyle = fill; pen.strokeStyle = paper; pen.lineWidth = 1.5; pen.beginPath(); pen.arc(x, y, 6, 0, 7); pen.fill(); pen.stroke(); };

  ui.onDraw(colour => {
    const g = PULLS[state.name], { v, step: t } = state, x = g.prox(v, t), c = left.pen, k = right.pen, rest = g.value(x) + (x - v) ** 2 / (2 * t);
    c.fillStyle = colour.paper; c.fillRect(0, 0, left.width, left.height);
    segment(c, [[0, py(0)], [left.width, py(0)]], colour.line, 1);
    const spread = u => (g.jumps ? 1 : g.value(u)) + (u - v) ** 2 / (2 * t);
    curve(c, spread, g.low ?? -3, g.high ?? 3, px, py, colour.momentum, 1.8, [2, 3]);
    if (g.jumps) dot(c, px(0), py(v * v / (2 * t)), colour.momentum, colour.paper);
    curve(c, u => envelopeAt(g, u, t), -3, 3, px, py, colour.nesterov, 2.2, [8, 4]);
    if (g.jumps) { segment(c, [[0, py(1)], [left.width, py(1)]], colour.gradient_descent, 2.6); dot(c, px(0), py(0), colour.gradient_descent, colour.paper); }
    else curve(c, g.value, g.low ?? -3, g.high ?? 3, px, py, colour.gradient_descent, 2.6);
    if (g.low !== undefined) for (const edge of [g.low, g.high]) segment(c, [[px(edge), py(0)], [px(edge), strip]], colour.gradient_descent, 2.6);
    segment(c, [[px(x), py(0)], [px(x), py(rest)]], colour.momentum, 1.2, [2, 3]);
    spring(c, px(v), px(x), py(0) + 18, colour.ink);
    dot(c, px(x), py(rest), colour.momentum, colour.paper);
    dot(c, px(x), py(0), colour.mark, colour.paper);
    dot(c, px(v), py(envelopeAt(g, v, t)), colour.nesterov, colour.paper);
    handle(c, px(v), py(0), colour.mark, colour.paper);
    write(c, "v", clamp(px(v) + 11, 8, left.width - 14), py(0) - 10, colour.ink, colour.paper);
    c.fillStyle = colour.paper; c.fillRect(0, 0, left.width, strip);
    const lines = [{ name: "g(x)", stroke: colour.gradient_descent, dashes: [] }, { name: "g(x) + (x − v)²/2t: the prox is its minimum", stroke: colour.momentum, dashes: [2, 3] }, { name: "envelope: that minimum for each v", stroke: colour.nesterov, dashes: [8, 4] }];
    lines.forEach(({ name, stroke, dashes }, i) => {
      segment(c, [[12, 16 + 17 * i], [42, 16 + 17 * i]], stroke, 2.4, dashes); write(c, name, 50, 20 + 17 * i, colour.ink, colour.paper);
    });
    k.fillStyle = colour.paper; k.fillRect(0, 0, right.width, right.height);
    segment(k, [[0, qy(0)], [right.width, qy(0)]], colour.line, 1); segment(k, [[qx(0), 0], [qx(0), right.height]], colour.line, 1);
    segment(k, [[qx(-3), qy(-3)], [qx(3), qy(3)]], colour.faint, 1.2, [4, 4]);
    const edge = Math.sqrt(2 * t);
    if (g.jumps) for (const [a, b, f] of [[-3, Math.max(-edge, -3), u => u], [Math.max(-edge, -3), Math.min(edge, 3), () => 0], [Math.min(edge, 3), 3, u => u]]) curve(k, f, a, b, qx, qy, colour.momentum, 2.6);
    else curve(k, u => g.prox(u, t), -3, 3, qx, qy, colour.momentum, 2.6);
    segment(k, [[qx(v), qy(0)], [qx(v), qy(x)], [qx(0), qy(x)]], colour.faint, 1, [2, 3]);
    dot(k, qx(v), qy(x), colour.mark, colour.paper);
    write(k, "prox of v", qx(0) + 8, 16, colour.ink, colour.paper); write(k, "v", right.width - 14, qy(0) - 7, colour.ink, colour.paper);
    write(k, "diagonal: nothing moves", qx(-1.9), qy(-2.35), colour.faint, colour.paper);
    ui.say(`v = ${number(v)} is pulled to ${number(x)}. ` + (g.jumps ? "This g is not convex: its prox jumps where v² = 2t, and its envelope has kinks there."
      : `The pull (v − x)/t = ${number((v - x) / t)} is a subgradient of g where it comes to rest, and the slope of the envelope at v.`));
  });
}

function spring(pen, from, to, y, stroke) {
  const turns = 10; pen.strokeStyle = stroke; pen.lineWidth = 1.3; pen.setLineDash([]); pen.beginPath(); pen.moveTo(from, y);
  for (let i = 1; i < 2 * turns; i++) pen.lineTo(from + (to - from) * i / (2 * turns), y + (i % 2 ? 4 : -4));
  pen.lineTo(to, y); pen.stroke();
}
