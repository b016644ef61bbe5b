// What all explorables share: the frame, themes, canvases, dragging and the controls, which JupyterLab leaves alone.

// `low` and `high` are the ends of a map's shading; every line drawn on them has a contrast of 3:1 or more.
export const LIGHT = { paper: "#ffffff", ink: "#1b1f24", faint: "#5f6b7a", line: "#c3c8ce", fill: "#d9e8f5", low: "#cfdeee", high: "#fdf7e3", level: "#667689",
  gradient_descent: "#0072b2", momentum: "#b84e00", nesterov: "#007a5a", newton: "#a8467d", mark: "#111827" };
export const DARK = { paper: "#15181d", ink: "#e8eaed", faint: "#9aa3ad", line: "#4a525c", fill: "#23405a", low: "#14263f", high: "#35332a", level: "#8492a3",
  gradient_descent: "#56b4e9", momentum: "#ff9a52", nesterov: "#3fcf9f", newton: "#f0a3cc", mark: "#ffffff" };
export const DASHES = { gradient_descent: [], momentum: [7, 3], nesterov: [2, 3], newton: [10, 3, 2, 3] };
export const NAMES = { gradient_descent: "Gradient descent", momentum: "Momentum", nesterov: "Nesterov", newton: "Newton" };
export const FONT = "12px system-ui,sans-serif";

const CSS = `.lx{font:13px/1.5 system-ui,sans-serif;box-sizing:border-box;max-width:872px;padding:14px 16px 10px;border:1px solid var(--lx-line);border-radius:10px;color:var(--lx-ink);background:var(--lx-paper)}
.lx .views{display:flex;gap:14px;flex-wrap:wrap;align-items:center}.lx canvas{border-radius:8px;max-width:100%}
.lx canvas[tabindex]{cursor:grab;touch-action:none}.lx canvas[tabindex]:active{cursor:grabbing}
.lx :focus-visible{outline:3px solid var(--lx-gradient_descent);outline-offset:2px}
.lx .controls{display:flex;gap:8px 22px;flex-wrap:wrap;align-items:flex-start;margin:0 0 10px}
.lx label{display:inline-flex;gap:8px;align-items:center}.lx .track{position:relative;display:inline-block;width:230px;padding-top:2px}
.lx input{accent-color:var(--lx-gradient_descent);margin:0}.lx input[type=range]{width:100%;display:block}
.lx .ranged{align-items:flex-start;flex-wrap:wrap}.lx .ticked .track{margin-bottom:17px}.lx .tick{position:absolute;top:19px;transform:translateX(-50%);font-size:11px;line-height:1;padding-top:5px;color:var(--lx-ink)}
.lx .tick::before{content:"";position:absolute;left:50%;top:-2px;height:6px;border-left:1.5px solid currentColor}
.lx .beyond{position:absolute;top:18px;height:3px;border-radius:2px;background:var(--lx-momentum)}
.lx output{min-width:8.5em;font-variant-numeric:tabular-nums}.lx .says{min-height:3em;margin:8px 0 0;white-space:pre-line;font-variant-numeric:tabular-nums}
.lx button{font:inherit;color:inherit;background:none;border:1px solid var(--lx-faint);border-radius:99px;padding:3px 14px;cursor:pointer}
.lx button:hover{background:var(--lx-fill)}.lx button[aria-pressed=true]{background:var(--lx-ink);color:var(--lx-paper);border-color:var(--lx-ink)}
.lx .aside{flex:1;min-width:220px}.lx .aside dt{color:var(--lx-faint)}.lx .aside dd{margin:0 0 8px;font-size:15px;font-variant-numeric:tabular-nums}`;

// JupyterLab takes unmodified keys (`dd` deletes the cell) unless the focused element says otherwise.
export const keepKeys = element => { element.setAttribute("data-lm-suppress-shortcuts", "true"); return element; };
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
export const clamp = (v, a, b) => Math.min(b, Math.max(a, v));

const make = (tag, name, text = "") => { const e = document.createElement(tag); e.className = name; e.textContent = text; return e; };

