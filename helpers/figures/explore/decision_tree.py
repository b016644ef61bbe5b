"""The decision guide, to click through."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from ..explorable import Explorable
from ..guide import GUIDE, reached


def decision_tree(answers: Sequence[str] = (), alt: str = "") -> Explorable:
    """From questions about a problem to a model, its solver and its proof, from its gap to what to change; `answers` are given in advance.

    ValueError for an answer that the guide does not offer.
    """
    reached(list(answers))
    poster = Figure(figsize=(5.2, 2.6))
    ax = poster.add_subplot()
    ax.axis("off")
    start = GUIDE["nodes"][GUIDE["start"]]
    lines = "\n".join(f"– {words}" for words, _ in start["answers"])
    ax.text(0, 1, start["question"], fontsize=13, va="top", transform=ax.transAxes)
    ax.text(0.03, 0.8, lines, va="top", transform=ax.transAxes, linespacing=1.7)
    alt = alt or (
        "A guide of questions about a problem, each with buttons for its answers: what is to be found, which error hurts, how many columns matter. They lead to "
        "a model: why it is convex, the call of its solver, the proof that belongs to it. Then it asks what the gap says, and ends at what to change: the data, the model, the optimiser or nothing."
    )
    return Explorable("decision_tree", {"tree": GUIDE, "answers": list(answers)}, poster, alt)
