// Asked by tests/test_explorable_prox.py: the prox and the envelope of each function at the points sent.
import { readFileSync } from "node:fs";
import { PULLS, envelopeAt } from "../../helpers/figures/explorables/prox.js";

const asked = JSON.parse(readFileSync(0, "utf8")), answer = {};
for (const [name, g] of Object.entries(PULLS)) answer[name] = asked.map(([v, t]) => [g.prox(v, t), envelopeAt(g, v, t)]);
process.stdout.write(JSON.stringify(answer));
