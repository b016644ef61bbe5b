// Newton's method in one variable: the parabola that touches f at x, and where its lowest point leads.
import { between, canvas, checkbox, choice, clamp, draggable, frame, handle, oneOf, write, yesNo } from "./core.js";

// value, slope, curvature; the minimiser; `top`, the height of the picture.
export const CURVES = {
  "√(1 + x²)": { at: x => { const r = Math.hypot(1, x); return [r, x / r, 1 / r ** 3]; }, best: 0, top: 4 },
  "log(eˣ + e⁻ˣ)": { at: x => { const a = Math.abs(x), t = Math.tanh(x); return [a + Math.log1p(Math.exp(-2 * a)), t, 1 / Math.cosh(x) ** 2]; }, best: 0, top: 4 },
  "eˣ − x": { at: x => [Math.exp(x) - x, Math.expm1(x), Math.exp(x)], best: 0, top: 6 },
  "x⁴": { at: x => [x ** 4, 4 * x ** 3, 12 * x * x], best: 0, top: 6 },
  "½x²": { at: x => [x * x / 2, x, 1], best: 0, top: 4 },
};

// One Newton step; damped: halved until f falls by at least a quarter of what the slope promises.
export function newton(curve, x, damped) {
  const [f, g, h] = curve.at(x), d = g === 0 ? 0 : -g / h; let t = 1;
  while (damped && t > 1e-12 && !(curve.at(x + t * d)[0] <= f + 0.25 * t * g * d)) t /= 2;
  return x + t * d;
}

// x0, x1, ...; ends where x leaves every bound.
export function iterates(name, x, damped, steps) {
  const path = [x];
  while (path.length <= steps && Number.isFinite(x) && Math.abs(x) < 1e6) { x = newton(CURVES[name], x, damped); path.push(x); }
  return path;
}

const told = x => !Number.isFinite(x) ? "∞" : (Math.abs(x) < 1e-16 ? "0" : Math.abs(x) >= 1e4 || Math.abs(x) < 1e-3 ? x.toExponential(1) : x.toFixed(4)).replace("-", "−").replace("e-", "e−").replace("e+", "e");

export function mount(root, s) {
  const ui = frame(root, s), left = -3.2, right = 3.2;
  const state = ui.keep({ start: between(left, right), name: oneOf(Object.keys(CURVES)), damped: yesNo });
  choice(ui, Object.keys(CURVES), state.name, name => { state.name = name; });
  checkbox(ui, { label: "damped (backtracking)", checked: state.damped, change: v => { state.damped = v; } });
  const view = canvas(ui, 520, 380, "The point x on the curve. The left and right arrow keys move it, with Shift in larger steps, Home puts it back.", "application");
  draggable(ui, view, [left, right, 0, 1], () => [state.start, 0.5], x => { state.start = x; });
  const list = document.createElement("div"), rows = []; list.className = "aside"; ui.views.append(list);
  for (let k = 0; k < 9; k++) { const row = document.createElement("div"); list.append(row); rows.push(row); }

  ui.onDraw(colour => {
    const p = view.pen, curve = CURVES[state.name], low = -0.18 * curve.top, high = curve.top;
    const px = x => (x - left) / (right - left) * view.width, py = y => (high - y) / (high - low) * view.height;
    const [f, g, h] = curve.at(state.start), path = iterates(state.name, state.start, state.damped, 40), next = path[1];
    p.clearRect(0, 0, view.width, view.height);
    const line = (fn, from, to) => { p.beginPath(); for (let i = 0; i <= 300; i++) { const x = from + (to - from) * i / 300; p.lineTo(px(x), clamp(py(fn(x)), -1e4, 1e4)); } p.stroke(); };
    p.setLineDash([]); p.lineWidth = 1; p.strokeStyle = colour.line; p.beginPath(); p.moveTo(0, py(0)); p.lineTo(view.width, py(0)); p.stroke();
    for (let i = -3; i <= 3; i++) write(p, String(i).replace("-", "−"), px(i), py(0) + 15, colour.faint, colour.paper, "center");
    p.lineWidth = 2.6; p.strokeStyle = colour.gradient_descent; line(x => curve.at(x)[0], left, right);
    p.lineWidth = 2; p.strokeStyle = colour.newton; p.setLineDash([7, 4]); line(x => f + g * (x - state.start) + h * (x - state.start) ** 2 / 2, left, right); p.setLineDash([]);
    if (Math.abs(next) <= right) {   // up from where the step leads to the curve
      p.lineWidth = 1.4; p.strokeStyle = colour.newton; p.beginPath(); p.moveTo(px(next), py(0)); p.lineTo(px(next), py(curve.at(next)[0])); p.stroke();
      p.fillStyle = colour.newton; p.beginPath(); p.arc(px(next), py(curve.at(next)[0]), 6, 0, 7); p.fill();
      write(p, "x_next", px(next), py(0) + 30, colour.ink, colour.paper, "center");
    } else write(p, next > 0 ? `x_next = ${told(next)} →` : `← x_next = ${told(next)}`, next > 0 ? view.width - 10 : 10, py(0) - 10, colour.ink, colour.paper, next > 0 ? "right" : "left");
    handle(p, px(state.start), py(f), colour.mark, colour.paper);
    rows.forEach((row, k) => { row.textContent = k ? `after ${k} step${k === 1 ? "" : "s"}: ${k < path.length ? told(path[k]) : "beyond every bound"}` : `x = ${told(path[0])}`; });
    const end = path.at(-1), off = Math.abs(end - curve.best), first = path.findIndex(x => Math.abs(x - curve.best) < 1e-9);
    ui.say(first === 0 ? "You are at the minimum." : first > 0 ? `From here Newton's method arrives: after ${first} step${first === 1 ? "" : "s"} it is within 1e−9 of the minimum.`
      : off < Math.abs(state.start) ? `From here it converges, but slowly: after ${path.length - 1} steps it is still ${told(off)} away. The curvature vanishes at the minimum.`
      : "From here each step leads further away: the parabola is too flat. Damping would mend it.");
  });
}
