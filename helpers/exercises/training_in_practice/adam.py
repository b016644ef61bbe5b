"""adam: the iterates that come back are held against the definition, with sums in the place of recursions."""

from collections.abc import Iterator
from math import sqrt

import numpy as np

from ..exercise import Arguments, Exercise, Oracle


def adam(grad, x, step, beta1, beta2, eps, decay, iterations):
    """The iterates of AdamW from x, of shape (iterations + 1, p), x first: Adam, if decay = 0.

    grad(x) is ∇f(x), of shape (p,). For k = 1, 2, ..., with g the gradient at the newest
    iterate and m = v = 0 at first,

        m = β₁ m + (1 − β₁) g,  v = β₂ v + (1 − β₂) g²  (entry by entry),
        m̂ = m/(1 − β₁ᵏ),  v̂ = v/(1 − β₂ᵏ)  (freed of their bias; m and v stay),
        x_next = x − step · (m̂ / (√v̂ + eps) + decay · x),

    one gradient an iteration.
    """
    x = np.array(x, dtype=float)
    m, v, path = np.zeros(len(x)), np.zeros(len(x)), [x]
    for k in range(1, iterations + 1):
        g = np.asarray(grad(x))
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**k), v / (1 - beta2**k)
        x = x - step * (m_hat / (np.sqrt(v_hat) + eps) + decay * x)
        path.append(x)
    return np.array(path)


class Bowl:
    """½(x − a)ᵀP(x − a) + Σ cos x, or without the cosines; its last coordinate may not matter at all."""

    def __init__(self, P: np.ndarray, a: np.ndarray, waves: float):
        self.P, self.a, self.waves = P, a, waves

    def __call__(self, x: np.ndarray) -> np.ndarray:
        x = np.asarray(x, dtype=float)
        return self.P @ (x - self.a) - self.waves * np.sin(x)


def _bowls(rng: np.random.Generator) -> Iterator[Arguments]:
    for p, step, betas, eps, decay, iterations, size, waves in [
        (3, 0.1, (0.9, 0.999), 1e-8, 0.0, 12, 1.0, 0.0),
        (2, 0.05, (0.9, 0.99), 1e-8, 0.3, 15, 10.0, 0.0),
        (4, 0.2, (0.5, 0.9), 0.3, 0.0, 8, 1.0, 1.0),
        (1, 0.3, (0.0, 0.7), 0.05, 0.5, 6, 0.3, 0.0),
        (3, 0.1, (0.8, 0.95), 1e-8, 0.1, 1, 5.0, 0.5),
        (2, 0.1, (0.9, 0.999), 1e-8, 0.2, 0, 1.0, 0.0),
    ]:
        B = rng.standard_normal((p, p))
        P = size * (B @ B.T / p + 0.2 * np.eye(p))
        if p == 4:
            P[-1] = 0.0  # a coordinate in which f rises by the waves alone, from a flat place
            P[:, -1] = 0.0
        x = np.round(2 * rng.standard_normal(p) + 0.5, 1)
        x = np.where(x == 0, 0.7, x)
        if p == 4:
            x[-1] = 0.0  # its gradient is exactly 0
        bowl = Bowl(P, np.round(rng.standard_normal(p), 1), waves)
        yield {
            "grad": Oracle(
                bowl, iterations + 1, "the gradient", f"{iterations} iterations need {iterations}"
            ),
            "x": x,
            "step": step,
            "beta1": betas[0],
            "beta2": betas[1],
            "eps": eps,
            "decay": decay,
            "iterations": iterations,
        }


def _moves(path, grad, step, beta1, beta2, eps, decay):
    """The step that the definition demands at each iterate, given the gradients at the iterates before it."""
    gradients = [grad.function(x) for x in path[:-1]]
    for k in range(1, len(path)):
        first = sum((beta1 ** (k - i) * g for i, g in enumerate(gradients[:k], 1)), 0.0)
        second = sum((beta2 ** (k - i) * g**2 for i, g in enumerate(gradients[:k], 1)), 0.0)
        m = first / sum(beta1 ** (k - i) for i in range(1, k + 1))
        v = second / sum(beta2 ** (k - i) for i in range(1, k + 1))
        yield -step * (m / (np.sqrt(v) + eps) + decay * path[k - 1])


