// A support vector machine in the plane, solved anew for each frame: drag a point, watch the street.
import { between, button, canvas, draggable, frame, listOf, pointIn, power, slider, whole, write } from "./core.js";

// Multipliers of min ½‖w‖² + C Σ max(0, 1 − y(wᵀx + b)) by steepest pairs from `a`, which must be feasible; w and b.
export function machine(points, labels, C, a = labels.map(() => 0), most = 200000) {
  const n = points.length; let w0 = 0, w1 = 0; a = a.slice();
  for (let i = 0; i < n; i++) { w0 += a[i] * labels[i] * points[i][0]; w1 += a[i] * labels[i] * points[i][1]; }
  let high = 0, low = 0;
  for (let step = 0; step < most; step++) {
    let i = -1, j = -1; high = -Infinity; low = Infinity;
    for (let k = 0; k < n; k++) {
      const rest = labels[k] - (w0 * points[k][0] + w1 * points[k][1]), up = labels[k] > 0 ? a[k] < C : a[k] > 0, down = labels[k] > 0 ? a[k] > 0 : a[k] < C;
      if (up && rest > high) { high = rest; i = k; } if (down && rest < low) { low = rest; j = k; }
    }
    if (i < 0 || j < 0 || high - low < 1e-10) break;
    const d0 = points[i][0] - points[j][0], d1 = points[i][1] - points[j][1], yi = labels[i], yj = labels[j];
    const t = Math.min((high - low) / Math.max(d0 * d0 + d1 * d1, 1e-12), yi > 0 ? C - a[i] : a[i], yj > 0 ? a[j] : C - a[j]);
    const room = [yi > 0 ? C - a[i] : a[i], yj > 0 ? a[j] : C - a[j]];
    a[i] = t === room[0] ? (yi > 0 ? C : 0) : a[i] + yi * t; a[j] = t === room[1] ? (yj > 0 ? 0 : C) : a[j] - yj * t;
    w0 += t * d0; w1 += t * d1;
  }
  const b = Number.isFinite(high + low) ? (high + low) / 2 : Number.isFinite(high) ? high : Number.isFinite(low) ? low : 0;
  const hinge = points.reduce((s, x, k) => s + Math.max(0, 1 - labels[k] * (w0 * x[0] + w1 * x[1] + b)), 0), norm = (w0 * w0 + w1 * w1) / 2;
  const primal = norm + C * hinge, dual = a.reduce((s, v) => s + v, 0) - norm;
  return { w: [w0, w1], b, a, primal, dual };
}

const told = v => v.toFixed(v < 10 ? 2 : 1);

export function mount(root, s) {
  const ui = frame(root, s), box = [-4, 4, -3.2, 3.2], n = s.points.length;
  const state = ui.keep({ C: between(0.01, 100), chosen: whole(0, n - 1), points: listOf(pointIn(box), n) });
  let before;   // the multipliers of the last picture, to begin from
  slider(ui, { label: "C", min: -2, max: 2, step: 0.05, value: Math.log10(state.C), text: v => (10 ** v).toPrecision(2), change: v => { state.C = power(v); before = undefined; } });
  button(ui, "Next point", () => { state.chosen = (state.chosen + 1) % n; });
  button(ui, "Put all back", () => { state.points = s.points; before = undefined; });
  const view = canvas(ui, 520, 420, "Points of two classes. Drag one, or choose one with Next point and move it with the arrow keys, with Shift in larger steps.", "application");
  const px = x => (x - box[0]) / (box[1] - box[0]) * view.width, py = y => (box[3] - y) / (box[3] - box[2]) * view.height;
  draggable(ui, view, box, () => state.points[state.chosen], (x, y) => { state.points = state.points.with(state.chosen, [x, y]); }, {
    home: () => s.points[state.chosen],
    pick: (x, y) => { const far = state.points.map(p => (p[0] - x) ** 2 + (p[1] - y) ** 2); state.chosen = far.indexOf(Math.min(...far)); },
  });

  ui.onDraw(colour => {
    const p = view.pen, C = state.C, found = machine(state.points, s.labels, C, before, 20000), { w, b, a } = found; before = a;
    p.clearRect(0, 0, view.width, view.height);
    const norm = Math.hypot(...w), u = norm > 1e-9 ? [w[0] / norm, w[1] / norm] : [1, 0];
    const line = (level, width, dash) => {
      const c = (level - b) / Math.max(norm, 1e-9), mid = [u[0] * c, u[1] * c];
      p.lineWidth = width; p.setLineDash(dash); p.beginPath(); p.moveTo(px(mid[0] - 20 * u[1]), py(mid[1] + 20 * u[0])); p.lineTo(px(mid[0] + 20 * u[1]), py(mid[1] - 20 * u[0])); p.stroke();
    };
    if (norm > 1e-9) { p.strokeStyle = colour.gradient_descent; line(-1, 1.4, [6, 4]); line(1, 1.4, [6, 4]); line(0, 3, []); }
    p.setLineDash([]);
    state.points.forEach(([x, y], k) => {
      const X = px(x), Y = py(y), holds = a[k] > 1e-7 * C;
      if (holds) { p.strokeStyle = colour.ink; p.lineWidth = 1 + 2.5 * a[k] / C; p.beginPath(); p.arc(X, Y, 12, 0, 7); p.stroke(); }
      p.lineWidth = 2.6; p.strokeStyle = s.labels[k] > 0 ? colour.momentum : colour.newton; p.beginPath();
      if (s.labels[k] > 0) { p.moveTo(X - 5, Y - 5); p.lineTo(X + 5, Y + 5); p.moveTo(X + 5, Y - 5); p.lineTo(X - 5, Y + 5); } else p.arc(X, Y, 5.5, 0, 7);
      p.stroke();
      if (k === state.chosen) { p.setLineDash([3, 3]); p.lineWidth = 1.6; p.strokeStyle = colour.mark; p.strokeRect(X - 17, Y - 17, 34, 34); p.setLineDash([]); }
      if (k === state.chosen) write(p, `a = ${told(a[k])}`, X + 21, Y - 8, colour.ink, colour.paper);
    });
    const count = a.filter(v => v > 1e-7 * C).length, full = a.filter(v => v > (1 - 1e-7) * C).length;
    const wrong = state.points.filter((x, k) => s.labels[k] * (w[0] * x[0] + w[1] * x[1] + b) < 0).length;
    ui.say(`The street is ${norm > 1e-9 ? told(2 / norm) : "without end"} wide. ${count} support vectors (ringed), ${full} of them with a = C; ${wrong} on the wrong side. Gap ${Math.max(found.primal - found.dual, 0).toExponential(0).replace("e-", "e−").replace("e+", "e")}.`);
  });
}
