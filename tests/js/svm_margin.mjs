// Asked by tests/test_explorable_svm_margin.py: the machine for each C, cold and from the last one's multipliers.
import { readFileSync } from "node:fs";
import { machine } from "../../helpers/figures/explorables/svm_margin.js";

const { points, labels, prices } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(prices.map(C => {
  const cold = machine(points, labels, C), moved = points.map((x, k) => k ? x : [x[0] - 0.3, x[1] + 0.2]);
  return { ...cold, dragged: machine(moved, labels, C, cold.a), afresh: machine(moved, labels, C) };
})));
