// Level sets, paths from a start that can be dragged, and the distance to the optimum beside them.
import { DASHES, NAMES, canvas, checkbox, draggable, frame, slider } from "./core.js";
import { surface, walk } from "./methods.js";

export function mount(root, s) {
  const ui = frame(root, s.alt), f = surface(s.surface), [x0, x1, y0, y1] = s.box;
  const map = canvas(ui, 440, 360, "Start point. Arrow keys move it, with Shift in larger steps.", "application");
  const curve = canvas(ui, 380, 360, "Distance to the optimum after each step, on a logarithmic axis");
  const px = x => (x - x0) / (x1 - x0) * map.width, py = y => map.height - (y - y0) / (y1 - y0) * map.height;
  const shown = new Set(s.methods), contours = levels(f, s.box, px, py);
  const unit = s.L || 1, text = v => {
    const t = v / unit; return s.L ? `${t.toPrecision(3)} = ${v.toFixed(2)} / L${v > 2 ? ", beyond 2/L" : ""}` : t.toPrecision(3);
  };
  slider(ui, { label: "step", min: 0.05, max: s.L ? 2.4 : 2 * s.step, step: 0.01, value: s.step * unit, text, change: v => { s.step = v / unit; } });
  if (s.methods.some(m => m === "momentum" || m === "nesterov"))
    slider(ui, { label: "momentum", min: 0, max: 0.99, step: 0.01, value: s.beta, text: v => v.toFixed(2), change: v => { s.beta = v; } });
  if (s.methods.length > 1) for (const m of s.methods)
    checkbox(ui, { label: NAMES[m], checked: true, change: on => { on ? shown.add(m) : shown.delete(m); } });
  draggable(ui, map, s.box, () => s.start, (x, y) => { s.start = [x, y]; });

  ui.onDraw(colour => {
    const c = map.pen, k = curve.pen, said = [];
    c.fillStyle = k.fillStyle = colour.paper; c.fillRect(0, 0, map.width, map.height); k.fillRect(0, 0, curve.width, curve.height);
    c.strokeStyle = colour.line; c.lineWidth = 1; c.setLineDash([]); c.stroke(contours);
    const ky = axes(k, curve, s, colour);
    for (const m of s.methods.filter(m => shown.has(m))) {
      const path = walk(m, f, s.start, s.step, s.beta, s.steps);
      c.strokeStyle = c.fillStyle = k.strokeStyle = colour[m]; c.lineWidth = k.lineWidth = 2;
      c.setLineDash(DASHES[m]); k.setLineDash(DASHES[m]);
      c.beginPath(); for (const [x, y] of path) c.lineTo(px(x), py(y)); c.stroke(); c.setLineDash([]);
      for (const [x, y] of path) { c.beginPath(); c.arc(px(x), py(y), 2.8, 0, 7); c.fill(); }
      k.beginPath(); path.forEach(([, , v], i) => k.lineTo(48 + (curve.width - 60) * i / s.steps, ky(v - s.optimum))); k.stroke();
      const last = path.at(-1)[2] - s.optimum, hit = path.findIndex(p => p[2] - s.optimum < 1e-6);
      said.push(`${NAMES[m]} ` + (hit >= 0 ? `reaches 1e-6 in ${hit} steps` : last > path[0][2] - s.optimum ? "diverges" : `is at ${last.toExponential(1)} after ${path.length - 1} steps`));
    }
    c.fillStyle = colour.paper; c.strokeStyle = colour.mark; c.lineWidth = 3; c.beginPath(); c.arc(px(s.start[0]), py(s.start[1]), 8, 0, 7); c.fill(); c.stroke();
    ui.say(`Start ${s.start[0].toFixed(2)}, ${s.start[1].toFixed(2)}. Step ${text(s.step * unit)}. ${said.join(". ")}.`);
  });
}

function axes(k, view, s, colour) {
  const top = 3, bottom = -9, ky = v => 14 + (view.height - 52) * (top - Math.max(bottom, Math.min(top, Math.log10(Math.max(v, 1e-15))))) / (top - bottom);
  k.setLineDash([]); k.lineWidth = 1; k.strokeStyle = colour.line; k.fillStyle = colour.ink; k.font = "11px system-ui";
  for (let e = bottom; e <= top; e += 3) { k.beginPath(); k.moveTo(48, ky(10 ** e)); k.lineTo(view.width - 12, ky(10 ** e)); k.stroke(); k.fillText("1e" + e, 10, ky(10 ** e) + 4); }
  k.fillText("f(x) − optimum", 50, 11); k.fillText(`step 0 to ${s.steps}`, view.width / 2 - 20, view.height - 12);
  return ky;
}

function levels(f, [x0, x1, y0, y1], px, py) {      // marching squares, drawn once
  const N = 90, o = new Float64Array(6), V = new Float64Array(N * N), X = i => x0 + (x1 - x0) * i / (N - 1), Y = j => y0 + (y1 - y0) * j / (N - 1);
  for (let j = 0; j < N; j++) for (let i = 0; i < N; i++) V[j * N + i] = f(X(i), Y(j), o)[0];
  const low = V.reduce((a, b) => Math.min(a, b)), high = V.reduce((a, b) => Math.max(a, b)), path = new Path2D();
  for (let l = 1; l < 16; l++) {
    const z = low + (high - low) * (l / 16) ** 2;
    for (let j = 0; j < N - 1; j++) for (let i = 0; i < N - 1; i++) {
      const a = V[j * N + i], b = V[j * N + i + 1], d = V[(j + 1) * N + i + 1], e = V[(j + 1) * N + i], p = [];
      if ((a < z) !== (b < z)) p.push([X(i + (z - a) / (b - a)), Y(j)]);
      if ((b < z) !== (d < z)) p.push([X(i + 1), Y(j + (z - b) / (d - b))]);
      if ((e < z) !== (d < z)) p.push([X(i + (z - e) / (d - e)), Y(j + 1)]);
      if ((a < z) !== (e < z)) p.push([X(i), Y(j + (z - a) / (e - a))]);
      for (let n = 0; n + 1 < p.length; n += 2) { path.moveTo(px(p[n][0]), py(p[n][1])); path.lineTo(px(p[n + 1][0]), py(p[n + 1][1])); }
    }
  }
  return path;
}
