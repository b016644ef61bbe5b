// A deep network before training: how large are activations and slopes, layer by layer, for a start of one's choice?
import { between, button, canvas, choice, frame, oneOf, raised, slider, still, whole, write } from "./core.js";
import { normals } from "./random.js";

const WIDTH = 48, ROWS = 16, DEEPEST = 40;
const LEAST = -12, MOST = 6;   // powers of ten shown

// Standard normal numbers: the rows, one matrix a layer, and the slopes at the end.
export function draws(seed) {
  const draw = normals(seed), many = k => { const a = new Float64Array(k); for (let i = 0; i < k; i += 2) [a[i], a[i + 1]] = draw(); return a; };
  return { X: many(ROWS * WIDTH), W: Array.from({ length: DEEPEST }, () => many(WIDTH * WIDTH)), D: many(ROWS * WIDTH) };
}

const bends = { ReLU: z => Math.max(z, 0), tanh: Math.tanh };
const slopes = { ReLU: a => a > 0 ? 1 : 0, tanh: a => 1 - a * a };   // φ'(z), from a = φ(z)
const rms = a => { let sum = 0; for (const v of a) sum += v * v; return Math.sqrt(sum / a.length); };

// A_l = φ(A_{l−1} W_l) with W_l of variance gain/WIDTH; D_l = φ'(Z_l) ∘ (D_{l+1} W_{l+1}ᵀ), and what comes back to the last layer is D.
export function through({ X, W, D }, depth, gain, activation) {
  const bend = bends[activation], slope = slopes[activation], size = Math.sqrt(gain / WIDTH), A = [X], back = [];
  for (let l = 0; l < depth; l++) {
    const next = new Float64Array(ROWS * WIDTH), a = A[l], w = W[l];
    for (let i = 0; i < ROWS * WIDTH; i += WIDTH) {
      for (let k = 0; k < WIDTH; k += 4) {   // four at a time: the sums are read and written less often
        const at = k * WIDTH, p = a[i + k] * size, q = a[i + k + 1] * size, r = a[i + k + 2] * size, s = a[i + k + 3] * size;
        for (let j = 0; j < WIDTH; j++) next[i + j] += p * w[at + j] + q * w[at + WIDTH + j] + r * w[at + 2 * WIDTH + j] + s * w[at + 3 * WIDTH + j];
      }
      for (let j = i; j < i + WIDTH; j++) next[j] = bend(next[j]);
    }
    A.push(next);
  }
  let d = D;
  for (let l = depth - 1; l >= 0; l--) {
    const a = A[l + 1], w = W[l], here = new Float64Array(ROWS * WIDTH), next = new Float64Array(ROWS * WIDTH);
    for (let i = 0; i < here.length; i++) here[i] = d[i] * slope(a[i]);
    back[l] = rms(here); d = next; if (l === 0) break;
    for (let i = 0; i < ROWS * WIDTH; i += WIDTH) for (let k = 0; k < WIDTH; k += 4) {
      let p = 0, q = 0, r = 0, s = 0; const at = k * WIDTH;
      for (let j = 0; j < WIDTH; j++) { const v = here[i + j]; p += v * w[at + j]; q += v * w[at + WIDTH + j]; r += v * w[at + 2 * WIDTH + j]; s += v * w[at + 3 * WIDTH + j]; }
      next[i + k] = p * size; next[i + k + 1] = q * size; next[i + k + 2] = r * size; next[i + k + 3] = s * size;
    }
  }
  return { ahead: A.slice(1).map(rms), back, A: A.slice(1), scale: new Float64Array(depth).fill(1) };
}

// The same for another gain, where φ(cz) = cφ(z) for c > 0: with ReLU all sizes of layer l are those for gain 2 times (gain/2)^(l/2), which `scale` holds for A.
export function rescaled({ ahead, back, A }, gain) {
  const c = Math.sqrt(gain / 2), depth = ahead.length, scale = Float64Array.from(ahead, (_, l) => c ** (l + 1));
  return { ahead: ahead.map((v, l) => v * scale[l]), back: back.map((v, l) => v * c ** (depth - 1 - l)), A, scale };
}

// What one layer does to a mean square, both ways: exact for ReLU ahead, close to it on the way back, true near 0 for tanh.
export const factor = (gain, activation) => activation === "ReLU" ? gain / 2 : gain;

// Shares of the entries of one layer: exactly 0 (ReLU), or beyond ±0.99 (tanh).
export const stuck = (a, activation) => a.reduce((n, v) => n + (activation === "ReLU" ? v === 0 : Math.abs(v) > 0.99), 0) / a.length;

const said = v => v === 0 ? "0" : v >= 0.01 && v < 1000 ? v.toPrecision(2) : `${(v / 10 ** Math.floor(Math.log10(v))).toFixed(0)}·${raised(Math.floor(Math.log10(v)))}`;

