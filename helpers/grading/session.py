"""One submission's side of the talk: its process in the sandbox, called as the judge asks."""

import math
import os
import secrets
import signal
import socket
import struct
import time
from functools import partial
from typing import Any

from helpers.exercises.exercise import Arguments, Exercise, Oracle
from helpers.exercises.failures import (
    Died,
    LearnerFailure,
    NotAttempted,
    NotDefined,
    NotPlain,
    OracleSpent,
    Raised,
    TimedOut,
)
from helpers.exercises.plain import plain

from .jail import flat, wire
from .jail.inbox import Inbox, TooLong
from .sandbox import Fault, Limits, Server, how_it_ended

LOAD_SECONDS = 20.0
START_SECONDS = 60.0
TOTAL_SECONDS = 300.0
ANSWER_BYTES = 40 << 20
ORACLE_BYTES = 4 << 20
SEND_SECONDS = 10.0
# A read waits so long in the kernel before the time is looked at again: a limit for each read would cost two
# system calls, and an oracle is asked thousands of times.
TICK = 0.5
_TIMEVAL = struct.pack("@ll", int(TICK), int(TICK % 1 * 1e6))
CELLS_GIVEN_UP = 4


class Session:
    """The processes of one submission: a new one whenever the last was lost."""

    def __init__(
        self,
        server: Server,
        cells: list[str],
        names: list[str],
        limits: Limits | None = None,
        load_seconds: float = LOAD_SECONDS,
    ):
        self.server, self.cells, self.names = server, cells, names
        self.limits, self.load_seconds = limits or Limits(), load_seconds
        self.end = time.monotonic() + TOTAL_SECONDS
        self.skip: list[int] = []
        self.cell_errors: dict[int, str] = {}
        self.processes, self.cpu, self.faults = 0, 0.0, 0
        self.defined: set[str] = set()
        self.data: socket.socket | None = None
        self.inbox = Inbox()
        self.size = 0  # of the last message, in bytes
        self.unloadable = ""

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def load(self) -> None:
        """Start a process and run the cells; a cell that hangs or kills it is left out next time.

        Raises `Died` where no process gets to the end of the notebook.
        """
        if self.unloadable:
            raise Died(self.unloadable)
        while len(self.skip) <= CELLS_GIVEN_UP:
            self.data, self.status = self.server.spawn(self.limits)
            self.data.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL)
            self.inbox = Inbox()
            self.processes += 1
            running: list[int] = []
            try:
                self._greet()
                job = {"cells": self.cells, "names": self.names, "skip": self.skip}
                self.send(wire.encode(job))
                self._until_loaded(running)
                return
            except LearnerFailure as failure:
                self.blame(self.stop())
                if not running:
                    self.unloadable = f"Your notebook could not be run: {failure}"
                    raise Died(self.unloadable) from None
                self.skip.append(running[-1])
                self.cell_errors[running[-1]] = f"left out: {failure}"
        self.unloadable = f"More than {CELLS_GIVEN_UP} cells of your notebook hang or kill Python."
        raise Died(self.unloadable)

    def _greet(self) -> None:
        """Until the process says that it is confined, no code of the learner's has run in it."""
        try:
            message = self.receive(time.monotonic() + START_SECONDS, 1000)
        except LearnerFailure as failure:
            self.stop()
            raise Fault(f"a learner's process did not start: {failure}") from None
        if message != {"confined": True}:
            raise Fault("a learner's process did not start as it should")

    def _until_loaded(self, running: list[int]) -> None:
        end = time.monotonic() + self.load_seconds
        while True:
            message = self.receive(end, ANSWER_BYTES)
            number = message.get("cell")
            if type(number) is int and 0 <= number < len(self.cells):
                running.append(number)
                if "error" in message:
                    error = f"{message['error']}: {message.get('message', '')}"
                    self.cell_errors[number] = error[:300]
            elif isinstance(message.get("loaded"), list):
                loaded = {name for name in message["loaded"] if isinstance(name, str)}
                self.defined = loaded.intersection(self.names)
                return
            else:
                raise Died("it sent something else than was asked for.")

    def send(self, frame: bytes, end: float = math.inf) -> None:
        """Raises `Died` where nobody reads, at `end` and soon in any case: nobody can make us wait."""
        assert self.data is not None
        try:
            try:
                sent = self.data.send(frame, socket.MSG_DONTWAIT)
            except BlockingIOError:
                sent = 0
            if sent < len(frame):
                left = end - time.monotonic()
                self.data.settimeout(min(max(left, 1e-3), SEND_SECONDS))
                self.data.sendall(memoryview(frame)[sent:])
                self.data.settimeout(None)
        except TimeoutError:
            raise Died("it does not read what it asked for.") from None
        except OSError:
            raise Died("its process ended.") from None

    def receive(self, end: float, most: int) -> dict[str, Any]:
        """The next message; everything else is a `LearnerFailure`.

        A dict with text keys. What we look at ourselves in it is one text or number: an array there
        would make every comparison an array too.
        """
        try:
            rest = self.inbox.next(partial(self._read, min(end, self.end)), most)
            self.size = len(rest)
            message = wire.decode(rest)
        except TooLong as long:
            megabytes = int(long.args[0]) >> 20
            raise NotPlain(f"Your function returned {megabytes} MB: too much to judge.") from None
        except TimeoutError:
            raise TimedOut(self.load_seconds) from None
        except wire.BadFrame as error:
            raise Died(f"it sent something else than was asked for ({error}).") from None
        except OSError:
            raise Died("its process ended.") from None
        if not isinstance(message, dict) or not all(map(_is_ours, message, message.values())):
            raise Died("it sent something else than was asked for.")
        return message

    def _read(self, end: float, buffer: bytearray) -> int:
        """How many bytes came into `buffer`, at least one. Raises `TimeoutError` at `end`, or `Died`."""
        assert self.data is not None
        while (left := end - time.monotonic()) > 0:
            try:
                if left < TICK:
                    self.data.settimeout(left)
                size = self.data.recv_into(buffer)
            except BlockingIOError:
                continue
            finally:
                if left < TICK:
                    self.data.settimeout(None)
            if not size:
                raise Died("its process ended.")
            return size
        raise TimeoutError

    def stop(self) -> dict[str, float]:
        """End the process, whatever it is doing; how it ended."""
        if self.data is None:
            return {}
        self.data.close()
        self.data = None
        ended = how_it_ended(self.status)
        self.status.close()
        self.cpu += ended.get("cpu", 0.0)
        self.faults += int(ended.get("faults", 0))
        return ended

    def blame(self, ended: dict[str, float]) -> None:
        """Raise `Fault` where a process ended for no reason of the learner's."""
        if "status" not in ended or not self.server.alive():
            raise Fault("the sandbox lost a process")
        shot = os.waitstatus_to_exitcode(int(ended["status"])) == -signal.SIGKILL
        # It cannot send a signal itself, and the limit of processor time is the other one who does.
        if shot and not ended["killed"] and ended["cpu"] < self.limits.cpu_seconds - 1:
            raise Fault("something else on this machine killed a learner's process (memory?)")


