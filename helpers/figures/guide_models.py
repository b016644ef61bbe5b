"""The models of the decision guide: why each is convex, its solver, its proof, and what to watch for."""

from typing import Any

Node = dict[str, Any]


def ask(question: str, why: str, **answers: str) -> Node:
    """A question; answers map words (an underscore is a space) to the names of the nodes they lead to."""
    listed = [[words.replace("_", " "), node] for words, node in answers.items()]
    return {"question": question, "why": why, "answers": listed}


def _model(
    model: str,
    convex: str,
    solver: str,
    library: str,
    proof: str,
    watch: str,
    lesson: str,
    **then: str,
) -> Node:
    """A model with its solver and its proof; `then` says where the answers to "what does the gap say?" lead."""
    answers = then or {"it_is_open": "open", "it_is_closed": "closed"}
    question = "You have run it. What does the gap say?"
    return {
        **ask(question, "Compute it, for the answer that you have, whoever found it.", **answers),
        "model": model,
        "convex": convex,
        "solver": solver,
        "library": library,
        "proof": proof,
        "watch": watch,
        "lesson": lesson,
    }


GAP = "The duality gap, from data, answer and dual point: result.certificate.relative_gap."
PENALTY = (
    "Yes: a loss that is convex in the scores, scores that are affine in the weights, and a norm."
)
PROGRAM = {
    "it_is_open": "open",
    "it_is_closed": "plan_closed",
    "it_is_infeasible": "infeasible",
    "it_is_unbounded": "unbounded",
}
BOUND = {"the_bound_is_far": "bound_far", "the_bound_is_near": "bound_near"}
NONE = {
    "there_is_none,_and_the_training_loss_does_not_fall": "sick_run",
    "there_is_none,_it_falls_and_new_rows_are_bad": "overfitted_network",
    "there_is_none,_and_seeds_disagree": "seeds",
    "there_is_none,_and_all_is_well": "baseline",
}

