// Asked by tests/test_explorable_forgetting.py: losses, penalised optima and the way of gradient descent.
import { readFileSync } from "node:fs";
import { descend, held, loss, solve } from "../../helpers/figures/explorables/forgetting.js";

const { Hs, Ht, start, target, step, steps, lam } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify({
  path: descend(Ht, start, target, step, steps), near: held(Ht, [[1, 0], [0, 1]], start, target, lam), pareto: held(Ht, Hs, start, target, lam),
  losses: [loss(Hs, start, target), loss(Ht, target, start)], solved: solve(Hs, target),
}));
