// The loss of a network with two parameters, v·tanh(w·x): two minima that are the same network, and a watershed between them.
import { between, button, canvas, dots, draggable, frame, handle, pointIn, slider, still, write } from "./core.js";
import { ground, levels } from "./map.js";

// (1/2n) Σ (v tanh(w xᵢ) − yᵢ)², its gradient in (w, v).
export function network(x, y) {
  const n = x.length;
  return (w, v, o) => {
    let loss = 0, gw = 0, gv = 0;
    for (let i = 0; i < n; i++) { const a = Math.tanh(w * x[i]), r = v * a - y[i]; loss += r * r; gv += r * a; gw += r * v * (1 - a * a) * x[i]; }
    o[0] = loss / (2 * n); o[1] = gw / n; o[2] = gv / n; return o;
  };
}

// The same for many evaluations. With a = tanh(w·x) the loss is ½v²·mean(a²) − v·mean(ay) + ½mean(y²): these means and their halved or
// whole slopes depend on w alone. They are found at places 0.01 apart, when they are needed, and between those by the polynomial through eight of them.
export function quick(x, y) {
  const n = x.length, h = 0.01, known = new Map(), square = y.reduce((s, v) => s + v * v, 0) / n, B = [-1, 7, -21, 35, -35, 21, -7, 1];
  const means = k => {
    if (known.has(k)) return known.get(k);
    const m = new Float64Array(4); known.set(k, m);
    for (let i = 0; i < n; i++) { const a = Math.tanh(k * h * x[i]), d = (1 - a * a) * x[i]; m[0] += a * a / n; m[1] += a * y[i] / n; m[2] += a * d / n; m[3] += y[i] * d / n; }
    return m;
  };
  return (w, v, o) => {
    const k = Math.floor(w / h), t = w / h - k + 3; let a = 0, b = 0, c = 0, d = 0, total = 0;
    for (let j = 0; j < 8; j++) {
      const weight = Number.isInteger(t) ? +(j === t) : B[j] / (t - j), m = means(k - 3 + j);   // barycentric
      total += weight; a += weight * m[0]; b += weight * m[1]; c += weight * m[2]; d += weight * m[3];
    }
    o[0] = (v * v * a / total - 2 * v * b / total + square) / 2; o[1] = (v * v * c - v * d) / total; o[2] = (v * a - b) / total; return o;
  };
}

/** @type {(f: (w: number, v: number, o: Float64Array) => Float64Array, start: number[], step: number, steps: number) => Float64Array} */
export function descent(f, [w, v], step, steps) {
  const o = new Float64Array(3), path = new Float64Array(3 * steps + 3);
  for (let k = 0; k <= steps; k++) { f(w, v, o); path[3 * k] = w; path[3 * k + 1] = v; path[3 * k + 2] = o[0]; w -= step * o[1]; v -= step * o[2]; }
  return path;
}

// Half of the line that parts the basins: from the saddle at 0, along its direction of positive curvature, uphill.
export function watershed(f, x, y, [x0, x1, y0, y1], side, pace = 0.02) {
  const o = new Float64Array(3), sign = Math.sign(x.reduce((s, a, i) => s + a * y[i], 0)) || 1, line = [[0, 0]];   // the Hessian at 0 is [[0, −c], [−c, 0]], c the mean of xᵢyᵢ
  let [w, v] = [side * 1e-3, -side * sign * 1e-3];
  while (w > x0 && w < x1 && v > y0 && v < y1 && line.length < 2000) {
    line.push([w, v]); f(w, v, o); const length = Math.hypot(o[1], o[2]); if (length < 1e-12) break;
    w += pace * o[1] / length; v += pace * o[2] / length;
  }
  return line;
}

const STEPS = 300, text = v => v.toFixed(2).replace("-", "−");

