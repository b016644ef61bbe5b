// Level sets, paths from a start that can be dragged, and the distance to the optimum beside them.
import { DASHES, FONT, NAMES, between, canvas, checkbox, clamp, draggable, frame, handle, pointIn, raised, slider, someOf, star, still, write } from "./core.js";
import { lowest, walk } from "./methods.js";
import { surface } from "./surfaces.js";
import { ground, levels } from "./map.js";

export function mount(root, s) {
  const ui = frame(root, s), state = ui.keep({ start: pointIn(s.box), step: between(1e-9, 1e9), beta: between(0, 0.99), shown: someOf(s.methods) });
  const f = surface(s.surface), [x0, x1, y0, y1] = s.box, best = s.lowest ?? lowest(f, s.box);
  const optimum = s.optimum ?? best[2], height = Math.round(clamp(410 * (y1 - y0) / (x1 - x0), 260, 410));   // circles stay round
  const map = canvas(ui, 410, height, "Start point. Arrow keys move it, with Shift in larger steps, Home puts it back.", "application");
  const curve = canvas(ui, 410, height, "f(x) minus the optimum after each iteration, on a logarithmic axis");
  const px = x => (x - x0) / (x1 - x0) * map.width, py = y => map.height - (y - y0) / (y1 - y0) * map.height;
  const contours = levels(f, s.box, px, py), top = Math.ceil(Math.log10(Math.max(contours.high - optimum, 1e-6))) + 1;
  const unit = s.L || 1, exact = s.surface.kind === "quadratic" ? "diverge" : "may diverge", beyond = v => s.L && v > 2.0001;
  const text = v => s.L ? `${(v / unit).toPrecision(3)} = ${v.toFixed(2)} / L` : v.toPrecision(3);
  slider(ui, {
    label: "step", min: s.L ? 0.05 : s.step / 50, max: s.L ? Math.max(2.4, s.step * unit) : 3 * s.step, step: s.L ? 0.01 : s.step / 50, value: state.step * unit, text,
    ticks: s.L ? [[1, "1/L"], [2, "2/L"]] : [], beyond: s.L ? 2 : Infinity, change: v => { state.step = +(v / unit).toPrecision(6); },
  });
  if (s.methods.some(m => m === "momentum" || m === "nesterov"))
    slider(ui, { label: "momentum", min: 0, max: 0.99, step: 0.01, value: state.beta, text: v => v.toFixed(2), change: v => { state.beta = v; } });
  if (s.methods.length > 1) for (const m of s.methods)
    checkbox(ui, { label: NAMES[m], method: m, checked: state.shown.includes(m), change: on => { state.shown = s.methods.filter(n => n === m ? on : state.shown.includes(n)); } });
  const land = ground(map), sheet = still(curve), place = places(curve, s, top);
  draggable(ui, map, s.box, () => state.start, (x, y) => { state.start = [x, y]; });

  ui.onDraw(colour => {
    const c = map.pen, k = curve.pen, said = [], gone = [];
    land(contours, colour);
    star(c, px(best[0]), py(best[1]), colour);
    sheet(pen => axes(pen, curve, s, colour, top, place), colour);
    k.save(); k.beginPath(); k.rect(place.left, 26, place.right - place.left + 3, place.bottom - 26); k.clip();
    for (const m of state.shown) {
      const path = walk(m, f, state.start, state.step, state.beta, s.steps);
      follow(c, path.slice(0, leaves(path, s.box)).map(([x, y]) => [px(x), py(y)]), colour, m);
      line(k, path.map(([, , v], i) => [place.x(i), place.y(v - optimum)]), colour, m);
      said.push(`${NAMES[m]} ${outcome(path, optimum)}.`);
      const out = path.findIndex(([, , v]) => v - optimum > 10 ** top);
      if (out > 0) gone.push({ name: NAMES[m], x: place.x(out) });
    }
    k.restore();
    gone.forEach(({ name, x }, i) => write(k, `${name} ↑`, Math.min(x + 6, place.right - 110), 42 + 16 * i, colour.ink, colour.paper));
    const [hx, hy] = [px(state.start[0]), py(state.start[1])], right = hx > map.width - 60;
    handle(c, hx, hy, colour.mark, colour.paper);
    if (state.start.join() === s.start.join()) write(c, "drag me", hx + (right ? -14 : 14), hy - 10, colour.ink, colour.paper, right ? "right" : "left");
    const v = state.step * unit;
    ui.say(`Start ${state.start[0].toFixed(2)}, ${state.start[1].toFixed(2)}. Step ${text(v)}` +
      (beyond(v) ? `, beyond 2/L: steps above 2/L ${exact} with gradient descent.` : ".") + "\n" + said.join("\n"));
  });
}

