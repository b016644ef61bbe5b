// Asked by tests/test_explorable_transport.py: heaps, Sinkhorn's plan, the cheapest plan, costs and the bound.
import { readFileSync } from "node:fs";
import { bound, cost, heaps, monotone, places, sinkhorn } from "../../helpers/figures/explorables/transport.js";

const { n, source, target, eps } = JSON.parse(readFileSync(0, "utf8"));
const x = places(n), a = heaps(x, source), b = heaps(x, target), found = sinkhorn(x, a, b, eps), exact = monotone(a, b);
process.stdout.write(JSON.stringify({
  a, b, P: found.P.map(row => [...row]), rounds: found.rounds, exact: exact.map(row => [...row]),
  paid: cost(x, found.P), least: cost(x, exact), floor: bound(x, found.f, a, b),
}));
