// Asked by tests/test_explorable_lasso_path.py: the lasso and ridge for each λ, and labels moved apart.
import { readFileSync } from "node:fs";
import { apart, lasso, ridge } from "../../helpers/figures/explorables/lasso_path.js";

const { G, c, lams } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify({ lasso: lams.map(lam => lasso(G, c, lam, c.map(() => 0))), ridge: lams.map(lam => ridge(G, c, lam)), apart: apart([50, 95, 52, 95, 51], 13, 100) }));
