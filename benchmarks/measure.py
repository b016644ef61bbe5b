"""The clock: what tolerance a peer needs, and medians of interleaved runs."""

import math
import multiprocessing
import resource
import signal
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.case import Answer, Case, Judge, Peer

LOOSEST, TIGHTEST = 1e-1, 1e-16
FINER = 2  # bisections, on a log scale, of the last factor of ten
PATIENCE = 6  # Newton's last step may be worth many tens
CLOSE = 3.0  # peers within this factor of the fastest are timed again, interleaved
RUNS, SPARE, TICK = 5, 3.0, 1e-3  # a search may use the time of so many runs and so many seconds
WAIT = 6  # times that by the clock, where the processor is shared or a peer sleeps
REFERENCE = 1e-12  # the accuracy that our bound is asked for; the best it reaches is taken


@dataclass(frozen=True)
class Limits:
    """A run may take `ratio` times ours, between `least` and `most` seconds, but twice ours at least.

    `spend` seconds go to the repeats of a row, of which there are at least and at most `repeats`.
    """

    ratio: float = 30.0
    least: float = 0.5
    most: float = 20.0
    spend: float = 2.0
    repeats: tuple[int, int] = (3, 41)

    def budget(self, ours: float) -> float:
        return max(min(max(self.ratio * ours, self.least), self.most), 2 * ours)

    def count(self, seconds: float) -> int:
        return int(np.clip(self.spend / max(seconds, 1e-9), *self.repeats))


@dataclass(frozen=True)
class Trial:
    """A run of a peer at a tolerance: how long it took and how good its answer was."""

    tolerance: float
    gap: float
    seconds: float


def timed(
    run: Callable[[], Any], clock: Callable[[], float] = time.process_time
) -> tuple[Any, float]:
    """The value of run() and the processor time it took, all threads' together.

    With one thread for everybody that is the time on a quiet machine; other programs that want the
    processor as well do not count.
    """
    start = clock()
    value = run()
    return value, clock() - start


def watched_time() -> float:
    """`time.process_time` for a process that a timer watches, to the microsecond.

    There that clock may stand still between the kernel's ticks, 4 ms apart: a run of 1 ms seems to
    take none, or four.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def loosest(
    attempt: Callable[[float], Trial], targets: tuple[float, ...], budget: float = math.inf
) -> dict[float, Trial]:
    """For each target (the largest first) the loosest tolerance whose gap reaches it.

    A geometric scan from loose to tight, then bisection of the last step; targets that are not
    reached within the budget, or by any tolerance, are left out.
    """
    found: dict[float, Trial] = {}
    trials: list[Trial] = []
    scan: list[Trial] = []  # without the bisections
    tolerance = LOOSEST
    for target in targets:
        while not any(t.gap <= target for t in trials):
            if tolerance < TIGHTEST or _stuck(scan) or (scan and scan[-1].seconds > budget):
                return found
            scan.append(attempt(tolerance))
            trials.append(scan[-1])
            tolerance /= 10 if scan[-1].gap <= 1e3 * target else 100
        best = max((t for t in trials if t.gap <= target), key=lambda t: t.tolerance)
        worse = [t.tolerance for t in trials if t.gap > target and t.tolerance > best.tolerance]
        if worse:
            fails = min(worse)
            for _ in range(FINER):
                trial = attempt(math.sqrt(fails * best.tolerance))
                trials.append(trial)
                if trial.gap <= target:
                    best = trial
                else:
                    fails = trial.tolerance
        found[target] = best
        tolerance = scan[-1].tolerance / 10
    return found


def _stuck(scan: list[Trial]) -> bool:
    """Tolerances in a row that changed nothing: this peer goes no further."""
    last = [t.gap for t in scan[-PATIENCE:]]
    return len(last) == PATIENCE and last[-1] >= last[0] * (1 - 1e-9)


def search(peer: Peer, judge: Judge, targets: tuple[float, ...], budget: float) -> dict:
    """`loosest` in a child process, so that a run that never ends can be ended.

    It is ended by the processor time it uses, which other programs do not touch; the clock ends only
    what uses none, as a peer that waits for something.
    """
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_search, args=(peer, judge, targets, budget, there))
    child.start()
    there.close()
    result, status = {}, "not reached"
    deadline = time.perf_counter() + WAIT * (RUNS * budget + SPARE)
    try:
        while here.poll(max(deadline - time.perf_counter(), 0.0)):
            kind, value = here.recv()
            if kind == "failed":
                status = value
                break
            result, status = value, "ok"
            if kind == "end":
                break
    except EOFError:
        child.join()
        status = "not reached" if child.exitcode == -signal.SIGPROF else "crashed"
    child.kill()
    child.join()
    return {"found": result, "status": status if not result else "ok"}


def _search(peer: Peer, judge: Judge, targets: tuple[float, ...], budget: float, pipe: Any) -> None:
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # which ends the process, within C as well
    left = RUNS * budget + SPARE

    def attempt(tolerance: float) -> Trial:
        nonlocal left
        signal.setitimer(signal.ITIMER_PROF, max(min(left, 2 * budget + SPARE), TICK))
        answer, seconds = timed(lambda: peer.solve(tolerance), watched_time)
        signal.setitimer(signal.ITIMER_PROF, 0)  # the judge works at nobody's expense
        left -= seconds
        return Trial(tolerance, judge.gap(answer), seconds)

    try:
        if attempt(LOOSEST).seconds > budget:  # imports and caches are not on anybody's time
            pipe.send(("end", {}))
            return
        if peer.exact:
            trial = attempt(0.0)
            pipe.send(("end", {target: trial for target in targets if trial.gap <= target}))
            return
        found: dict[float, Trial] = {}
        trials: dict[float, Trial] = {}

        def remembered(tolerance: float) -> Trial:
            if tolerance not in trials:
                trials[tolerance] = attempt(tolerance)
            return trials[tolerance]

        for k in range(1, len(targets) + 1):  # each target reported as soon as it is known
            found = loosest(remembered, targets[:k], budget)
            pipe.send(("found", found))
        pipe.send(("end", found))
    except Exception as error:
        pipe.send(("failed", f"{type(error).__name__}: {error}"[:200]))


def interleaved(runs: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    """The median time of each, taken in turns so that what disturbs one disturbs all."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            times[name].append(timed(run)[1])
    return {name: float(np.median(t)) for name, t in times.items()}


