// Asked by tests/test_explorable_initialisation.py: the numbers drawn, the sizes layer by layer, and the shares that are stuck.
import { readFileSync } from "node:fs";
import { draws, factor, rescaled, stuck, through } from "../../helpers/figures/explorables/initialisation.js";

const rmsOf = a => Math.sqrt(a.reduce((s, v) => s + v * v, 0) / a.length);
const { seed, depth, gain, activation, numbers } = JSON.parse(readFileSync(0, "utf8"));
const drawn = draws(seed), { ahead, back, A } = through(drawn, depth, gain, activation);
const again = activation === "ReLU" ? rescaled(through(drawn, depth, 2, "ReLU"), gain) : null;
process.stdout.write(JSON.stringify({
  ahead, back, again: again && { ahead: again.ahead, back: again.back, A: again.A.map((a, l) => rmsOf(a) * again.scale[l]) }, stuck: stuck(A[depth - 1], activation), factor: factor(gain, activation), layers: drawn.W.length,
  ...(numbers ? { X: Array.from(drawn.X), D: Array.from(drawn.D), W: drawn.W.slice(0, depth).map(w => Array.from(w)) } : {}),
}));
