// Asked by tests/test_explorable_two_minima.py: losses, gradients, a run and the watershed.
import { readFileSync } from "node:fs";
import { descent, network, quick, watershed } from "../../helpers/figures/explorables/two_minima.js";

const { x, y, box, start, step, points } = JSON.parse(readFileSync(0, "utf8")), f = network(x, y), near = quick(x, y);
process.stdout.write(JSON.stringify({
  surface: points.map(([w, v]) => Array.from(f(w, v, new Float64Array(3)))), quick: points.map(([w, v]) => Array.from(near(w, v, new Float64Array(3)))),
  path: Array.from(descent(near, start, step, 300)),
  watershed: [-1, 1].map(side => watershed(f, x, y, box, side)),
}));
