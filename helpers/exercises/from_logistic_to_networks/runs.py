"""A training run on the judge's side, which writes down what the learner's loop makes of it."""

from dataclasses import dataclass

import numpy as np

from ..exercise import Arguments, Oracle
from .backward import backward
from .common import Params, network, relu_pass
from .entropy import cross_entropy


class Run:
    """Training of a small network by gradient steps; `log` holds each update as (before, rows, after)."""

    def __init__(self, X: np.ndarray, y: np.ndarray, step: float, held_out: tuple):
        self.X, self.y, self.step, self.held_out = X, y, step, held_out
        self.log: list[tuple[Params, np.ndarray, Params]] = []

    def __call__(self, params: Params, rows: np.ndarray) -> Params:
        try:
            rows = np.asarray(rows)
        except ValueError:
            raise ValueError("update takes a network, and then an array of row numbers") from None
        if rows.ndim != 1 or rows.dtype.kind not in "iu" or not len(rows):
            raise ValueError("rows must be an array of row numbers, one or more")
        if np.any((rows < 0) | (rows >= len(self.y))):
            raise ValueError(f"rows must lie between 0 and {len(self.y) - 1}")
        before: Params = [(np.asarray(W), np.asarray(b)) for W, b in params]
        Z, A = relu_pass(before, self.X[rows])
        slopes = backward(before, Z, A, cross_entropy(Z[-1], self.y[rows])[1])
        after = [
            (W - self.step * dW, b - self.step * db)
            for (W, b), (dW, db) in zip(before, slopes, strict=True)
        ]
        self.log.append((before, rows, after))
        return after

    def valid_loss(self, params: Params) -> float:
        X, y = self.held_out
        pairs = [(np.asarray(W), np.asarray(b)) for W, b in params]
        return float(cross_entropy(relu_pass(pairs, X)[0][-1], y)[0])


@dataclass(frozen=True)
class Setting:
    """What a run is made of; the labels are noisy, so that the validation loss turns."""

    n: int
    batch: int
    rounds: int
    params: Params
    data: tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]
    seed: int

    def asked(self, epochs: int) -> Arguments:
        """The arguments, with oracles that allow for so many epochs."""
        X, y, held_out = self.data
        run = Run(X, y, 0.5, held_out)
        updates = epochs * -(-self.n // self.batch)
        return {
            "params": self.params,
            "n": self.n,
            "batch": self.batch,
            "update": Oracle(run, updates, "an update", "the run should end long before"),
            "valid_loss": Oracle(
                run.valid_loss, 1000, "the validation loss", "once an epoch is enough"
            ),
            "rounds": self.rounds,
            "seed": self.seed,
        }


def draw_setting(n, batch, rounds, sizes, wrong: float, rng: np.random.Generator) -> Setting:
    X, X_valid = (np.round(2 * rng.standard_normal((rows, sizes[0])), 2) for rows in (n, 40))
    y, y_valid = ((M[:, 0] > 0).astype(int) for M in (X, X_valid))
    y = np.where(rng.random(n) < wrong, 1 - y, y)
    params = network(sizes, rng)
    if wrong == 1:  # what is learned is false throughout: nothing beats a start that guesses
        params[-1] = (0 * params[-1][0], 0 * params[-1][1])
    seed = int(rng.integers(2**31))
    return Setting(n, batch, rounds, params, (X, y, (X_valid, y_valid)), seed)
