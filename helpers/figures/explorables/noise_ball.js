// Stochastic gradients on bowls that differ only in their centres: step and batch against the ball of noise.
import { between, button, canvas, draggable, frame, handle, oneOf, pointIn, slider, still, whole, write } from "./core.js";
import { evenly } from "./random.js";

// x_next = x − step·H(x − c̄), c̄ the mean of `batch` centres drawn with replacement, H = diag(h).
export function wander(centres, h, start, step, batch, steps, seed) {
  const draw = evenly(seed), n = centres.length, path = new Float64Array(2 * steps + 2); let [x, y] = start;
  path[0] = x; path[1] = y;
  for (let k = 1; k <= steps; k++) {
    let cx = 0, cy = 0;
    for (let b = 0; b < batch; b++) { const c = centres[Math.floor(n * draw())]; cx += c[0]; cy += c[1]; }
    x -= step * h[0] * (x - cx / batch); y -= step * h[1] * (y - cy / batch);
    path[2 * k] = x; path[2 * k + 1] = y;
  }
  return path;
}

export function spread(centres) {   // mean and variance along each axis
  const n = centres.length, mean = [0, 1].map(j => centres.reduce((s, c) => s + c[j], 0) / n);
  return { mean, variance: mean.map((m, j) => centres.reduce((s, c) => s + (c[j] - m) ** 2, 0) / n) };
}

// The stationary variance along each axis, and E‖x_k − x*‖² after k steps.
export const stationary = (variance, h, step, batch) => h.map((c, j) => step * c / (2 - step * c) * variance[j] / batch);
export function expected(start, mean, variance, h, step, batch, k) {
  const v = stationary(variance, h, step, batch);
  return h.reduce((sum, c, j) => { const kept = (1 - step * c) ** (2 * k); return sum + kept * (start[j] - mean[j]) ** 2 + (1 - kept) * v[j]; }, 0);
}

export function radius(path, mean, from) {
  let sum = 0; const last = path.length / 2;
  for (let k = from; k < last; k++) sum += (path[2 * k] - mean[0]) ** 2 + (path[2 * k + 1] - mean[1]) ** 2;
  return Math.sqrt(sum / (last - from));
}

const count = (k, what) => `${k} ${what}${k === 1 ? "" : "s"}`;
const SHOWN = 120, STEPS = 6000, WARM = 1000;

