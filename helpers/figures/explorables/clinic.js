// A clinic: charts of training runs whose illness is not told. Name it, say what to change, and see the cured run.
import { button, canvas, choice, frame, oneOf, raised, whole, write, yesNo } from "./core.js";

// What is to be said of an answer: "right", "name" (the name is right, the change is not) or "wrong".
export function verdict(patient, name, change) {
  if (patient.accepted.some(([n, c]) => n === name && c === change)) return "right";
  return patient.accepted.some(([n]) => n === name) ? "name" : "wrong";
}

// Heights of values on an axis from low to high, 0 at its foot and 1 at its top; what lies outside is put on the edge.
export function heights(values, low, high, logarithmic) {
  const f = logarithmic ? v => Math.log10(Math.max(v, 1e-300)) : v => v, a = f(low), b = f(high);
  return values.map(v => Math.min(1, Math.max(0, (f(v) - a) / (b - a))));
}

export const decades = (curves, floor = 1e-14) => {
  const all = curves.flat().filter(v => Number.isFinite(v) && v > floor);
  return all.length ? [10 ** Math.floor(Math.log10(Math.min(...all))), 10 ** Math.ceil(Math.log10(Math.max(...all) * 1.0001))] : [0.1, 10];
};

const percent = v => `${Math.round(100 * v)} %`;

