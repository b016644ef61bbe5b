// Asked by tests/test_explorable_clinic.py: verdicts for every answer, and heights on an axis.
import { readFileSync } from "node:fs";
import { decades, heights, verdict } from "../../helpers/figures/explorables/clinic.js";

const { patients, names, changes, values, low, high, logarithmic } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify({
  verdicts: patients.map(p => names.map(n => changes.map(c => verdict(p, n, c)))),
  heights: heights(values, low, high, logarithmic), decades: decades([values]),
}));
