"""The learner's process: runs the cells, then calls the functions that the judge asks for.

Everything here is in the learner's hands. What it sends is believed only as the learner's answer.
"""

import contextlib
import io
import os
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from helpers.exercises.failures import NotPlain, OracleSpent
from helpers.exercises.plain import agree, plain

from . import flat, wire
from .inbox import Inbox

CELL_SECONDS = 10.0
ORACLE_ERRORS: dict[str, type[Exception]] = {
    error.__name__: error for error in (ValueError, TypeError, IndexError, ZeroDivisionError)
}


class CellTimeUp(BaseException):
    """A cell did not come to its end."""


class Pipe:
    """Frames to and from the judge."""

    def __init__(self, sock: socket.socket):
        self.sock, self.inbox = sock, Inbox()

    def send(self, message: Any) -> None:
        self.sock.sendall(wire.encode(message))

    def receive(self) -> Any:
        return wire.decode(self.inbox.next(self._read, wire.MAX_FRAME), self.oracle)

    def _read(self, buffer: bytearray) -> int:
        return self.sock.recv_into(buffer) or os._exit(0)

    def oracle(self, number: int) -> Callable:
        """A callable that lives on the judge's side."""

        def ask(*arguments: Any) -> Any:
            frame = flat.question(number, arguments)
            if frame is None:  # perhaps numpy's numbers, perhaps something larger
                given = [plain(item) for item in arguments]
                frame = flat.question(number, given)
                frame = frame or wire.encode({"oracle": number, "arguments": given})
            self.sock.sendall(frame)
            reply = self.receive()
            if "spent" in reply:
                raise OracleSpent(reply["spent"])
            if "error" in reply:
                raise ORACLE_ERRORS.get(reply["error"], RuntimeError)(reply["message"])
            return reply["value"]

        return ask


class Swallowed(io.TextIOBase):
    """Standard output: remembers only whether anything was written."""

    anything = False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.anything = self.anything or bool(text)
        return len(text)


def serve(sock: socket.socket) -> None:
    """Load the notebook once, then answer calls until the judge hangs up."""
    pipe = Pipe(sock)
    pipe.send({"confined": True})  # whatever ends this process from here on, the learner did it
    job = pipe.receive()
    said = Swallowed()
    sys.stdout = sys.stderr = said
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    functions = load(job["cells"], set(job["skip"]), set(job["names"]), pipe)
    pipe.send({"loaded": sorted(functions)})
    while True:
        job = pipe.receive()
        said.anything = False
        reply = answer(functions, job["call"], job["arguments"], said)
        try:
            pipe.send({**reply, "to": job["number"]})
        except (TypeError, ValueError, RecursionError, MemoryError):
            reply = {"failed": "type", "message": "Your function returned no plain data."}
            pipe.send({**reply, "to": job["number"]})


def load(cells: list[str], skip: set[int], names: set[str], pipe: Pipe) -> dict[str, Any]:
    """Run the cells in order; a cell that fails costs what it defines and nothing else.

    The answer to an exercise is the last thing that a cell of the learner's bound to its name. What
    the course itself binds there (a later `from helpers.methods import ...`) is no answer.
    """
    # a module of its own, as in a notebook: dataclasses and pickling look their classes up there
    module = type(sys)("__main__")
    sys.modules["__main__"] = module
    space = module.__dict__
    space.update({"display": _nothing, "get_ipython": _Shell})
    found: dict[str, Any] = {}
    for number, source in enumerate(cells):
        if number in skip:
            continue
        pipe.send({"cell": number})
        try:
            with _time_limit(CELL_SECONDS):
                exec(_compiled(source, f"<cell {number + 1}>"), space)
        except BaseException as error:
            pipe.send({"cell": number, "error": type(error).__name__, "message": _text(error)})
        for name in names & space.keys():
            value = space[name]
            ours = str(getattr(value, "__module__", "")).startswith("helpers.")
            if callable(value) and not ours:
                found[name] = value
    return found


def answer(functions: dict[str, Any], name: str, given: list[Any], said: Swallowed) -> Any:
    """What a call came to, as a message to the judge."""
    before = [item if callable(item) else plain(item) for item in given]
    try:
        value = plain(functions[name](*given))
    except NotImplementedError:
        return {"failed": "not attempted"}
    except NotPlain as failure:
        return {"failed": "type", "message": str(failure)}
    except BaseException as error:
        return _raised(error)
    changed = [
        number
        for number, item in enumerate(given)
        if not callable(item) and not agree(before[number], item, rtol=0, atol=0)
    ]
    return {"value": value, "changed": changed, "printed": said.anything}


def _raised(error: BaseException) -> Any:
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith("<cell"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return {
        "failed": "raised",
        "error": type(error).__name__[:60],
        "message": _text(error),
        "line": line,
    }


def _text(error: BaseException) -> str:
    try:
        return " ".join(str(error).split())[:200]
    except BaseException:
        return "(its message could not be read)"


def _nothing(*_: Any, **__: Any) -> None:
    """What `display` does here."""


class _Shell:
    """What `get_ipython()` gives here: every magic does nothing."""

    def __getattr__(self, name: str) -> Callable:
        return _nothing


def _compiled(source: str, name: str) -> Any:
    """The code of a cell. Only what is no Python can hold magics and shell escapes: they become calls
    of `get_ipython()`, as in a notebook."""
    try:
        return compile(source, name, "exec")
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        return compile(TransformerManager().transform_cell(source), name, "exec")


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """For honest loops; what swallows this is stopped from outside."""

    def ring(*_: Any) -> None:
        raise CellTimeUp(f"stopped after {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
