// The frame of an explorable: controls, views to draw on, a sentence that follows the state, and how to share it.
import { DARK, LIGHT, THEME_ATTRIBUTES, isDark } from "./theme.js";
import { changed, fragment, fromFragment, line as lineOf, telling } from "./share.js";

/**
 * @typedef {import("./theme.js").Palette} Palette
 * @typedef {{ alt: string, explorable: string, call: string, live?: Record<string, unknown> }} Given what Python says, with the start of the state
 * @typedef {ReturnType<typeof frame>} Frame
 * @typedef {{ element: HTMLCanvasElement, pen: CanvasRenderingContext2D, width: number, height: number }} View
 */

const CSS = `.lx{font:13px/1.5 system-ui,sans-serif;box-sizing:border-box;max-width:872px;padding:14px 16px 10px;border:1px solid var(--lx-line);border-radius:10px;color:var(--lx-ink);background:var(--lx-paper)}
.lx .views{display:flex;gap:14px;flex-wrap:wrap;align-items:center}.lx canvas{border-radius:8px;max-width:100%}
.lx canvas[tabindex]{cursor:grab;touch-action:none}.lx canvas[tabindex]:active{cursor:grabbing}
.lx :focus-visible{outline:3px solid var(--lx-gradient_descent);outline-offset:2px}
.lx .controls{display:flex;gap:8px 22px;flex-wrap:wrap;align-items:flex-start;margin:0 0 10px}
.lx label{display:inline-flex;gap:8px;align-items:center}.lx .track{position:relative;display:inline-block;width:230px;padding-top:2px}
.lx input{accent-color:var(--lx-gradient_descent);margin:0}.lx input[type=range]{width:100%;display:block}
.lx .ranged{align-items:flex-start;flex-wrap:wrap}.lx .ticked .track{margin-bottom:17px}
.lx .tick{position:absolute;top:19px;transform:translateX(-50%);font-size:11px;line-height:1;padding-top:5px;color:var(--lx-ink)}
.lx .tick::before{content:"";position:absolute;left:50%;top:-2px;height:6px;border-left:1.5px solid currentColor}
.lx .beyond{position:absolute;top:18px;height:3px;border-radius:2px;background:var(--lx-momentum)}
.lx output{min-width:8.5em;font-variant-numeric:tabular-nums}
.lx .says{min-height:3em;margin:8px 0 0;white-space:pre-line;font-variant-numeric:tabular-nums}
.lx button{font:inherit;color:inherit;background:none;border:1px solid var(--lx-faint);border-radius:99px;padding:3px 14px;cursor:pointer}
.lx button:hover{background:var(--lx-fill)}.lx button[aria-pressed=true]{background:var(--lx-ink);color:var(--lx-paper);border-color:var(--lx-ink)}
.lx .aside{flex:1;min-width:220px}.lx .aside dt{color:var(--lx-faint)}.lx .aside dd{margin:0 0 8px;font-size:15px;font-variant-numeric:tabular-nums}
.lx .share{margin:6px 0 0;color:var(--lx-faint)}.lx .share summary{cursor:pointer;width:max-content}.lx .share a{color:var(--lx-gradient_descent)}
.lx .share div{display:flex;gap:10px;flex-wrap:wrap;align-items:center;margin-top:4px}
.lx .share input{flex:1;min-width:220px;font:12px ui-monospace,monospace;color:var(--lx-ink);background:none;border:1px solid var(--lx-faint);border-radius:6px;padding:4px 8px}`;

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} name its class
 */
export function make(tag, name, text = "") {
  const element = document.createElement(tag);
  element.className = name; element.textContent = text;
  return element;
}

// JupyterLab takes unmodified keys (`dd` deletes the cell) unless the focused element says otherwise.
/** @type {<T extends HTMLElement>(element: T) => T} */
export const keepKeys = element => { element.setAttribute("data-lm-suppress-shortcuts", "true"); return element; };

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * @param {HTMLElement} root what is replaced
 * @param {Given & Record<string, any>} s
 */
