"""The lasso's path on the diabetes data, and the diamond of two of its coefficients."""

import numpy as np
from matplotlib.figure import Figure

from helpers import data, solvers

from ..explorable import Explorable


def lasso_path(pair: tuple[str, str] = ("bmi", "bp"), alt: str = "") -> Explorable:
    """Slide λ along the path of ten coefficients; beside it, two of them alone with diamond and ellipses.

    `pair` names two features of `helpers.data.diabetes`. Raises ValueError for other names.
    """
    diabetes = data.diabetes()
    names = list(diabetes.feature_names)
    if len(pair) != 2 or pair[0] == pair[1] or not set(pair) <= set(names):
        raise ValueError(f"pair must be two of {', '.join(names)}, not {pair}")
    y = diabetes.y - diabetes.y.mean()
    G, c = np.round(diabetes.X.T @ diabetes.X, 6), np.round(diabetes.X.T @ y, 6)
    lams = np.abs(c).max() * np.logspace(0, -3, 121)
    path = [s.w for s in solvers.lasso_path(diabetes.X, y, lams, tol=1e-8)]
    poster = Figure(figsize=(5.2, 3.8))
    ax = poster.add_subplot()
    ax.plot(np.linspace(0, 3, 121), path, lw=2)
    below = -np.inf
    for j in np.argsort(path[-1]):  # labels from the lowest up, never closer than can be read
        below = max(path[-1][j], below + 3.1)
        ax.annotate(names[j], (3, below), (4, -3), textcoords="offset points", fontsize=7)
    ax.set(xlabel="log₁₀(λ_max / λ)", ylabel="coefficient", xlim=(0, 3))
    alt = alt or (
        "Left: ten coefficients, all zero at λ_max, that leave zero one after the other as λ falls, in nearly straight "
        "pieces. Right: two of them alone, ellipses of equal loss and the diamond that touches one of them, at first in a corner."
    )
    state = {
        "G": G.tolist(),
        "c": c.tolist(),
        "names": names,
        "pair": [names.index(name) for name in pair],
        "power": 0.15,
        "ridge": False,
        "high": float(np.ceil(np.abs(path).max() * 1.1)),
    }
    call = f"explore.lasso_path(pair=({pair[0]!r}, {pair[1]!r}))".replace("'", '"')
    return Explorable("lasso_path", state, poster, alt, call)
