// Asked by tests/test_explorables_agree.py: the methods and closed forms that the browser runs, on many inputs at once.
import { readFileSync } from "node:fs";
import { CURVES as SLOPES, roll } from "../../helpers/figures/explorables/ball.js";
import { features, smoother } from "../../helpers/figures/explorables/bias_variance.js";
import { centre } from "../../helpers/figures/explorables/central_path.js";
import { descend as descendBowl } from "../../helpers/figures/explorables/forgetting.js";
import { factor, gauss, kernels, solve as solveKernel } from "../../helpers/figures/explorables/kernel_width.js";
import { descend as descendKink } from "../../helpers/figures/explorables/kink.js";
import { solve } from "../../helpers/figures/explorables/lasso_path.js";
import { walk } from "../../helpers/figures/explorables/methods.js";
import { CURVES, newton } from "../../helpers/figures/explorables/newton_model.js";
import { wander } from "../../helpers/figures/explorables/noise_ball.js";
import { SETS } from "../../helpers/figures/explorables/projection.js";
import { onLine } from "../../helpers/figures/explorables/quantile_fan.js";
import { evenly } from "../../helpers/figures/explorables/random.js";
import { stray } from "../../helpers/figures/explorables/saddle.js";
import { loss } from "../../helpers/figures/explorables/separable_logistic.js";
import { surface } from "../../helpers/figures/explorables/surfaces.js";
import { descent, network } from "../../helpers/figures/explorables/two_minima.js";

const points = flat => Array.from({ length: flat.length / 2 }, (_, k) => [flat[2 * k], flat[2 * k + 1]]);
const answers = {
  walk: q => walk(q.method, surface(q.surface), q.start, q.step, q.beta, q.steps),
  roll: q => SLOPES.map(curve => roll(curve.slope, q.x, q.steps, q.step)),
  project: q => Object.fromEntries(Object.entries(SETS).map(([name, set]) => [name, q.points.map(set.project)])),
  newton: q => q.starts.map(x => Object.values(CURVES).map(curve => newton(curve, x, q.damped))),
  kink: q => descendKink("kinks along the axes c(|x| + |y|)", q.a, q.b, q.c, q.start, q.moves),
  centre: q => q.ts.map(t => centre(q.G, q.h, q.c, t, q.inside)),
  bowl: q => descendBowl(q.H, q.start, q.target, q.step, q.steps),
  saddle: q => points(stray(q.start, q.step, 0, q.steps, 1)),
  network: q => { const path = descent(network(q.x, q.y), q.start, q.step, q.steps); return Array.from({ length: q.steps + 1 }, (_, k) => [path[3 * k], path[3 * k + 1]]); },
  sgd: q => { const draw = evenly(q.seed); return { path: points(wander(q.centres, q.h, q.start, q.step, q.batch, q.steps, q.seed)), draws: Array.from({ length: q.batch * q.steps }, draw) }; },
  kernel: q => { const L = factor(kernels(q.x, [], q.sigma).near, q.lam); return { L: L.map(row => Array.from(row)), alpha: solveKernel(L, q.y), K: q.x.map(a => q.x.map(b => gauss(a, b, q.sigma))) }; },
  smoother: q => smoother(features(q.x, q.degree), q.lam),
  solve: q => solve(q.A, q.b),
  onLine: q => onLine(q.x, q.y, q.line, q.near),
  loss: q => q.at.map(([w, b]) => loss(q.x, q.y, w, b)),
};
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(q => answers[q.what](q))));
