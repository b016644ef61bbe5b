// The explorables' modules, asked by tests/test_figures.py: JSON in, JSON out.
import { readFileSync } from "node:fs";
import { roll, settled, verdict, CURVES } from "../../helpers/figures/explorables/ball.js";
import { lowest, walk } from "../../helpers/figures/explorables/methods.js";
import { surface } from "../../helpers/figures/explorables/surfaces.js";
import { diamond } from "../../helpers/figures/explorables/projection.js";

function rolled(x) {
  const curve = settled(CURVES[1]), end = roll(curve.slope, x, 3000);
  return { before: verdict(curve, x), after: verdict(curve, end), end };
}

const asked = JSON.parse(readFileSync(0, "utf8"));
const answer = asked.points ? asked.points.map(point => diamond(point, asked.radius))
  : asked.ball !== undefined ? rolled(asked.ball)
  : asked.lowest ? lowest(surface(asked.surface), asked.lowest)
  : walk(asked.method, surface(asked.surface), asked.start, asked.step, asked.beta, asked.steps);
process.stdout.write(JSON.stringify(answer));