class Call:
    """How the judge calls one function of a submission: the transport of `judge`."""

    def __init__(self, session: Session, exercise: Exercise):
        self.session, self.exercise = session, exercise
        self.notes: list[str] = []

    def __call__(self, arguments: Arguments) -> Any:
        """The plain value that came back; raises `LearnerFailure`, or `Fault` if it was ours."""
        session = self.session
        if time.monotonic() > session.end:
            raise TimedOut(TOTAL_SECONDS)
        if session.data is None:
            session.load()
        if self.exercise.name not in session.defined:
            raise NotDefined(self._not_defined())
        try:
            reply = self._ask(arguments)
        except LearnerFailure as failure:
            ended = session.stop()
            if isinstance(failure, Died):
                session.blame(ended)
                raise Died(_why(ended, failure)) from None
            raise
        return self._value(reply, list(arguments))

    def _ask(self, arguments: Arguments) -> dict[str, Any]:
        oracles: list[Oracle] = []

        def number(oracle: Any) -> int:
            oracles.append(oracle)
            return len(oracles) - 1

        message = {
            "call": self.exercise.name,
            "arguments": list(arguments.values()),
            "number": secrets.randbits(48),  # an answer to an earlier call is none to this one
        }
        self.session.send(wire.encode(message, number))
        seconds = self.exercise.seconds
        end = time.monotonic() + seconds
        while True:
            try:
                reply = self.session.receive(end, ANSWER_BYTES)
            except TimedOut:
                raise TimedOut(seconds) from None
            if "oracle" not in reply:
                if reply.get("to") != message["number"]:
                    raise Died("it sent something else than an answer.")
                return reply
            asked, given = reply["oracle"], reply.get("arguments")
            if type(asked) is not int or not 0 <= asked < len(oracles) or type(given) is not list:
                raise Died("it asked for something that was not given.")
            large = self.session.size > ORACLE_BYTES
            self.session.send(_consult(oracles[asked], given, large), end)

    def _value(self, reply: dict[str, Any], names: list[str]) -> Any:
        failed = reply.get("failed")
        if failed == "not attempted":
            raise NotAttempted("The function raises NotImplementedError.")
        if failed == "raised":
            line = reply.get("line")
            error, message = str(reply.get("error"))[:60], str(reply.get("message"))[:200]
            if error == "RecursionError":
                message = "it calls itself without end"
            raise Raised(error, message, line if type(line) is int else None)
        if failed == "type":
            raise NotPlain(str(reply.get("message"))[:300])
        if "value" not in reply:
            raise Died("Your function sent something else than an answer.")
        changed = reply.get("changed")
        for index in changed if isinstance(changed, list) else []:
            if type(index) is int and 0 <= index < len(names):
                name = names[index]
                self._note(
                    f"Your function changes its argument `{name}` in place, so the caller's data "
                    f"change too: write `{name} = {name} + …` rather than `{name} += …`."
                )
        if reply.get("printed") is True:
            self._note("Your function prints while it works; what it printed is left out here.")
        return plain(reply["value"])

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _not_defined(self) -> str:
        name = self.exercise.name
        errors = self.session.cell_errors
        for number, error in errors.items():
            if f"def {name}" in self.session.cells[number] or number in self.session.skip:
                return f"There is no function `{name}`: cell {number + 1} failed ({error})."
        return f"There is no function called `{name}` in your notebook."


