// Asked by tests/test_explorable_central_path.py: centres along the path, and what their multipliers prove.
import { readFileSync } from "node:fs";
import { centre, path, proof } from "../../helpers/figures/explorables/central_path.js";

const { G, h, c, inside, ts } = JSON.parse(readFileSync(0, "utf8"));
const asked = ts.map(t => { const x = centre(G, h, c, t, inside); return { x, ...proof(G, h, c, t, x) }; });
process.stdout.write(JSON.stringify({ asked, way: path(G, h, c, inside) }));
