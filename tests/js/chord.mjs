// Asked by tests/test_explorable_chord.py: values, slopes, gaps and the witness of each function.
import { readFileSync } from "node:fs";
import { CURVES, gapAt, witnessOf } from "../../helpers/figures/explorables/chord.js";

const asked = JSON.parse(readFileSync(0, "utf8")), answer = {};
for (const [name, { value, slope, convex }] of Object.entries(CURVES))
  answer[name] = { rows: asked.map(([x, y, theta]) => [value(x), slope(x), gapAt(value, x, y, theta)]), witness: witnessOf(value, -3, 3), convex };
process.stdout.write(JSON.stringify(answer));