THEIRS = ("value", "arguments", "loaded", "changed")


def _is_ours(key: Any, value: Any) -> bool:
    """Whether a field of a message is what the judge's own code may look at."""
    simple = value is None or type(value) in (bool, int, float, str)
    return isinstance(key, str) and (simple or key in THEIRS)


def _consult(oracle: Oracle, given: list[Any], large: bool) -> bytes:
    """Ask an oracle on behalf of the learner: the frame that answers. Its errors are for the learner's
    process to raise."""
    if large:
        return wire.encode({"error": "ValueError", "message": "the argument is too large"})
    try:
        value = oracle(*given)
    except OracleSpent as spent:
        return wire.encode({"spent": str(spent)})
    except Exception as error:
        return wire.encode({"error": type(error).__name__, "message": str(error)[:200]})
    return flat.answer(value) or wire.encode({"value": value})


def _why(ended: dict[str, float], failure: Died) -> str:
    """What the end of the process says about the learner's function."""
    code = os.waitstatus_to_exitcode(int(ended.get("status", 0)))
    if code == -signal.SIGKILL and not ended.get("killed"):
        return "Your function used up its processor time."
    if code == -signal.SIGSEGV:
        return "Your function crashed Python (a segmentation fault, often memory or recursion)."
    if code == -signal.SIGKILL:
        return f"Your function did not give an answer: {failure}"
    return f"Your function ended Python itself (status {code}); it must return a value."
