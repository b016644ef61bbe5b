// Asked by tests/test_explorable_attention.py: the numbers unpacked, the weights, and over how many places they are spread.
import { readFileSync } from "node:fs";
import { numbers, spread, weights } from "../../helpers/figures/explorables/attention.js";

const { coefficients, heads, d, text, sharpness, causal, head } = JSON.parse(readFileSync(0, "utf8"));
const all = numbers(coefficients), T = text.length, size = T * d;
const A = weights(all.subarray(head * size, (head + 1) * size), all.subarray((heads + head) * size, (heads + head + 1) * size), T, d, sharpness, causal);
process.stdout.write(JSON.stringify({ all: Array.from(all), A: Array.from(A), spread: spread(A.subarray(0, T)), last: spread(A.subarray((T - 1) * T)) }));