def measure(case: Case, limits: Limits = Limits()) -> list[dict[str, Any]]:
    """One row for each tolerance of the case."""
    judge = Judge(case)
    error = _reference(case, judge)
    seconds = {t: _ours(case, t)[1] for t in case.tolerances}
    budget = limits.budget(max(seconds.values()))
    found = {peer.name: search(peer, judge, case.tolerances, budget) for peer in case.peers}
    rows = []
    for target in case.tolerances:
        reached = {
            name: result["found"][target]
            for name, result in found.items()
            if target in result["found"]
        }
        answer, alone = _ours(case, target)
        runs = {"ours": lambda t=target: case.ours(t), "floor": case.floor}
        quickest = min((t.seconds for t in reached.values()), default=math.inf)
        for peer in case.peers:
            if peer.name in reached and reached[peer.name].seconds <= CLOSE * quickest:
                runs[peer.name] = lambda p=peer, t=reached[peer.name].tolerance: p.solve(t)
        if answer is None:
            del runs["ours"]
        longest = max(alone, quickest if math.isfinite(quickest) else 0.0)
        medians = interleaved(runs, limits.count(longest))
        peers = {
            name: {
                "status": "ok" if name in reached else _status(result),
                "seconds": medians.get(name, reached[name].seconds) if name in reached else None,
                "gap": reached[name].gap if name in reached else None,
                "tolerance": reached[name].tolerance if name in reached else None,
            }
            for name, result in found.items()
        }
        rows.append(
            {
                "model": case.model,
                "data": case.data,
                "setting": case.setting,
                "axis": case.axis,
                "n": case.n,
                "p": case.p,
                "tol": target,
                "ours": medians.get("ours"),
                "gap": None if answer is None else judge.gap(answer),
                "error": error if answer is None else "",
                "floor": medians["floor"],
                "budget": budget,
                "peers": peers,
                **verdict(medians.get("ours"), peers, budget),
            }
        )
    return rows


def verdict(ours: float | None, peers: dict[str, dict], budget: float) -> dict[str, Any]:
    """The best peer and its time over ours; where none got there, the budget over ours, a bound."""
    times = {name: p["seconds"] for name, p in peers.items() if p["seconds"] is not None}
    best = min(times, key=times.__getitem__, default="")
    if ours is None:
        return {"best": best, "ratio": 0.0, "bound": False}
    return {
        "best": best,
        "ratio": (times[best] if best else budget) / ours,
        "bound": not best,
    }


def _status(result: dict) -> str:
    return "not reached" if result["status"] == "ok" else result["status"]


def _ours(case: Case, tol: float) -> tuple[Answer | None, float]:
    from helpers.solvers import ConvergenceError

    try:
        return timed(lambda: case.ours(tol))
    except ConvergenceError:
        return None, 0.0


def _reference(case: Case, judge: Judge) -> str:
    """Judge by our bound at high accuracy, or the best that we come to; what kept us from it."""
    from helpers.solvers import ConvergenceError

    error = ""
    for tol in (REFERENCE, 1e-10, 1e-8, 1e-6):
        try:
            judge.learn(case.ours(tol))
            break
        except ConvergenceError as failure:
            error = str(failure)
    return error


def warm_up(case: Case) -> None:
    """Run ours and every peer once, loosely: what is compiled at first use then is compiled."""
    for run in (case.ours, *(peer.solve for peer in case.peers)):
        try:
            run(LOOSEST)
        except Exception:  # whatever stops it will stop it again, and be reported, in its search
            continue