export function isDark() {
  const page = document.documentElement, body = document.body;
  const said = body.dataset.jpThemeLight ?? page.dataset.jpThemeLight;
  if (said !== undefined) return said === "false";
  if (body.dataset.vscodeThemeKind) return /dark|high-contrast$/.test(body.dataset.vscodeThemeKind);
  const theme = page.dataset.theme ?? body.dataset.theme ?? page.dataset.mode ?? page.getAttribute("theme");
  if (theme === "dark" || theme === "light") return theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

// The frame of an explorable: controls, views to draw on, and a sentence that follows the state.
export function frame(root, alt) {
  const box = make("div", "lx"), style = document.createElement("style"), says = make("div", "says");
  const views = make("div", "views"), controls = make("div", "controls");
  box.setAttribute("role", "group"); box.setAttribute("aria-label", alt);
  says.setAttribute("role", "status"); style.textContent = CSS;
  box.append(style, controls, views, says); root.replaceChildren(box);
  let palette = LIGHT, draw = () => {}, asked = false, later = 0;
  const ui = {
    box, views, controls,
    onDraw(f) { draw = f; theme(); },
    ask() { if (!asked) { asked = true; requestAnimationFrame(() => { asked = false; draw(palette); }); } },
    say(text) { clearTimeout(later); later = setTimeout(() => { if (says.textContent !== text) says.textContent = text; }, 150); },
  };
  const system = matchMedia("(prefers-color-scheme: dark)"), watcher = new MutationObserver(() => theme());
  function theme() {
    if (!box.isConnected) { watcher.disconnect(); system.removeEventListener("change", theme); return; }   // the output was cleared
    palette = isDark() ? DARK : LIGHT; box.style.colorScheme = palette === DARK ? "dark" : "light";
    for (const [name, colour] of Object.entries(palette)) box.style.setProperty("--lx-" + name, colour);
    ui.ask();
  }
  for (const node of [document.documentElement, document.body])
    watcher.observe(node, { attributes: true, attributeFilter: ["class", "theme", "data-theme", "data-mode", "data-jp-theme-light", "data-vscode-theme-kind"] });
  system.addEventListener("change", theme);
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

// `ticks` are [value, name] under the track; `beyond` is where its last part, drawn in another colour, begins.
export function slider(ui, { label, min, max, step, value, text, change, ticks = [], beyond = max }) {
  const holder = document.createElement("label"), track = make("span", "track"), input = keepKeys(document.createElement("input")), said = document.createElement("output");
  Object.assign(input, { type: "range", min, max, step, value }); holder.className = "ranged"; track.append(input);
  const place = v => `calc(8px + (100% - 16px) * ${(v - min) / (max - min)})`;   // the thumb is 16px wide
  const marks = ticks.map(([v, name]) => { const tick = make("span", "tick", name); tick.style.left = place(v); return tick; });
  if (beyond < max) { const zone = make("span", "beyond"); zone.style.left = place(beyond); zone.style.right = "8px"; marks.push(zone); }
  for (const mark of marks) { mark.setAttribute("aria-hidden", "true"); holder.classList.add("ticked"); track.append(mark); }
  const show = v => { said.textContent = text(v); input.setAttribute("aria-valuetext", said.textContent); };
  input.addEventListener("input", () => { change(+input.value); show(+input.value); ui.ask(); });
  holder.append(label, track, said); ui.controls.append(holder); show(value);
  return input;
}

// With `method`, its line is drawn beside the name: colour and dashes.
export function checkbox(ui, { label, checked, change, method }) {
  const holder = document.createElement("label"), input = keepKeys(document.createElement("input"));
  input.type = "checkbox"; input.checked = checked;
  input.addEventListener("change", () => { change(input.checked); ui.ask(); });
  holder.append(input, label); ui.controls.append(holder);
  if (method) input.insertAdjacentHTML("afterend", `<svg width="28" height="8" aria-hidden="true"><line x2="28" y1="4" y2="4" stroke="var(--lx-${method})" stroke-width="2.5" stroke-dasharray="${DASHES[method]}"/></svg>`);
}

export function button(ui, label, press) {
  const element = keepKeys(document.createElement("button"));
  element.type = "button"; element.textContent = label;
  element.addEventListener("click", () => { press(); ui.ask(); }); ui.controls.append(element);
  return element;
}

// Buttons of which one is pressed.
export function choice(ui, names, chosen, choose) {
  const mark = name => buttons.forEach((b, i) => b.setAttribute("aria-pressed", names[i] === name));
  const buttons = names.map(name => button(ui, name, () => { mark(name); choose(name); }));
  mark(chosen);
}

// Drag with the pointer or move with the arrow keys (Shift: ten times as far, Home: back). Coordinates of `box`.
export function draggable(ui, view, box, get, set, { drop = () => {} } = {}) {
  const element = keepKeys(view.element), home = [...get()]; element.tabIndex = 0; element.setAttribute("role", "application");
  const move = (x, y) => { set(clamp(x, box[0], box[1]), clamp(y, box[2], box[3])); ui.ask(); };
  const follow = event => {
    const r = element.getBoundingClientRect();
    move(box[0] + (box[1] - box[0]) * (event.clientX - r.left) / r.width, box[3] - (box[3] - box[2]) * (event.clientY - r.top) / r.height);
  };
  let held = false;
  element.addEventListener("pointerdown", event => {
    if (event.button) return;
    held = true; element.focus({ preventScroll: true }); event.preventDefault(); follow(event);
    try { element.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone already */ }
  });
  element.addEventListener("pointermove", event => { if (held) follow(event); });
  for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => { if (held) { held = false; drop(); ui.ask(); } });
  element.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const far = (event.shiftKey ? 10 : 1) * (box[1] - box[0]) / 200, [x, y] = get();
    const way = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] }[event.key];
    if (way) move(x + way[0], y + way[1]);
    else if (event.key === "Home") move(...home);
    else if (event.key === "Enter" || event.key === " ") { drop(); ui.ask(); }
    else return;
    event.preventDefault(); event.stopPropagation();
  });
}

// A handle to drag: filled with the paper's colour, ringed in `colour`.
export function handle(pen, x, y, ring, paper, radius = 8) {
  pen.save(); pen.setLineDash([]); pen.shadowColor = "rgba(0,0,0,.35)"; pen.shadowBlur = 5; pen.shadowOffsetY = 1;
  pen.fillStyle = paper; pen.beginPath(); pen.arc(x, y, radius, 0, 7); pen.fill();
  pen.shadowColor = "transparent"; pen.strokeStyle = ring; pen.lineWidth = 3; pen.stroke(); pen.restore();
}

// Text with a halo of the paper's colour, readable over lines.
export function write(pen, text, x, y, ink, paper, align = "left") {
  pen.save(); pen.setLineDash([]); pen.font = FONT; pen.textAlign = align; pen.lineJoin = "round";
  pen.strokeStyle = paper; pen.lineWidth = 4; pen.strokeText(text, x, y); pen.fillStyle = ink; pen.fillText(text, x, y); pen.restore();
}
