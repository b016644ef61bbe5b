// Logistic regression on a line: with separable classes the slope grows without end as λ falls.
import { between, canvas, checkbox, clamp, frame, power, slider, write, yesNo } from "./core.js";

const softplus = t => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
const sigmoid = t => t >= 0 ? 1 / (1 + Math.exp(-t)) : Math.exp(t) / (1 + Math.exp(t));

export const loss = (x, y, w, b) => x.reduce((s, v, i) => s + softplus(-y[i] * (w * v + b)), 0);
export const value = (x, y, lam, w, b) => loss(x, y, w, b) + lam * w * w / 2;

// The minimiser over (w, b) by Newton's method with halved steps; λ > 0.
export function fit(x, y, lam, start = [0, 0]) {
  let [w, b] = start;
  for (let k = 0; k < 400; k++) {
    let gw = lam * w, gb = 0, hww = lam, hwb = 0, hbb = 1e-300;
    for (let i = 0; i < x.length; i++) { const p = sigmoid(-y[i] * (w * x[i] + b)), d = p * (1 - p); gw -= y[i] * p * x[i]; gb -= y[i] * p; hww += d * x[i] * x[i]; hwb += d * x[i]; hbb += d; }
    const det = hww * hbb - hwb * hwb, dw = -(hbb * gw - hwb * gb) / det, db = -(hww * gb - hwb * gw) / det, slope = gw * dw + gb * db;
    if (!(slope < -1e-22)) break;
    let t = 1; const before = value(x, y, lam, w, b);
    while (t > 1e-10 && !(value(x, y, lam, w + t * dw, b + t * db) <= before + t * slope / 4)) t /= 2;
    if (t <= 1e-10) break;
    w += t * dw; b += t * db;
  }
  return [w, b];
}

// The b that is best for a given w, by bisection: the loss is convex in b.
export function bestB(x, y, w) {
  let low = -1e3, high = 1e3;
  for (let k = 0; k < 90; k++) { const b = (low + high) / 2, slope = x.reduce((s, v, i) => s - y[i] * sigmoid(-y[i] * (w * v + b)), 0); if (slope > 0) high = b; else low = b; }
  return (low + high) / 2;
}

const told = v => (Math.abs(v) < 0.01 ? v.toExponential(1).replace("e-", "e−") : v.toFixed(Math.abs(v) < 10 ? 2 : 1)).replace(/^-/, "−");

export function mount(root, s) {
  const ui = frame(root, s), state = ui.keep({ lam: between(1e-8, 10), overlap: yesNo }), most = 30;
  slider(ui, { label: "λ", min: -8, max: 1, step: 0.05, value: Math.log10(state.lam), text: v => told(10 ** v), change: v => { state.lam = power(v); } });
  checkbox(ui, { label: "one point on the wrong side", checked: state.overlap, change: v => { state.overlap = v; } });
  const line = canvas(ui, 415, 330, "Points of two classes on a line and the fitted probability of the class marked by crosses.");
  const curve = canvas(ui, 390, 330, "The loss against the slope w, each with its best b, without and with the penalty; a mark at the minimiser.");
  const data = () => state.overlap ? [[...s.x, s.extra[0]], [...s.y, s.extra[1]]] : [s.x, s.y], known = {};

  ui.onDraw(colour => {
    const [x, y] = data(), lam = state.lam, [w, b] = fit(x, y, lam);
    const profile = known[state.overlap] ??= [...Array(121)].map((_, i) => { const v = -2 + i * (most + 2) / 120; return [v, loss(x, y, v, bestB(x, y, v))]; });
    let p = line.pen; p.clearRect(0, 0, line.width, line.height);
    const px = v => (v + 3) / 6 * line.width, py = q => 20 + (1 - q) * (line.height - 60);
    p.setLineDash([]); p.lineWidth = 1; p.strokeStyle = colour.line;
    for (const q of [0, 0.5, 1]) { p.beginPath(); p.moveTo(0, py(q)); p.lineTo(line.width, py(q)); p.stroke(); write(p, String(q), 4, py(q) - 4, colour.faint, colour.paper); }
    p.strokeStyle = colour.gradient_descent; p.lineWidth = 2.8; p.beginPath(); for (let i = 0; i <= 300; i++) { const v = -3 + i / 50; p.lineTo(px(v), py(sigmoid(w * v + b))); } p.stroke();
    x.forEach((v, i) => {
      p.lineWidth = 2.4; p.strokeStyle = y[i] > 0 ? colour.momentum : colour.newton; p.beginPath();
      if (y[i] > 0) { p.moveTo(px(v) - 5, py(1) - 5); p.lineTo(px(v) + 5, py(1) + 5); p.moveTo(px(v) + 5, py(1) - 5); p.lineTo(px(v) - 5, py(1) + 5); } else p.arc(px(v), py(0), 5.5, 0, 7);
      p.stroke();
    });
    write(p, "probability of ✕", 26, py(1) + 20, colour.ink, colour.paper);

    p = curve.pen; p.clearRect(0, 0, curve.width, curve.height);
    const top = 9, qx = v => 26 + (v + 2) / (most + 2) * (curve.width - 36), qy = v => curve.height - 30 - v / top * (curve.height - 50);
    p.setLineDash([]); p.lineWidth = 1; p.strokeStyle = colour.line; p.beginPath(); p.moveTo(26, qy(0)); p.lineTo(curve.width, qy(0)); p.moveTo(qx(0), 8); p.lineTo(qx(0), qy(0)); p.stroke();
    for (const v of [0, 10, 20, 30]) write(p, String(v), qx(v), curve.height - 17, colour.faint, colour.paper, "center");
    write(p, "slope w", curve.width - 6, curve.height - 4, colour.faint, colour.paper, "right"); write(p, "0", 14, qy(0) + 4, colour.faint, colour.paper, "right");
    const draw = (f, stroke, dash, width) => { p.strokeStyle = stroke; p.setLineDash(dash); p.lineWidth = width; p.beginPath(); profile.forEach(([v, l]) => p.lineTo(qx(v), clamp(qy(f(v, l)), -1e3, 1e4))); p.stroke(); };
    draw((v, l) => l, colour.newton, [7, 4], 2); draw((v, l) => l + lam * v * v / 2, colour.gradient_descent, [], 2.8);
    write(p, "dashed: the loss alone", curve.width - 6, 20, colour.ink, colour.paper, "right"); write(p, "thick: loss + ½λw²", curve.width - 6, 36, colour.ink, colour.paper, "right");
    p.setLineDash([]);
    if (w <= most) { p.fillStyle = colour.mark; p.beginPath(); p.arc(qx(w), qy(value(x, y, lam, w, b)), 6, 0, 7); p.fill(); }
    else write(p, `minimiser at w = ${told(w)} →`, curve.width - 6, qy(0) - 12, colour.ink, colour.paper, "right");
    const free = state.overlap ? fit(x, y, 1e-9) : null;
    ui.say(`Slope w = ${told(w)}, loss ${told(loss(x, y, w, b))}. ` + (state.overlap ? `The classes overlap: without a penalty the best slope is ${told(free[0])}.`
      : `The classes are separable: however small the loss, a steeper curve has less. Without a penalty there is no minimiser.`));
  });
}
