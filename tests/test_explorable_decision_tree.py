"""The decision guide: every end is reached, names what exists, and the browser walks as Python does."""

import inspect
import re

import pytest
from in_node import answer_of

from helpers import certificates, methods, solvers
from helpers.figures import explore
from helpers.figures.guide import GUIDE, reached

NODES = GUIDE["nodes"]


def all_paths(at=GUIDE["start"], answers=()):
    if "answers" not in NODES[at]:
        return [list(answers)]
    return [
        path for words, node in NODES[at]["answers"] for path in all_paths(node, (*answers, words))
    ]


PATHS = all_paths()


def test_every_node_is_reached_and_every_question_has_a_choice():
    assert {name for path in PATHS for name in reached(path)} == set(NODES)
    for node in NODES.values():
        if "answers" in node:
            words = [answer for answer, _ in node["answers"]]
            assert len(words) >= 2 and len(set(words)) == len(words) and node["why"]


MODELS = {name: node for name, node in NODES.items() if "model" in node}


def test_every_model_names_a_solver_and_a_certificate_that_exist():
    for name, node in MODELS.items():
        called = re.match(r"(solvers|methods)\.(\w+)\((.*)\)", node["solver"])
        if called and called[1] == "solvers":
            assert callable(getattr(solvers, called[2])), name
            assert callable(getattr(certificates, called[2])), name
        elif called:
            asked = list(inspect.signature(getattr(methods, called[2])).parameters)
            assert called[3].split(", ") == asked[: called[3].count(",") + 1], name
        else:
            assert name in ("cone", "integer", "network", "part")
        assert all(node[part] for part in ("convex", "library", "proof", "watch", "lesson"))


def test_the_four_questions_come_in_their_order():
    """Every way leads through a model, which says whether it is convex and asks its gap, to what to change, or back to the writing."""
    for path in PATHS:
        seen = [NODES[name] for name in reached(path)]
        last = seen[-1]
        assert last["change"] and last["how"] and last["lesson"]
        models = [node for node in seen if "model" in node]
        assert len(models) == (reached(path)[-1] != "rewrite")
        assert all("gap" in node["question"] for node in models)


def test_no_convex_model_ends_without_a_proof_and_no_network_with_one():
    for name, node in MODELS.items():
        offered = {words for words, _ in node["answers"]}
        if name in ("network", "part"):
            assert all("there is none" in words for words in offered)
        elif name == "integer":
            assert all("bound" in words for words in offered)
        else:
            assert {"it is open", "it is closed"} <= offered


def test_every_solver_of_the_course_is_at_some_end():
    named = " ".join(node.get("solver", "") for node in NODES.values())
    for model in ("ridge", "lasso", "elastic_net", "logistic", "sparse_logistic", "softmax", "svm"):
        assert f"solvers.{model}(" in named
    for model in ("kernel_svm", "kernel_ridge", "huber", "lad", "quantile", "linear_program"):
        assert f"solvers.{model}(" in named
    assert "solvers.quadratic_program(" in named


def test_the_browser_walks_as_python_does():
    told = answer_of("decision_tree", {"tree": GUIDE, "paths": [*PATHS, ["no such answer"]]})
    assert told["walks"] == [reached(path) for path in PATHS] + [[GUIDE["start"]]]
    assert sorted(told["leaves"]) == sorted(n for n in NODES if "answers" not in NODES[n])


def test_the_page_is_small_asks_for_nothing_and_says_what_is_seen():
    bundle = explore.decision_tree()._repr_mimebundle_()
    page = bundle["text/html"]
    assert len(page.encode()) < 100_000
    assert not re.search(r"https?://|import\(|^import |^export ", page, re.M)
    assert "guide of questions" in bundle["text/plain"]
    assert page == explore.decision_tree()._repr_mimebundle_()["text/html"]


def test_an_answer_that_is_not_offered_is_refused():
    with pytest.raises(ValueError, match="answers"):
        explore.decision_tree(["a number", "nonsense"])
