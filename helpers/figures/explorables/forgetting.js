// Two bowls, an old task's and a new one's: ways from the old optimum towards the new, and what each of them forgets.
import { DASHES, between, canvas, draggable, frame, handle, pointIn, power, slider, whole, write } from "./core.js";

const BOX = [-2, 2, -1.6, 1.6];
const plus = (A, B, m) => [[A[0][0] + m * B[0][0], A[0][1] + m * B[0][1]], [A[1][0] + m * B[1][0], A[1][1] + m * B[1][1]]];
const times = (A, v) => [A[0][0] * v[0] + A[0][1] * v[1], A[1][0] * v[0] + A[1][1] * v[1]];
export function solve(A, r) { const d = A[0][0] * A[1][1] - A[0][1] * A[1][0]; return [(A[1][1] * r[0] - A[0][1] * r[1]) / d, (A[0][0] * r[1] - A[1][0] * r[0]) / d]; }

export function loss(H, centre, w) { const v = [w[0] - centre[0], w[1] - centre[1]], g = times(H, v); return (v[0] * g[0] + v[1] * g[1]) / 2; }

// The minimiser of new + λ·½(w − a)ᵀM(w − a): on the Pareto curve if M is the old bowl's Hessian; M = I is L2-SP.
export function held(Ht, M, a, b, lam) { const x = times(Ht, b), y = times(M, a); return solve(plus(Ht, M, lam), [x[0] + lam * y[0], x[1] + lam * y[1]]); }

// Gradient descent on the new loss alone, from the old optimum.
export function descend(Ht, a, b, step, count) {
  const path = [[...a]]; let w = [...a];
  for (let k = 0; k < count; k++) { const g = times(Ht, [w[0] - b[0], w[1] - b[1]]); w = [w[0] - step * g[0], w[1] - step * g[1]]; path.push(w); }
  return path;
}

const I = [[1, 0], [0, 1]], STEPS = 80;
const number = v => v.toFixed(2).replace("-", "−"), LAMS = Array.from({ length: 121 }, (_, k) => 10 ** (-3 + k / 20));