export function mount(root, s) {
  const ui = frame(root, s), state = ui.keep({ patient: whole(0, s.patients.length - 1), name: oneOf(["", ...s.names]), change: oneOf(["", ...s.changes]), told: yesNo });
  const move = step => { state.patient = (state.patient + step + s.patients.length) % s.patients.length; forget(); };
  const forget = () => { state.told = false; state.name = state.change = ""; for (const b of ui.box.querySelectorAll("[aria-pressed]")) b.setAttribute("aria-pressed", "false"); };
  button(ui, "← run before", () => move(-1)); button(ui, "next run →", () => move(1));
  const row = words => { const p = document.createElement("div"); p.className = "controls"; p.setAttribute("role", "group"); p.setAttribute("aria-label", words); ui.box.insertBefore(p, ui.views); return p; };
  const inside = (place, make) => { const kept = ui.controls; ui.controls = place; make(); ui.controls = kept; };
  inside(row("what is it?"), () => choice(ui, s.names, state.name, name => { state.name = name; state.told = false; }));
  inside(row("what is to be changed?"), () => { choice(ui, s.changes.map(c => `change: ${c}`), `change: ${state.change}`, c => { state.change = c.slice(8); state.told = false; }); button(ui, "Tell me", () => { state.told = true; }); });
  const view = canvas(ui, 838, 372, "The chart: losses, accuracies, gradient norms of the layers, dead units and the losses of the mini-batches.");

  ui.onDraw(colour => {
    const patient = s.patients[state.patient], r = patient.record, p = view.pen, answer = state.name && state.change ? verdict(patient, state.name, state.change) : "";
    const open = state.told || answer === "right", cured = open && patient.cures.length ? patient.cures.find(c => c.change === state.change) ?? patient.cures[0] : null;
    p.setLineDash([]); p.fillStyle = colour.paper; p.fillRect(0, 0, view.width, view.height);
    const E = r.loss.length - 1;
    const panel = (x, y, w, h, title, low, high, logarithmic, lines, labels) => {
      p.lineWidth = 1; p.strokeStyle = colour.line; p.setLineDash([]);
      const marks = logarithmic ? ticks(low, high) : [low, (low + high) / 2, high];
      for (const m of marks) { const gy = y + h - heights([m], low, high, logarithmic)[0] * h; p.beginPath(); p.moveTo(x, gy); p.lineTo(x + w, gy); p.stroke(); write(p, logarithmic ? raised(Math.round(Math.log10(m))) : percent(m), x - 5, gy + 4, colour.ink, colour.paper, "right"); }
      for (const [values, tint, dash, width = 2] of lines) {
        p.strokeStyle = tint; p.lineWidth = width; p.setLineDash(dash); p.beginPath();
        heights(values, low, high, logarithmic).forEach((v, k) => p.lineTo(x + k / Math.max(1, values.length - 1) * w, y + h - v * h)); p.stroke();
      }
      p.setLineDash([]); write(p, title, x, y - 7, colour.ink, colour.paper);
      labels.forEach(([word, tint], k) => write(p, word, x + w - 4, y + 13 + 15 * k, tint, colour.paper, "right"));
    };
    const blue = colour.gradient_descent, orange = colour.momentum, green = colour.nesterov, pink = colour.newton;
    const after = (name, tint) => cured ? [[cured.record[name], tint, [2, 3], 2]] : [];
    const losses = [r.loss, r.valid_loss, ...(cured ? [cured.record.loss, cured.record.valid_loss] : []), [Math.log(10)]];
    panel(46, 24, 350, 140, "loss", ...decades(losses, 1e-6), true, [[Array(E + 1).fill(Math.log(10)), colour.faint, [1, 3], 1], [r.loss, blue, []], [r.valid_loss, orange, [7, 3]], ...after("loss", green), ...after("valid_loss", pink)],
      [["training", blue], ["validation", orange], ...(cured ? [["cured, training", green], ["cured, validation", pink]] : [])]);
    panel(468, 24, 350, 140, "accuracy", 0, 1, false, [[r.accuracy, blue, []], [r.valid_accuracy, orange, [7, 3]], ...after("valid_accuracy", pink)], []);
    const layers = r.gradient[0].length, tints = [blue, pink, green, colour.ink, colour.faint, orange, blue, pink], columns = r.gradient[0].map((_, l) => r.gradient.map(row => row[l]));
    panel(46, 206, 350, 140, "gradient norms: first layer thick, last layer dashed", ...decades(columns), true,
      columns.map((c, l) => [c, tints[l % tints.length], l === layers - 1 ? [7, 3] : [], l === 0 ? 3.5 : 1.6]), []);
    panel(468, 206, 350, 140, "loss of each mini-batch, last four epochs", ...decades([r.batches.flat()], 1e-6), true, [[r.batches.flat(), blue, [], 1.6]], []);
    p.strokeStyle = colour.faint; p.lineWidth = 1; p.setLineDash([3, 3]);
    for (let k = 1; k < r.batches.length; k++) { p.beginPath(); p.moveTo(468 + k / r.batches.length * 350, 206); p.lineTo(468 + k / r.batches.length * 350, 346); p.stroke(); }
    p.setLineDash([]); write(p, `epochs 0 to ${E}`, 396, 362, colour.ink, colour.paper, "right");
    write(p, `dead units: ${percent(r.dead[0])} at the start, ${percent(r.dead[E])} at the end`, 818, 362, colour.ink, colour.paper, "right");
    const last = v => v[E] >= 1000 ? v[E].toExponential(0) : v[E].toPrecision(2);
    let words = `Run ${state.patient + 1} of ${s.patients.length}. Loss ${last(r.loss)} in training, ${last(r.valid_loss)} in validation; accuracy ${percent(r.accuracy[E])} and ${percent(r.valid_accuracy[E])}. `;
    if (open) words += `${answer === "right" ? "Right" : "It is"}: ${patient.illness}. ${patient.sign} ${patient.why}` + (cured ? `\nChanged, the ${cured.change}: ${cured.words}. Validation accuracy ${percent(r.valid_accuracy[E])} before, ${percent(cured.record.valid_accuracy[E])} now.` : "");
    else if (answer === "name") words += "\nThe name is right. Would that change remove its cause?";
    else if (answer === "wrong") words += `\nNot ${state.name}: that would look otherwise. ${s.signs[state.name]}`;
    else words += "\nWhat is it, and what is to be changed?";
    ui.say(words);
  });
}

function ticks(low, high) {   // at most five powers of ten
  const a = Math.round(Math.log10(low)), b = Math.round(Math.log10(high)), step = Math.max(1, Math.ceil((b - a) / 4)), found = [];
  for (let e = a; e <= b; e += step) found.push(10 ** e);
  return found;
}
