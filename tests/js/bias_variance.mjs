// Asked by tests/test_explorable_bias_variance.py: fitted values, squared bias and variance.
import { readFileSync } from "node:fs";
import { errors, features, hat } from "../../helpers/figures/explorables/bias_variance.js";

const { x, at, y, truth, truthAt, degree, lam, sigma } = JSON.parse(readFileSync(0, "utf8"));
const X = features(x, degree), grid = features(at, degree), H = hat(X, grid, lam);
const { bias, variance } = errors(X, truth, grid, truthAt, lam, sigma);
process.stdout.write(JSON.stringify({ fit: H.map(row => row.reduce((s, h, i) => s + h * y[i], 0)), bias, variance }));
