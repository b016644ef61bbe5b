// Chord and tangent: a function, two points on it, a weight; the gap between the chord and the graph at every weight.
import { between, button, canvas, checkbox, choice, clamp, draggable, frame, handle, oneOf, slider, write, yesNo } from "./core.js";

const sigma = x => 1 / (1 + Math.exp(-x));

// value(x) and slope(x), one of the slopes at a kink; `kink` is where that is.
export const CURVES = {
  "x²/2": { value: x => x * x / 2, slope: x => x, convex: true },
  "|x|": { value: Math.abs, slope: Math.sign, kink: 0, convex: true },
  "eˣ/5": { value: x => Math.exp(x) / 5, slope: x => Math.exp(x) / 5, convex: true },
  "x⁴/20": { value: x => x ** 4 / 20, slope: x => x ** 3 / 5, convex: true },
  "log(1 + eˣ)": { value: x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), slope: sigma, convex: true },
  "log(1 + x²)": { value: x => Math.log1p(x * x), slope: x => 2 * x / (1 + x * x), convex: false },
  "(x² − 2)²/12": { value: x => (x * x - 2) ** 2 / 12, slope: x => x * (x * x - 2) / 3, convex: false },
  "4σ(−x)²": { value: x => 4 * sigma(-x) ** 2, slope: x => -8 * sigma(-x) ** 2 * sigma(x), convex: false },
  "nearly x²/3": { value: x => x * x / 3 - 0.06 * Math.exp(-((8 * (x - 1.4)) ** 2)), slope: x => 2 * x / 3 + 0.96 * 8 * (x - 1.4) * Math.exp(-((8 * (x - 1.4)) ** 2)), convex: false },
};

export const gapAt = (f, x, y, theta) => theta * f(x) + (1 - theta) * f(y) - f(theta * x + (1 - theta) * y);

// The grid point farthest above the lower hull of the graph, and its neighbours on the hull: [x, y, θ], or null.
export function witnessOf(f, low, high, count = 601) {
  const t = Array.from({ length: count }, (_, i) => low + (high - low) * i / (count - 1)), v = t.map(f), hull = [];
  for (let i = 0; i < count; i++) {
    const last = k => hull[hull.length - k];
    while (hull.length > 1 && (v[last(1)] - v[last(2)]) * (t[i] - t[last(2)]) >= (v[i] - v[last(2)]) * (t[last(1)] - t[last(2)])) hull.pop();
    hull.push(i);
  }
  let best = 1e-9, found = null;
  for (let k = 1; k < hull.length; k++) for (let i = hull[k - 1] + 1; i < hull[k]; i++) {
    const x = t[hull[k - 1]], y = t[hull[k]], theta = (y - t[i]) / (y - x), lack = -gapAt(f, x, y, theta);
    if (lack > best) { best = lack; found = [x, y, theta]; }
  }
  return found;
}

const told = v => (Math.abs(v) < 5e-4 ? 0 : v).toFixed(Math.abs(v) < 0.1 && Math.abs(v) >= 5e-4 ? 3 : 2).replace("-", "−");

