"""The data sets are there, have the published sizes and facts, and come without a network."""

import socket

import numpy as np
import pytest
from scipy.optimize import linprog

from helpers import data

SIZES = {
    data.diabetes: (442, 10),
    data.breast_cancer: (569, 30),
    data.digits: (1797, 64),
    data.wine: (178, 13),
    data.engel: (235, 1),
    data.stackloss: (21, 3),
    data.longley: (16, 6),
    data.spector: (32, 3),
}
every_loader = pytest.mark.parametrize("load", SIZES, ids=lambda load: load.__name__)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a loader opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)


@every_loader
@pytest.mark.parametrize("standardise", [True, False])
def test_sizes_names_and_source_are_there(load, standardise):
    d = load(standardise=standardise)
    assert d.X.shape == SIZES[load]
    assert d.y.shape == (len(d.X),)
    assert len(d.feature_names) == len(set(d.feature_names)) == d.X.shape[1]
    assert d.source
    assert np.all(np.isfinite(d.X))
    assert np.all(np.isfinite(d.y))


@every_loader
def test_standardised_columns_have_mean_zero_and_variance_one(load):
    raw, d = load(standardise=False), load()
    varies = np.ptp(raw.X, axis=0) > 0
    assert np.allclose(d.X.mean(axis=0), 0)
    assert np.allclose(d.X.std(axis=0), varies)
    assert np.array_equal(d.y, raw.y)


@every_loader
def test_each_call_returns_fresh_arrays(load):
    first = load()
    first.X[:] = 0
    first.y[:] = 0
    assert np.any(load().X)
    assert np.any(load().y)


def test_constant_pixels_become_zero_however_large_they_are():
    assert np.sum(np.all(data.digits().X == 0, axis=0)) == 3
    d = data.Data(np.full((3, 1), 0.1 + 1e9), np.zeros(3), ("one",), "here")
    assert np.array_equal(d.standardised().X, np.zeros((3, 1)))


def test_labels_are_signs_for_two_classes():
    assert np.unique(data.breast_cancer().y, return_counts=True)[1].tolist() == [212, 357]
    for load in (data.breast_cancer, data.spector):
        assert np.unique(load().y).tolist() == [-1, 1]


def test_classes_of_digits_and_wine_count_from_zero():
    assert np.array_equal(np.unique(data.digits().y), np.arange(10))
    assert np.array_equal(np.unique(data.wine().y), np.arange(3))
    assert np.issubdtype(data.digits().y.dtype, np.integer)


def test_diabetes_has_55_columns_with_interactions_and_64_with_squares():
    assert data.diabetes(interactions=True).X.shape == (442, 55)
    full = data.diabetes(degree=2)
    assert full.X.shape == (442, 64)
    assert len(set(full.feature_names)) == 64
    assert "sex²" not in full.feature_names
    assert np.linalg.matrix_rank(np.column_stack([full.X, np.ones(442)])) == 65
    with pytest.raises(ValueError, match="degree must be 1 or 2"):
        data.diabetes(degree=3)


def test_products_are_products_of_the_features():
    raw = data.diabetes(standardise=False, degree=2)
    bmi, bp = (raw.X[:, raw.feature_names.index(name)] for name in ("bmi", "bp"))
    assert np.allclose(raw.X[:, raw.feature_names.index("bmi·bp")], bmi * bp)
    assert np.allclose(raw.X[:, raw.feature_names.index("bp²")], bp**2)


def test_longley_is_as_ill_conditioned_as_its_fame_and_gives_the_certified_coefficients():
    """The values that NIST certifies for this data set."""
    d = data.longley(standardise=False)
    X = np.column_stack([np.ones(16), d.X])
    assert np.linalg.cond(X) > 4e9
    w = np.linalg.lstsq(X / np.abs(X).max(axis=0), d.y)[0] / np.abs(X).max(axis=0)
    assert np.allclose(w[[0, 1, 6]], [-3482258.63459582, 15.0618722713733, 1829.15146461355])


def test_engel_has_the_median_line_that_koenker_and_bassett_published():
    d = data.engel(standardise=False)
    X, n = np.column_stack([np.ones(235), d.X]), 235
    result = linprog(
        np.r_[np.zeros(2), np.full(2 * n, 0.5)],
        A_eq=np.hstack([X, np.eye(n), -np.eye(n)]),
        b_eq=d.y,
        bounds=[(None, None)] * 2 + [(0, None)] * (2 * n),
    )
    assert np.allclose(result.x[:2], [81.48225, 0.56018], atol=1e-4)


def test_breast_cancer_is_separable_with_all_features_and_not_with_the_first_ten():
    d = data.breast_cancer()

    def separable(X):
        A = -d.y[:, None] * np.column_stack([X, np.ones(len(X))])
        found = linprog(np.zeros(A.shape[1]), A, -np.ones(len(A)), bounds=(None, None))
        return found.status == 0

    assert separable(d.X)
    assert not separable(d.X[:, :10])


def test_split_parts_the_rows_at_random_and_repeatably():
    d = data.wine()
    train, test = d.split(np.random.default_rng(0), test=0.25)
    again, _ = d.split(np.random.default_rng(0), test=0.25)
    other, _ = d.split(np.random.default_rng(1), test=0.25)
    assert (len(train.y), len(test.y)) == (134, 44)
    rows = {tuple(row) for row in d.X}
    assert {tuple(row) for row in train.X} | {tuple(row) for row in test.X} == rows
    assert np.array_equal(train.X, again.X)
    assert not np.array_equal(train.X, other.X)
    for wrong in (0, 1, np.nan):
        with pytest.raises(ValueError, match="test must lie"):
            d.split(np.random.default_rng(0), test=wrong)


def test_test_data_can_be_standardised_like_the_training_data():
    train, test = data.wine(standardise=False).split(np.random.default_rng(0))
    expected = (test.X - train.X.mean(axis=0)) / train.X.std(axis=0)
    assert np.allclose(test.standardised(like=train).X, expected)


def test_centred_data_have_intercept_zero():
    d = data.diabetes(standardise=False).centred()
    w = np.linalg.lstsq(np.column_stack([d.X, np.ones(len(d.X))]), d.y)[0]
    assert abs(w[-1]) < 1e-9


def test_a_pair_of_classes_is_labelled_by_signs():
    d = data.digits().pair(3, 8)
    digits = data.digits()
    assert np.sum(d.y == 1) == np.sum(digits.y == 8)
    assert np.sum(d.y == -1) == np.sum(digits.y == 3)
    assert np.array_equal(d.X[d.y == 1], digits.X[digits.y == 8])
    with pytest.raises(ValueError, match="no class 12"):
        digits.pair(3, 12)
