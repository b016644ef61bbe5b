"""Real data sets that ship inside installed packages, one loader each; nothing is downloaded.

Every loader standardises the columns of X unless told `standardise=False`, and leaves y as it is:
numbers to predict, −1/+1 for two classes, 0, 1, ... for more.
"""

import re
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Data:
    """X of shape (n, p), a row a sample; y of shape (n,); p feature names; where it comes from."""

    X: np.ndarray
    y: np.ndarray
    feature_names: tuple[str, ...]
    source: str

    def __repr__(self) -> str:
        n, p = self.X.shape
        return f"Data(n={n}, p={p}: {self.source})"

    def standardised(self, like: "Data | None" = None) -> "Data":
        """Every column with mean 0 and variance 1; a constant column becomes 0.

        With `like`, its means and variances: a test set is treated as the training set was.
        """
        reference = self.X if like is None else like.X
        scale = reference.std(axis=0)
        constant = scale <= 1e-12 * np.abs(reference).max(axis=0)
        X = (self.X - reference.mean(axis=0)) / np.where(constant, 1.0, scale)
        return replace(self, X=np.where(constant, 0.0, X))

    def centred(self) -> "Data":
        """Columns and y with mean 0: least squares, ridge and lasso then have intercept 0."""
        return replace(self, X=self.X - self.X.mean(axis=0), y=self.y - self.y.mean())

    def pair(self, negative: float, positive: float) -> "Data":
        """The rows of two classes only, labelled −1 and +1."""
        for label in (negative, positive):
            if not np.any(self.y == label):
                raise ValueError(f"y has no class {label}; it has {np.unique(self.y).tolist()}")
        rows = (self.y == negative) | (self.y == positive)
        y = np.where(self.y[rows] == positive, 1.0, -1.0)
        return replace(self, X=self.X[rows], y=y)

    def split(self, rng: np.random.Generator, test: float = 0.25) -> tuple["Data", "Data"]:
        """Training and test data: a random fraction `test` of the rows is held out."""
        if not 0 < test < 1:
            raise ValueError(f"test must lie strictly between 0 and 1, but it is {test}")
        order = rng.permutation(len(self.y))
        held_out = min(max(1, round(test * len(order))), len(order) - 1)
        train, rest = np.sort(order[held_out:]), np.sort(order[:held_out])
        return (
            replace(self, X=self.X[train], y=self.y[train]),
            replace(self, X=self.X[rest], y=self.y[rest]),
        )


def diabetes(
    standardise: bool = True, interactions: bool = False, degree: int | None = None
) -> Data:
    """442 patients, 10 measurements; y is how far the disease had progressed a year later.

    `interactions=True` adds the 45 products of two features. `degree=2` adds those and the squares,
    except that of sex, which takes two values, so that its square says nothing new: p = 64, the
    design of Efron et al. Standardising happens before the products are taken and once more after.
    ValueError for a degree other than 1 or 2.
    """
    from sklearn.datasets import load_diabetes

    if degree not in (None, 1, 2):
        raise ValueError(f"degree must be 1 or 2, but it is {degree}")
    bunch = load_diabetes(scaled=False)
    data = _data(
        bunch.data,
        bunch.target,
        bunch.feature_names,
        "Efron, Hastie, Johnstone and Tibshirani (2004), Least Angle Regression; in scikit-learn",
        standardise,
    )
    pairs = list(combinations(range(data.X.shape[1]), 2)) if interactions or degree == 2 else []
    if degree == 2:
        pairs += [(j, j) for j, name in enumerate(data.feature_names) if name != "sex"]
    names = data.feature_names
    products = [data.X[:, i] * data.X[:, j] for i, j in pairs]
    product_names = [f"{names[i]}²" if i == j else f"{names[i]}·{names[j]}" for i, j in pairs]
    X = np.column_stack([data.X, *products])
    return _data(X, data.y, [*names, *product_names], data.source, standardise)