export function mount(root, s) {
  const ui = frame(root, s), state = ui.keep({ name: oneOf(Object.keys(CURVES)), x: between(-3, 3), y: between(-3, 3), theta: between(0, 1), tangent: yesNo, searched: yesNo });
  const box = [-3.15, 3.15, -0.9, 4.7];
  choice(ui, Object.keys(CURVES), state.name, name => { state.name = name; state.searched = false; });
  const rule = document.createElement("div"); rule.style.flexBasis = "100%"; ui.controls.append(rule);   // the controls below start a line
  const put = (input, value) => { input.value = value; input.dispatchEvent(new Event("input")); };
  const other = slider(ui, { label: "other end y", min: -3, max: 3, step: 0.01, value: state.y, text: told, change: v => { state.y = v; state.searched = false; } });
  const weight = slider(ui, { label: "weight θ of x", min: 0, max: 1, step: 0.01, value: state.theta, text: v => v.toFixed(2), change: v => { state.theta = v; state.searched = false; } });
  checkbox(ui, { label: "tangent at x", checked: state.tangent, change: v => { state.tangent = v; } });
  button(ui, "Search for a witness", () => {
    const found = witnessOf(CURVES[state.name].value, -3, 3);
    if (found) { state.x = found[0]; put(other, found[1]); put(weight, found[2]); }
    state.searched = true;
  });
  const left = canvas(ui, 470, 380, "The graph, with the point x to drag along it. Left and right arrow keys move x, with Shift in larger steps, Home puts it back.", "application");
  const right = canvas(ui, 340, 380, "The gap between chord and graph, at every weight from 0 to 1");
  draggable(ui, left, box, () => [state.x, CURVES[state.name].value(state.x)], x => { state.x = clamp(x, -3, 3); state.searched = false; });
  const px = x => (x - box[0]) / (box[1] - box[0]) * left.width, py = y => left.height - (y - box[2]) / (box[3] - box[2]) * left.height;
  const path = (pen, points, stroke, width, dashes = []) => { pen.strokeStyle = stroke; pen.lineWidth = width; pen.setLineDash(dashes); pen.lineJoin = "round"; pen.beginPath(); for (const p of points) pen.lineTo(...p); pen.stroke(); pen.setLineDash([]); };
  const dot = (pen, x, y, fill, paper) => { pen.fillStyle = fill; pen.strokeStyle = paper; pen.lineWidth = 1.5; pen.beginPath(); pen.arc(x, y, 6, 0, 7); pen.fill(); pen.stroke(); };

  ui.onDraw(colour => {
    const { value: f, slope, kink } = CURVES[state.name], { x, y, theta } = state, c = left.pen, k = right.pen;
    const middle = theta * x + (1 - theta) * y, chord = theta * f(x) + (1 - theta) * f(y), gap = gapAt(f, x, y, theta), fails = gap < -1e-9;
    c.fillStyle = colour.paper; c.fillRect(0, 0, left.width, left.height);
    path(c, [[0, py(0)], [left.width, py(0)]], colour.line, 1);
    path(c, Array.from({ length: 901 }, (_, i) => { const u = -3 + i / 150; return [px(u), py(clamp(f(u), -9, 9))]; }), colour.gradient_descent, 2.8);
    if (state.tangent) {
      const g = slope(x), to = u => [px(u), py(f(x) + g * (u - x))];
      path(c, [to(-3), to(3)], colour.nesterov, 2, [2, 3]);
    }
    path(c, [[px(x), py(f(x))], [px(y), py(f(y))]], colour.momentum, 2.2, [7, 3]);
    path(c, [[px(middle), py(chord)], [px(middle), py(f(middle))]], colour.mark, 3);
    dot(c, px(middle), py(f(middle)), colour.gradient_descent, colour.paper); dot(c, px(middle), py(chord), colour.momentum, colour.paper);
    dot(c, px(y), py(f(y)), colour.momentum, colour.paper); write(c, "y", px(y) + (y > 2.7 ? -18 : 11), py(f(y)) + 16, colour.ink, colour.paper);
    handle(c, px(x), py(f(x)), colour.mark, colour.paper); write(c, "x", px(x) + (x > 2.7 ? -20 : 12), py(f(x)) + 17, colour.ink, colour.paper);
    const lines = [{ name: "f = " + state.name, stroke: colour.gradient_descent, dashes: [] }, { name: "chord from x to y", stroke: colour.momentum, dashes: [7, 3] }, { name: "tangent at x", stroke: colour.nesterov, dashes: [2, 3] }];
    lines.slice(0, state.tangent ? 3 : 2).forEach(({ name, stroke, dashes }, i) => {
      path(c, [[150, 16 + 17 * i], [180, 16 + 17 * i]], stroke, 2.4, dashes); write(c, name, 188, 20 + 17 * i, colour.ink, colour.paper);
    });

    const gaps = Array.from({ length: 301 }, (_, i) => gapAt(f, x, y, i / 300)), top = Math.max(...gaps.map(Math.abs), 0.02) * 1.25;
    const pad = 30, qx = t => pad + t * (right.width - 2 * pad), qy = v => right.height / 2 - v / top * (right.height / 2 - pad);
    k.fillStyle = colour.paper; k.fillRect(0, 0, right.width, right.height);
    path(k, [[qx(0), qy(0)], [qx(1), qy(0)]], colour.faint, 1);
    for (let i = 1; i <= 300; i++) {
      const below = Math.min(gaps[i - 1], gaps[i]) < -1e-9;
      path(k, [[qx((i - 1) / 300), qy(gaps[i - 1])], [qx(i / 300), qy(gaps[i])]], below ? colour.momentum : colour.gradient_descent, below ? 3.4 : 2.6);
    }
    path(k, [[qx(theta), qy(0)], [qx(theta), qy(gap)]], colour.mark, 3); dot(k, qx(theta), qy(gap), colour.mark, colour.paper);
    write(k, "gap, chord minus f: " + told(gap), qx(0), 18, colour.ink, colour.paper);
    write(k, "θ = 0", qx(0) - 22, right.height - 8, colour.faint, colour.paper); write(k, "θ = 1", qx(1) + 22, right.height - 8, colour.faint, colour.paper, "right");
    write(k, "below the line: a witness", right.width / 2, right.height - 8, colour.faint, colour.paper, "center");

    const where = `At θ = ${theta.toFixed(2)} the chord lies ${told(Math.abs(gap))} ${fails ? "below" : "above"} the graph. `;
    const verdict = fails ? "That is a witness: this function is not convex. " : state.searched ? "No witness on a grid of 601 points: that is no proof; the lesson has one. " : "";
    const g = slope(x), promise = f(x) + g * (y - x), fine = v => Math.abs(promise - f(y)) < 0.02 ? v.toFixed(4).replace("-", "−") : told(v), kept = f(y) >= promise - 1e-9;
    const tangent = !state.tangent ? "" : kink !== undefined && Math.abs(x - kink) < 1e-9 ? "At the kink there is no tangent: any slope from −1 to 1 keeps below." : `The tangent at x has the height ${fine(promise)} at y, where f(y) = ${fine(f(y))}: ${kept ? "below the graph" : "above the graph, which no convex function allows"}.`;
    ui.say(where + verdict + tangent);
  });
}
