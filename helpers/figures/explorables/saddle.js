// Gradient descent on a saddle between two wells, with a little noise in every step: how long does it stay?
import { between, button, canvas, dots, draggable, frame, handle, pointIn, raised, slider, still, whole, write } from "./core.js";
import { ground, levels } from "./map.js";
import { normals } from "./random.js";

const BOX = [-2, 2, -1.6, 1.6], NONE = -13;
export function wells(x, y, o) { o[0] = x * x / 2 - y * y / 2 + y ** 4 / 4; o[1] = x; o[2] = y ** 3 - y; return o; }

// The iterates x_next = x − step·∇f(x) + sigma·(two normal numbers), as [x, y] in one array.
/** @type {(start: number[], step: number, sigma: number, steps: number, seed: number) => Float64Array} */
export function stray([x, y], step, sigma, steps, seed) {
  const draw = normals(seed), o = new Float64Array(3), path = new Float64Array(2 * steps + 2);
  path[0] = x; path[1] = y;
  for (let k = 1; k <= steps; k++) {
    const [e, g] = sigma ? draw() : [0, 0]; wells(x, y, o);
    x += sigma * e - step * o[1]; y += sigma * g - step * o[2]; path[2 * k] = x; path[2 * k + 1] = y;
  }
  return path;
}

// The first k with |y| > ½, or −1.
export function leaves(path) { for (let k = 0; 2 * k < path.length; k++) if (Math.abs(path[2 * k + 1]) > 0.5) return k; return -1; }

// Near the saddle y grows by 1 + step a step: the start's part and all the noise so far amount to this size, which has to reach ½.
export function expectedStay(y, step, sigma) {
  const size = Math.sqrt(y * y + sigma * sigma / ((1 + step) ** 2 - 1));
  return size === 0 ? Infinity : Math.max(0, Math.log(0.5 / size) / Math.log(1 + step));
}

const STEPS = 400, size = v => v <= NONE ? 0 : 10 ** v, text = v => v.toFixed(2).replace("-", "−");

