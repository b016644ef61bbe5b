// The loss of a network with two parameters, v·tanh(w·x): two minima that are the same network, and a watershed between them.
import { between, button, canvas, draggable, frame, handle, pointIn, slider, write } from "./core.js";
import { levels, shade } from "./map.js";

// (1/2n) Σ (v tanh(w xᵢ) − yᵢ)², its gradient in (w, v).
export function network(x, y) {
  const n = x.length;
  return (w, v, o) => {
    let loss = 0, gw = 0, gv = 0;
    for (let i = 0; i < n; i++) { const a = Math.tanh(w * x[i]), r = v * a - y[i]; loss += r * r; gv += r * a; gw += r * v * (1 - a * a) * x[i]; }
    o[0] = loss / (2 * n); o[1] = gw / n; o[2] = gv / n; return o;
  };
}

/** @type {(f: (w: number, v: number, o: Float64Array) => Float64Array, start: number[], step: number, steps: number) => Float64Array} */
export function descent(f, [w, v], step, steps) {
  const o = new Float64Array(3), path = new Float64Array(3 * steps + 3);
  for (let k = 0; k <= steps; k++) { f(w, v, o); path.set([w, v, o[0]], 3 * k); w -= step * o[1]; v -= step * o[2]; }
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
  const ui = frame(root, s), { x, y, box } = s, f = network(x, y), state = ui.keep({ start: pointIn(box), step: between(0.05, 2) });
  slider(ui, { label: "step η", min: 0.05, max: 2, step: 0.05, value: state.step, text: v => v.toFixed(2), change: v => { state.step = v; } });
  button(ui, "Mirror the start", () => { state.start = state.start.map(c => -c); });
  const map = canvas(ui, 420, 400, "Start of the run: w across, v up. Arrow keys move it, with Shift in larger steps, Home puts it back.", "application");
  draggable(ui, map, box, () => state.start, (w, v) => { state.start = [w, v]; });
  const side = canvas(ui, 356, 400, "Above, the data and the network where the run ends; below, the loss after each step.");
  const px = w => (w - box[0]) / (box[1] - box[0]) * map.width, py = v => map.height - (v - box[2]) / (box[3] - box[2]) * map.height;
  const contours = levels(f, box, px, py, 22), parting = [-1, 1].map(end => watershed(f, x, y, box, end)); let theme, ground;
  const best = descent(f, s.minimum, 0.5, 200).slice(-3), [low, high] = [Math.min(...x), Math.max(...x)];

  ui.onDraw(colour => {
    const path = descent(f, state.start, state.step, STEPS), end = Array.from(path.slice(-3));
    if (theme !== colour) { theme = colour; ground = shade(contours, colour); }
    let p = map.pen; p.setLineDash([]); p.drawImage(ground, 0, 0, map.width, map.height);
    p.lineWidth = 0.8; p.strokeStyle = colour.level; p.stroke(contours.path);
    p.strokeStyle = colour.newton; p.lineWidth = 2.4; p.setLineDash([8, 5]);
    for (const line of parting) { p.beginPath(); for (const [w, v] of line) p.lineTo(px(w), py(v)); p.stroke(); }
    p.strokeStyle = colour.gradient_descent; p.lineWidth = 2; p.setLineDash([]); p.lineJoin = "round"; p.beginPath();
    for (let k = 0; k <= STEPS; k++) p.lineTo(px(path[3 * k]), py(path[3 * k + 1])); p.stroke();
    p.fillStyle = colour.gradient_descent; for (let k = 0; k <= STEPS; k++) { p.beginPath(); p.arc(px(path[3 * k]), py(path[3 * k + 1]), 2, 0, 7); p.fill(); }
    p.strokeStyle = colour.mark; p.lineWidth = 2;
    for (const { w, v, name } of [{ w: best[0], v: best[1], name: "minimum" }, { w: -best[0], v: -best[1], name: "the same network" }, { w: 0, v: 0, name: "saddle" }]) {
      p.beginPath(); p.arc(px(w), py(v), 5, 0, 7); p.stroke(); write(p, name, px(w), py(v) - 10, colour.ink, colour.paper, "center");
    }
    write(p, "dashed: the watershed", 8, map.height - 10, colour.ink, colour.paper);
    write(p, "w →", map.width - 8, map.height - 10, colour.ink, colour.paper, "right"); write(p, "v ↑", 8, 18, colour.ink, colour.paper);
    handle(p, px(state.start[0]), py(state.start[1]), colour.mark, colour.paper);

    p = side.pen; p.fillStyle = colour.paper; p.fillRect(0, 0, side.width, side.height);
    const left = 44, right = 12, across = side.width - left - right, ax = t => left + (t - low) / (high - low) * across, ay = t => 96 - 62 * t;
    p.lineWidth = 1; for (const t of [-1, 0, 1]) { p.strokeStyle = colour.line; p.beginPath(); p.moveTo(left, ay(t)); p.lineTo(side.width - right, ay(t)); p.stroke(); write(p, String(t).replace("-", "−"), left - 6, ay(t) + 4, colour.ink, colour.paper, "right"); }
    p.fillStyle = colour.momentum; p.globalAlpha = 0.85; x.forEach((t, i) => p.fillRect(ax(t) - 0.5, ay(y[i]) - 5, 1, 10)); p.globalAlpha = 1;
    p.save(); p.beginPath(); p.rect(left, 2, across, 188); p.clip(); p.strokeStyle = colour.gradient_descent; p.lineWidth = 2.4; p.beginPath();
    for (let i = 0; i <= 200; i++) { const t = low + (high - low) * i / 200; p.lineTo(ax(t), ay(end[1] * Math.tanh(end[0] * t))); } p.stroke(); p.restore();
    write(p, "x →", left, 196, colour.ink, colour.paper);
    write(p, "the network at the end: v·tanh(w·x)", side.width - right, 196, colour.gradient_descent, colour.paper, "right");
    const top = 222, foot = 366, most = 0.7, gx = k => left + k / STEPS * across, gy = t => foot - Math.min(t, 9) / most * (foot - top);
    for (const t of [0, 0.25, 0.5]) { p.strokeStyle = colour.line; p.lineWidth = 1; p.beginPath(); p.moveTo(left, gy(t)); p.lineTo(side.width - right, gy(t)); p.stroke(); write(p, String(t), left - 6, gy(t) + 4, colour.ink, colour.paper, "right"); }
    p.save(); p.beginPath(); p.rect(left, top - 4, across, foot - top + 6); p.clip(); p.strokeStyle = colour.gradient_descent; p.lineWidth = 2.4; p.beginPath();
    for (let k = 0; k <= STEPS; k++) p.lineTo(gx(k), gy(path[3 * k + 2])); p.stroke(); p.restore();
    for (let k = 0; k <= STEPS; k += 100) write(p, String(k), gx(k), 384, colour.ink, colour.paper, "center");
    write(p, "loss after each step", side.width - right, top + 4, colour.ink, colour.paper, "right");
    const ended = Math.abs(end[2] - best[2]) < 1e-3 ? `at the ${end[0] > 0 === best[0] > 0 ? "minimum" : "mirrored minimum: the same network"}` : "at no minimum yet";
    ui.say(`Start w = ${text(state.start[0])}, v = ${text(state.start[1])}. After ${STEPS} steps: w = ${text(end[0])}, v = ${text(end[1])}, loss ${end[2].toFixed(3)}, ${ended}.\n`
      + `Both minima have the loss ${best[2].toFixed(3)}; halfway between them, at the saddle, it is ${f(0, 0, new Float64Array(3))[0].toFixed(3)}.`);
  });
}
