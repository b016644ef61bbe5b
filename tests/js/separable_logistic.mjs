// Asked by tests/test_explorable_separable_logistic.py: fits for each λ, and the best b for each w.
import { readFileSync } from "node:fs";
import { bestB, fit, value } from "../../helpers/figures/explorables/separable_logistic.js";

const { x, y, lams, slopes } = JSON.parse(readFileSync(0, "utf8"));
const fits = lams.map(lam => { const [w, b] = fit(x, y, lam); return [w, b, value(x, y, lam, w, b)]; });
process.stdout.write(JSON.stringify({ fits, intercepts: slopes.map(w => bestB(x, y, w)) }));
