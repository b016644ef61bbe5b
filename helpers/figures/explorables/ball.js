// A ball on a convex and on a non-convex curve: let go, it rolls by gradient descent.
import { button, canvas, draggable, frame } from "./core.js";

const CURVES = [
  { name: "convex", f: x => x * x / 2, slope: x => x, box: [-2.2, 2.2, -0.5, 2.9], lowest: 0 },
  { name: "not convex", f: x => x ** 4 / 4 - x * x + 0.3 * x, slope: x => x ** 3 - 2 * x + 0.3, box: [-2.2, 2.2, -1.8, 1.6], lowest: -1.48367 },
];
export const roll = (slope, x, steps, eta = 0.05) => { for (let i = 0; i < steps; i++) x -= eta * slope(x); return x; };

export function mount(root, s) {
  const ui = frame(root, s.alt), still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const balls = CURVES.map(curve => ({ ...curve, x: s.x, rolling: false }));
  for (const b of balls) {
    b.view = canvas(ui, 400, 240, `Ball on the ${b.name} curve. Arrow keys move it.`, "application");
    draggable(ui, b.view, b.box, () => [b.x, 0], x => { b.x = x; b.rolling = false; });
    b.view.element.addEventListener("pointerup", () => go(b));
  }
  const go = b => { b.rolling = true; if (still) { b.x = roll(b.slope, b.x, 2000); b.rolling = false; } ui.ask(); };
  button(ui, "Let both roll", () => balls.forEach(go));
  button(ui, "Lift both to the left", () => balls.forEach(b => { b.x = -1.9; b.rolling = false; }));
  button(ui, "Lift both to the right", () => balls.forEach(b => { b.x = 1.9; b.rolling = false; }));

  ui.onDraw(colour => {
    for (const b of balls) {
      if (b.rolling) { b.x = roll(b.slope, b.x, 1); if (Math.abs(b.slope(b.x)) < 1e-3) b.rolling = false; }
      const { pen: c, width: w, height: h } = b.view, [x0, x1, y0, y1] = b.box;
      const px = x => (x - x0) / (x1 - x0) * w, py = y => h - (y - y0) / (y1 - y0) * h;
      c.fillStyle = colour.paper; c.fillRect(0, 0, w, h); c.strokeStyle = colour.gradient_descent; c.lineWidth = 2.5; c.beginPath();
      for (let i = 0; i <= 200; i++) { const x = x0 + (x1 - x0) * i / 200; c.lineTo(px(x), py(b.f(x))); } c.stroke();
      c.fillStyle = colour.momentum; c.beginPath(); c.arc(px(b.x), py(b.f(b.x)) - 10, 10, 0, 7); c.fill();
      c.fillStyle = colour.ink; c.font = "13px system-ui"; c.fillText(b.name, 10, 18);
    }
    if (balls.some(b => b.rolling)) ui.ask();
    ui.say(balls.map(b => `The ball on the ${b.name} curve is at ${b.x.toFixed(2)}` +
      (Math.abs(b.slope(b.x)) < 2e-3 ? (b.f(b.x) < b.lowest + 1e-3 ? ", the lowest point of all" : ", in a valley that is not the lowest") : "")).join(". ") + ".");
  });
}