export function mount(root, s) {
  const ui = frame(root, s), { centres, h } = s, { mean, variance } = spread(centres), box = [-3, 3, -3, 3];
  const state = ui.keep({ start: pointIn(box), step: between(0.02, 0.9), batch: oneOf([1, 2, 4, 8, 16, 32, 64]), seed: whole(1, 1e6) });
  slider(ui, { label: "step η", min: 0.02, max: 0.9, step: 0.01, value: state.step, text: v => v.toFixed(2), ticks: [[1 / h[1] / 2, "1/2L"], [1 / h[1], "1/L"]], change: v => { state.step = v; } });
  slider(ui, { label: "rows a step", min: 0, max: 6, step: 1, value: Math.log2(state.batch), text: v => String(2 ** v), change: v => { state.batch = 2 ** v; } });
  button(ui, "Draw other rows", () => { state.seed += 1; });
  const view = canvas(ui, 400, 400, "Start of the run. Arrow keys move it, with Shift in larger steps, Home puts it back.", "application");
  draggable(ui, view, box, () => state.start, (x, y) => { state.start = [x, y]; });
  const graph = canvas(ui, 390, 400, "Squared distance to the optimum after each step: one run, and its expected value.");
  const px = x => (x - box[0]) / 6 * view.width, py = y => view.height - (y - box[2]) / 6 * view.height;
  const cloudy = still(view), axes = still(graph); let cloud = { key: "", path: new Float64Array(0), ball: 0 };

  ui.onDraw(colour => {
    const { start, step, batch, seed } = state, path = wander(centres, h, start, step, batch, SHOWN, seed), v = stationary(variance, h, step, batch);
    const rest = Math.max(...h.map(c => Math.abs(1 - step * c))) ** WARM;   // where the cloud begins; mostly nothing that one could see or read
    const key = [step, batch, seed, ...(rest > 1e-15 ? start : [])].join();
    if (key !== cloud.key) { const long = wander(centres, h, start, step, batch, STEPS, seed); cloud = { key, path: long, ball: radius(long, mean, WARM) }; }
    let p = view.pen; cloudy(c => {
      c.fillStyle = colour.paper; c.fillRect(0, 0, view.width, view.height);
      c.strokeStyle = colour.line; c.lineWidth = 1; c.strokeRect(0.5, 0.5, view.width - 1, view.height - 1);
      c.strokeStyle = colour.level; c.lineWidth = 0.8;
      for (const level of [0.5, 1.2, 2.2, 3.6, 5.4]) { c.beginPath(); c.ellipse(px(mean[0]), py(mean[1]), level / Math.sqrt(h[0]) * view.width / 6, level / Math.sqrt(h[1]) * view.height / 6, 0, 0, 7); c.stroke(); }
      c.fillStyle = colour.faint; for (const [x, y] of centres) c.fillRect(px(x) - 2.5, py(y) - 2.5, 5, 5);
      c.fillStyle = colour.gradient_descent; c.globalAlpha = 0.8;
      for (let k = WARM; k <= STEPS; k += 3) c.fillRect(px(cloud.path[2 * k]) - 0.9, py(cloud.path[2 * k + 1]) - 0.9, 1.8, 1.8);
      c.globalAlpha = 1;
    }, colour, cloud);
    p.strokeStyle = colour.sgd; p.lineWidth = 1.6; p.lineJoin = "round"; p.beginPath();
    for (let k = 0; k <= 60; k++) p.lineTo(px(path[2 * k]), py(path[2 * k + 1])); p.stroke();
    p.beginPath(); p.ellipse(px(mean[0]), py(mean[1]), 2 * Math.sqrt(v[0]) * view.width / 6, 2 * Math.sqrt(v[1]) * view.height / 6, 0, 0, 7);
    p.strokeStyle = colour.paper; p.lineWidth = 5; p.stroke();   // a halo: the cloud is under it
    p.strokeStyle = colour.mark; p.lineWidth = 2.4; p.setLineDash([6, 4]); p.stroke(); p.setLineDash([]);
    write(p, "squares: what each row wants", 8, 18, colour.ink, colour.paper);
    write(p, "dashed: two standard deviations, by theory", 8, view.height - 10, colour.ink, colour.paper);
    handle(p, px(start[0]), py(start[1]), colour.sgd, colour.paper);

    p = graph.pen;
    const left = 48, right = 12, top = 14, foot = 36, low = -3.5, high = 1.5;
    const gx = k => left + k / SHOWN * (graph.width - left - right), gy = d => top + (high - Math.max(low, Math.log10(d))) / (high - low) * (graph.height - top - foot);
    axes(c => {
      c.fillStyle = colour.paper; c.fillRect(0, 0, graph.width, graph.height); c.lineWidth = 1; c.strokeStyle = colour.line;
      for (let e = -3; e <= 1; e++) { c.beginPath(); c.moveTo(left, gy(10 ** e)); c.lineTo(graph.width - right, gy(10 ** e)); c.stroke(); write(c, String(10 ** e), left - 6, gy(10 ** e) + 4, colour.ink, colour.paper, "right"); }
      for (let k = 0; k <= SHOWN; k += 40) write(c, String(k), gx(k), graph.height - 20, colour.ink, colour.paper, "center");
      write(c, "step", (left + graph.width) / 2, graph.height - 5, colour.ink, colour.paper, "center");
    }, colour);
    p.strokeStyle = colour.sgd; p.lineWidth = 1.6; p.beginPath();
    for (let k = 0; k <= SHOWN; k++) p.lineTo(gx(k), gy((path[2 * k] - mean[0]) ** 2 + (path[2 * k + 1] - mean[1]) ** 2)); p.stroke();
    p.strokeStyle = colour.mark; p.lineWidth = 2.4; p.setLineDash([6, 4]); p.beginPath();
    for (let k = 0; k <= SHOWN; k++) p.lineTo(gx(k), gy(expected(start, mean, variance, h, step, batch, k))); p.stroke(); p.setLineDash([]);
    write(p, "‖x − x*‖²: one run", graph.width - right - 6, top + 10, colour.sgd, colour.paper, "right");
    write(p, "dashed: its expected value", graph.width - right - 6, top + 28, colour.ink, colour.paper, "right");
    const ball = Math.sqrt(v[0] + v[1]), kept = -1 / Math.log(Math.max(...h.map(c => Math.abs(1 - step * c)))), k = Math.max(1, Math.round(kept));
    ui.say(`Radius of the ball (root mean square): measured ${cloud.ball.toFixed(3)}, by theory ${ball.toFixed(3)}. `
      + `The slowest part of the error shrinks to about a third in ${count(k, "step")}: ${count(k * batch, "row")} read.`);
  });
}
