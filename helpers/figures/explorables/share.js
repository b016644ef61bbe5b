// A state as a line of Python and as the fragment of a link, and back.

/** @type {(value: unknown) => string} */
export function python(value) {
  if (Array.isArray(value)) return value.length === 1 ? `(${python(value[0])},)` : `(${value.map(python).join(", ")})`;
  if (typeof value === "boolean") return value ? "True" : "False";
  return JSON.stringify(value);
}

/** @type {(state: Record<string, unknown>, start: Record<string, unknown>) => Record<string, unknown>} */
export const changed = (state, start) =>
  Object.fromEntries(Object.entries(state).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(start[name])));

// What a line of Python has to say: all, for it may stand beside other arguments, but for long lists that are as they were.
/** @type {(state: Record<string, unknown>, start: Record<string, unknown>) => Record<string, unknown>} */
export const telling = (state, start) => ({
  ...Object.fromEntries(Object.entries(state).filter(([, value]) => !Array.isArray(value) || value.length <= 4)),
  ...changed(state, start),
});

// `call` is the Python that makes the explorable as it began; `.at` puts it where it is now.
/** @type {(call: string, moved: Record<string, unknown>) => string} */
export function line(call, moved) {
  const words = Object.entries(moved).map(([name, value]) => `${name}=${python(value)}`);
  return words.length ? `${call}.at(${words.join(", ")})` : call;
}

/** @type {(name: string, moved: Record<string, unknown>) => string} */
export const fragment = (name, moved) => `#lx-${name}=${encodeURIComponent(JSON.stringify(moved))}`;

// What a fragment says of the explorable `name`: nothing, if it is another's or not to be read.
/** @type {(name: string, hash: string) => Record<string, unknown>} */
export function fromFragment(name, hash) {
  const start = `#lx-${name}=`;
  if (!hash.startsWith(start)) return {};
  try {
    const told = JSON.parse(decodeURIComponent(hash.slice(start.length)));
    return told && typeof told === "object" && !Array.isArray(told) ? told : {};
  } catch { return {}; }
}