function outcome(path, optimum) {
  const gap = path.map(p => p[2] - optimum), last = gap.at(-1), hit = gap.findIndex(g => g < 1e-6);
  const after = n => `${n} iteration${n === 1 ? "" : "s"}`;
  if (Number.isNaN(last)) return `leaves the map after ${after(path.length - 1)}`;
  if (!(last <= 2 * gap[0] + 1e-9)) return "diverges";
  if (last < -1e-6) return "leaves the map for lower ground";
  if (hit >= 0 && last < 1e-6) return `comes within a millionth of the optimum in ${after(hit)}`;
  return `is ${last.toExponential(1).replace("-", "−").replace("+", "")} above the optimum after ${after(path.length - 1)}`;
}

// How many iterates to draw: up to the first that is a whole map away.
function leaves(path, [x0, x1, y0, y1]) {
  const far = path.findIndex(([x, y]) => !(x > 2 * x0 - x1 && x < 2 * x1 - x0 && y > 2 * y0 - y1 && y < 2 * y1 - y0));
  return far < 0 ? path.length : far + 1;
}

function line(pen, points, colour, method) {
  const draw = () => { pen.beginPath(); for (const [x, y] of points) pen.lineTo(x, y); pen.stroke(); };
  pen.lineJoin = "round"; pen.setLineDash([]); pen.strokeStyle = colour.paper; pen.lineWidth = 4.5; pen.globalAlpha = 0.7; draw();
  pen.globalAlpha = 1; pen.setLineDash(DASHES[method]); pen.strokeStyle = colour[method]; pen.lineWidth = 2.2; draw();
}

function follow(pen, points, colour, method) {
  line(pen, points, colour, method); pen.setLineDash([]);
  let [x, y] = [Infinity, Infinity];
  pen.fillStyle = colour[method]; pen.strokeStyle = colour.paper; pen.lineWidth = 1;
  for (const p of points) {
    const gap = Math.hypot(p[0] - x, p[1] - y);
    if (gap < 1) continue;                       // where they crowd, one dot stands for many
    pen.beginPath(); pen.arc(...p, 3.3, 0, 7); pen.fill(); if (gap > 8) pen.stroke();
    [x, y] = p;
  }
}

function places(view, s, top) {
  const left = 46, right = view.width - 14, bottom = view.height - 40, low = top - 12;
  const x = i => left + (right - left) * i / s.steps, y = v => 26 + (bottom - 26) * (top - Math.log10(Math.max(v, 1e-18))) / (top - low);
  return { x, y, left, right, bottom, low };
}

function axes(k, view, s, colour, top, { x, y, left, right, bottom, low }) {
  k.fillStyle = colour.paper; k.fillRect(0, 0, view.width, view.height); k.lineWidth = 1; k.font = FONT; k.strokeStyle = colour.line;
  for (let e = top; e >= low; e -= 3) {
    k.beginPath(); k.moveTo(left, y(10 ** e)); k.lineTo(right, y(10 ** e)); k.stroke();
    write(k, raised(e), left - 8, y(10 ** e) + 4, colour.ink, colour.paper, "right");
  }
  for (let n = 0; n <= 4; n++) { const i = Math.round(s.steps * n / 4); write(k, String(i), x(i), bottom + 18, colour.ink, colour.paper, "center"); }
  write(k, "f(x) − f*", left - 34, 14, colour.ink, colour.paper); write(k, "iteration", (left + right) / 2, bottom + 35, colour.ink, colour.paper, "center");
}