def _certify(value, grad, x, step, beta1, beta2, eps, decay, iterations):
    if not np.allclose(value[0], x, rtol=1e-6, atol=1e-8):
        return f"the first row should be the start {x}; yours is {value[0]}"
    for k, wanted in enumerate(_moves(value, grad, step, beta1, beta2, eps, decay), 1):
        made = value[k] - value[k - 1]
        off = np.abs(made - wanted)
        if not np.all(off <= 1e-4 * step + 1e-6 * np.abs(value[k])):
            j = int(np.argmax(off))
            return (
                f"from your iterate {k - 1} to iterate {k}, entry {j} should move by {wanted[j]:.6g}, "
                f"given the gradients at your iterates so far; it moves by {made[j]:.6g}"
            )
    return True


def _run(grad, x, iterations, move):
    """The iterates x − move(k, g, x); `move` keeps its own memory."""
    path = [np.array(x, dtype=float)]
    for k in range(1, iterations + 1):
        path.append(path[-1] - move(k, np.asarray(grad(path[-1])), path[-1]))
    return np.array(path)


def _means(beta1, beta2):
    memory = {"m": 0.0, "v": 0.0}

    def update(g):
        memory["m"] = beta1 * memory["m"] + (1 - beta1) * g
        memory["v"] = beta2 * memory["v"] + (1 - beta2) * g**2
        return memory["m"], memory["v"]

    return update


def no_correction(grad, x, step, beta1, beta2, eps, decay, iterations):
    """You use m and v as they are: they start at 0 and are too small at first, v by a factor of 1 − β₂ = 0.001. Divide by 1 − β₁ᵏ and 1 − β₂ᵏ."""
    means = _means(beta1, beta2)

    def move(k, g, x):
        m, v = means(g)
        return step * (m / (np.sqrt(v) + eps) + decay * x)

    return _run(grad, x, iterations, move)


def corrected_once_for_all(grad, x, step, beta1, beta2, eps, decay, iterations):
    """You divide by 1 − β₁ and 1 − β₂ at every iteration: the correction is 1 − βᵏ, and fades as k grows."""
    means = _means(beta1, beta2)

    def move(k, g, x):
        m, v = means(g)
        return step * (m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + eps) + decay * x)

    return _run(grad, x, iterations, move)


def correction_kept(grad, x, step, beta1, beta2, eps, decay, iterations):
    """You store the corrected m̂ and v̂ in m and v, so the next iteration corrects them again: keep m and v as they are, and correct copies."""
    memory = [0.0, 0.0]

    def move(k, g, x):
        memory[0] = (beta1 * memory[0] + (1 - beta1) * g) / (1 - beta1**k)
        memory[1] = (beta2 * memory[1] + (1 - beta2) * g**2) / (1 - beta2**k)
        return step * (memory[0] / (np.sqrt(memory[1]) + eps) + decay * x)

    return _run(grad, x, iterations, move)


def _with(change):
    """An Adam whose last line is another: change(m̂, v̂, eps, decay, x, step) is subtracted."""

    def answer(grad, x, step, beta1, beta2, eps, decay, iterations):
        means = _means(beta1, beta2)

        def move(k, g, x):
            m, v = means(g)
            return change(m / (1 - beta1**k), v / (1 - beta2**k), eps, decay, x, step)

        return _run(grad, x, iterations, move)

    return answer


def eps_under_the_root(grad, x, step, beta1, beta2, eps, decay, iterations):
    """Your eps is under the root, √(v̂ + eps): it is added after the root is taken."""

    def change(m, v, eps, decay, x, step):
        return step * (m / np.sqrt(v + eps) + decay * x)

    return _with(change)(grad, x, step, beta1, beta2, eps, decay, iterations)


