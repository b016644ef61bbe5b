// The central path of a linear program on a polygon: turn the cost, slide t, watch the gap m/t.
import { between, canvas, draggable, frame, handle, pointIn, power, slider, write } from "./core.js";

// The minimiser of t cᵀx − Σ log(h − Gx), by damped Newton steps from a point inside.
export function centre(G, h, c, t, x) {
  for (let k = 0; k < 200; k++) {
    let g0 = t * c[0], g1 = t * c[1], a = 0, b = 0, d = 0;
    G.forEach(([u, v], i) => {
      const s = h[i] - u * x[0] - v * x[1], w = 1 / (s * s);
      g0 += u / s; g1 += v / s; a += u * u * w; b += u * v * w; d += v * v * w;
    });
    const det = a * d - b * b, step = [(b * g1 - d * g0) / det, (b * g0 - a * g1) / det];
    const decrement = Math.sqrt(Math.max(0, -(g0 * step[0] + g1 * step[1])));
    if (!(decrement > 1e-11)) break;
    const damp = decrement < 0.25 ? 1 : 1 / (1 + decrement);
    x = [x[0] + damp * step[0], x[1] + damp * step[1]];
  }
  return x;
}

// Centres for t from 10^low to 10^high, each from the one before.
export function path(G, h, c, inside, low = -2, high = 3, points = 61) {
  let x = centre(G, h, c, 0, inside);
  const found = [{ t: 0, x }];
  for (let i = 0; i < points; i++) {
    const t = 10 ** (low + (high - low) * i / (points - 1));
    x = centre(G, h, c, t, x); found.push({ t, x });
  }
  return found;
}

// The multipliers 1/(t s) at the centre, the cost there and the lower bound −hᵀz that they prove.
export function proof(G, h, c, t, x) {
  const z = G.map(([u, v], i) => 1 / (t * (h[i] - u * x[0] - v * x[1])));
  return { z, cost: c[0] * x[0] + c[1] * x[1], bound: -h.reduce((sum, hi, i) => sum + hi * z[i], 0) };
}

const short = v => (Math.abs(v) < 0.0005 ? 0 : v).toFixed(3).replace("-", "−");

export function mount(root, s) {
  const ui = frame(root, s), { G, h, corners, box } = s, some = pointIn(box);
  const state = ui.keep({ c: v => some(v)?.some(part => part !== 0) ? some(v) : undefined, t: between(0.01, 1000) });
  slider(ui, { label: "t", min: -2, max: 3, step: 0.02, value: Math.log10(state.t), change: v => { state.t = power(v); }, text: v => (10 ** v).toPrecision(3) });
  const view = canvas(ui, 520, 440, "The cost vector c. Arrow keys turn and stretch it, with Shift in larger steps, Home puts it back.", "application");
  const side = canvas(ui, 300, 300, "The multipliers, a bar for each edge of the polygon.");
  draggable(ui, view, box, () => state.c, (x, y) => { if (Math.hypot(x, y) > 0.05) state.c = [x, y]; });
  const px = x => (x - box[0]) / (box[1] - box[0]) * view.width, py = y => view.height - (y - box[2]) / (box[3] - box[2]) * view.height;

  ui.onDraw(colour => {
    const pen = view.pen, { t, c } = state, way = path(G, h, c, s.inside);
    const before = way.filter(p => p.t < t), x = centre(G, h, c, t, before.length ? before[before.length - 1].x : s.inside);
    const { z, cost, bound } = proof(G, h, c, t, x), best = corners.reduce((a, b) => c[0] * a[0] + c[1] * a[1] <= c[0] * b[0] + c[1] * b[1] ? a : b);
    const line = (points, stroke, width, dashes = []) => { pen.strokeStyle = stroke; pen.lineWidth = width; pen.setLineDash(dashes); pen.beginPath(); for (const q of points) pen.lineTo(px(q[0]), py(q[1])); pen.stroke(); pen.setLineDash([]); };
    pen.fillStyle = colour.paper; pen.fillRect(0, 0, view.width, view.height);
    pen.fillStyle = colour.low; pen.beginPath(); for (const q of corners) pen.lineTo(px(q[0]), py(q[1])); pen.closePath(); pen.fill();
    line([...corners, corners[0]], colour.gradient_descent, 2);
    line(way.map(p => p.x), colour.nesterov, 2.5, [6, 4]);
    const n = Math.hypot(...c), turn = [-c[1] / n * 4, c[0] / n * 4];   // the line of equal cost through x(t)
    line([[x[0] - turn[0], x[1] - turn[1]], [x[0] + turn[0], x[1] + turn[1]]], colour.faint, 1.2);
    pen.fillStyle = colour.mark; pen.beginPath(); pen.arc(px(best[0]), py(best[1]), 6, 0, 7); pen.fill();
    write(pen, "optimum", px(best[0]) + (best[0] > 0 ? -10 : 10), py(best[1]) - 12, colour.ink, colour.paper, best[0] > 0 ? "right" : "left");
    line([[0, 0], c], colour.momentum, 2.5);
    handle(pen, px(c[0]), py(c[1]), colour.momentum, colour.paper);
    write(pen, "c", px(c[0]) + 13, py(c[1]) - 9, colour.ink, colour.paper);
    pen.fillStyle = colour.newton; pen.beginPath(); pen.arc(px(x[0]), py(x[1]), 7, 0, 7); pen.fill();
    write(pen, "x(t)", px(x[0]) + 11, py(x[1]) + 18, colour.ink, colour.low);
    corners.forEach((q, i) => {   // edge i runs from corner i to the next
      const r = corners[(i + 1) % corners.length];
      write(pen, String(i + 1), px(1.08 * (q[0] + r[0]) / 2), py(1.08 * (q[1] + r[1]) / 2) + 4, colour.ink, colour.paper, "center");
    });

    const bar = side.pen, top = Math.max(...z, 1e-12), wide = (side.width - 30) / z.length;
    bar.fillStyle = colour.paper; bar.fillRect(0, 0, side.width, side.height);
    z.forEach((zi, i) => {
      const tall = zi / top * (side.height - 80);
      bar.fillStyle = colour.gradient_descent; bar.fillRect(20 + i * wide, side.height - 40 - tall, wide - 8, tall);
      write(bar, String(i + 1), 20 + i * wide + (wide - 8) / 2, side.height - 22, colour.ink, colour.paper, "center");
    });
    write(bar, `multipliers z = 1/(t s); the largest is ${short(top)}`, 20, 20, colour.ink, colour.paper);
    write(bar, "edge", 20, side.height - 4, colour.ink, colour.paper);
    ui.say(`cᵀx(t) = ${short(cost)}. The multipliers prove that nothing is below ${short(bound)}. The gap is ${short(cost - bound)}: that is m/t = ${z.length}/${t.toPrecision(3)}.`);
  });
}
