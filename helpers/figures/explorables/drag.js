// A point on a view, moved with a mouse, a finger, a pen or the arrow keys.
import { clamp, rounded } from "./domains.js";
import { keepKeys } from "./frame.js";

/** @typedef {[number, number]} Point */

// Where a key moves a point: arrows by `far`, Home to `home`; null for a key that is not ours.
/** @type {(key: string, far: number, point: number[], home: number[]) => Point | null} */
export function moved(key, far, [x, y], home) {
  switch (key) {
    case "ArrowLeft": return [x - far, y];
    case "ArrowRight": return [x + far, y];
    case "ArrowUp": return [x, y + far];
    case "ArrowDown": return [x, y - far];
    case "Home": return [home[0], home[1]];
    default: return null;
  }
}

/**
 * Drag with the pointer or move with the arrow keys (Shift: ten times as far, Home: back), in the coordinates of `box`.
 * @param {import("./frame.js").Frame} ui
 * @param {import("./frame.js").View} view
 * @param {number[]} box x0, x1, y0, y1
 * @param {() => number[]} get
 * @param {(x: number, y: number) => void} set
 * @param {{ drop?: () => void, pick?: (x: number, y: number) => void, home?: () => number[], key?: (key: string) => boolean }} [more]
 *   `drop` when it is let go, or Enter; `pick` chooses what is dragged, which then does not jump to the pointer; `key` takes keys first
 */
export function draggable(ui, view, [x0, x1, y0, y1], get, set, { drop = () => {}, pick, home, key = () => false } = {}) {
  const element = keepKeys(view.element), start = [...get()];
  /** @type {number | null} */
  let held = null;
  element.tabIndex = 0; element.setAttribute("role", "application");
  /** @type {(point: Point) => void} */
  const move = ([x, y]) => { set(rounded(clamp(x, x0, x1)), rounded(clamp(y, y0, y1))); ui.ask(); };
  /** @type {(event: PointerEvent) => Point} */
  const place = event => {
    const r = element.getBoundingClientRect();
    return [x0 + (x1 - x0) * (event.clientX - r.left) / r.width, y1 - (y1 - y0) * (event.clientY - r.top) / r.height];
  };
  element.addEventListener("pointerdown", event => {
    if (event.button || held !== null) return;
    held = event.pointerId; element.focus({ preventScroll: true }); event.preventDefault();
    if (pick) { pick(...place(event)); ui.ask(); } else move(place(event));
    try { element.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone already */ }
  });
  element.addEventListener("pointermove", event => { if (held === event.pointerId) move(place(event)); });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"]))
    element.addEventListener(end, event => { if (held === event.pointerId) { held = null; drop(); ui.ask(); } });
  element.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = moved(event.key, (event.shiftKey ? 10 : 1) * (x1 - x0) / 200, get(), home ? home() : start);
    if (key(event.key)) ui.ask();
    else if (to) move(to);
    else if (event.key === "Enter" || event.key === " ") { drop(); ui.ask(); }
    else return;
    event.preventDefault(); event.stopPropagation();
  });
}