def no_root(grad, x, step, beta1, beta2, eps, decay, iterations):
    """You divide by v̂ itself: take its root, or the step depends on the scale of f."""

    def change(m, v, eps, decay, x, step):
        return step * (m / (v + eps) + decay * x)

    return _with(change)(grad, x, step, beta1, beta2, eps, decay, iterations)


def decay_without_the_step(grad, x, step, beta1, beta2, eps, decay, iterations):
    """You subtract decay · x whole: here it is multiplied by the step, like everything that moves x."""

    def change(m, v, eps, decay, x, step):
        return step * m / (np.sqrt(v) + eps) + decay * x

    return _with(change)(grad, x, step, beta1, beta2, eps, decay, iterations)


def no_decay(grad, x, step, beta1, beta2, eps, decay, iterations):
    """Your x does not decay: subtract step · decay · x as well."""

    def change(m, v, eps, decay, x, step):
        return step * m / (np.sqrt(v) + eps)

    return _with(change)(grad, x, step, beta1, beta2, eps, decay, iterations)


def decay_of_the_new_point(grad, x, step, beta1, beta2, eps, decay, iterations):
    """You let the point decay after it has moved: both parts are taken at the old x."""

    def change(m, v, eps, decay, x, step):
        moved = x - step * m / (np.sqrt(v) + eps)
        return x - (1 - step * decay) * moved

    return _with(change)(grad, x, step, beta1, beta2, eps, decay, iterations)


def decay_in_the_gradient(grad, x, step, beta1, beta2, eps, decay, iterations):
    """You added decay · x to the gradient: then √v̂ divides it too, and coordinates with large gradients hardly decay. In AdamW it goes past m and v."""
    return adam(lambda z: grad(z) + decay * z, x, step, beta1, beta2, eps, 0.0, iterations)


def uphill(grad, x, step, beta1, beta2, eps, decay, iterations):
    """You went uphill: x_next is x minus the step."""

    def change(m, v, eps, decay, x, step):
        return -step * (m / (np.sqrt(v) + eps) + decay * x)

    return _with(change)(grad, x, step, beta1, beta2, eps, decay, iterations)


def betas_exchanged(grad, x, step, beta1, beta2, eps, decay, iterations):
    """You exchanged β₁ and β₂: β₁ belongs to the mean of g, β₂ to that of g²."""
    return adam(grad, x, step, beta2, beta1, eps, decay, iterations)


def weights_exchanged(grad, x, step, beta1, beta2, eps, decay, iterations):
    """Your means weigh the wrong way round: the old one keeps the share β, the new gradient brings 1 − β."""
    memory = [0.0, 0.0]

    def move(k, g, x):
        memory[0] = (1 - beta1) * memory[0] + beta1 * g
        memory[1] = (1 - beta2) * memory[1] + beta2 * g**2
        m, v = memory[0] / (1 - beta1**k), memory[1] / (1 - beta2**k)
        return step * (m / (np.sqrt(v) + eps) + decay * x)

    return _run(grad, x, iterations, move)


def one_scale_for_all(grad, x, step, beta1, beta2, eps, decay, iterations):
    """You keep one v for all coordinates, the squared length of g: each coordinate has its own, g² entry by entry."""
    memory = [0.0, 0.0]

    def move(k, g, x):
        memory[0] = beta1 * memory[0] + (1 - beta1) * g
        memory[1] = beta2 * memory[1] + (1 - beta2) * float(g @ g)
        m, v = memory[0] / (1 - beta1**k), memory[1] / (1 - beta2**k)
        return step * (m / (sqrt(v) + eps) + decay * x)

    return _run(grad, x, iterations, move)


def every_row_the_last(grad, x, step, beta1, beta2, eps, decay, iterations):
    """All your rows are the last iterate: x -= … changes the array that is in your list already. Write x = x − …, which makes a new one."""
    path = adam(grad, x, step, beta1, beta2, eps, decay, iterations)
    return np.tile(path[-1], (len(path), 1))


