"""Charts of sick training runs, made by real runs, to be diagnosed."""

from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from helpers.networks.clinic import Record, run
from helpers.networks.illnesses import CHANGES, ILLNESSES, accepted, draw

from ..explorable import Explorable
from ..style import COLOURS

CURVES = ("loss", "valid_loss", "accuracy", "valid_accuracy")


def _short(values: np.ndarray) -> list:
    """The numbers with three digits, nested as they were."""
    array = np.minimum(np.nan_to_num(np.asarray(values, dtype=float), nan=1e13, posinf=1e13), 1e13)
    return [_short(v) if v.ndim else float(f"{v:.3g}") for v in array]


def _chart(record: Record) -> dict[str, Any]:
    chart = {name: _short(record[name]) for name in (*CURVES, "gradient", "dead")}
    return chart | {"batches": _short(record["batch_loss"][-4:])}


@lru_cache(maxsize=4)
def _patients(seed: int) -> tuple[dict[str, Any], ...]:
    names = [*ILLNESSES, "healthy"]
    found = []
    for at in np.random.default_rng(seed).permutation(len(names)):
        illness = ILLNESSES[names[at]]
        setup = draw(names[at], np.random.default_rng([seed, int(at)]))
        cured = [
            {
                "change": change,
                "words": illness.words[change],
                "record": {name: _short(run(cure(setup))[name]) for name in CURVES},
            }
            for change, cure in illness.cures.items()
        ]
        found.append(
            {
                "illness": names[at],
                "sign": illness.sign,
                "why": illness.why,
                "accepted": sorted(list(pair) for pair in accepted(names[at])),
                "cures": cured,
                "record": _chart(run(setup)),
            }
        )
    return tuple(found)


def clinic(seed: int = 18, patient: int = 0, alt: str = "") -> Explorable:
    """Eleven runs in an order drawn from seed, the first on show being number `patient` (0 to 10).

    Each has one of the ten conditions of `helpers.networks.illnesses`, health among them twice. The runs and those of their cures
    are made anew: some two seconds. ValueError for another patient.
    """
    patients = _patients(int(seed))
    if patient != int(patient) or not 0 <= patient < len(patients):
        raise ValueError(f"patient must be one of 0, ..., {len(patients) - 1}, not {patient}")
    poster = Figure(figsize=(5.2, 3.6))
    ax = poster.add_subplot()
    record = patients[int(patient)]["record"]
    ax.semilogy(record["loss"], "-", color=COLOURS["blue"], label="training")
    ax.semilogy(record["valid_loss"], "--", color=COLOURS["orange"], label="validation")
    ax.set(xlabel="epoch", ylabel="loss"), ax.legend()
    alt = alt or (
        "A chart of a training run whose illness is not told: losses, accuracies, gradient norms of the layers, losses of the mini-batches and dead units. "
        "You name what is wrong and what to change, for eleven runs; then the cured run is drawn beside it."
    )
    state = {
        "patient": int(patient),
        "name": "",
        "change": "",
        "told": False,
        "patients": list(patients),
        "names": list(ILLNESSES),
        "changes": list(CHANGES),
        "signs": {name: illness.sign for name, illness in ILLNESSES.items()},
    }
    call = "explore.clinic()" if seed == 18 else f"explore.clinic(seed={int(seed)})"
    return Explorable("clinic", state, poster, alt, call)
