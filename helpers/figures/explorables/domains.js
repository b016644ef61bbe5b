// What can be shared of an explorable: for each name of its state a domain, which takes any value, as it may
// stand in a link, and gives one that is allowed, or undefined.

/**
 * @template T
 * @typedef {(value: unknown) => T | undefined} Domain
 */

/** @type {(v: number, a: number, b: number) => number} */
export const clamp = (v, a, b) => Math.min(b, Math.max(a, v));

/** @type {(value: unknown) => value is number} */
const isNumber = value => typeof value === "number" && Number.isFinite(value);

/** @type {(low: number, high: number) => Domain<number>} */
export const between = (low, high) => v => (isNumber(v) ? clamp(v, low, high) : undefined);

/** @type {(low: number, high: number) => Domain<number>} */
export const whole = (low, high) => v => (Number.isInteger(v) ? clamp(/** @type {number} */ (v), low, high) : undefined);

/** @type {Domain<boolean>} */
export const yesNo = v => (typeof v === "boolean" ? v : undefined);

/** @type {<T>(names: readonly T[]) => Domain<T>} */
export const oneOf = names => v => names.find(name => name === v);

/** @type {<T>(names: readonly T[]) => Domain<T[]>} */
export const someOf = names => v => (Array.isArray(v) && v.every(name => names.includes(name)) ? names.filter(name => v.includes(name)) : undefined);

/** @type {<T>(domain: Domain<T>, count: number) => Domain<T[]>} */
export const listOf = (domain, count) => v => {
  const list = Array.isArray(v) && v.length === count ? v.map(domain) : [undefined];
  return list.every(entry => entry !== undefined) ? /** @type {any[]} */ (list) : undefined;
};

/** @type {(box: number[]) => Domain<number[]>} */
export const pointIn = ([x0, x1, y0, y1]) => v => {
  const point = listOf(between(-Infinity, Infinity), 2)(v);
  return point && [clamp(point[0], x0, x1), clamp(point[1], y0, y1)];
};

// As many digits as a shared state needs to be the same state: numbers are rounded before they are drawn.
/** @type {(v: number) => number} */
export const rounded = v => +v.toFixed(4);

// 10^v, for a slider that runs over powers of ten.
/** @type {(v: number) => number} */
export const power = v => +(10 ** v).toPrecision(4);
