"""The decision guide of the capstone: is it convex, which solver, what does the gap say, what do I change?

A node is a question, or a model (which asks what its gap says), or an end: what to change.
"""

from typing import Any

from .guide_models import MODELS, Node, ask


def _end(change: str, how: str, lesson: str) -> Node:
    """Where it ends: what is to be changed (the data, the model, the optimiser, nothing), and how."""
    return {"change": change, "how": how, "lesson": lesson}


GUIDE: dict[str, Any] = {
    "start": "what",
    "nodes": {
        "what": ask(
            "What is to be found?",
            "The loss follows from what is predicted, before any solver does.",
            a_number="number",
            one_of_two_classes="two",
            one_of_many_classes="many",
            a_plan_under_constraints="plan",
            features_as_well="network",
            the_minimum_of_a_function_of_mine="own",
        ),
        "number": ask(
            "Which error hurts?",
            "Squares let one outlier decide; absolute values do not; a quantile asks for a bound instead of a middle.",
            large_errors_hurt_most="squares",
            some_rows_are_wrong="robust",
            I_want_a_quantile="quantile",
        ),
        "squares": ask(
            "How many of the columns matter, do you think?",
            "A sparse answer can be read; a dense one predicts as well if all columns help a little.",
            most="ridge",
            few="lasso",
            few_groups_of_similar_ones="elastic_net",
            it_is_not_linear_in_them="kernel_ridge",
        ),
        "robust": ask(
            "How far off are the wrong rows?",
            "Huber's loss is squares near 0 and absolute values far out; with absolute values throughout even good rows count by sign only.",
            a_few_far_off="huber",
            many_or_unknown="lad",
        ),
        "two": ask(
            "Do you need probabilities?",
            "A margin decides; a probability can be checked, and costs be weighed with it.",
            yes="probabilities",
            only_a_decision="decision",
        ),
        "probabilities": ask(
            "How many of the columns matter?",
            "With an l1 penalty the unimportant weights are exactly 0.",
            most="logistic",
            few="sparse_logistic",
        ),
        "decision": ask(
            "Can a plane divide them?",
            "If not, a kernel bends the plane at the price of an n x n matrix.",
            about="svm",
            no="kernel_svm",
        ),
        "plan": ask(
            "What is minimised over the plan?",
            "Linear and quadratic programs are convex if the matrix of the quadratic is positive semidefinite: check its eigenvalues.",
            a_linear_cost="linear_program",
            a_convex_quadratic="quadratic_program",
            something_else="dcp",
            whole_numbers="integer",
        ),
        "dcp": ask(
            "Can it be written by the rules of composition (DCP)?",
            "Each rule keeps convexity; CVXPY checks them for you, and tells which one fails.",
            yes="cone",
            no_and_a_midpoint_refutes_it="refuted",
            no_and_nothing_refutes_it="rewrite",
        ),
        "own": ask(
            "Is it convex?",
            "Rules prove it: sums, maxima, affine arguments, the composition rule. A midpoint that is worse than its ends refutes it. A thousand midpoints that are not worse prove nothing.",
            yes_by_the_rules="smooth",
            a_midpoint_refutes_it="refuted",
            I_cannot_tell="dcp",
        ),
        "smooth": ask(
            "What does it look like?",
            "What does a step cost, and how many are needed? A linear system a step buys very few steps.",
            smooth_with_few_variables="newton",
            smooth_with_many_variables="first_order",
            a_sum_over_very_many_rows="stochastic",
            a_kink_with_a_simple_prox="proximal",
            over_a_simple_set="projected",
        ),
        "refuted": ask(
            "Is there something convex in it?",
            "A relaxation gives a bound; a part that is convex (the last layer, one factor of two) can be certified while the rest is held.",
            a_relaxation="integer",
            a_part_with_the_rest_held="part",
            nothing="network",
        ),
        **MODELS,
        "open": ask(
            "How did the solver end?",
            "An open gap is the solver’s business: the answer is not the model’s yet, and its predictions say nothing about the model.",
            it_ran_out_of_iterations="iterate",
            it_says_that_it_has_converged="tolerance",
            with_NaN_or_growing_values="diverged",
        ),
        "closed": ask(
            "How does it do on rows that it has not seen?",
            "A closed gap and a bad result are the business of model and data: no solver can help.",
            well_enough="report",
            much_worse_than_where_it_was_fitted="overfitted",
            badly_on_both="underfitted",
            too_well_to_be_true="leak",
            well_there_and_badly_in_use="shift",
        ),
        "plan_closed": ask(
            "Can the plan be used?",
            "It is the best plan of the problem as it is written. Is that the problem you have?",
            yes="report",
            it_is_absurd="forgotten",
            it_changes_much_when_data_change_a_little="robust_plan",
        ),
        "rewrite": _end(
            "The way it is written",
            "Convex functions need not follow the rules as they stand: √(x² + 1) does as a norm, log Σ exp as an atom. Look for such a form; until it is found, treat the problem as not convex.",
            "2 and 15",
        ),
        "iterate": _end(
            "The optimiser",
            "More iterations, from where it stopped. If they crawl: standardise the columns (κ), a larger λ, an accelerated method, or a direct one if p is small.",
            "4 and 5",
        ),
        "tolerance": _end(
            "The optimiser",
            "It has stopped by a rule of its own, in units of its own. Ask for a smaller tolerance, until the gap is closed; or another solver.",
            "21",
        ),
        "diverged": _end(
            "The optimiser, then the data",
            "A smaller step (below 2/L), log-sum-exp for exp, columns of size one. Is there a NaN, an infinity or a date in the data? Without a penalty: is there a minimum at all?",
            "4 and 11",
        ),
        "report": _end(
            "Nothing",
            "Report it: loss, λ and how it was chosen, the gap, the error on held-out rows beside guessing, with its standard error.",
            "21",
        ),
        "overfitted": _end(
            "The model, or the data",
            "A larger λ, fewer features, or more rows. Choose λ on rows that you hold out, and not on those you report.",
            "9 and 10",
        ),
        "underfitted": _end(
            "The model",
            "A smaller λ; features that it lacks (squares, products, a kernel); another loss, if few rows are wild. If guessing is as good: other columns.",
            "13 and 14",
        ),
        "leak": _end(
            "The data",
            "Look at the largest weights: is a column known only afterwards, a copy of the target, a row number of a sorted file? Are rows in it twice?",
            "21",
        ),
        "shift": _end(
            "The data",
            "The rows in use come from elsewhere, or from later. Hold out by time or by place as you will predict; then adapt.",
            "19",
        ),
        "forgotten": _end(
            "The model",
            "A constraint or a cost is missing that you took for granted. Write down why the plan is absurd: that is the constraint.",
            "7 and 15",
        ),
        "robust_plan": _end(
            "The model",
            "The data are estimates. Penalise the plan (½λ‖x‖²), or ask for the best in the worst case. Read the prices: they say which datum decides.",
            "15",
        ),
        "infeasible": _end(
            "The model",
            "Farkas’ multipliers name the constraints that contradict each other: weaken one of these, at a price.",
            "3",
        ),
        "unbounded": _end(
            "The model",
            "A constraint was forgotten, or a sign: the certificate is a direction in which the cost falls for ever. Look which one.",
            "3 and 7",
        ),
        "bound_far": _end(
            "The model",
            "Add constraints that cut off the relaxation’s answer and no admissible plan, or branch on a variable that is far from whole.",
            "15",
        ),
        "bound_near": _end(
            "Nothing",
            "Report the plan, and by how much it may miss the optimum: that is proved.",
            "15",
        ),
        "sick_run": _end(
            "The optimiser, or the data",
            "Initialisation and the rate first (a range test); then the labels, and whether they were shuffled with the rows. Can it fit ten rows?",
            "16 and 18",
        ),
        "overfitted_network": _end(
            "The data, or the model",
            "Stop earlier, a penalty, more rows or changed copies of them; a smaller network. Is the certified baseline any worse?",
            "18 and 19",
        ),
        "seeds": _end(
            "The model, or the optimiser",
            "Report the spread, not the best. Wider layers or a longer run bring the losses together. The mean of their probabilities is, in log loss, no worse than they are on average (Jensen).",
            "17",
        ),
        "baseline": _end(
            "Nothing, if it beats the convex model",
            "Put the certified baseline beside it, on the same held-out rows. If the network is not better by more than two standard errors, take the proved model.",
            "21",
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
