"""The warm fork server: imports numpy and its kind once, then forks a process for each submission.

It never runs a learner's code itself. For each request it forks a supervisor, which makes fresh
namespaces and forks the learner's process as process 1 of them.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
import time
import traceback
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


def main() -> None:
    """`zygote.py CONTROL_FD MODE MODULE...`, where MODE is "sandbox", "sandbox-root" or "unsafe".

    The modules are those that this lesson's notebook imports. Others a submission imports for itself:
    what is warm is copied with every fork, so that a large package costs every submission its share.
    """
    control, mode = socket.socket(fileno=int(sys.argv[1])), sys.argv[2]
    from . import confine

    if mode == "sandbox-root":
        confine.become_nobody()
    warm_up(sys.argv[3:])
    rules = confine.syscall_filter() if mode != "unsafe" else None
    gc.collect()
    gc.freeze()
    control.send(json.dumps({"ready": True, "versions": versions()}).encode())
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 65536, 2)
        if not message:
            return
        limits = json.loads(message)
        if os.fork() == 0:
            control.close()
            try:
                data, watch = map(int, descriptors)
                supervise(data, watch, limits, rules)
            except BaseException:
                traceback.print_exc()
            os._exit(1)
        for descriptor in descriptors:
            os.close(descriptor)
        bury()


def bury() -> None:
    """Collect the supervisors that have ended, so that their processor time is counted as ours."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def warm_up(more: list[str]) -> None:
    """Import and use once what submissions import and use, so that each fork finds it done."""
    import matplotlib

    matplotlib.use("Agg")
    for name in (*WARM, *more):
        with contextlib.suppress(ImportError):  # a part that this course does not have
            importlib.import_module(name)
    import matplotlib.pyplot as plt
    import numpy as np

    figure, axes = plt.subplots()
    axes.plot([1, 2])
    plt.close(figure)
    np.linalg.solve(np.eye(3), np.ones(3))
    np.linalg.svd(np.eye(3))
    silence_figures()


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


def supervise(data: int, status: int, limits: dict[str, Any], rules: Any) -> None:
    """Start the learner's process, wait for its end or for ours, and say how it ended."""
    _close_all_but(data, status)
    base = _address_space()
    if rules is not None:
        from . import confine

        confine.new_namespaces()
    alive, alive_in_child = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(alive)
        os.close(status)
        _learner(data, base, limits, rules)
    os.close(alive_in_child)
    os.close(data)
    killed = not _ended_by_itself(child, alive, status)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, code, usage = os.wait4(child, 0)  # in a namespace: returns when everything in it is gone
    report = {
        "status": code,
        "killed": killed,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak_kb": usage.ru_maxrss,
    }
    with contextlib.suppress(OSError):
        os.write(status, json.dumps(report).encode())
    os._exit(0)


def _learner(data: int, base: int, limits: dict[str, Any], rules: Any) -> None:
    try:
        from . import confine, learner

        os.setsid()  # kill(0, ...) reaches a process group, and namespaces do not cut one
        if rules is not None:
            confine.private_folders(limits["disk_mb"])
        confine.limit_resources(base, limits)
        if rules is not None:
            confine.drop_privileges()
            rules.load()
        learner.serve(socket.socket(fileno=data))
    except BaseException:
        traceback.print_exc()
    os._exit(97)


def _ended_by_itself(child: int, alive: int, status: int) -> bool:
    """Wait until the child has ended (its end of the pipe closes) or the judge hangs up."""
    poll = select.poll()
    poll.register(alive, select.POLLIN | select.POLLHUP)
    poll.register(status, select.POLLIN | select.POLLHUP)
    if all(descriptor != alive for descriptor, _ in poll.poll()):
        return False
    for _ in range(1000):  # it is on its way out, unless it closed the pipe itself
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return True
        time.sleep(0.001)
    return False


def _close_all_but(*kept: int) -> None:
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1) if os.environ.get("GRADER_DEBUG") else (0, 1, 2):
        os.dup2(null, descriptor)
    highest = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    previous = 2
    for descriptor in sorted(kept):
        os.closerange(previous + 1, descriptor)
        previous = descriptor
    os.closerange(previous + 1, min(highest, 4096))


def _address_space() -> int:
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # no /proc (macOS, unsafe mode only): half a terabyte is no limit there
        return 1 << 39
