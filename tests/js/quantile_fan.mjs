// Asked by tests/test_explorable_quantile_fan.py: the lines that the browser draws, and their multipliers.
import { readFileSync } from "node:fs";
import { huberLine, lossOf, multipliers, only, quantileLine, weightedLine } from "../../helpers/figures/explorables/quantile_fan.js";

const { x, y, taus, delta } = JSON.parse(readFileSync(0, "utf8"));
const lines = taus.map(tau => { const line = quantileLine(x, y, tau, x.length - 1); return { line, loss: lossOf(x, y, tau, line), ...multipliers(x, y, tau, line) }; });
// kept[t][c]: the line for τ number t, if it is still the only best one through two households on the line of τ number c
const pairs = lines.map(({ on }) => [on[0], on.find(k => x[k] !== x[on[0]]) ?? on[0]]);
const kept = taus.map(tau => pairs.map(([i, j]) => only(x, y, tau, i, j)));
process.stdout.write(JSON.stringify({ lines, kept, squares: weightedLine(x, y, x.map(() => 1)), huber: huberLine(x, y, delta) }));
