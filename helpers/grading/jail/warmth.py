"""What the fork server does before it forks, so that no fork need do it again.

A fork shares the server's memory until it writes, and Python writes whenever it looks at an object
(reference counts): each page that it touches is copied, which costs more than the work on it. So what
can be done once is done here.
"""

import contextlib
import ctypes
import gc
import importlib
import socket
import sys
import warnings
from typing import Any

WARM = [
    "numpy",
    "numpy.random",
    "numpy.linalg",
    "scipy.linalg",
    "scipy.optimize",
    "scipy.sparse",
    "scipy.sparse.linalg",
    "scipy.special",
    "matplotlib.pyplot",
    "IPython.core.inputtransformer2",
    "IPython.display",
    "helpers.exercises.plain",
    "helpers.data",
    "helpers.objectives",
    "helpers.certificates",
    "helpers.methods",
    "helpers.solvers",
    "helpers.figures",
]


# What most submissions do, so that it has been done: Python's compiler and its specialised
# instructions, numpy's and matplotlib's first use, and the talk with the judge.
REHEARSAL = [
    """import matplotlib.pyplot as plt
import numpy as np
from scipy import linalg
""",
    """def rehearse(X, y, lam, grad):
    if lam < 0:
        raise ValueError("lam")
    w = linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y) - 0.0 * grad(y)
    k = np.cumsum(np.sort(np.abs(w))[::-1])
    return {"w": w, "norm": np.linalg.norm(X, 2), "k": [float(k.max()), np.where(w > 0, w, 0.0)]}
""",
    """fig, ax = plt.subplots()
ax.plot(np.cumsum(np.ones(50)), label="sum")
ax.set(xlabel="k", ylabel="sum", title="sums")
ax.legend()
plt.show()
""",
]
REHEARSALS = 5
HUGE_PAGE, MADV_COLLAPSE = 2 << 20, 25


def warm_up(more: list[str]) -> None:
    """Import and use what submissions import and use; `more` are modules of this lesson."""
    import matplotlib

    matplotlib.use("Agg")
    for name in (*WARM, *more):
        with contextlib.suppress(ImportError):  # a part that this course does not have
            importlib.import_module(name)
    import numpy as np

    np.linalg.svd(np.eye(3))
    silence_figures()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(REHEARSALS):
            rehearse()


def rehearse() -> None:
    """Run `REHEARSAL` as a learner's process runs a notebook, and call its function twice."""
    import matplotlib.pyplot as plt
    import numpy as np

    from . import flat, learner, wire

    judge, inside = socket.socketpair()
    with judge, inside:
        judge.setblocking(False)
        pipe, said, main = learner.Pipe(inside), learner.Swallowed(), sys.modules["__main__"]
        functions = learner.load(REHEARSAL, set(), {"rehearse"}, pipe)
        for lam in (1.0, -1.0):
            arguments = [np.vander(np.arange(3.0)), np.ones(3), lam, len]
            call = {"call": "rehearse", "arguments": arguments, "number": 0}
            judge.sendall(wire.encode(call, lambda _: 0))
            job = pipe.receive()
            if lam > 0:
                judge.sendall(flat.answer(np.ones(3)) or b"")
            pipe.send(learner.answer(functions, job["call"], job["arguments"], said))
        judge.recv(1 << 16)
    sys.modules["__main__"] = main
    plt.close("all")


def silence_figures() -> None:
    """Nobody looks at figures here: `show` only closes them, an explorable is nothing."""
    figures = sys.modules.get("helpers.figures")
    if figures is None:
        return
    import matplotlib.pyplot as plt

    figures.show = lambda *_, **__: plt.close("all")  # type: ignore[attr-defined]
    if hasattr(figures, "explore"):
        figures.explore = Nothing()  # type: ignore[attr-defined]
        sys.modules["helpers.figures.explore"] = figures.explore  # type: ignore[assignment]


class Nothing:
    """Stands for whatever only a notebook needs: call it, ask it for anything, nothing happens."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> "Nothing":
        return self


def versions() -> dict[str, str]:
    import numpy
    import scipy

    python = ".".join(map(str, sys.version_info[:3]))
    return {"python": python, "numpy": numpy.__version__, "scipy": scipy.__version__}


def settle() -> None:
    """Make forks cheap: the collector leaves what there is alone, and it lies in huge pages.

    A fork then copies one entry for 2 MB instead of 512 (Linux 6.1, where huge pages are allowed).
    """
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        madvise = ctypes.CDLL(None).madvise
        madvise.argtypes = [ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int]
        for start, end in heaps():
            first = -(-start // HUGE_PAGE) * HUGE_PAGE
            for address in range(first, end - HUGE_PAGE + 1, HUGE_PAGE):
                madvise(address, HUGE_PAGE, MADV_COLLAPSE)  # where it fails, all stays as it is


def heaps() -> list[tuple[int, int]]:
    """The ranges of addresses that hold Python's objects."""
    found = []
    with open("/proc/self/maps") as file:
        for line in file:
            addresses, rights, _, _, inode = line.split(None, 5)[:5]
            if rights.startswith("rw") and inode == "0" and "[stack]" not in line:
                start, end = (int(address, 16) for address in addresses.split("-"))
                found.append((start, end))
    return found