export function mount(root, s) {
  const ui = frame(root, s), state = ui.keep({ gain: between(0.25, 6), depth: whole(2, DEEPEST), activation: oneOf(Object.keys(bends)), seed: whole(1, 1e6) });
  let drawn = draws(state.seed), unit = null;
  slider(ui, { label: "width × variance of the weights", min: 0.25, max: 6, step: 0.05, value: state.gain, text: v => `${v.toFixed(2)}`, ticks: [[1, "Xavier"], [2, "He"]], change: v => { state.gain = v; } });
  slider(ui, { label: "layers", min: 2, max: DEEPEST, step: 1, value: state.depth, text: String, change: v => { state.depth = v; unit = null; } });
  choice(ui, Object.keys(bends), state.activation, name => { state.activation = name; });
  button(ui, "Draw other weights", () => { state.seed += 1; drawn = draws(state.seed); unit = null; });
  const graph = canvas(ui, 450, 330, "Size of activations and slopes, layer by layer, on a logarithmic scale.");
  const bars = canvas(ui, 326, 330, "How the activations of five layers are distributed, in units of the first layer's size.");
  const axes = still(graph);

  ui.onDraw(colour => {
    const { gain, depth, activation } = state, { ahead, back, A, scale } = activation === "ReLU" ? rescaled(unit ??= through(drawn, depth, 2, "ReLU"), gain) : through(drawn, depth, gain, activation), grows = factor(gain, activation);
    let p = graph.pen;
    const left = 44, right = 12, top = 14, foot = graph.height - 36;
    const gx = l => left + (depth === 1 ? 0 : (l - 1) / (depth - 1)) * (graph.width - left - right);
    const gy = v => top + (MOST - Math.max(LEAST - 1, Math.min(MOST + 1, Math.log10(v || 1e-99)))) / (MOST - LEAST) * (foot - top);
    axes(c => {
      c.fillStyle = colour.paper; c.fillRect(0, 0, graph.width, graph.height); c.lineWidth = 1; c.strokeStyle = colour.line;
      for (let e = LEAST; e <= MOST; e += 3) { c.beginPath(); c.moveTo(left, gy(10 ** e)); c.lineTo(graph.width - right, gy(10 ** e)); c.stroke(); write(c, raised(e), left - 6, gy(10 ** e) + 4, colour.ink, colour.paper, "right"); }
      write(c, "1", gx(1), graph.height - 18, colour.ink, colour.paper, "center"); write(c, String(depth), gx(depth), graph.height - 18, colour.ink, colour.paper, "center");
      write(c, "layer", (left + graph.width) / 2, graph.height - 6, colour.ink, colour.paper, "center");
    }, colour, depth);
    p.save(); p.beginPath(); p.rect(left - 4, top - 6, graph.width - left - right + 8, foot - top + 12); p.clip();
    const line = (values, name, dash) => {
      p.strokeStyle = p.fillStyle = colour[name]; p.lineWidth = 2.4; p.setLineDash(dash); p.beginPath();
      values.forEach((v, l) => p.lineTo(gx(l + 1), gy(v))); p.stroke(); p.setLineDash([]);
      values.forEach((v, l) => { p.beginPath(); p.arc(gx(l + 1), gy(v), 2.6, 0, 7); p.fill(); });
    };
    line(ahead, "gradient_descent", []); line(back, "momentum", [7, 3]);
    p.strokeStyle = colour.mark; p.lineWidth = 1.2; p.setLineDash([2, 4]);   // what the theorem promises
    for (const promised of [l => ahead[0] * Math.sqrt(grows) ** l, l => back[depth - 1] * Math.sqrt(grows) ** (depth - 1 - l)]) { p.beginPath(); for (let l = 0; l < depth; l++) p.lineTo(gx(l + 1), gy(promised(l))); p.stroke(); }
    p.setLineDash([]); p.restore();
    const above = gy(ahead[depth - 1]) < top + 30;
    write(p, "activations, on the way forward", graph.width - right - 4, above ? foot - 26 : top + 10, colour.gradient_descent, colour.paper, "right");
    write(p, "slopes, on the way back", graph.width - right - 4, above ? foot - 10 : top + 26, colour.momentum, colour.paper, "right");

    p = bars.pen; p.fillStyle = colour.paper; p.fillRect(0, 0, bars.width, bars.height);
    const shown = [...new Set([0, 1, 2, 3, 4].map(k => Math.round(k * (depth - 1) / 4)))], room = (bars.height - 40) / shown.length, BINS = 31;
    const reach = activation === "tanh" ? 1 : 3 * ahead[0] || 1, bx = v => 62 + (v + reach) / (2 * reach) * (bars.width - 74);
    shown.forEach((l, row) => {
      const count = new Float64Array(BINS), base = 16 + (row + 1) * room - 12;
      for (const v of A[l]) count[Math.max(0, Math.min(BINS - 1, Math.floor((v * scale[l] + reach) / (2 * reach) * BINS)))] += 1;
      const most = Math.max(...count), tall = room - 22; p.fillStyle = colour.gradient_descent;
      count.forEach((c, b) => { if (c) p.fillRect(bx(-reach + 2 * reach * b / BINS) + 0.5, base - c / most * tall, (bars.width - 74) / BINS - 1, c / most * tall); });
      p.strokeStyle = colour.line; p.beginPath(); p.moveTo(58, base + 0.5); p.lineTo(bars.width - 8, base + 0.5); p.stroke();
      write(p, `layer ${l + 1}`, 52, base - 2, colour.ink, colour.paper, "right");
    });
    for (const v of [-reach, 0, reach]) write(p, v === 0 ? "0" : said(Math.abs(v)).replace(/^/, v < 0 ? "−" : ""), Math.max(72, Math.min(bars.width - 22, bx(v))), bars.height - 8, colour.ink, colour.paper, "center");
    const share = Math.round(100 * stuck(A[depth - 1], activation)), what = activation === "ReLU" ? "are exactly 0" : "lie beyond ±0.99, where tanh is flat";
    ui.say(`${activation}, ${depth} layers, width × variance ${gain.toFixed(2)}. Activations go from ${said(ahead[0])} to ${said(ahead[depth - 1])}, slopes from ${said(back[depth - 1])} back to ${said(back[0])}.`
      + `\nThe theorem promises a factor of ${Math.sqrt(grows).toFixed(2)} a layer${activation === "tanh" ? " near 0" : ""}. Of the last layer's activations ${share} % ${what}.`);
  });
}
