// Newton's method as the browser computes it, asked by tests/test_explorable_newton_model.py.
import { readFileSync } from "node:fs";
import { CURVES, iterates } from "../../helpers/figures/explorables/newton_model.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify({
  names: Object.keys(CURVES),
  curves: asked.points.map(x => Object.values(CURVES).map(curve => curve.at(x))),
  path: iterates(asked.name, asked.start, asked.damped, asked.steps),
}));