def one_array_for_both_means(grad, x, step, beta1, beta2, eps, decay, iterations):
    """Your m and v are one and the same array: after m = v = np.zeros(…) a change in place (m *= β₁) changes both. Make two, or write m = β₁ m + …."""

    both = np.zeros(len(x))

    def move(k, g, x):
        both[:] = beta1 * both + (1 - beta1) * g
        both[:] = beta2 * both + (1 - beta2) * g**2
        m, v = both / (1 - beta1**k), both / (1 - beta2**k)
        return step * (m / (np.sqrt(v) + eps) + decay * x)

    return _run(grad, x, iterations, move)


def eps_not_scaled(grad, x, step, beta1, beta2, eps, decay, iterations):
    """You moved both corrections into the step, step √(1 − β₂ᵏ)/(1 − β₁ᵏ) · m/(√v + eps): then eps must be multiplied by √(1 − β₂ᵏ) too."""
    means = _means(beta1, beta2)

    def move(k, g, x):
        m, v = means(g)
        rate = sqrt(1 - beta2**k) / (1 - beta1**k)
        return step * (rate * m / (np.sqrt(v) + eps) + decay * x)

    return _run(grad, x, iterations, move)


def only_the_end(grad, x, step, beta1, beta2, eps, decay, iterations):
    """You returned the last iterate alone: all are asked for, a row each, the start first."""
    return adam(grad, x, step, beta1, beta2, eps, decay, iterations)[-1]


def _as_a_generator(grad, x, step, beta1, beta2, eps, decay, iterations):
    def walk(x):
        M, V, w1, w2 = [0.0] * len(x), [0.0] * len(x), 0.0, 0.0
        yield list(x)
        while True:
            g = [float(entry) for entry in grad(x)]
            w1, w2 = beta1 * w1 + 1, beta2 * w2 + 1  # the sums of the weights, instead of 1 − βᵏ
            M = [beta1 * a + b for a, b in zip(M, g, strict=True)]
            V = [beta2 * a + b * b for a, b in zip(V, g, strict=True)]
            x = [
                (1 - step * decay) * a - step * (b / w1) / (sqrt(c / w2) + eps)
                for a, b, c in zip(x, M, V, strict=True)
            ]
            yield x

    run = walk([float(entry) for entry in x])
    return [next(run) for _ in range(iterations + 1)]


def _from_the_whole_history(grad, x, step, beta1, beta2, eps, decay, iterations):
    path, history = [np.array(x, dtype=float)], []
    for _ in range(iterations):
        history.append(grad(path[-1]))
        ages = np.arange(len(history))[::-1]
        m = np.average(history, axis=0, weights=np.power(beta1, ages))
        v = np.average(np.square(history), axis=0, weights=np.power(beta2, ages))
        path.append(path[-1] - step * m / (v**0.5 + eps) - step * decay * path[-1])
    return path


EXERCISE = Exercise(
    adam,
    _bowls,
    _certify,
    title="Adam, with weight decay apart",
    difficulty=3,
    minutes=15,
    hints=(
        "Three things live from one iteration to the next: x, m and v. Everything else is computed anew, the corrected means too.",
        "Count k from 1. At k = 1 the correction makes m̂ = g and v̂ = g², so the first move of each coordinate is step · sign(g), if decay and eps do not matter.",
        "In the last line √v̂ and eps stand in the same denominator, under m̂ alone; decay · x stands beside the fraction, and step multiplies both.",
    ),
    mistakes=(
        no_correction,
        corrected_once_for_all,
        correction_kept,
        eps_under_the_root,
        no_root,
        decay_without_the_step,
        no_decay,
        decay_of_the_new_point,
        decay_in_the_gradient,
        uphill,
        betas_exchanged,
        weights_exchanged,
        one_scale_for_all,
        every_row_the_last,
        one_array_for_both_means,
        eps_not_scaled,
        only_the_end,
    ),
    alternatives=(_as_a_generator, _from_the_whole_history),
)
