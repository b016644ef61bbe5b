// Asked by tests/test_explorable_quantile_fan.py: the lines that the browser draws, and their multipliers.
import { readFileSync } from "node:fs";
import { huberLine, lossOf, multipliers, quantileLine, weightedLine } from "../../helpers/figures/explorables/quantile_fan.js";

const { x, y, taus, delta } = JSON.parse(readFileSync(0, "utf8"));
const lines = taus.map(tau => { const line = quantileLine(x, y, tau, x.length - 1); return { line, loss: lossOf(x, y, tau, line), ...multipliers(x, y, tau, line) }; });
process.stdout.write(JSON.stringify({ lines, squares: weightedLine(x, y, x.map(() => 1)), huber: huberLine(x, y, delta) }));