MODELS: dict[str, Node] = {
    "many": _model(
        "Softmax regression with a penalty",
        PENALTY,
        "solvers.softmax(X, y, lam)",
        "scikit-learn: LogisticRegression(C=1/lam)",
        GAP,
        "Without a penalty the weights are determined up to a constant only, and on separable classes there is no minimum.",
        "11",
    ),
    "ridge": _model(
        "Ridge regression",
        PENALTY,
        "solvers.ridge(X, y, lam)",
        "scikit-learn: Ridge(alpha=lam); alpha as ours",
        GAP + " Or the gradient: zero to rounding.",
        "Columns in different units are penalised differently: standardise.",
        "9",
    ),
    "lasso": _model(
        "Lasso",
        PENALTY,
        "solvers.lasso(X, y, lam)",
        "scikit-learn: Lasso(alpha=lam/n)",
        GAP,
        "If the chosen columns change from sample to sample, columns are alike: try the elastic net.",
        "10",
    ),
    "elastic_net": _model(
        "Elastic net",
        PENALTY,
        "solvers.elastic_net(X, y, ...)",
        "scikit-learn: ElasticNet",
        GAP,
        "scikit-learn divides the loss by n and mixes the two penalties by l1_ratio.",
        "10",
    ),
    "kernel_ridge": _model(
        "Kernel ridge regression",
        "Yes: the kernel matrix is positive semidefinite. Check that it is.",
        "solvers.kernel_ridge(K, y, lam)",
        "scikit-learn: KernelRidge",
        GAP,
        "n too large for an n x n matrix: random features.",
        "13",
    ),
    "huber": _model(
        "Huber regression",
        PENALTY,
        "solvers.huber(X, y, lam)",
        "scikit-learn: HuberRegressor (its scale is estimated as well)",
        GAP,
        "Its δ is in the units of y: scale y, or choose it.",
        "14",
    ),
    "lad": _model(
        "Least absolute deviations",
        PENALTY,
        "solvers.lad(X, y, lam)",
        "scikit-learn: QuantileRegressor(quantile=0.5)",
        GAP,
        "It withstands wild y. A wild row of X may still decide.",
        "14",
    ),
    "quantile": _model(
        "Quantile regression",
        PENALTY,
        "solvers.quantile(X, y, ...)",
        "scikit-learn: QuantileRegressor",
        GAP + " And count: a share τ of the rows lies below.",
        "Quantiles fitted one by one may cross.",
        "14",
    ),
    "logistic": _model(
        "Logistic regression with a penalty",
        PENALTY,
        "solvers.logistic(X, y, lam)",
        "scikit-learn: LogisticRegression(C=1/lam)",
        GAP,
        "Without a penalty, classes that a plane separates have no minimum.",
        "11",
    ),
    "sparse_logistic": _model(
        "Logistic regression with an l1 penalty",
        PENALTY,
        "solvers.sparse_logistic(X, y, lam)",
        "scikit-learn: LogisticRegression(l1_ratio=1, solver='saga')",
        GAP,
        "saga stops early by default: ask the gap.",
        "11",
    ),
    "svm": _model(
        "Support vector machine",
        PENALTY,
        "solvers.svm(X, y, C)",
        "scikit-learn: SVC(kernel='linear', C=C)",
        GAP,
        "A large C takes long, and few misplaced rows decide.",
        "12",
    ),
    "kernel_svm": _model(
        "Kernel support vector machine",
        "Yes, if the kernel matrix is positive semidefinite: else the dual is not concave.",
        "solvers.kernel_svm(K, y, C)",
        "scikit-learn: SVC(kernel='rbf', C=C)",
        GAP,
        "The width of the kernel decides more than C: choose both on rows held out.",
        "13",
    ),
    "linear_program": _model(
        "Linear program",
        "Yes: everything in it is affine.",
        "solvers.linear_program(c, ...)",
        "SciPy: linprog (HiGHS)",
        "Primal and dual values and residuals, or a certificate that it is infeasible or unbounded.",
        "The multipliers are prices: read them.",
        "3 and 7",
        **PROGRAM,
    ),
    "quadratic_program": _model(
        "Quadratic program",
        "Yes, if P is positive semidefinite: look at its least eigenvalue. Below 0, go back and relax.",
        "solvers.quadratic_program(P, q, ...)",
        "CVXPY with Clarabel or OSQP",
        "Primal and dual values and residuals, or a certificate of infeasibility.",
        "A P that is symmetric in your head only: symmetrise it.",
        "7",
        **PROGRAM,
    ),
    "cone": _model(
        "A cone program",
        "Yes, by the rules: CVXPY has checked them.",
        "write it, and let a modelling language transform it",
        "CVXPY: Problem(...).solve(); read the status and the duals",
        "Primal and dual values of the cone program agree, and both residuals are small.",
        "Status “inaccurate” is an open gap.",
        "15",
        **PROGRAM,
    ),
    "newton": _model(
        "Newton’s method, damped",
        "By your rules.",
        "methods.newton(f, x)",
        'SciPy: minimize(method="trust-exact")',
        "‖∇f‖²/(2μ) if f is μ-strongly convex (a penalty ½μ‖x‖² makes it so); a dual point if you have one.",
        "Check gradient and Hessian against differences first.",
        "5",
    ),
    "first_order": _model(
        "Nesterov’s method, or L-BFGS",
        "By your rules.",
        "methods.nesterov(f, x)",
        'SciPy: minimize(method="L-BFGS-B")',
        "‖∇f‖²/(2μ) if f is μ-strongly convex; a dual point if you have one.",
        "Step 1/L: measure L, or backtrack.",
        "4 and 5",
    ),
    "stochastic": _model(
        "Stochastic gradients, with reduced variance",
        "By your rules.",
        "methods.saga(f, x, rng)",
        'scikit-learn: LogisticRegression(solver="saga")',
        "The gradient over all rows, at the end: ‖∇f‖²/(2μ) if f is μ-strongly convex.",
        "Shuffle. A constant step without reduced variance ends in a ball of noise.",
        "8",
    ),
    "proximal": _model(
        "Proximal gradients, accelerated",
        "By your rules, kink and all.",
        "methods.fista(f, g, x)",
        "CVXPY, if it is small",
        "The gap from the scaled residual, as for the lasso; else the length of the prox step.",
        "Restart when the momentum points uphill.",
        "6",
    ),
    "projected": _model(
        "Projected gradients, or Frank-Wolfe",
        "By your rules, and the set is convex: check it too.",
        "methods.frank_wolfe(f, C, x)",
        "CVXPY, if it is small",
        "Frank and Wolfe’s gap, max over s in the set of ∇f(x)ᵀ(x − s): one linear program.",
        "Project where the projection is cheap, else use vertices.",
        "7",
    ),
    "integer": _model(
        "Not convex: relax it, and keep the bound",
        "No. A convex problem beside it bounds it.",
        "relax, solve the relaxation, round, compare",
        "SciPy: milp; CVXPY with a mixed-integer solver",
        "The relaxation’s optimum is a lower bound: the distance to it is proved.",
        "A rounded plan may break the constraints: check them.",
        "15",
        **BOUND,
    ),
    "part": _model(
        "Not convex: one convex part, certified",
        "No. With the rest held, yes.",
        "solve the part, hold it, solve the other, repeat",
        "the solver of the part",
        "The gap of the part, for what is held. It says nothing of the rest.",
        "Each step lowers the whole; where it ends depends on the start. Several starts.",
        "16, 17 and 19",
        **NONE,
    ),
    "network": _model(
        "Not convex: a network, or several starts",
        "No: two orders of the hidden units, and the midpoint between them.",
        "helpers.networks, and a convex model beside it",
        "PyTorch",
        "There is none. What remains: the gradient’s norm, the least eigenvalue of the Hessian, several seeds, held-out rows.",
        "First the convex baseline, which is certified.",
        "16 to 18",
        **NONE,
    ),
}
