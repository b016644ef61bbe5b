// The colours of an explorable in a light and in a dark page, and which of the two a page is.

/** @typedef {typeof LIGHT} Palette */

// `low` and `high` are the ends of a map's shading; every line drawn on them has a contrast of 3:1 or more.
export const LIGHT = {
  paper: "#ffffff", ink: "#1b1f24", faint: "#5f6b7a", line: "#c3c8ce",
  fill: "#d9e8f5", low: "#cfdeee", high: "#fdf7e3", level: "#667689",
  gradient_descent: "#0072b2", momentum: "#b84e00", nesterov: "#007a5a", newton: "#a8467d", sgd: "#7d6200", mark: "#111827",
};
export const DARK = {
  paper: "#15181d", ink: "#e8eaed", faint: "#9aa3ad", line: "#4a525c",
  fill: "#23405a", low: "#14263f", high: "#35332a", level: "#8492a3",
  gradient_descent: "#56b4e9", momentum: "#ff9a52", nesterov: "#3fcf9f", newton: "#f0a3cc", sgd: "#e0c050", mark: "#ffffff",
};
/** @type {Record<string, number[]>} */
export const DASHES = { gradient_descent: [], momentum: [7, 3], nesterov: [2, 3], newton: [10, 3, 2, 3] };
/** @type {Record<string, string>} */
export const NAMES = { gradient_descent: "Gradient descent", momentum: "Momentum", nesterov: "Nesterov", newton: "Newton" };
export const FONT = "12px system-ui,sans-serif";

// What marks a page as dark differs: JupyterLab, VS Code, Sphinx themes, and at last the system.
export const THEME_ATTRIBUTES = ["class", "theme", "data-theme", "data-mode", "data-jp-theme-light", "data-vscode-theme-kind"];

/**
 * @param {HTMLElement} page
 * @param {HTMLElement} body
 * @param {boolean} system whether the system asks for dark colours
 */
export function isDark(page, body, system) {
  const said = body.dataset.jpThemeLight ?? page.dataset.jpThemeLight;
  if (said !== undefined) return said === "false";
  if (body.dataset.vscodeThemeKind) return /dark|high-contrast$/.test(body.dataset.vscodeThemeKind);
  const theme = page.dataset.theme ?? body.dataset.theme ?? page.dataset.mode ?? page.getAttribute("theme");
  return theme === "dark" || theme === "light" ? theme === "dark" : system;
}