def breast_cancer(standardise: bool = True) -> Data:
    """569 tumours, 30 measurements of their cells' nuclei; y = +1 benign (357), −1 malignant (212).

    The first 10 columns are means, the next 10 standard errors, the last 10 the worst values.
    """
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer()
    return _data(
        bunch.data,
        2.0 * bunch.target - 1,
        bunch.feature_names,
        "Street, Wolberg and Mangasarian (1993), Wisconsin; in scikit-learn",
        standardise,
    )


def digits(standardise: bool = True) -> Data:
    """1797 handwritten digits of 8 x 8 pixels; y is the digit, 0 to 9.

    With `standardise=False` a pixel is between 0 (white) and 1. Three pixels are never inked: their
    columns are constant, and 0 after standardising.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return _data(
        bunch.data / 16,
        bunch.target,
        bunch.feature_names,
        "Alpaydin and Kaynak (1998), Optical Recognition of Handwritten Digits; in scikit-learn",
        standardise,
    )


def wine(standardise: bool = True) -> Data:
    """178 Italian wines, 13 chemical measurements; y is the cultivar, 0, 1 or 2."""
    from sklearn.datasets import load_wine

    bunch = load_wine()
    return _data(
        bunch.data,
        bunch.target,
        bunch.feature_names,
        "Forina et al. (1991), wines of Piedmont; in scikit-learn",
        standardise,
    )


def engel(standardise: bool = True) -> Data:
    """235 Belgian working-class households: income, and y, what they spent on food, in francs."""
    from statsmodels.datasets import engel as module

    table = module.load_pandas().data
    return _data(
        table[["income"]],
        table["foodexp"],
        ["income"],
        "Koenker and Bassett (1982), after Engel (1857); in statsmodels",
        standardise,
    )


def stackloss(standardise: bool = True) -> Data:
    """21 days of a plant that makes nitric acid; y is the ammonia lost, in tenths of a percent.

    Days 1, 3, 4 and 21 are famous outliers.
    """
    from statsmodels.datasets import stackloss as module

    bunch = module.load_pandas()
    return _data(
        bunch.exog,
        bunch.endog,
        bunch.exog.columns,
        "Brownlee (1965), Statistical Theory and Methodology; in statsmodels",
        standardise,
    )


def longley(standardise: bool = True) -> Data:
    """16 years of the American economy, 6 nearly collinear series; y is employment in 1000s."""
    from statsmodels.datasets import longley as module

    bunch = module.load_pandas()
    return _data(
        bunch.exog,
        bunch.endog,
        bunch.exog.columns,
        "Longley (1967), An Appraisal of Least Squares Programs; in statsmodels",
        standardise,
    )


def spector(standardise: bool = True) -> Data:
    """32 students of economics; y = +1 if the grade improved under a new way of teaching, else −1.

    Features: grade average, score of a test at the start, and whether the new way was used (PSI).
    """
    from statsmodels.datasets import spector as module

    bunch = module.load_pandas()
    return _data(
        bunch.exog,
        2 * bunch.endog - 1,
        bunch.exog.columns,
        "Spector and Mazzeo (1980), Probit Analysis and Economic Education; in statsmodels",
        standardise,
    )


def python_topics() -> tuple[np.ndarray, str]:
    """Some 386 000 characters of English that ship inside Python, as (tokens, alphabet): alphabet[tokens[i]] is the i-th.

    The reference of the language (`pydoc_data.topics`), in small letters; what is not a letter, a full stop or a comma becomes a
    space, and spaces in a row one. The text grows by a few per cent from one version of Python to the next.
    """
    from pydoc_data.topics import topics

    text = " ".join(topics[name] for name in sorted(topics)).lower()
    text = re.sub("[^a-z.,]+", " ", text).strip()
    alphabet = " .," + "abcdefghijklmnopqrstuvwxyz"
    number = {letter: k for k, letter in enumerate(alphabet)}
    return np.array([number[letter] for letter in text]), alphabet


def _data(X, y, feature_names, source: str, standardise: bool) -> Data:
    y = np.array(y)
    data = Data(
        np.array(X, dtype=float),
        y if np.issubdtype(y.dtype, np.integer) else y.astype(float),
        tuple(str(name) for name in feature_names),
        source,
    )
    return data.standardised() if standardise else data
