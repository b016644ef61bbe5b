"""soft_threshold: judged by the optimality condition of each entry's one-dimensional problem."""

import numpy as np

from ..exercise import Exercise


def soft_threshold(c, a, lam):
    """The x that minimises ½a x² − c x + λ|x|, for each entry of c and a.

    c has shape (p,), a has shape (p,) and is positive, lam ≥ 0 is a number. The result has
    shape (p,); an entry that should be zero is exactly zero.
    """
    return np.sign(c) * np.maximum(np.abs(c) - lam, 0) / a


def _entries(rng):
    for p, lam in ((6, 1.0), (9, 0.3), (4, 0.0), (1, 2.0), (5, 1.5)):
        c = 2 * rng.standard_normal(p)
        if p == 6:
            c[:5] = [lam, -lam, 0.0, -3.0, 0.4 * lam]
        if p == 5:
            c = lam * rng.uniform(-3, 3, p)
            c[0], c[1] = 1.2 * lam, -1.2 * lam
        yield {"c": c, "a": rng.uniform(0.3, 4, p), "lam": lam}


def _certify(x, c, a, lam):
    for j in range(len(c)):
        slope = a[j] * x[j] - c[j]
        if x[j] == 0:
            if abs(slope) > lam + 1e-9:
                return f"entry {j}: x = 0 is best only if |c| ≤ λ; here |c| = {abs(c[j]):.4g}, λ = {lam:.4g}"
        elif abs(slope + lam * np.sign(x[j])) > 1e-6 * (1 + abs(c[j])):
            return (
                f"entry {j}: x ≠ 0 needs ax − c + λ sign(x) = 0; with x = {x[j]:.4g} "
                f"it is {slope + lam * np.sign(x[j]):.4g}"
            )
    return True


def curvature_forgotten(c, a, lam):
    """You forget the curvature a: where x ≠ 0, ax = c − λ sign(x), so divide by a."""
    return np.sign(c) * np.maximum(np.abs(c) - lam, 0)


def divided_first(c, a, lam):
    """You threshold c/a with λ. Dividing the whole objective by a divides λ too: its threshold would be λ/a."""
    return np.sign(c) * np.maximum(np.abs(c / a) - lam, 0)


def kept_or_killed(c, a, lam):
    """You keep the large entries whole: that is hard thresholding. The penalty pulls on every entry, so what stays is λ/a shorter."""
    return np.where(np.abs(c) > lam, c / a, 0)


def past_zero(c, a, lam):
    """You subtract λ from |c| also where |c| < λ: the entry then crosses zero, and the penalty pulls to zero, not past it."""
    return np.sign(c) * (np.abs(c) - lam) / a


def sign_lost(c, a, lam):
    """You threshold |c| and forget the sign of c."""
    return np.maximum(np.abs(c) - lam, 0) / a


def shrunk(c, a, lam):
    """You shrink as ridge does, c/(a + λ): no entry becomes exactly zero."""
    return c / (a + lam)


def positive_part(c, a, lam):
    """You lose the negative entries: the threshold acts on |c|, and the sign comes back."""
    return np.maximum(c - lam, 0) / a


def pushed_out(c, a, lam):
    """You add λ to the size: the penalty pulls towards zero, not away."""
    return np.sign(c) * (np.abs(c) + lam) / a


def half_lam(c, a, lam):
    """Your threshold is λ/2: that belongs to ax² − 2cx + λ|x|, without the ½."""
    return np.sign(c) * np.maximum(np.abs(c) - lam / 2, 0) / a


def _by_clipping(c, a, lam):
    return (c - np.clip(c, -lam, lam)) / a


def _entry_by_entry(c, a, lam):
    result = []
    for cj, aj in zip(c, a, strict=True):
        if cj > lam:
            result.append((cj - lam) / aj)
        elif cj < -lam:
            result.append((cj + lam) / aj)
        else:
            result.append(0.0)
    return result


THRESHOLD = Exercise(
    soft_threshold,
    _entries,
    _certify,
    title="The lasso in one coordinate",
    difficulty=1,
    minutes=8,
    hints=(
        "Suppose that x > 0. Then |x| = x is smooth: where is the derivative zero, and when is that point really positive?",
        "x > 0 gives x = (c − λ)/a, which needs c > λ. By symmetry c < −λ gives a negative x. And in between?",
        "In one line: the sign of c, times the positive part of |c| − λ, divided by a.",
    ),
    mistakes=(
        curvature_forgotten,
        divided_first,
        kept_or_killed,
        shrunk,
        positive_part,
        pushed_out,
        half_lam,
        past_zero,
        sign_lost,
    ),
    alternatives=(_by_clipping, _entry_by_entry),
)
