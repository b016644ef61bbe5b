// A point to drag round a convex set, its projection, and the hyperplane that separates them.
import { canvas, choice, clamp, draggable, frame, handle, oneOf, pointIn, write } from "./core.js";

export const SETS = {
  box: { project: ([x, y]) => [clamp(x, -1, 1), clamp(y, -0.7, 0.7)], outline: [[-1, -0.7], [1, -0.7], [1, 0.7], [-1, 0.7]] },
  disc: { project: ([x, y]) => { const r = Math.max(1, Math.hypot(x, y)); return [x / r, y / r]; }, outline: Array.from({ length: 90 }, (_, i) => [Math.cos(i * Math.PI / 45), Math.sin(i * Math.PI / 45)]) },
  diamond: { project: x => diamond(x), outline: [[1.2, 0], [0, 1.2], [-1.2, 0], [0, -1.2]] },
};

export function diamond([x, y], r = 1.2) {   // projection on |x| + |y| ≤ r: soft thresholding
  if (Math.abs(x) + Math.abs(y) <= r) return [x, y];
  const t = (Math.abs(x) + Math.abs(y) - r) / 2, soft = v => Math.sign(v) * Math.max(Math.abs(v) - t, 0);
  if (soft(x) !== 0 && soft(y) !== 0) return [soft(x), soft(y)];
  return Math.abs(x) > Math.abs(y) ? [Math.sign(x) * r, 0] : [0, Math.sign(y) * r];
}

const pair = p => `(${p.map(v => v.toFixed(2).replace("-0.00", "0.00").replace("-", "−")).join(", ")})`;

export function mount(root, s) {
  const ui = frame(root, s), box = [-2.4, 2.4, -2, 2], state = ui.keep({ start: pointIn(box), set: oneOf(Object.keys(SETS)) }), rows = {};
  const view = canvas(ui, 528, 440, "Point to project. Arrow keys move it, with Shift in larger steps, Home puts it back.", "application");
  choice(ui, Object.keys(SETS), state.set, name => { state.set = name; });
  draggable(ui, view, box, () => state.start, (x, y) => { state.start = [x, y]; });
  const list = document.createElement("dl"); list.className = "aside"; ui.views.append(list);
  for (const name of ["x, the point", "p, its projection", "distance ‖x − p‖", "largest (x − p)ᵀ(z − p) over z in the set"]) {
    const term = document.createElement("dt"); rows[name] = document.createElement("dd"); term.textContent = name; list.append(term, rows[name]);
  }
  const px = x => (x - box[0]) / (box[1] - box[0]) * view.width, py = y => view.height - (y - box[2]) / (box[3] - box[2]) * view.height;

  ui.onDraw(colour => {
    const c = view.pen, { project, outline } = SETS[state.set], x = state.start, p = project(x), a = [x[0] - p[0], x[1] - p[1]], far = Math.hypot(...a);
    const most = Math.max(...outline.map(z => a[0] * (z[0] - p[0]) + a[1] * (z[1] - p[1]))), out = far > 1e-9;
    const line = (points, stroke, width, dashes = []) => { c.strokeStyle = stroke; c.lineWidth = width; c.setLineDash(dashes); c.beginPath(); for (const q of points) c.lineTo(px(q[0]), py(q[1])); c.stroke(); };
    c.fillStyle = colour.paper; c.fillRect(0, 0, view.width, view.height);
    if (out) {                                   // the side of the hyperplane where x is
      const m = [(x[0] + p[0]) / 2, (x[1] + p[1]) / 2], t = [-a[1] / far * 6, a[0] / far * 6], n = [a[0] / far * 9, a[1] / far * 9];
      c.fillStyle = colour.high; c.beginPath();
      for (const q of [[m[0] - t[0], m[1] - t[1]], [m[0] + t[0], m[1] + t[1]], [m[0] + t[0] + n[0], m[1] + t[1] + n[1]], [m[0] - t[0] + n[0], m[1] - t[1] + n[1]]]) c.lineTo(px(q[0]), py(q[1]));
      c.fill(); line([[m[0] - t[0], m[1] - t[1]], [m[0] + t[0], m[1] + t[1]]], colour.nesterov, 2.2, [7, 4]);
    }
    c.fillStyle = colour.low; c.beginPath(); for (const q of outline) c.lineTo(px(q[0]), py(q[1])); c.closePath(); c.fill();
    line([...outline, outline[0]], colour.gradient_descent, 2);
    if (out) { line([x, p], colour.ink, 2); c.fillStyle = colour.gradient_descent; c.beginPath(); c.arc(px(p[0]), py(p[1]), 6, 0, 7); c.fill(); }
    handle(c, px(x[0]), py(x[1]), colour.momentum, colour.paper);
    write(c, "x", px(x[0]) + 13, py(x[1]) - 9, colour.ink, colour.paper);
    if (out) write(c, "p", px(p[0]) - 10, py(p[1]) + 18, colour.ink, colour.low, "right");
    const told = [pair(x), pair(p), far.toFixed(2), (Math.abs(most) < 5e-3 ? 0 : most).toFixed(2).replace("-", "−") + (out ? ", never above 0" : "")];
    Object.values(rows).forEach((row, i) => { row.textContent = told[i]; });
    ui.say(out ? `x is outside, at distance ${far.toFixed(2)}. The dashed line separates it from the set.` : "x is in the set: it is its own projection.");
  });
}
