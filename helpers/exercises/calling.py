"""Call a learner's function in this process, so that nothing it does can hurt the notebook."""

import contextlib
import copy
import ctypes
import io
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import numpy as np

from .exercise import Arguments, Oracle
from .failures import LearnerFailure, NotAttempted, OracleSpent, Raised, TimedOut
from .plain import agree, plain


class TimeUp(BaseException):
    """Raised inside the learner's function when its time is over."""


class LocalCall:
    """Calls `function` with copies of the arguments; `notes` collects what it did on the side."""

    def __init__(self, function: Callable, seconds: float = 10.0):
        self.function, self.seconds = function, seconds
        self.notes: list[str] = []

    def __call__(self, arguments: Arguments) -> Any:
        """The plain value that came back; raises `LearnerFailure` for everything else."""
        given = {name: _copy(argument) for name, argument in arguments.items()}
        said = _Capped()
        try:
            with _quietly(said):
                value = within(self.seconds, lambda: plain(self.function(*given.values())))
        except LearnerFailure:
            raise
        except NotImplementedError:
            raise NotAttempted("The function raises NotImplementedError.") from None
        except TimeUp:
            raise TimedOut(self.seconds) from None
        except OracleSpent as spent:
            raise Raised("OracleSpent", str(spent)) from None
        except KeyboardInterrupt:
            raise Raised("KeyboardInterrupt", "you interrupted it") from None
        except RecursionError:
            raise Raised("RecursionError", "it calls itself without end") from None
        except BaseException as error:
            raise _raised(error) from None
        self._note(arguments, given, said)
        return value

    def _note(self, arguments: Arguments, given: Arguments, said: "_Capped") -> None:
        for name, before in arguments.items():
            if not isinstance(before, Oracle) and not _unchanged(before, given[name]):
                self._add(
                    f"Your function changes its argument `{name}` in place, so the caller's data "
                    f"change too: write `{name} = {name} + …` rather than `{name} += …`."
                )
        if said.anything:
            self._add("Your function prints while it works; what it printed is left out here.")

    def _add(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def _raised(error: BaseException) -> Raised:
    name = type(error).__name__
    try:
        message = " ".join(str(error).split())[:200]
    except BaseException:
        message = "(its message could not be read)"
    line, trace = None, error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if "ipykernel_" in file or file.startswith("<"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return Raised(name, message, line)


def _copy(argument: Any) -> Any:
    return argument if isinstance(argument, Oracle) else copy.deepcopy(argument)


def _unchanged(before: Any, after: Any) -> bool:
    try:
        return agree(before, after, rtol=0, atol=0)
    except BaseException:
        return False


class _Capped(io.TextIOBase):
    """Swallows what is written and remembers only whether anything was."""

    anything = False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.anything = self.anything or bool(text)
        return len(text)


@contextlib.contextmanager
def _quietly(said: _Capped) -> Iterator[None]:
    limit = sys.getrecursionlimit()
    state = np.random.get_state()
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            sys.setrecursionlimit(limit)
            np.random.set_state(state)


def within(seconds: float, function: Callable[[], Any]) -> Any:
    """function(), or `TimeUp` after `seconds`, raised again and again until it gives way.

    A loop inside compiled code is not reached before it returns to Python. In a browser (Pyodide)
    there is neither an alarm nor a thread, so nothing limits the time there.
    """
    if sys.platform == "emscripten":
        return function()
    main = threading.current_thread() is threading.main_thread()
    watch = _with_alarm if main and hasattr(signal, "setitimer") else _with_watchdog
    return watch(seconds, function)


# How soon the time is called again: so soon that it reaches a loop that swallows every exception
# outside its `try`, in the jump back to its top.
_AGAIN = 2e-5


def _with_alarm(seconds: float, function: Callable[[], Any]) -> Any:
    def ring(_: int, frame: FrameType | None) -> None:
        if frame is not None and frame.f_code is not _with_alarm.__code__:
            raise TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        return function()
    finally:  # the alarm may ring in here, where it does not raise
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _with_watchdog(seconds: float, function: Callable[[], Any]) -> Any:
    """Where there is no alarm (Windows, or a thread): another thread asks the interpreter to raise."""
    target = ctypes.c_ulong(threading.get_ident())
    done = threading.Event()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(target, ctypes.py_object(TimeUp))
            wait = 1e-3

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        return function()
    finally:
        while thread.is_alive():
            try:
                done.set()
                thread.join()
            except TimeUp:
                continue
        ctypes.pythonapi.PyThreadState_SetAsyncExc(target, None)
