"""Stochastic gradients for f = f₁ + ... + fₙ: a few terms' gradients stand for all n.

f is the sum, not the mean, so every estimate of ∇f is n times a mean and steps carry a 1/n.
One iterate costs `batch` term gradients (SVRG: two, and n at each anchor); an epoch is n of them.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from helpers.objectives.protocols import FiniteSum

from .schedule import Step, step_at


def minibatch_gradient(f: FiniteSum, x: np.ndarray, rows: Any) -> np.ndarray:
    """(n / |rows|) Σ over i in rows of ∇fᵢ(x): unbiased for ∇f(x) when rows are drawn uniformly."""
    return f.n * f.grad_terms(x, rows).mean(axis=0)


def sgd(
    f: FiniteSum, x: np.ndarray, step: Step, rng: np.random.Generator, batch: int = 1
) -> Iterator[np.ndarray]:
    """x_next = x − t_k ∇̂f(x) on `batch` fresh rows, t_k = step or step(k).  Robbins & Monro (1951).

    With a constant step the iterates end in a ball of noise whose size is proportional to the step;
    Σ t_k = ∞, Σ t_k² < ∞ makes them converge.  Bottou, Curtis & Nocedal (2018), section 4.
    """
    k = 0
    while True:
        yield x
        rows = rng.choice(f.n, size=batch, replace=False)
        x = x - step_at(step, k) * minibatch_gradient(f, x, rows)
        k = k + 1


def svrg(
    f: FiniteSum,
    x: np.ndarray,
    rng: np.random.Generator,
    step: float | None = None,
    inner: int | None = None,
) -> Iterator[np.ndarray]:
    """x_next = x − step (n∇fᵢ(x) − n∇fᵢ(a) + ∇f(a)), a the anchor, renewed each `inner` steps.

    The variance vanishes as x and a tend to x*, so a constant step converges linearly for strongly
    convex f. step = 1/(10 n L_max) and inner = 2n unless given.  Johnson & Zhang (2013).
    """
    step = 1 / (10 * f.n * f.L_max) if step is None else step
    while True:
        anchor, full = x, f.grad(x)
        for i in rng.integers(f.n, size=2 * f.n if inner is None else inner):
            yield x
            change = minibatch_gradient(f, x, [i]) - minibatch_gradient(f, anchor, [i])
            x = x - step * (change + full)


def saga(
    f: FiniteSum, x: np.ndarray, rng: np.random.Generator, step: float | None = None
) -> Iterator[np.ndarray]:
    """SVRG without anchors: a table holds the last gradient seen of every fᵢ; n times p numbers.

    x_next = x − step (n∇fᵢ(x) − n tableᵢ + Σⱼ tableⱼ), step = 1/(3 n L_max) unless given.
    With f/n strongly convex with mu, E‖x_k − x*‖² shrinks by 1 − min(1/4n, mu/(3 L_max)) a step.
    Defazio, Bach & Lacoste-Julien (2014), Theorem 1.
    """
    step = 1 / (3 * f.n * f.L_max) if step is None else step
    table = f.grad_terms(x, np.arange(f.n))
    total = table.sum(axis=0)
    while True:
        yield x
        i = rng.integers(f.n)
        fresh = f.grad_terms(x, [i])[0]
        x = x - step * (f.n * (fresh - table[i]) + total)
        total = total + fresh - table[i]
        table[i] = fresh


def adam(
    f: FiniteSum,
    x: np.ndarray,
    step: Step = 1e-3,
    rng: np.random.Generator | None = None,
    batch: int = 1,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> Iterator[np.ndarray]:
    """x_next = x − t_k m̂ / (√v̂ + eps), m̂ and v̂ running means of g and g², freed of their bias.

    g is ∇f(x) without an rng, and a minibatch's estimate with one. Each coordinate moves by at most
    about t_k whatever the scale of f. It need not converge even on convex f: Reddi, Kale & Kumar
    (2018).  Kingma & Ba (2015), Algorithm 1.
    """
    m, v, k = np.zeros(np.shape(x)), np.zeros(np.shape(x)), 0
    while True:
        yield x
        rows = None if rng is None else rng.choice(f.n, size=batch, replace=False)
        g = f.grad(x) if rows is None else minibatch_gradient(f, x, rows)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1 ** (k + 1)), v / (1 - beta2 ** (k + 1))
        x = x - step_at(step, k) * m_hat / (np.sqrt(v_hat) + eps)
        k = k + 1
