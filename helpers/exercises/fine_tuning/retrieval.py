"""retrieval_accuracy: judged query by query, by counting who is nearer than the nearest of the right class."""

from collections.abc import Iterator

import numpy as np

from ..exercise import Arguments, Exercise


def retrieval_accuracy(queries, classes, gallery, gallery_classes, k):
    """The share of the queries among whose k nearest gallery rows
    there is one of the query's own class.

    queries is n x d, gallery m x d, k ≤ m; near means a large cosine uᵀv/(‖u‖‖v‖). No row is
    zero, no two cosines of a query are equal.
    """
    Q = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    G = gallery / np.linalg.norm(gallery, axis=1, keepdims=True)
    nearest = np.argsort(-(Q @ G.T), axis=1)[:, :k]
    return np.mean(np.any(gallery_classes[nearest] == classes[:, None], axis=1))


def _embeddings(rng: np.random.Generator) -> Iterator[Arguments]:
    for n, m, d, k, kinds in [
        (12, 10, 3, 1, 3),
        (9, 15, 2, 3, 5),
        (1, 4, 4, 2, 2),
        (10, 6, 3, 6, 9),
        (20, 20, 5, 2, 4),
    ]:
        centres = rng.standard_normal((kinds, d))
        classes, theirs = rng.integers(0, kinds, n), rng.integers(0, kinds, m)
        Q = centres[classes] + 0.8 * rng.standard_normal((n, d))
        G = centres[theirs] + 0.8 * rng.standard_normal((m, d))
        lengths = (
            np.exp(1.5 * rng.standard_normal((n, 1))),
            np.exp(1.5 * rng.standard_normal((m, 1))),
        )
        yield {
            "queries": lengths[0] * Q,
            "classes": classes,
            "gallery": lengths[1] * G,
            "gallery_classes": theirs,
            "k": k,
        }


def _certify(value, queries, classes, gallery, gallery_classes, k):
    found = 0
    for u, c in zip(queries, classes, strict=True):
        cosines = np.array([u @ v / np.sqrt((u @ u) * (v @ v)) for v in gallery])
        own = cosines[gallery_classes == c]
        found += bool(len(own)) and int(np.sum(cosines > own.max())) < k
    right = found / len(queries)
    if abs(value - right) < 1e-9:
        return True
    return f"{found} of {len(queries)} queries have one of their class among the {k} nearest, a share of {right:.4f}; yours is {value:.4f}"


def _share(S, classes, gallery_classes, k):
    nearest = np.argsort(-S, axis=1)[:, :k]
    return np.mean(np.any(gallery_classes[nearest] == classes[:, None], axis=1))


def without_lengths(queries, classes, gallery, gallery_classes, k):
    """You did not divide by the lengths: then long rows of the gallery are near to everybody."""
    return _share(queries @ gallery.T, classes, gallery_classes, k)


def by_distance(queries, classes, gallery, gallery_classes, k):
    """You took Euclidean distances of rows of any length: scale the rows to length 1 first, then both orders agree."""
    D = np.sum((queries[:, None] - gallery[None]) ** 2, axis=2)
    return _share(-D, classes, gallery_classes, k)


def the_farthest(queries, classes, gallery, gallery_classes, k):
    """You took the smallest cosines: np.argsort sorts upwards, so sort minus the cosines, or take the last k."""
    Q, G = (M / np.linalg.norm(M, axis=1, keepdims=True) for M in (queries, gallery))
    return _share(-Q @ G.T, classes, gallery_classes, k)


def only_the_nearest(queries, classes, gallery, gallery_classes, k):
    """You looked at the nearest row only: one of the class among the k nearest is enough."""
    Q, G = (M / np.linalg.norm(M, axis=1, keepdims=True) for M in (queries, gallery))
    return _share(Q @ G.T, classes, gallery_classes, 1)


def share_of_the_neighbours(queries, classes, gallery, gallery_classes, k):
    """That is the precision, the share of right rows among all neighbours: the share of queries that found one is asked for."""
    Q, G = (M / np.linalg.norm(M, axis=1, keepdims=True) for M in (queries, gallery))
    nearest = np.argsort(-(Q @ G.T), axis=1)[:, :k]
    return np.mean(gallery_classes[nearest] == classes[:, None])


def the_majority(queries, classes, gallery, gallery_classes, k):
    """You ask for a majority among the k: a single one is enough."""
    Q, G = (M / np.linalg.norm(M, axis=1, keepdims=True) for M in (queries, gallery))
    nearest = np.argsort(-(Q @ G.T), axis=1)[:, :k]
    return np.mean(np.sum(gallery_classes[nearest] == classes[:, None], axis=1) > k / 2)


def along_the_wrong_axis(queries, classes, gallery, gallery_classes, k):
    """You divided columns by their length: each row is a vector of its own."""
    Q, G = (M / np.linalg.norm(M, axis=0, keepdims=True) for M in (queries, gallery))
    return _share(Q @ G.T, classes, gallery_classes, k)


def as_a_count(queries, classes, gallery, gallery_classes, k):
    """You counted the queries that succeed: divide by how many there are."""
    Q, G = (M / np.linalg.norm(M, axis=1, keepdims=True) for M in (queries, gallery))
    return len(queries) * _share(Q @ G.T, classes, gallery_classes, k)


def _by_loops(queries, classes, gallery, gallery_classes, k):
    hits = 0
    for u, c in zip(queries, classes, strict=True):
        order = sorted(
            range(len(gallery)), key=lambda j: -(u @ gallery[j]) / (gallery[j] @ gallery[j]) ** 0.5
        )
        hits += any(gallery_classes[j] == c for j in order[:k])
    return hits / len(queries)


def _by_partition(queries, classes, gallery, gallery_classes, k):
    G = gallery / np.sqrt(np.sum(gallery**2, axis=1))[:, None]
    S = queries @ G.T
    least = np.sort(S, axis=1)[:, -k]
    return float(
        np.any((least[:, None] <= S) & (classes[:, None] == gallery_classes), axis=1).mean()
    )


EXERCISE = Exercise(
    retrieval_accuracy,
    _embeddings,
    _certify,
    title="Does it find its like?",
    difficulty=1,
    minutes=8,
    hints=(
        "Divide each row by its length; then all cosines are one product of matrices.",
        "np.argsort(-S, axis=1)[:, :k] are the places of the k largest entries of each row.",
        "gallery_classes[nearest] == classes[:, None] is n x k; np.any along axis 1, then the mean.",
    ),
    mistakes=(
        without_lengths,
        by_distance,
        the_farthest,
        only_the_nearest,
        share_of_the_neighbours,
        the_majority,
        along_the_wrong_axis,
        as_a_count,
    ),
    alternatives=(_by_loops, _by_partition),
)
