"""What this machine takes for a copied page and for a fork: `python -m benchmarks.pages`.

A learner's process is a fork of a warm one, and copies each page that it writes to. What that costs differs by ten
times between machines (a virtual one without nested paging in hardware pays most), so a benchmark says it.
"""

import json
import mmap
import os
import resource
import statistics
from collections.abc import Callable
from dataclasses import dataclass

PAGES = 8192
PAGE = mmap.PAGESIZE


@dataclass(frozen=True)
class Machine:
    """Microseconds of processor time."""

    page: float  # copied after a fork, its release at the end included
    fork: float  # of a process that has imported numpy, and the end of the child, nothing done in between


def machine(repeats: int = 5) -> Machine:
    """Medians over a few forks of this process, each copying 32 MB."""
    import numpy  # noqa: F401

    def nothing() -> None:
        pass

    forks = [_forked(nothing)[0] for _ in range(repeats)]
    region = mmap.mmap(-1, PAGES * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        region.madvise(mmap.MADV_NOHUGEPAGE)

    def write() -> None:
        for place in range(0, len(region), PAGE):
            region[place] = 1

    write()
    pages = []
    for _ in range(repeats):
        idle, _, _ = _forked(nothing)
        copying, faults, loop = _forked(write)
        pages.append((copying - idle - 2 * loop) / faults)
    region.close()
    return Machine(1e6 * statistics.median(pages), 1e6 * statistics.median(forks))


def _forked(work: Callable[[], None]) -> tuple[float, int, float]:
    """Seconds of both sides for a child that does `work` twice, its page faults in the first, and the
    seconds of the second, which finds its pages there."""
    ours, theirs = os.pipe()
    before = _seconds(resource.getrusage(resource.RUSAGE_SELF))
    pid = os.fork()
    if pid == 0:
        begun = resource.getrusage(resource.RUSAGE_SELF)
        work()
        middle = resource.getrusage(resource.RUSAGE_SELF)
        work()
        again = _seconds(resource.getrusage(resource.RUSAGE_SELF)) - _seconds(middle)
        os.write(theirs, json.dumps([middle.ru_minflt - begun.ru_minflt, again]).encode())
        os._exit(0)
    _, _, usage = os.wait4(pid, 0)
    spent = _seconds(resource.getrusage(resource.RUSAGE_SELF)) - before + _seconds(usage)
    faults, loop = json.loads(os.read(ours, 1000))
    os.close(ours)
    os.close(theirs)
    return spent, max(faults, 1), loop


def _seconds(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    print(machine())
