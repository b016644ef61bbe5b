// The methods in the browser, asked by tests/test_figures.py: JSON in, JSON out.
import { readFileSync } from "node:fs";
import { surface, walk } from "../../helpers/figures/explorables/methods.js";
import { diamond } from "../../helpers/figures/explorables/projection.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
if (asked.surface && asked.surface.coefficients) {
  const bytes = Buffer.from(asked.surface.coefficients, "base64");
  asked.surface.coefficients = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
const answer = asked.points
  ? asked.points.map(point => diamond(point, asked.radius))
  : walk(asked.method, surface(asked.surface), asked.start, asked.step, asked.beta, asked.steps);
process.stdout.write(JSON.stringify(answer));