export function mount(root, s) {
  const ui = frame(root, s), { x, y, box } = s, f = network(x, y), near = quick(x, y), state = ui.keep({ start: pointIn(box), step: between(0.05, 2) });
  slider(ui, { label: "step η", min: 0.05, max: 2, step: 0.05, value: state.step, text: v => v.toFixed(2), change: v => { state.step = v; } });
  button(ui, "Mirror the start", () => { state.start = state.start.map(c => -c); });
  const map = canvas(ui, 420, 400, "Start of the run: w across, v up. Arrow keys move it, with Shift in larger steps, Home puts it back.", "application");
  draggable(ui, map, box, () => state.start, (w, v) => { state.start = [w, v]; });
  const side = canvas(ui, 356, 400, "Above, the data and the network where the run ends; below, the loss after each step.");
  const px = w => (w - box[0]) / (box[1] - box[0]) * map.width, py = v => map.height - (v - box[2]) / (box[3] - box[2]) * map.height;
  const contours = levels(f, box, px, py, 22), parting = [-1, 1].map(end => watershed(f, x, y, box, end)), axes = still(side);
  const best = descent(f, s.minimum, 0.5, 200).slice(-3), [low, high] = [Math.min(...x), Math.max(...x)];
  const left = 44, right = 12, across = side.width - left - right, ax = t => left + (t - low) / (high - low) * across, ay = t => 96 - 62 * t;
  const top = 222, foot = 366, most = 0.7, gx = k => left + k / STEPS * across, gy = t => foot - Math.min(t, 9) / most * (foot - top);
  const land = ground(map, (c, colour) => {
    c.strokeStyle = colour.newton; c.lineWidth = 2.4; c.setLineDash([8, 5]);
    for (const line of parting) { c.beginPath(); for (const [w, v] of line) c.lineTo(px(w), py(v)); c.stroke(); }
  });

  ui.onDraw(colour => {
    const path = descent(near, state.start, state.step, STEPS), end = Array.from(path.slice(-3));
    let p = map.pen; land(contours, colour);
    p.strokeStyle = colour.gradient_descent; p.lineWidth = 2; p.lineJoin = "round"; p.beginPath();
    for (let k = 0; k <= STEPS; k++) p.lineTo(px(path[3 * k]), py(path[3 * k + 1])); p.stroke();
    p.fillStyle = colour.gradient_descent; dots(p, STEPS + 1, k => px(path[3 * k]), k => py(path[3 * k + 1]), 2);
    p.strokeStyle = colour.mark; p.lineWidth = 2;
    for (const { w, v, name } of [{ w: best[0], v: best[1], name: "minimum" }, { w: -best[0], v: -best[1], name: "the same network" }, { w: 0, v: 0, name: "saddle" }]) {
      p.beginPath(); p.arc(px(w), py(v), 5, 0, 7); p.stroke(); write(p, name, px(w), py(v) - 10, colour.ink, colour.paper, "center");
    }
    write(p, "dashed: the watershed", 8, map.height - 10, colour.ink, colour.paper);
    write(p, "w →", map.width - 8, map.height - 10, colour.ink, colour.paper, "right"); write(p, "v ↑", 8, 18, colour.ink, colour.paper);
    handle(p, px(state.start[0]), py(state.start[1]), colour.mark, colour.paper);

    p = side.pen; axes(c => {
      c.fillStyle = colour.paper; c.fillRect(0, 0, side.width, side.height); c.lineWidth = 1; c.strokeStyle = colour.line;
      const rule = (y, name) => { c.beginPath(); c.moveTo(left, y); c.lineTo(side.width - right, y); c.stroke(); write(c, name, left - 6, y + 4, colour.ink, colour.paper, "right"); };
      for (const t of [-1, 0, 1]) rule(ay(t), String(t).replace("-", "−"));
      for (const t of [0, 0.25, 0.5]) rule(gy(t), String(t));
      c.fillStyle = colour.momentum; c.globalAlpha = 0.85; x.forEach((t, i) => c.fillRect(ax(t) - 0.5, ay(y[i]) - 5, 1, 10)); c.globalAlpha = 1;
      write(c, "x →", left, 196, colour.ink, colour.paper);
      for (let k = 0; k <= STEPS; k += 100) write(c, String(k), gx(k), 384, colour.ink, colour.paper, "center");
    }, colour);
    p.save(); p.beginPath(); p.rect(left, 2, across, 188); p.clip(); p.strokeStyle = colour.gradient_descent; p.lineWidth = 2.4; p.beginPath();
    for (let i = 0; i <= 200; i++) { const t = low + (high - low) * i / 200; p.lineTo(ax(t), ay(end[1] * Math.tanh(end[0] * t))); } p.stroke(); p.restore();
    write(p, "the network at the end: v·tanh(w·x)", side.width - right, 196, colour.gradient_descent, colour.paper, "right");
    p.save(); p.beginPath(); p.rect(left, top - 4, across, foot - top + 6); p.clip(); p.strokeStyle = colour.gradient_descent; p.lineWidth = 2.4; p.beginPath();
    for (let k = 0; k <= STEPS; k++) p.lineTo(gx(k), gy(path[3 * k + 2])); p.stroke(); p.restore();
    write(p, "loss after each step", side.width - right, top + 4, colour.ink, colour.paper, "right");
    const ended = Math.abs(end[2] - best[2]) < 1e-3 ? `at the ${end[0] > 0 === best[0] > 0 ? "minimum" : "mirrored minimum: the same network"}` : "at no minimum yet";
    ui.say(`Start w = ${text(state.start[0])}, v = ${text(state.start[1])}. After ${STEPS} steps: w = ${text(end[0])}, v = ${text(end[1])}, loss ${end[2].toFixed(3)}, ${ended}.\n`
      + `Both minima have the loss ${best[2].toFixed(3)}; halfway between them, at the saddle, it is ${f(0, 0, new Float64Array(3))[0].toFixed(3)}.`);
  });
}
