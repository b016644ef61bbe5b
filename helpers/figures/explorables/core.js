// What all explorables share: canvases, controls that JupyterLab leaves alone, dragging, themes.

export const LIGHT = { paper: "#ffffff", ink: "#1b1f24", faint: "#6b7280", line: "#c3c8ce", fill: "#d9e8f5",
  gradient_descent: "#0072b2", momentum: "#c25500", nesterov: "#00805f", newton: "#a8467d", mark: "#111827" };
export const DARK = { paper: "#15181d", ink: "#e8eaed", faint: "#9aa3ad", line: "#4a525c", fill: "#23405a",
  gradient_descent: "#56b4e9", momentum: "#ff9a52", nesterov: "#3fcf9f", newton: "#f0a3cc", mark: "#ffffff" };
export const DASHES = { gradient_descent: [], momentum: [7, 3], nesterov: [2, 3], newton: [10, 3, 2, 3] };
export const NAMES = { gradient_descent: "Gradient descent", momentum: "Momentum", nesterov: "Nesterov", newton: "Newton" };

const CSS = `.lx{font:13px/1.45 system-ui,sans-serif;max-width:880px}
.lx .views{display:flex;gap:12px;flex-wrap:wrap}.lx canvas{border-radius:6px;max-width:100%;touch-action:none}
.lx canvas[tabindex]{cursor:crosshair}.lx :focus-visible{outline:3px solid #1976d2;outline-offset:2px}
.lx .controls{display:flex;gap:6px 18px;flex-wrap:wrap;align-items:center;margin:6px 0}
.lx label{display:inline-flex;gap:6px;align-items:center}.lx input[type=range]{width:190px}
.lx output{min-width:11em;font-variant-numeric:tabular-nums}.lx .says{min-height:1.5em;margin:4px 0}`;

// JupyterLab takes unmodified keys (`dd` deletes the cell) unless the focused element says otherwise.
export const keepKeys = element => { element.setAttribute("data-lm-suppress-shortcuts", "true"); return element; };

export function isDark(root) {
  const page = document.documentElement, body = document.body;
  const said = body.dataset.jpThemeLight ?? page.dataset.jpThemeLight;
  if (said !== undefined) return said === "false";
  const theme = page.dataset.theme ?? body.dataset.theme ?? page.dataset.mode;
  if (theme === "dark" || theme === "light") return theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

// The frame of an explorable: views to draw on, controls under them, a sentence that follows the state.
export function frame(root, alt) {
  const box = document.createElement("div"), style = document.createElement("style");
  const views = document.createElement("div"), controls = document.createElement("div"), says = document.createElement("div");
  box.className = "lx"; views.className = "views"; controls.className = "controls"; says.className = "says";
  box.setAttribute("role", "group"); box.setAttribute("aria-label", alt);
  says.setAttribute("role", "status"); style.textContent = CSS;
  box.append(style, controls, views, says); root.replaceChildren(box);
  let palette = LIGHT, draw = () => {}, asked = false, later = 0;
  const paint = () => { asked = false; draw(palette); };
  const ui = {
    box, views, controls,
    onDraw(f) { draw = f; theme(); },
    ask() { if (!asked) { asked = true; requestAnimationFrame(paint); } },
    say(text) { clearTimeout(later); later = setTimeout(() => { says.textContent = text; }, 150); },
  };
  const theme = () => {
    palette = isDark(root) ? DARK : LIGHT;
    box.style.color = palette.ink; box.style.background = palette.paper; box.style.padding = "8px"; box.style.borderRadius = "6px";
    ui.ask();
  };
  const watcher = new MutationObserver(theme);
  for (const node of [document.documentElement, document.body])
    watcher.observe(node, { attributes: true, attributeFilter: ["class", "data-theme", "data-mode", "data-jp-theme-light"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", theme);
  return ui;
}

export function canvas(ui, width, height, label, role = "img") {
  const element = document.createElement("canvas"), ratio = Math.max(1, window.devicePixelRatio || 1);
  element.width = width * ratio; element.height = height * ratio;
  element.style.width = width + "px"; element.setAttribute("role", role); element.setAttribute("aria-label", label);
  ui.views.append(element);
  const pen = element.getContext("2d"); pen.scale(ratio, ratio);
  return { element, pen, width, height };
}

export function slider(ui, { label, min, max, step, value, text, change }) {
  const holder = document.createElement("label"), input = keepKeys(document.createElement("input")), said = document.createElement("output");
  Object.assign(input, { type: "range", min, max, step, value });
  const show = () => { said.textContent = text(+input.value); input.setAttribute("aria-valuetext", said.textContent); };
  input.addEventListener("input", () => { change(+input.value); show(); ui.ask(); });
  holder.append(label, input, said); ui.controls.append(holder); show();
  return input;
}

export function checkbox(ui, { label, checked, change }) {
  const holder = document.createElement("label"), input = keepKeys(document.createElement("input"));
  input.type = "checkbox"; input.checked = checked;
  input.addEventListener("change", () => { change(input.checked); ui.ask(); });
  holder.append(input, label); ui.controls.append(holder);
}

export function button(ui, label, press) {
  const element = keepKeys(document.createElement("button"));
  element.type = "button"; element.textContent = label;
  element.addEventListener("click", () => { press(); ui.ask(); }); ui.controls.append(element);
}

// Drag with the pointer or move with the arrow keys (Shift: ten times as far). Coordinates of `box`.
export function draggable(ui, view, box, get, set) {
  const element = keepKeys(view.element); element.tabIndex = 0; element.setAttribute("role", "application");
  const clamp = (v, a, b) => Math.min(b, Math.max(a, v));
  const move = (x, y) => { set(clamp(x, box[0], box[1]), clamp(y, box[2], box[3])); ui.ask(); };
  const follow = event => {
    const r = element.getBoundingClientRect();
    move(box[0] + (box[1] - box[0]) * (event.clientX - r.left) / r.width, box[3] - (box[3] - box[2]) * (event.clientY - r.top) / r.height);
  };
  let held = false;
  element.addEventListener("pointerdown", event => {
    held = true; element.focus(); event.preventDefault(); follow(event);
    try { element.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone already */ }
  });
  element.addEventListener("pointermove", event => { if (held) follow(event); });
  for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => { held = false; });
  element.addEventListener("keydown", event => {
    const far = (event.shiftKey ? 10 : 1) * (box[1] - box[0]) / 200;
    const way = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] }[event.key];
    if (!way) return;
    const [x, y] = get(); move(x + way[0], y + way[1]); event.preventDefault(); event.stopPropagation();
  });
}
