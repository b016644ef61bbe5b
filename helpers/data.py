"""Real data sets that ship inside installed packages, one loader each. Nothing is ever downloaded."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, eq=False)
class Data:
    """X of shape (n, p), a row a sample; y of shape (n,); p names; where the data come from."""

    X: np.ndarray
    y: np.ndarray
    feature_names: tuple[str, ...]
    source: str

    def standardised(self) -> "Data":
        """Every column with mean 0 and variance 1; a constant column becomes 0."""
        centred = self.X - self.X.mean(axis=0)
        scale = centred.std(axis=0)
        return replace(self, X=centred / np.where(scale > 1e-12, scale, 1.0))

    def centred(self) -> "Data":
        """Columns and y with mean 0: then the best unpenalised intercept is 0 and can be left out."""
        return replace(self, X=self.X - self.X.mean(axis=0), y=self.y - self.y.mean())

    def split(self, rng: np.random.Generator, test: float = 0.25) -> tuple["Data", "Data"]:
        """Train and test: a random fraction `test` of the rows, at least one, is held out."""
        if not 0 < test < 1:
            raise ValueError(f"test must lie between 0 and 1, but it is {test}")
        rows = rng.permutation(len(self.y))
        held = min(max(1, round(test * len(rows))), len(rows) - 1)
        train, out = np.sort(rows[held:]), np.sort(rows[:held])
        return (
            replace(self, X=self.X[train], y=self.y[train]),
            replace(self, X=self.X[out], y=self.y[out]),
        )


def diabetes(standardise: bool = True, degree: int = 1, interactions: bool = False) -> Data:
    """442 patients, 10 measurements; y is the disease's progression after a year.

    `interactions=True` adds every product of two features, `degree=2` the squares as well (p = 10,
    55 or 65 of them, no constant column: sex takes two values, so its square is left out).
    """
    from sklearn.datasets import load_diabetes

    bunch = load_diabetes(scaled=False)
    data = Data(
        np.asarray(bunch.data, dtype=float),
        np.asarray(bunch.target, dtype=float),
        tuple(bunch.feature_names),
        "Efron, Hastie, Johnstone & Tibshirani (2004), Least angle regression; in scikit-learn",
    )
    return data.standardised() if standardise else data
