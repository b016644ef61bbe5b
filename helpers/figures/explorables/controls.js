// Sliders, check boxes and buttons: each works from the keyboard and keeps its keys from JupyterLab.
import { DASHES } from "./theme.js";
import { keepKeys, make } from "./frame.js";

/** @typedef {import("./frame.js").Frame} Frame */

/**
 * A slider with its value in words behind it.
 * @param {Frame} ui
 * @param {{ label: string, min: number, max: number, step: number, value: number, text: (v: number) => string, change: (v: number) => void,
 *   ticks?: [number, string][], beyond?: number }} asked `ticks` are [value, name] under the track; `beyond` is where its last part, drawn in another colour, begins
 */
export function slider(ui, { label, min, max, step, value, text, change, ticks = [], beyond = max }) {
  const holder = make("label", "ranged"), track = make("span", "track"), input = keepKeys(make("input", "")), said = make("output", "");
  Object.assign(input, { type: "range", min, max, step, value }); track.append(input);
  /** @type {(v: number) => string} */
  const place = v => `calc(8px + (100% - 16px) * ${(v - min) / (max - min)})`;   // the thumb is 16px wide
  const marks = ticks.map(([v, name]) => { const tick = make("span", "tick", name); tick.style.left = place(v); return tick; });
  if (beyond < max) { const zone = make("span", "beyond"); zone.style.left = place(beyond); zone.style.right = "8px"; marks.push(zone); }
  for (const mark of marks) { mark.setAttribute("aria-hidden", "true"); holder.classList.add("ticked"); track.append(mark); }
  /** @type {(v: number) => void} */
  const show = v => { said.textContent = text(v); input.setAttribute("aria-valuetext", said.textContent); };
  input.addEventListener("input", () => { change(+input.value); show(+input.value); ui.ask(); });
  holder.append(label, track, said); ui.controls.append(holder); show(value);
  return input;
}

/**
 * A check box; with `method`, its line is drawn beside the name: colour and dashes.
 * @param {Frame} ui
 * @param {{ label: string, checked: boolean, change: (on: boolean) => void, method?: string }} asked
 */
export function checkbox(ui, { label, checked, change, method }) {
  const holder = make("label", ""), input = keepKeys(make("input", ""));
  input.type = "checkbox"; input.checked = checked;
  input.addEventListener("change", () => { change(input.checked); ui.ask(); });
  holder.append(input, label); ui.controls.append(holder);
  if (method) input.insertAdjacentHTML("afterend", `<svg width="28" height="8" aria-hidden="true"><line x2="28" y1="4" y2="4" stroke="var(--lx-${method})" stroke-width="2.5" stroke-dasharray="${DASHES[method]}"/></svg>`);
  return input;
}

/** @type {(ui: Frame, label: string, press: () => void) => HTMLButtonElement} */
export function button(ui, label, press) {
  const element = keepKeys(make("button", "", label));
  element.type = "button"; element.addEventListener("click", () => { press(); ui.ask(); }); ui.controls.append(element);
  return element;
}

// Buttons of which one is pressed; what is returned presses another by name without calling `choose`.
/** @type {(ui: Frame, names: string[], chosen: string, choose: (name: string) => void) => (name: string) => void} */
export function choice(ui, names, chosen, choose) {
  /** @type {(name: string) => void} */
  const mark = name => buttons.forEach((b, i) => b.setAttribute("aria-pressed", String(names[i] === name)));
  const buttons = names.map(name => button(ui, name, () => { mark(name); choose(name); }));
  mark(chosen);
  return mark;
}