export function mount(root, s) {
  const ui = frame(root, s), { Hs, Ht, start: a, step } = s, state = ui.keep({ target: pointIn(BOX), steps: whole(0, STEPS), strength: between(-2, 2) });
  slider(ui, { label: "steps of descent", min: 0, max: STEPS, step: 1, value: state.steps, text: String, change: v => { state.steps = v; } });
  slider(ui, { label: "penalty λ", min: -2, max: 2, step: 0.05, value: state.strength, text: v => (10 ** v).toPrecision(2), change: v => { state.strength = v; } });
  const map = canvas(ui, 420, 336, "Optimum of the new task. Arrow keys move it, with Shift in larger steps, Home puts it back.", "application");
  draggable(ui, map, BOX, () => state.target, (x, y) => { state.target = [x, y]; });
  const graph = canvas(ui, 390, 336, "Loss on the new task against loss on the old one, along the three ways.");
  const px = x => (x - BOX[0]) / (BOX[1] - BOX[0]) * map.width, py = y => map.height - (y - BOX[2]) / (BOX[3] - BOX[2]) * map.height;

  function ellipses(p, H, c, tint, dash) {   // level sets of a bowl
    const t = (H[0][0] + H[1][1]) / 2, d = Math.hypot((H[0][0] - H[1][1]) / 2, H[0][1]), big = t + d, small = t - d;
    const angle = 0.5 * Math.atan2(2 * H[0][1], H[0][0] - H[1][1]), unit = map.width / (BOX[1] - BOX[0]);
    p.strokeStyle = tint; p.lineWidth = 1; p.setLineDash(dash);
    for (const level of [0.05, 0.2, 0.5, 1, 2, 4]) { p.beginPath(); p.ellipse(px(c[0]), py(c[1]), Math.sqrt(2 * level / big) * unit, Math.sqrt(2 * level / small) * unit, -angle, 0, 7); p.stroke(); }
    p.setLineDash([]);
  }

  ui.onDraw(colour => {
    const { target: b, steps: k } = state, lam = power(state.strength), path = descend(Ht, a, b, step, STEPS), curves = [{ tint: "gradient_descent", line: path, now: path[k], name: "descent, stopped" },
      { tint: "momentum", line: LAMS.map(m => held(Ht, I, a, b, m)), now: held(Ht, I, a, b, lam), name: "penalty ‖w − start‖²" },
      { tint: "nesterov", line: LAMS.map(m => held(Ht, Hs, a, b, m)), now: held(Ht, Hs, a, b, lam), name: "penalty with the old curvature" }];
    let p = map.pen; p.setLineDash([]); p.fillStyle = colour.paper; p.fillRect(0, 0, map.width, map.height);
    p.save(); p.beginPath(); p.rect(0, 0, map.width, map.height); p.clip();
    ellipses(p, Hs, a, colour.level, []); ellipses(p, Ht, b, colour.faint, [3, 3]);
    for (const { tint, line, now } of curves) {
      p.strokeStyle = colour[tint]; p.lineWidth = 2.2; p.setLineDash(DASHES[tint]); p.beginPath(); for (const [x, y] of line) p.lineTo(px(x), py(y)); p.stroke(); p.setLineDash([]);
      p.fillStyle = colour[tint]; p.beginPath(); p.arc(px(now[0]), py(now[1]), 5, 0, 7); p.fill();
    }
    p.restore(); p.strokeStyle = colour.line; p.strokeRect(0.5, 0.5, map.width - 1, map.height - 1);
    p.fillStyle = colour.mark; p.beginPath(); p.arc(px(a[0]), py(a[1]), 4, 0, 7); p.fill();
    write(p, "start: optimum of the old task", px(a[0]) + 8, py(a[1]) + 18, colour.ink, colour.paper);
    handle(p, px(b[0]), py(b[1]), colour.mark, colour.paper);

    p = graph.pen; p.fillStyle = colour.paper; p.fillRect(0, 0, graph.width, graph.height);
    const left = 44, foot = graph.height - 40, far = Math.max(0.05, ...curves.flatMap(c => c.line.map(w => loss(Hs, a, w)))) * 1.05, high = Math.max(loss(Ht, b, a), 0.05) * 1.05;
    const gx = v => left + v / far * (graph.width - left - 12), gy = v => foot - v / high * (foot - 16);
    p.strokeStyle = colour.line; p.lineWidth = 1; p.beginPath(); p.moveTo(left, 16); p.lineTo(left, foot); p.lineTo(graph.width - 12, foot); p.stroke();
    p.save(); p.beginPath(); p.rect(left - 6, 6, graph.width - left, foot); p.clip();
    curves.forEach(({ tint, line, now }) => {
      p.strokeStyle = colour[tint]; p.lineWidth = 2.2; p.setLineDash(DASHES[tint]); p.beginPath(); for (const w of line) p.lineTo(gx(loss(Hs, a, w)), gy(loss(Ht, b, w))); p.stroke(); p.setLineDash([]);
      p.fillStyle = colour[tint]; p.beginPath(); p.arc(gx(loss(Hs, a, now)), gy(loss(Ht, b, now)), 5, 0, 7); p.fill();
    });
    p.restore();
    curves.forEach(({ tint, name }, at) => write(p, name, graph.width - 14, 24 + 16 * at, colour[tint], colour.paper, "right"));
    write(p, "loss on the old task (forgetting)", graph.width - 12, graph.height - 10, colour.ink, colour.paper, "right");
    write(p, "loss on the new task", left, 10, colour.ink, colour.paper);
    for (const v of [0, far / 2, far]) write(p, number(v), gx(v), foot + 15, colour.ink, colour.paper, v === far ? "right" : "center");
    for (const v of [high / 2, high]) write(p, number(v), left - 5, gy(v) + 4, colour.ink, colour.paper, "right");
    const told = curves.map(({ now, name }) => `${name}: new ${number(loss(Ht, b, now))}, old ${number(loss(Hs, a, now))}`);
    ui.say(`After ${k} steps and with λ = ${lam.toPrecision(2)}. ${told.join("; ")}.\nThe dotted curve cannot be beaten: no point lowers one loss without raising the other.`);
  });
}
