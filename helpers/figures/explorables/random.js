// Random numbers that are the same in every browser for one seed.

// mulberry32: numbers in [0, 1)
/** @type {(seed: number) => () => number} */
export function evenly(seed) {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// Pairs of independent normal numbers, by Box and Muller.
/** @type {(seed: number) => () => [number, number]} */
export function normals(seed) {
  const draw = evenly(seed);
  return () => {
    const r = Math.sqrt(-2 * Math.log(1 - draw())), angle = 2 * Math.PI * draw();
    return [r * Math.cos(angle), r * Math.sin(angle)];
  };
}
