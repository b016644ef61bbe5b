// Attention of a trained model over one sentence: whom does each place look at, and what do mask and sharpness do to it?
import { between, canvas, checkbox, choice, draggable, frame, slider, whole, write, yesNo } from "./core.js";

// Float32 numbers out of base64, little-endian.
export function numbers(text) {
  const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0)), view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

// Weights A = softmax(sharpness · Q Kᵀ/√d), row by row; Q and K hold T rows of d. Causal: place i sees the places up to i.
export function weights(Q, K, T, d, sharpness, causal) {
  const A = new Float64Array(T * T);
  for (let i = 0; i < T; i++) {
    const last = causal ? i + 1 : T, s = new Float64Array(last);
    for (let j = 0; j < last; j++) { let sum = 0; for (let k = 0; k < d; k++) sum += Q[i * d + k] * K[j * d + k]; s[j] = sharpness * sum / Math.sqrt(d); }
    let top = -Infinity, total = 0; for (const v of s) top = Math.max(top, v);
    for (let j = 0; j < last; j++) total += A[i * T + j] = Math.exp(s[j] - top);
    for (let j = 0; j < last; j++) A[i * T + j] /= total;
  }
  return A;
}

// How many places share a row's attention: the exponential of its entropy.
export function spread(row) { let h = 0; for (const a of row) if (a > 0) h -= a * Math.log(a); return Math.exp(h); }

const shown = c => c === " " ? "␣" : c;
const mix = (paper, ink, a) => { const parse = h => [1, 3, 5].map(k => parseInt(h.slice(k, k + 2), 16)), p = parse(paper), q = parse(ink); return `rgb(${p.map((v, k) => Math.round(v + (q[k] - v) * a)).join(",")})`; };

export function mount(root, s) {
  const ui = frame(root, s), { text, heads, d } = s, T = text.length, all = numbers(s.coefficients), size = T * d;
  const Q = h => all.subarray(h * size, (h + 1) * size), K = h => all.subarray((heads + h) * size, (heads + h + 1) * size);
  const state = ui.keep({ place: whole(0, T - 1), head: whole(0, heads - 1), sharp: between(-3, 3), causal: yesNo });
  const at = slider(ui, { label: "place that looks", min: 1, max: T, step: 1, value: state.place + 1, text: v => `${v}: “${shown(text[v - 1])}”`, change: v => { state.place = v - 1; } });
  slider(ui, { label: "sharpness", min: -3, max: 3, step: 0.25, value: state.sharp, text: v => `${(2 ** v).toPrecision(2)} × as trained`, ticks: [[0, "1"]], change: v => { state.sharp = v; } });
  checkbox(ui, { label: "only what came before", checked: state.causal, change: on => { state.causal = on; } });
  if (heads > 1) choice(ui, Array.from({ length: heads }, (_, h) => `head ${h + 1}`), `head ${state.head + 1}`, name => { state.head = +name.slice(5) - 1; });
  const line = canvas(ui, 838, 84, "The sentence; the darker a symbol's ground, the more weight the chosen place gives it.");
  const map = canvas(ui, 400, 400, "All weights: a row is a place that looks, a column a place looked at. Arrow keys up and down choose the row.", "application");
  const bars = canvas(ui, 422, 400, "The chosen row as bars, one for each place.");
  const pick = row => { state.place = Math.max(0, Math.min(T - 1, row)); at.value = String(state.place + 1); at.dispatchEvent(new Event("input")); };
  draggable(ui, map, [0, T, 0, T], () => [state.place + 0.5, T - state.place - 0.5], (x, y) => pick(Math.round(T - y - 0.5)), {
    key: name => { const by = { ArrowUp: -1, ArrowDown: 1 }[name] ?? 0; if (by) pick(state.place + by); return by !== 0; },
  });

  ui.onDraw(colour => {
    const { place, head, causal } = state, sharp = 2 ** state.sharp, A = weights(Q(head), K(head), T, d, sharp, causal), row = A.subarray(place * T, (place + 1) * T), most = Math.max(...row);
    let p = line.pen; p.setLineDash([]); p.fillStyle = colour.paper; p.fillRect(0, 0, line.width, line.height);
    const w = Math.min(26, (line.width - 8) / T);
    for (let j = 0; j < T; j++) {
      p.fillStyle = mix(colour.paper, colour.gradient_descent, 0.75 * row[j] / most); p.fillRect(4 + j * w, 24, w - 2, 32);
      if (j === place) { p.strokeStyle = colour.mark; p.lineWidth = 2.5; p.strokeRect(4 + j * w, 24, w - 2, 32); }
      write(p, shown(text[j]), 3 + (j + 0.5) * w, 45, colour.ink, colour.paper, "center");
      if (row[j] >= 0.1) write(p, `${Math.round(100 * row[j])}%`, 3 + (j + 0.5) * w, 16, colour.ink, colour.paper, "center");
    }
    write(p, "looks", 3 + (place + 0.5) * w, 74, colour.ink, colour.paper, "center");

    p = map.pen; p.fillStyle = colour.paper; p.fillRect(0, 0, map.width, map.height);
    const c = map.width / T;
    for (let i = 0; i < T; i++) for (let j = 0; j < T; j++) { const a = A[i * T + j]; if (a > 0.004) { p.fillStyle = mix(colour.paper, colour.gradient_descent, Math.min(1, Math.sqrt(a))); p.fillRect(j * c, i * c, c + 0.3, c + 0.3); } }
    p.strokeStyle = colour.line; p.lineWidth = 1; p.strokeRect(0.5, 0.5, map.width - 1, map.height - 1);
    p.strokeStyle = colour.mark; p.lineWidth = 2; p.strokeRect(1, place * c, map.width - 2, c);

    p = bars.pen; p.fillStyle = colour.paper; p.fillRect(0, 0, bars.width, bars.height);
    const left = 40, foot = bars.height - 40, tall = foot - 24, b = (bars.width - left - 8) / T, high = most > 0.5 ? 1 : most > 0.25 ? 0.5 : 0.25;
    for (const m of [0, high / 2, high]) { const y = foot - m / high * tall; p.strokeStyle = colour.line; p.lineWidth = 1; p.beginPath(); p.moveTo(left, y); p.lineTo(bars.width - 8, y); p.stroke(); write(p, `${Math.round(1000 * m) / 10}%`, left - 5, y + 4, colour.ink, colour.paper, "right"); }
    for (let j = 0; j < T; j++) { p.fillStyle = j === place ? colour.momentum : colour.gradient_descent; const h = row[j] / high * tall; p.fillRect(left + j * b + 0.5, foot - h, Math.max(1, b - 1.5), h); write(p, shown(text[j]), left + (j + 0.5) * b, foot + 16, colour.ink, colour.paper, "center"); }
    write(p, "weight of each place", left, 14, colour.ink, colour.paper);

    const best = row.indexOf(most), sees = causal ? place + 1 : T;
    ui.say(`Place ${place + 1}, “${shown(text[place])}”, head ${head + 1}: most weight, ${Math.round(100 * most)} %, on place ${best + 1}, “${shown(text[best])}”. Its attention is shared by ${spread(row).toFixed(1)} of ${sees} places.`
      + (causal ? "" : "\nWithout the mask it sees what it is to predict: in training that would be copying.") + (sharp > 1.5 ? "\nSharper: nearly all weight on one place, and next to no slope to learn from." : sharp < 0.67 ? "\nSofter: nearly the plain mean of all places." : ""));
  });
}
