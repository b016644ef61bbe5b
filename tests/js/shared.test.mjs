// Unit tests of what all explorables share and that needs no page: `node --test` runs them.
import assert from "node:assert/strict";
import test from "node:test";
import { between, clamp, listOf, oneOf, pointIn, power, rounded, someOf, whole, yesNo } from "../../helpers/figures/explorables/domains.js";
import { moved } from "../../helpers/figures/explorables/drag.js";
import { contours } from "../../helpers/figures/explorables/map.js";
import { raised } from "../../helpers/figures/explorables/paint.js";
import { evenly, normals } from "../../helpers/figures/explorables/random.js";
import { changed, fragment, fromFragment, line, python, telling } from "../../helpers/figures/explorables/share.js";
import { quadratic, spline } from "../../helpers/figures/explorables/surfaces.js";
import { DARK, DASHES, FONT, LIGHT, NAMES, THEME_ATTRIBUTES, isDark } from "../../helpers/figures/explorables/theme.js";

const JUNK = [undefined, null, NaN, Infinity, -Infinity, "1", "", [], [1], [1, 2, 3], {}, [NaN, 0], ["a", "b"], [[1, 2]], true];

test("a number is moved into its range, and what is no number is refused", () => {
  assert.equal(between(0, 2)(5), 2); assert.equal(between(0, 2)(-5), 0); assert.equal(between(0, 2)(1.5), 1.5);
  for (const v of JUNK) assert.equal(between(0, 2)(v), undefined);
});

test("a whole number stays whole", () => {
  assert.equal(whole(1, 9)(4), 4); assert.equal(whole(1, 9)(40), 9);
  for (const v of [...JUNK, 4.5]) assert.equal(whole(1, 9)(v), undefined);
});

test("truths are true or false and nothing else", () => {
  assert.equal(yesNo(true), true); assert.equal(yesNo(false), false);
  for (const v of [0, 1, "true", null]) assert.equal(yesNo(v), undefined);
});

test("a name is one of those offered", () => {
  assert.equal(oneOf(["a", "b"])("b"), "b"); assert.equal(oneOf(["a", "b"])("toString"), undefined);
  assert.deepEqual(someOf(["a", "b", "c"])(["c", "a"]), ["a", "c"]);
  assert.deepEqual(someOf(["a", "b"])([]), []);
  for (const v of [["d"], "a", null, [["a"]]]) assert.equal(someOf(["a", "b"])(v), undefined);
});

test("a list has its length and all of its entries", () => {
  assert.deepEqual(listOf(between(0, 1), 2)([0.5, 9]), [0.5, 1]);
  for (const v of JUNK) assert.equal(listOf(between(0, 1), 2)(v), undefined);
  assert.deepEqual(listOf(pointIn([0, 1, 0, 1]), 1)([[5, -5]]), [[1, 0]]);
});

test("a point is moved into its box", () => {
  assert.deepEqual(pointIn([-1, 1, -2, 2])([3, -3]), [1, -2]);
  for (const v of JUNK) assert.equal(pointIn([-1, 1, -2, 2])(v), undefined);
});

test("numbers are rounded so that they can be written down", () => {
  assert.equal(rounded(0.123456), 0.1235); assert.equal(rounded(rounded(1 / 3)), rounded(1 / 3));
  assert.equal(power(-2.5), 0.003162); assert.equal(power(2), 100); assert.equal(clamp(3, 0, 1), 1);
});

test("Python's words for values", () => {
  assert.equal(python([1, -0.5]), "(1, -0.5)"); assert.equal(python([true]), "(True,)"); assert.equal(python([]), "()");
  assert.equal(python("x²/2"), '"x²/2"'); assert.equal(python('a"b'), '"a\\"b"'); assert.equal(python([[1, 2], [3, 4]]), "((1, 2), (3, 4))");
});

test("a line says all of a state, but long lists only where they have changed", () => {
  const points = Array.from({ length: 6 }, (_, i) => [i, i]), state = { v: 1, points };
  assert.deepEqual(telling(state, { v: 1, points }), { v: 1 });
  assert.deepEqual(telling({ ...state, points: [[9, 9], ...points.slice(1)] }, state), { v: 1, points: [[9, 9], ...points.slice(1)] });
  assert.deepEqual(changed({ v: 2, points }, state), { v: 2 });
  assert.equal(line("explore.prox()", { v: 2, name: "|x|" }), 'explore.prox().at(v=2, name="|x|")');
  assert.equal(line("explore.prox()", {}), "explore.prox()");
});

test("a fragment says again what was put into it, and junk says nothing", () => {
  const state = { v: -1.25, name: "eˣ/5 & #", on: false, points: [[1, 2], [3, 4]], answers: [] };
  assert.deepEqual(fromFragment("chord", fragment("chord", state)), state);
  assert.deepEqual(fromFragment("prox", fragment("chord", state)), {});
  for (const junk of ["", "#", "#lx-prox=", "#lx-prox=[1]", "#lx-prox=null", "#lx-prox=%", "#lx-prox={v:1}", "#lx-prox=7"]) assert.deepEqual(fromFragment("prox", junk), {});
});

