// Asked by tests/test_explorable_noise_ball.py: a run, the theory's numbers, and the radius measured.
import { readFileSync } from "node:fs";
import { expected, radius, spread, stationary, wander } from "../../helpers/figures/explorables/noise_ball.js";
import { evenly } from "../../helpers/figures/explorables/random.js";

const { centres, h, start, step, batch, steps, seed } = JSON.parse(readFileSync(0, "utf8"));
const { mean, variance } = spread(centres), path = wander(centres, h, start, step, batch, steps, seed), draw = evenly(seed);
process.stdout.write(JSON.stringify({
  mean, variance, path: Array.from(path), draws: Array.from({ length: 2000 }, draw),
  stationary: stationary(variance, h, step, batch), radius: radius(path, mean, Math.min(1000, steps >> 1)),
  expected: [0, 1, 5, 40].map(k => expected(start, mean, variance, h, step, batch, k)),
}));
