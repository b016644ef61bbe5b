// A ball on a convex and on a non-convex curve: let go, it rolls by gradient descent.
import { FONT, between, button, calm, canvas, draggable, frame, listOf, whole, write } from "./core.js";

export const CURVES = [
  { name: "convex", f: x => x * x / 2, slope: x => x, bend: () => 1, box: [-2.2, 2.2, -0.75, 2.9], minima: [0] },
  { name: "non-convex", f: x => x ** 4 / 4 - x * x + 0.3 * x, slope: x => x ** 3 - 2 * x + 0.3, bend: x => 3 * x * x - 2, box: [-2.2, 2.2, -2.15, 1.5], minima: [-1.5, 1.3] },
];
const ETA = 0.05, FLAT = 1e-4, RADIUS = 11;

export const roll = (slope, x, steps, eta = ETA) => { for (let i = 0; i < steps; i++) x -= eta * slope(x); return x; };

// What the slope at x says, and what it hides.
export function verdict({ f, slope, bend, minima }, x) {
  if (Math.abs(slope(x)) > 2 * FLAT) return "";
  if (bend(x) <= 0) return "balanced on the hill: the slope is zero, and it is no minimum";
  return f(x) < Math.min(...minima.map(f)) + 1e-3 ? "at the lowest point of all" : "stuck in a valley that is not the lowest";
}

export const settled = curve => ({ ...curve, minima: curve.minima.map(x => roll(curve.slope, x, 2000)) });

export function mount(root, s) {
  const ui = frame(root, s), state = ui.keep({ x: listOf(between(-2.2, 2.2), 2), steps: listOf(whole(0, 1e6), 2) });
  const balls = CURVES.map((curve, i) => ({ ...settled(curve), x: state.x[i], rolling: false, trail: [], steps: state.steps[i], view: null }));
  const lift = (b, x) => { b.x = x; b.rolling = false; b.trail = []; b.steps = 0; };
  const go = b => { b.rolling = true; if (calm()) while (b.rolling) step(b); };
  const step = b => {
    if (Math.abs(b.slope(b.x)) < FLAT) { b.rolling = false; return; }
    if (b.steps % 5 === 0) b.trail.push(b.x);
    b.x = roll(b.slope, b.x, 1); b.steps += 1;
  };
  for (const b of balls) {
    b.view = canvas(ui, 410, 260, `Ball on the ${b.name} curve. Arrow keys move it, Enter lets it go.`, "application");
    draggable(ui, b.view, b.box, () => [b.x, 0], x => lift(b, x), { drop: () => go(b) });
  }
  button(ui, "Let both roll", () => balls.forEach(go));
  button(ui, "Lift both to the left", () => balls.forEach(b => lift(b, -1.9)));
  button(ui, "Lift both to the right", () => balls.forEach(b => lift(b, 1.9)));
  let before = 0;

  ui.onDraw(colour => {
    const now = performance.now(), due = Math.max(1, Math.min(4, Math.round((now - before) / 16))); before = now;   // as fast on every screen
    for (const b of balls) {
      for (let i = 0; i < due && b.rolling; i++) step(b);
      draw(b, colour);
    }
    state.x = balls.map(b => +b.x.toFixed(6)); state.steps = balls.map(b => b.steps);
    if (balls.some(b => b.rolling)) ui.ask();
    else ui.say(balls.map(b => `On the ${b.name} curve the ball is ` + (verdict(b, b.x) || "held") + `, at x = ${b.x.toFixed(2)}` +
      (b.steps ? ` after ${b.steps} steps` : "")).join(". ") + ".");
  });
}

function draw(b, colour) {
  const { pen: c, width: w, height: h } = b.view, [x0, x1, y0, y1] = b.box;
  const px = x => (x - x0) / (x1 - x0) * w, py = y => h - (y - y0) / (y1 - y0) * h, tilt = x => b.slope(x) * (x1 - x0) / (y1 - y0) * h / w;
  const trace = () => { for (let i = 0; i <= 200; i++) { const x = x0 + (x1 - x0) * i / 200; c.lineTo(px(x), py(b.f(x))); } };
  c.setLineDash([]); c.fillStyle = colour.paper; c.fillRect(0, 0, w, h);
  c.fillStyle = colour.low; c.beginPath(); c.moveTo(0, h); trace(); c.lineTo(w, h); c.fill();
  c.strokeStyle = colour.gradient_descent; c.lineWidth = 2.5; c.beginPath(); trace(); c.stroke();
  const lowest = Math.min(...b.minima.map(b.f));
  c.font = FONT; c.textAlign = "center"; c.fillStyle = colour.ink;
  for (const x of b.minima) c.fillText(b.f(x) < lowest + 1e-9 ? "global minimum" : "local minimum", px(x), py(b.f(x)) + 20);
  for (const x of b.trail) { c.fillStyle = colour.momentum; c.beginPath(); c.arc(px(x), py(b.f(x)), 3, 0, 7); c.fill(); }
  const t = tilt(b.x), n = Math.hypot(1, t), at = [px(b.x), py(b.f(b.x))], centre = [at[0] - RADIUS * t / n, at[1] - RADIUS / n];
  c.strokeStyle = colour.ink; c.lineWidth = 1.5; c.setLineDash([5, 4]); c.beginPath();               // the tangent: all that the ball feels
  c.moveTo(at[0] - 55 / n, at[1] + 55 * t / n); c.lineTo(at[0] + 55 / n, at[1] - 55 * t / n); c.stroke(); c.setLineDash([]);
  c.fillStyle = colour.momentum; c.beginPath(); c.arc(...centre, RADIUS, 0, 7); c.fill();
  c.fillStyle = "rgba(255,255,255,.55)"; c.beginPath(); c.arc(centre[0] - 3.5, centre[1] - 4, 3, 0, 7); c.fill();
  write(c, b.name, w / 2, 20, colour.ink, colour.paper, "center"); write(c, `slope ${b.slope(b.x).toFixed(2).replace("-0.00", "0.00").replace("-", "−")}`, w / 2, 38, colour.faint, colour.paper, "center");
}
