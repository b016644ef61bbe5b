// Coordinate descent on ½(x − a)² + ½(y − b)² and a term that couples x and y, or does not: it may stop on a kink.
import { between, canvas, choice, clamp, draggable, frame, handle, oneOf, pointIn, slider, star, write } from "./core.js";
import { ground, levels } from "./map.js";

const soft = (v, t) => Math.sign(v) * Math.max(Math.abs(v) - t, 0);

// term(x, y); move(a, other, c), the best x for a fixed other; best(a, b, c), the minimiser.
export const TERMS = {
  "coupled kink c|x − y|": {
    term: (x, y) => Math.abs(x - y), move: (a, other, c) => other + soft(a - other, c),
    best: (a, b, c) => { const m = (a + b) / 2, d = soft((a - b) / 2, c); return [m + d, m - d]; },
  },
  "kinks along the axes c(|x| + |y|)": { term: (x, y) => Math.abs(x) + Math.abs(y), move: (a, other, c) => soft(a, c), best: (a, b, c) => [soft(a, c), soft(b, c)] },
  "smooth coupling ½c(x − y)²": {
    term: (x, y) => (x - y) ** 2 / 2, move: (a, other, c) => (a + c * other) / (1 + c),
    best: (a, b, c) => { const m = (a + b) / 2, d = (a - b) / 2 / (1 + 2 * c); return [m + d, m - d]; },
  },
};

/** @type {(kind: string, a: number, b: number, c: number, at: number[]) => number} */
export const valueAt = (kind, a, b, c, [x, y]) => (x - a) ** 2 / 2 + (y - b) ** 2 / 2 + c * TERMS[kind].term(x, y);

// The corners of the path: x and y in turn, each set to its best value.
export function descend(kind, a, b, c, start, moves) {
  let [x, y] = start; const path = [[x, y]];
  for (let i = 0; i < moves; i++) { if (i % 2) y = TERMS[kind].move(b, x, c); else x = TERMS[kind].move(a, y, c); path.push([x, y]); }
  return path;
}

const number = v => (Math.abs(v) < 5e-3 ? 0 : v).toFixed(2).replace("-", "−");

export function mount(root, s) {
  const ui = frame(root, s), [a, b] = s.centre, box = [-2, 2, -2, 2];
  const state = ui.keep({ start: pointIn(box), c: between(0, 3), kind: oneOf(Object.keys(TERMS)) });
  const half = Math.abs(a - b) / 2, rows = {};
  choice(ui, Object.keys(TERMS), state.kind, kind => { state.kind = kind; });
  slider(ui, { label: "weight c", min: 0, max: 3, step: 0.05, value: state.c, text: v => v.toFixed(2), ticks: [[half, "|a − b|/2"]], change: v => { state.c = v; } });
  const view = canvas(ui, 440, 440, "Start point. Arrow keys move it, with Shift in larger steps, Home puts it back.", "application");
  draggable(ui, view, box, () => state.start, (x, y) => { state.start = [x, y]; });
  const list = document.createElement("dl"); list.className = "aside"; ui.views.append(list);
  for (const name of ["start", "coordinate descent ends at", "the minimiser", "F at the end − F*"]) {
    const term = document.createElement("dt"); rows[name] = document.createElement("dd"); term.textContent = name; list.append(term, rows[name]);
  }
  const px = x => (x - box[0]) / 4 * view.width, py = y => view.height - (y - box[2]) / 4 * view.height;
  const land = ground(view); let drawn = "", map;

  ui.onDraw(colour => {
    const p = view.pen, { kind, c } = state, key = kind + c;
    if (drawn !== key) { drawn = key; map = levels((x, y, o) => { o[0] = valueAt(kind, a, b, c, [x, y]); return o; }, box, px, py, 18); }
    land(map, colour);
    const path = descend(kind, a, b, c, state.start, 200), end = path.at(-1), best = TERMS[kind].best(a, b, c), gap = valueAt(kind, a, b, c, end) - valueAt(kind, a, b, c, best);
    if (kind === Object.keys(TERMS)[0] && c > half) {   // where no move along an axis helps
      const from = Math.max(a, b) - c, to = Math.min(a, b) + c;
      p.strokeStyle = colour.newton; p.lineWidth = 5; p.beginPath(); p.moveTo(px(clamp(from, -2, 2)), py(clamp(from, -2, 2))); p.lineTo(px(clamp(to, -2, 2)), py(clamp(to, -2, 2))); p.stroke();
      write(p, "no move along an axis helps", px(clamp(from, -1.9, 2)) + 12, py(clamp(from, -1.9, 2)) + 4, colour.ink, colour.paper);
    }
    p.strokeStyle = colour.mark; p.lineWidth = 2.4; p.lineJoin = "round"; p.beginPath(); for (const q of path) p.lineTo(px(q[0]), py(q[1])); p.stroke();
    p.fillStyle = colour.mark; for (const q of path.slice(1, 12)) { p.beginPath(); p.arc(px(q[0]), py(q[1]), 3.5, 0, 7); p.fill(); }
    p.fillStyle = colour.mark; p.strokeStyle = colour.paper; p.lineWidth = 1.5; p.beginPath(); p.arc(px(end[0]), py(end[1]), 6, 0, 7); p.fill(); p.stroke();
    star(p, px(best[0]), py(best[1]), colour);
    handle(p, px(state.start[0]), py(state.start[1]), colour.mark, colour.paper);
    const told = [state.start, end, best].map(q => `(${q.map(number).join(", ")})`); told.push(number(gap));
    Object.values(rows).forEach((row, i) => { row.textContent = told[i]; });
    ui.say(gap > 1e-6 ? `Stuck: no move of x alone or of y alone lowers F, and yet F is ${number(gap)} above its minimum. Another start ends elsewhere.`
      : "Coordinate descent arrives at the minimiser.");
  });
}
