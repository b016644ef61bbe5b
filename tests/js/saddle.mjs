// Asked by tests/test_explorable_saddle.py: a run, its noise, when it leaves, and how long the theory lets it stay.
import { readFileSync } from "node:fs";
import { expectedStay, leaves, stray, wells } from "../../helpers/figures/explorables/saddle.js";
import { normals } from "../../helpers/figures/explorables/random.js";

const { start, step, sigma, steps, seeds } = JSON.parse(readFileSync(0, "utf8"));
const draw = normals(seeds[0]);
process.stdout.write(JSON.stringify({
  path: Array.from(stray(start, step, sigma, Math.min(steps, 500), seeds[0])), noise: Array.from({ length: 2000 }, draw),
  left: seeds.map(seed => leaves(stray(start, step, sigma, steps, seed))),
  stay: Number.isFinite(expectedStay(start[1], step, sigma)) ? expectedStay(start[1], step, sigma) : "for ever",
  surface: Array.from(wells(...start, new Float64Array(3))),
}));
