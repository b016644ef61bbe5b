// Asked by tests/test_explorable_kink.py: the path of coordinate descent and the minimiser, for each term.
import { readFileSync } from "node:fs";
import { TERMS, descend, valueAt } from "../../helpers/figures/explorables/kink.js";

const { a, b, c, start, moves } = JSON.parse(readFileSync(0, "utf8")), answer = {};
for (const [name, { best }] of Object.entries(TERMS)) {
  const path = descend(name, a, b, c, start, moves), at = best(a, b, c);
  answer[name] = { path, values: path.map(x => valueAt(name, a, b, c, x)), best: at, lowest: valueAt(name, a, b, c, at) };
}
process.stdout.write(JSON.stringify(answer));
