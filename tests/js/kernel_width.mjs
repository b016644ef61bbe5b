// Asked by tests/test_explorable_kernel_width.py: α, fitted values, degrees of freedom, both errors.
import { readFileSync } from "node:fs";
import { factor, fit, freedom, kernels, predict } from "../../helpers/figures/explorables/kernel_width.js";

const { x, y, held, heldY, sigma, lam, at } = JSON.parse(readFileSync(0, "utf8"));
const K = kernels(x, held, sigma), L = factor(K.near, lam), found = { ...fit(K, L, y, heldY), freedom: freedom(L, lam) };
process.stdout.write(JSON.stringify({ ...found, values: predict(x, found.alpha, sigma, at) }));
