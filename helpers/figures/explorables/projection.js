// A point to drag round a convex set, its projection, and the hyperplane that separates them.
import { button, canvas, draggable, frame } from "./core.js";

const clamp = (v, a, b) => Math.min(b, Math.max(a, v));
export const SETS = {
  box: { project: ([x, y]) => [clamp(x, -1, 1), clamp(y, -0.7, 0.7)], outline: [[-1, -0.7], [1, -0.7], [1, 0.7], [-1, 0.7]] },
  disc: { project: ([x, y]) => { const r = Math.max(1, Math.hypot(x, y)); return [x / r, y / r]; }, outline: Array.from({ length: 90 }, (_, i) => [Math.cos(i * Math.PI / 45), Math.sin(i * Math.PI / 45)]) },
  diamond: { project: diamond, outline: [[1.2, 0], [0, 1.2], [-1.2, 0], [0, -1.2]] },
};

export function diamond([x, y], r = 1.2) {   // projection on |x| + |y| ≤ r: soft thresholding
  if (Math.abs(x) + Math.abs(y) <= r) return [x, y];
  const t = (Math.abs(x) + Math.abs(y) - r) / 2, soft = t2 => [Math.sign(x) * Math.max(Math.abs(x) - t2, 0), Math.sign(y) * Math.max(Math.abs(y) - t2, 0)];
  const both = soft(t); if (both[0] !== 0 && both[1] !== 0) return both;
  return Math.abs(x) > Math.abs(y) ? [Math.sign(x) * r, 0] : [0, Math.sign(y) * r];
}

export function mount(root, s) {
  const ui = frame(root, s.alt), box = [-2.4, 2.4, -2, 2], state = { x: s.start, set: "box" };
  const view = canvas(ui, 528, 440, "Point to project. Arrow keys move it, with Shift in larger steps.", "application");
  for (const name of Object.keys(SETS)) button(ui, name, () => { state.set = name; });
  draggable(ui, view, box, () => state.x, (x, y) => { state.x = [x, y]; });
  const px = x => (x - box[0]) / (box[1] - box[0]) * view.width, py = y => view.height - (y - box[2]) / (box[3] - box[2]) * view.height;
  ui.onDraw(colour => {
    const c = view.pen, set = SETS[state.set], x = state.x, p = set.project(x), a = [x[0] - p[0], x[1] - p[1]], far = Math.hypot(...a);
    c.fillStyle = colour.paper; c.fillRect(0, 0, view.width, view.height); c.fillStyle = colour.fill; c.strokeStyle = colour.gradient_descent; c.lineWidth = 1.5; c.setLineDash([]);
    c.beginPath(); for (const [u, v] of set.outline) c.lineTo(px(u), py(v)); c.closePath(); c.fill(); c.stroke();
    if (far > 1e-9) {
      const m = [(x[0] + p[0]) / 2, (x[1] + p[1]) / 2], t = [-a[1] / far * 6, a[0] / far * 6];
      c.strokeStyle = colour.nesterov; c.lineWidth = 2; c.setLineDash([7, 3]); c.beginPath(); c.moveTo(px(m[0] - t[0]), py(m[1] - t[1])); c.lineTo(px(m[0] + t[0]), py(m[1] + t[1])); c.stroke();
      c.strokeStyle = colour.ink; c.setLineDash([]); c.beginPath(); c.moveTo(px(x[0]), py(x[1])); c.lineTo(px(p[0]), py(p[1])); c.stroke();
    }
    for (const [q, col] of [[p, colour.gradient_descent], [x, colour.momentum]]) { c.fillStyle = col; c.beginPath(); c.arc(px(q[0]), py(q[1]), 7, 0, 7); c.fill(); }
    ui.say(`x is ${x.map(v => v.toFixed(2)).join(", ")}; ` + (far > 1e-9 ? `its projection ${p.map(v => v.toFixed(2)).join(", ")}, at distance ${far.toFixed(2)}; the dashed line separates.` : "x is in the set, its own projection."));
  });
}