test("keys move a point and Home brings it back", () => {
  assert.deepEqual(moved("ArrowLeft", 0.5, [1, 2], [0, 0]), [0.5, 2]); assert.deepEqual(moved("ArrowRight", 0.5, [1, 2], [0, 0]), [1.5, 2]);
  assert.deepEqual(moved("ArrowUp", 0.5, [1, 2], [0, 0]), [1, 2.5]); assert.deepEqual(moved("ArrowDown", 0.5, [1, 2], [0, 0]), [1, 1.5]);
  assert.deepEqual(moved("Home", 0.5, [1, 2], [7, 8]), [7, 8]); assert.equal(moved("d", 0.5, [1, 2], [7, 8]), null);
});

test("a page says whether it is dark in its own way, else the system does", () => {
  const page = (data = {}, theme = null) => ({ dataset: data, getAttribute: () => theme });
  const dark = (one, other, system) => isDark(/** @type {any} */ (one), /** @type {any} */ (other), system);
  assert.equal(dark(page(), page({ jpThemeLight: "false" }), false), true); assert.equal(dark(page(), page({ jpThemeLight: "true" }), true), false);
  assert.equal(dark(page(), page({ vscodeThemeKind: "vscode-dark" }), false), true); assert.equal(dark(page(), page({ vscodeThemeKind: "vscode-light" }), true), false);
  assert.equal(dark(page({ theme: "dark" }), page(), false), true); assert.equal(dark(page({ theme: "auto" }), page(), true), true);
  assert.equal(dark(page({ mode: "light" }), page(), true), false); assert.equal(dark(page({}, "dark"), page(), false), true);
  assert.equal(dark(page(), page(), true), true); assert.equal(dark(page(), page(), false), false);
});

test("both palettes name the same colours, and every method has its name and dashes", () => {
  assert.deepEqual(Object.keys(LIGHT), Object.keys(DARK));
  for (const method of Object.keys(NAMES)) { assert.ok(method in LIGHT); assert.ok(method in DASHES); }
  assert.match(FONT, /px/); assert.ok(THEME_ATTRIBUTES.includes("data-jp-theme-light"));
});

test("level sets lie where the function has that value", () => {
  const { pieces, low, high } = contours((x, y, o) => { o[0] = x * x + y * y; return o; }, [-1, 1, -1, 1], 4);
  assert.ok(low < 1e-9 && Math.abs(high - 2) < 1e-12 && pieces.length > 100);
  const wanted = [1, 2, 3].map(l => 2 * (l / 4) ** 2);
  for (const [x0, y0, x1, y1] of pieces) for (const [x, y] of [[x0, y0], [x1, y1]])
    assert.ok(Math.min(...wanted.map(z => Math.abs(x * x + y * y - z))) < 1e-3);
});

test("the derivatives of surfaces are those of their values", () => {
  const n = 24, c = Float32Array.from({ length: n * n }, evenly(3)), h = 1e-5, draw = evenly(5);
  for (const f of [quadratic([[3, 1], [0.4, 2]], [0.5, -1]), spline({ size: n, affine: [-1, 0.1, -2, 0.2], coefficients: c })]) for (let k = 0; k < 200; k++) {
    const x = -0.8 + 1.8 * draw(), y = -1.5 + 3 * draw(), at = (u, v) => f(u, v, new Float64Array(6)), o = at(x, y);
    for (const [i, dx, dy] of [[1, h, 0], [2, 0, h]]) assert.ok(Math.abs((at(x + dx, y + dy)[0] - at(x - dx, y - dy)[0]) / (2 * h) - o[i]) < 1e-6);
    for (const [i, g, dx, dy] of [[3, 1, h, 0], [4, 1, 0, h], [5, 2, 0, h]]) assert.ok(Math.abs((at(x + dx, y + dy)[g] - at(x - dx, y - dy)[g]) / (2 * h) - o[i]) < 1e-3);
  }
});

test("the same seed draws the same numbers, evenly and normally", () => {
  const a = evenly(7), b = evenly(7), many = Array.from({ length: 4000 }, a);
  assert.deepEqual(many.slice(0, 9), Array.from({ length: 9 }, b));
  assert.ok(many.every(v => v >= 0 && v < 1) && Math.abs(many.reduce((s, v) => s + v, 0) / 4000 - 0.5) < 0.02);
  const draw = normals(7), pairs = Array.from({ length: 4000 }, draw), mean = k => pairs.reduce((s, p) => s + p[k] ** 2, 0) / 4000;
  for (const k of [0, 1]) assert.ok(Math.abs(mean(k) - 1) < 0.08);
});

test("powers of ten in small digits", () => { assert.equal(raised(-12), "10⁻¹²"); assert.equal(raised(3), "10³"); assert.equal(raised(-0.5), "10⁻⁰·⁵"); });
