"""The decision guide of the capstone: questions about a problem, and where their answers lead."""

from typing import Any

Node = dict[str, Any]


def _ask(question: str, why: str, **answers: str) -> Node:
    """A question; answers map words (an underscore is a space) to the names of the nodes they lead to."""
    listed = [[words.replace("_", " "), node] for words, node in answers.items()]
    return {"question": question, "why": why, "answers": listed}


def _end(model: str, solver: str, library: str, proof: str, otherwise: str, lesson: str) -> Node:
    return {
        "model": model,
        "solver": solver,
        "library": library,
        "proof": proof,
        "otherwise": otherwise,
        "lesson": lesson,
    }


GAP = (
    "The duality gap, from the data, the answer and a dual point: result.certificate.relative_gap."
)
OPEN = "Gap open: scale the columns, allow more iterations, or a larger λ. Gap closed and the model bad: change data, features or loss."

GUIDE: dict[str, Any] = {
    "start": "what",
    "nodes": {
        "what": _ask(
            "What is to be found?",
            "The loss follows from what is predicted, before any solver does.",
            a_number="number",
            one_of_two_classes="two",
            one_of_many_classes="many",
            a_plan_under_constraints="plan",
            features_as_well="network",
        ),
        "number": _ask(
            "Which error hurts?",
            "Squares let one outlier decide; absolute values do not; a quantile asks for a bound instead of a middle.",
            large_errors_hurt_most="squares",
            some_rows_are_wrong="robust",
            I_want_a_quantile="quantile",
        ),
        "squares": _ask(
            "How many of the columns matter, do you think?",
            "A sparse answer can be read; a dense one predicts as well if all columns help a little.",
            most="ridge",
            few="lasso",
            few_groups_of_similar_ones="elastic_net",
            it_is_not_linear_in_them="kernel_ridge",
        ),
        "robust": _ask(
            "How far off are the wrong rows?",
            "Huber's loss is squares near 0 and absolute values far out; with absolute values throughout even good rows count by sign only.",
            a_few_far_off="huber",
            many_or_unknown="lad",
        ),
        "two": _ask(
            "Do you need probabilities?",
            "A margin decides; a probability can be checked, and costs be weighed with it.",
            yes="probabilities",
            only_a_decision="decision",
        ),
        "probabilities": _ask(
            "How many of the columns matter?",
            "With an l1 penalty the unimportant weights are exactly 0.",
            most="logistic",
            few="sparse_logistic",
        ),
        "decision": _ask(
            "Can a plane divide them?",
            "If not, a kernel bends the plane at the price of an n x n matrix.",
            about="svm",
            no="kernel_svm",
        ),
        "many": _end(
            "Softmax regression with a penalty",
            "solvers.softmax(X, y, lam)",
            "scikit-learn: LogisticRegression(C=1/lam)",
            GAP,
            OPEN,
            "11",
        ),
        "plan": _ask(
            "What is minimised over the plan?",
            "Linear and quadratic programs are convex if the matrix of the quadratic is positive semidefinite: check its eigenvalues.",
            a_linear_cost="linear_program",
            a_convex_quadratic="quadratic_program",
            something_else="dcp",
            whole_numbers="integer",
        ),
        "dcp": _ask(
            "Can it be written by the rules of composition (DCP)?",
            "Each rule keeps convexity; CVXPY checks them for you, and tells which one fails.",
            yes="cone",
            no="network",
        ),
        "ridge": _end(
            "Ridge regression",
            "solvers.ridge(X, y, lam)",
            "scikit-learn: Ridge(alpha=lam); alpha as ours",
            GAP + " Or the gradient: zero to rounding.",
            OPEN,
            "9",
        ),
        "lasso": _end(
            "Lasso",
            "solvers.lasso(X, y, lam)",
            "scikit-learn: Lasso(alpha=lam/n)",
            GAP,
            OPEN
            + " Chosen columns change from sample to sample: columns are alike, try the elastic net.",
            "10",
        ),
        "elastic_net": _end(
            "Elastic net",
            "solvers.elastic_net(X, y, ...)",
            "scikit-learn: ElasticNet",
            GAP,
            OPEN,
            "10",
        ),
        "kernel_ridge": _end(
            "Kernel ridge regression",
            "solvers.kernel_ridge(K, y, lam)",
            "scikit-learn: KernelRidge",
            GAP,
            OPEN + " n too large for an n x n matrix: random features (lesson 13).",
            "13",
        ),
        "huber": _end(
            "Huber regression",
            "solvers.huber(X, y, lam)",
            "scikit-learn: HuberRegressor (its scale is estimated as well)",
            GAP,
            OPEN,
            "14",
        ),
        "lad": _end(
            "Least absolute deviations",
            "solvers.lad(X, y, lam)",
            "scikit-learn: QuantileRegressor(quantile=0.5)",
            GAP,
            OPEN,
            "14",
        ),
        "quantile": _end(
            "Quantile regression",
            "solvers.quantile(X, y, ...)",
            "scikit-learn: QuantileRegressor",
            GAP + " And count: a share τ of the rows lies below.",
            OPEN,
            "14",
        ),
        "logistic": _end(
            "Logistic regression with a penalty",
            "solvers.logistic(X, y, lam)",
            "scikit-learn: LogisticRegression(C=1/lam)",
            GAP,
            OPEN + " Without a penalty, classes that a plane separates have no minimum.",
            "11",
        ),
        "sparse_logistic": _end(
            "Logistic regression with an l1 penalty",
            "solvers.sparse_logistic(X, y, lam)",
            "scikit-learn: LogisticRegression(l1_ratio=1, solver='saga')",
            GAP,
            OPEN,
            "11",
        ),
        "svm": _end(
            "Support vector machine",
            "solvers.svm(X, y, C)",
            "scikit-learn: SVC(kernel='linear', C=C)",
            GAP,
            OPEN + " Large C takes long: few misplaced rows decide.",
            "12",
        ),
        "kernel_svm": _end(
            "Kernel support vector machine",
            "solvers.kernel_svm(K, y, C)",
            "scikit-learn: SVC(kernel='rbf', C=C)",
            GAP,
            OPEN
            + " A matrix that is not positive semidefinite is no kernel: the dual is not concave.",
            "13",
        ),
        "linear_program": _end(
            "Linear program",
            "solvers.linear_program(c, ...)",
            "SciPy: linprog (HiGHS)",
            "Primal and dual values and residuals, or a certificate that it is infeasible or unbounded.",
            "Infeasible: the multipliers name the constraints that contradict each other. Unbounded: a constraint was forgotten.",
            "3 and 7",
        ),
        "quadratic_program": _end(
            "Quadratic program",
            "solvers.quadratic_program(P, q, ...)",
            "CVXPY with Clarabel or OSQP",
            "Primal and dual values and residuals, or a certificate of infeasibility.",
            "An eigenvalue of P below 0: not convex; go back, or bound it by a relaxation (lesson 15).",
            "7",
        ),
        "cone": _end(
            "A cone program",
            "write it, and let a modelling language transform it",
            "CVXPY: Problem(...).solve(); read the status and the duals",
            "Primal and dual values of the cone program agree, and both residuals are small.",
            "Status inaccurate: scale the data. Infeasible: ask for the certificate.",
            "15",
        ),
        "integer": _end(
            "Not convex: relax it, and keep the bound",
            "relax, solve the relaxation, round, compare",
            "SciPy: milp; CVXPY with a mixed-integer solver",
            "The relaxation's optimum is a lower bound: the distance to it is proved.",
            "The bound is far: add constraints that cut fractions off, or branch.",
            "15",
        ),
        "network": _end(
            "Not convex: a network, or several starts",
            "helpers.networks, and a convex model beside it",
            "PyTorch",
            "There is none. What remains: the gradient's norm, the least eigenvalue of the Hessian, several seeds, held-out rows.",
            "First the convex baseline, which is certified: if it is as good, take it. Then lessons 16 to 18.",
            "16 to 18",
        ),
    },
}


def reached(answers: list[str]) -> list[str]:
    """The names of the nodes along a list of answers; ValueError for an answer that is not offered."""
    at, seen = GUIDE["start"], [GUIDE["start"]]
    for answer in answers:
        offered = dict(GUIDE["nodes"][at].get("answers", []))
        if answer not in offered:
            raise ValueError(f"answers: {answer!r} is not one of {list(offered)} at {at!r}")
        at = offered[answer]
        seen.append(at)
    return seen
