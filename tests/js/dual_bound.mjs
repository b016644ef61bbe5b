// Asked by tests/test_explorable_dual_bound.py: values, bounds and minimisers of each problem.
import { readFileSync } from "node:fs";
import { PROBLEMS } from "../../helpers/figures/explorables/dual_bound.js";

const { x, z } = JSON.parse(readFileSync(0, "utf8")), answer = {};
for (const [name, P] of Object.entries(PROBLEMS))
  answer[name] = { f: x.map(P.f), u: x.map(P.u), g: z.map(P.g), at: z.map(P.at), p: P.p, x: P.x, best: Number.isFinite(P.best) ? P.best : null, zMax: P.zMax };
process.stdout.write(JSON.stringify(answer));