export function frame(root, s) {
  const box = make("div", "lx"), style = document.createElement("style"), says = make("div", "says");
  const views = make("div", "views"), controls = make("div", "controls");
  box.setAttribute("role", "group"); box.setAttribute("aria-label", s.alt);
  says.setAttribute("role", "status"); style.textContent = CSS;
  box.append(style, controls, views, says); root.replaceChildren(box);
  /** @type {Palette} */
  let palette = LIGHT;
  /** @type {(colour: Palette) => void} */
  let draw = () => {};
  let asked = false, later = 0, told = () => {};

  const ui = {
    box, views, controls, pens: /** @type {CanvasRenderingContext2D[]} */ ([]),
    /** @param {(colour: Palette) => void} f draws all views; called when something has changed, once a frame at most */
    onDraw(f) { draw = f; theme(); },
    ask() { if (!asked) { asked = true; requestAnimationFrame(paint); } },
    /** @param {string} text what one sees now; said when the movement pauses */
    say(text) { clearTimeout(later); later = window.setTimeout(() => { if (says.textContent !== text) says.textContent = text; told(); }, 150); },
    /**
     * The state, begun where Python or a link says; all of it can be shared.
     * @template {Record<string, import("./domains.js").Domain<any>>} D
     * @param {D} domains
     * @returns {{ [K in keyof D]: NonNullable<ReturnType<D[K]>> }}
     */
    keep(domains) {
      const linked = fromFragment(s.explorable, location.hash), state = /** @type {any} */ ({});
      for (const [name, allowed] of Object.entries(domains)) {
        state[name] = allowed(linked[name]) ?? allowed(s.live?.[name]) ?? allowed(s[name]);
        if (state[name] === undefined) throw new Error(`${s.explorable}: ${name} = ${JSON.stringify(s[name])} is not allowed`);
      }
      told = sharing(box, s, state);
      return state;
    },
  };
  function paint() {   // what a picture sets on its pens ends with it: the next one begins like the first
    asked = false;
    for (const pen of ui.pens) pen.save();
    draw(palette);
    for (const pen of ui.pens) pen.restore();
  }
  const system = matchMedia("(prefers-color-scheme: dark)"), watcher = new MutationObserver(() => theme());
  function theme() {
    if (!box.isConnected) { watcher.disconnect(); system.removeEventListener("change", theme); return; }   // the output was cleared
    palette = isDark(document.documentElement, document.body, system.matches) ? DARK : LIGHT;
    box.style.colorScheme = palette === DARK ? "dark" : "light";
    for (const [name, colour] of Object.entries(palette)) box.style.setProperty("--lx-" + name, colour);
    ui.ask();
  }
  for (const node of [document.documentElement, document.body]) watcher.observe(node, { attributes: true, attributeFilter: THEME_ATTRIBUTES });
  system.addEventListener("change", theme);
  return ui;
}

// The line of Python that makes this picture, to be copied, and on a page of its own a link. Gives what refreshes them.
/** @type {(box: HTMLElement, s: Given & Record<string, any>, state: Record<string, unknown>) => () => void} */
function sharing(box, s, state) {
  const fold = make("details", "share"), row = make("div", ""), text = keepKeys(make("input", "")), copy = keepKeys(make("button", "", "Copy"));
  const link = keepKeys(make("a", "", "Link to this"));
  text.readOnly = true; text.setAttribute("aria-label", "Python that makes this picture"); copy.type = "button";
  const refresh = () => {
    if (!fold.open) return;
    text.value = lineOf(s.call, telling(state, s)); link.href = fragment(s.explorable, changed(state, s));
  };
  fold.addEventListener("toggle", refresh); text.addEventListener("focus", () => text.select());
  copy.addEventListener("click", () => {
    text.select();
    const done = navigator.clipboard?.writeText(text.value) ?? Promise.reject(new Error("no clipboard"));
    done.then(() => { copy.textContent = "Copied"; }, () => { copy.textContent = "Selected: copy it"; });
  });
  row.append(text, copy);
  if (!document.querySelector("#main.jp-LabShell, [data-jp-theme-light]")) row.append(link);   // JupyterLab has fragments of its own
  fold.append(keepKeys(make("summary", "", "Share what you see")), row); box.append(fold);
  return refresh;
}

/**
 * @param {Frame} ui
 * @param {number} width
 * @param {number} height
 * @param {string} label what it shows, and how keys move what can be moved
 * @returns {View}
 */
export function canvas(ui, width, height, label, role = "img") {
  const element = document.createElement("canvas"), ratio = Math.max(1, window.devicePixelRatio || 1);
  element.width = width * ratio; element.height = height * ratio;
  element.style.width = width + "px"; element.setAttribute("role", role); element.setAttribute("aria-label", label);
  ui.views.append(element);
  const pen = /** @type {CanvasRenderingContext2D} */ (element.getContext("2d")); pen.scale(ratio, ratio);
  ui.pens.push(pen);
  return { element, pen, width, height };
}

/**
 * Brings the pictures with this key to life, once each, and anew when a link to a state is followed.
 * @param {string} key
 * @param {(root: HTMLElement, s: any) => void} mount
 * @param {Given} s
 */
export function alive(key, mount, s) {
  for (const root of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-explorable="${key}"]`))) {
    if (root.dataset.alive) continue;
    root.dataset.alive = "yes"; mount(root, s);
    addEventListener("hashchange", () => { if (root.isConnected && location.hash.startsWith(`#lx-${s.explorable}=`)) mount(root, s); });
  }
}