export function mount(root, s) {
  const ui = frame(root, s), state = ui.keep({ start: pointIn(BOX), step: between(0.02, 0.5), noise: between(NONE, -1), seed: whole(1, 1e6) });
  slider(ui, { label: "noise", min: NONE, max: -1, step: 0.5, value: state.noise, text: v => v <= NONE ? "none" : raised(v), change: v => { state.noise = v; } });
  slider(ui, { label: "step η", min: 0.02, max: 0.5, step: 0.01, value: state.step, text: v => v.toFixed(2), change: v => { state.step = v; } });
  button(ui, "Draw other noise", () => { state.seed += 1; });
  const map = canvas(ui, 420, 336, "Start of the run. Arrow keys move it, with Shift in larger steps, Home puts it back.", "application");
  draggable(ui, map, BOX, () => state.start, (x, y) => { state.start = [x, Math.abs(y) < 0.03 ? 0 : y]; });   // onto the axis, exactly
  const graph = canvas(ui, 356, 336, "Above, the loss after each step; below, the distance from the axis on a logarithmic scale.");
  const px = x => (x - BOX[0]) / (BOX[1] - BOX[0]) * map.width, py = y => map.height - (y - BOX[2]) / (BOX[3] - BOX[2]) * map.height;
  const contours = levels(wells, BOX, px, py), land = ground(map), axes = still(graph);

  ui.onDraw(colour => {
    const sigma = size(state.noise), path = stray(state.start, state.step, sigma, STEPS, state.seed), out = leaves(path);
    let p = map.pen; land(contours, colour);
    p.strokeStyle = colour.mark; p.lineWidth = 1; p.setLineDash([2, 4]); p.beginPath(); p.moveTo(0, py(0)); p.lineTo(map.width, py(0)); p.stroke(); p.setLineDash([]);
    p.strokeStyle = colour.gradient_descent; p.lineWidth = 2; p.lineJoin = "round"; p.beginPath();
    for (let k = 0; k <= STEPS; k++) p.lineTo(px(path[2 * k]), py(path[2 * k + 1])); p.stroke();
    p.fillStyle = colour.gradient_descent; dots(p, STEPS + 1, k => px(path[2 * k]), k => py(path[2 * k + 1]), 2);
    for (const { x, y, name } of [{ x: 0, y: 1, name: "minimum" }, { x: 0, y: -1, name: "minimum" }, { x: 0, y: 0, name: "saddle" }]) {
      p.strokeStyle = colour.mark; p.lineWidth = 2; p.beginPath(); p.arc(px(x), py(y), 4, 0, 7); p.stroke();
      write(p, name, px(x) - 10, py(y) - 6, colour.ink, colour.paper, "right");
    }
    write(p, "without noise, the dotted line leads into the saddle", 8, map.height - 10, colour.ink, colour.paper);
    handle(p, px(state.start[0]), py(state.start[1]), colour.mark, colour.paper);

    p = graph.pen;
    const left = 52, right = 12, gx = k => left + k / STEPS * (graph.width - left - right), o = new Float64Array(3);
    const rows = [
      { top: 18, foot: 148, high: 1.2, low: -0.35, marks: [0, 0.5, 1], name: String, value: k => wells(path[2 * k], path[2 * k + 1], o)[0], title: "loss", line: "gradient_descent" },
      { top: 176, foot: 306, high: 0.5, low: -13, marks: [0, -4, -8, -12], name: raised, value: k => Math.log10(Math.abs(path[2 * k + 1]) || 1e-99), title: "|y|, the distance from the dotted line", line: "momentum" },
    ];
    axes(c => {
      c.fillStyle = colour.paper; c.fillRect(0, 0, graph.width, graph.height); c.lineWidth = 1; c.strokeStyle = colour.line;
      for (const { top, foot, high, low, marks, name } of rows) for (const m of marks) {
        const y = top + (high - m) / (high - low) * (foot - top);
        c.beginPath(); c.moveTo(left, y); c.lineTo(graph.width - right, y); c.stroke(); write(c, name(m), left - 6, y + 4, colour.ink, colour.paper, "right");
      }
      for (let k = 0; k <= STEPS; k += 100) write(c, String(k), gx(k), graph.height - 14, colour.ink, colour.paper, "center");
      write(c, "iteration", graph.width - right, graph.height - 1, colour.ink, colour.paper, "right");
    }, colour);
    for (const { top, foot, high, low, value, title, line } of rows) {
      const gy = v => top + (high - v) / (high - low) * (foot - top);
      p.save(); p.beginPath(); p.rect(left, top - 2, graph.width - left - right, foot - top + 4); p.clip();
      p.strokeStyle = colour[line]; p.lineWidth = 2; p.beginPath(); for (let k = 0; k <= STEPS; k++) p.lineTo(gx(k), gy(value(k))); p.stroke(); p.restore();
      write(p, title, graph.width - right - 4, line === "momentum" ? foot - 22 : top + 10, colour.ink, colour.paper, "right");
    }
    if (out >= 0) { p.strokeStyle = colour.mark; p.setLineDash([5, 4]); p.beginPath(); p.moveTo(gx(out), 18); p.lineTo(gx(out), 306); p.stroke(); p.setLineDash([]); }
    const stay = expectedStay(state.start[1], state.step, sigma), by = Number.isFinite(stay) ? `; by theory about ${Math.round(stay)}` : "; by theory it stays for ever";
    ui.say(`Start ${text(state.start[0])}, ${text(state.start[1])}. ` + (out >= 0 ? `|y| exceeds ½ after ${out} iterations${by}.` : `In ${STEPS} iterations |y| never exceeds ½${by}.`)
      + (out >= 0 && out > 60 ? "\nUntil then the loss curve is flat: nothing in it tells what is to come." : ""));
  });
}
