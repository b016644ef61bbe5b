// Asked by tests/test_explorable_decision_tree.py: where answers lead, and the ends of the tree.
import { readFileSync } from "node:fs";
import { leaves, walk } from "../../helpers/figures/explorables/decision_tree.js";

const { tree, paths } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify({ walks: paths.map(p => walk(tree, p)), leaves: leaves(tree) }));
