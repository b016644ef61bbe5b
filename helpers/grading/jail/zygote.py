"""The warm fork server: imports numpy and its kind once, then forks a process for each submission.

It never runs a learner's code itself. A learner's process is forked once, as process 1 of a process
namespace of its own; the server waits for all of them at once, so that none needs a supervisor: a
second fork of a warm Python costs as much as the first.
"""

import contextlib
import json
import os
import resource
import select
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass
from typing import Any

from . import confine, learner, warmth


def main() -> None:
    """`zygote.py CONTROL_FD MODE MODULE...`, where MODE is "sandbox", "sandbox-root" or "unsafe".

    The modules are those that this lesson's notebook imports. Others a submission imports for itself:
    what is warm is copied with every fork, so that a large package costs every submission its share.
    """
    control, mode = socket.socket(fileno=int(sys.argv[1])), sys.argv[2]
    if mode == "sandbox-root":
        confine.become_nobody()
    jail = None if mode == "unsafe" else confine.Jail()
    if jail:
        jail.enter()
    warmth.warm_up(sys.argv[3:])
    warmth.settle()
    control.send(json.dumps({"ready": True, "versions": warmth.versions()}).encode())
    serve(control, jail)


@dataclass
class Child:
    """A learner's process. `alive` is the end of a pipe that closes when it ends."""

    pid: int
    alive: int
    status: int


def serve(control: socket.socket, jail: confine.Jail | None) -> None:
    """Fork a process for each request, until the grader is gone; say how each of them ended."""
    poll, children, base = select.poll(), dict[int, Child](), confine.address_space()
    poll.register(control, select.POLLIN | select.POLLHUP)

    def forget(child: Child) -> None:
        for descriptor in (child.alive, child.status):
            poll.unregister(descriptor)
            del children[descriptor]
            os.close(descriptor)

    while True:
        for ready, _ in poll.poll():
            if ready == control.fileno():
                message, descriptors, _, _ = socket.recv_fds(control, 65536, 2)
                if not message:
                    return
                data, status = map(int, descriptors)
                child = start(data, status, json.loads(message), jail, base)
                for descriptor in (child.alive, child.status):
                    poll.register(descriptor, select.POLLIN | select.POLLHUP)
                    children[descriptor] = child
            elif ready in children:  # it has ended, or the judge hangs up
                child = children[ready]
                report(child)
                forget(child)


def start(
    data: int, status: int, limits: dict[str, Any], jail: confine.Jail | None, base: int
) -> Child:
    """Fork a learner's process that talks to the judge on `data`; `base` is the address space here."""
    alive, alive_in_child = os.pipe()
    pid = jail.fork() if jail else os.fork()
    if pid == 0:
        try:
            os.setsid()  # kill(0, ...) reaches a process group, and namespaces do not cut one
            close_all_but(data, alive_in_child)
            if jail:
                jail.confine(base, limits)
            else:
                confine.limit_resources(base, limits)
            learner.serve(socket.socket(fileno=data))
        except BaseException:
            traceback.print_exc()
        os._exit(97)
    os.close(alive_in_child)
    os.close(data)
    return Child(pid, alive, status)


def report(child: Child) -> None:
    """End a learner's process if it has not ended, and say how it did."""
    killed = not ended_by_itself(child)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)
    # in a namespace: returns when everything in it is gone
    _, code, usage = os.wait4(child.pid, 0)
    said = {
        "status": code,
        "killed": killed,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak_kb": usage.ru_maxrss,
        "faults": usage.ru_minflt,
    }
    with contextlib.suppress(OSError):
        os.write(child.status, json.dumps(said).encode())


def ended_by_itself(child: Child) -> bool:
    """Whether its end of the pipe has closed, and then it with it."""
    poll = select.poll()
    poll.register(child.alive, select.POLLIN | select.POLLHUP)
    if not poll.poll(0):
        return False
    for _ in range(1000):  # it is on its way out, unless it closed the pipe itself
        if os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return True
        time.sleep(0.001)
    return False


def close_all_but(*kept: int) -> None:
    """Leave a child nothing of the server's but these, and /dev/null for its standard streams."""
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1) if os.environ.get("GRADER_DEBUG") else (0, 1, 2):
        os.dup2(null, descriptor)
    highest = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    previous = 2
    for descriptor in sorted(kept):
        os.closerange(previous + 1, descriptor)
        previous = descriptor
    os.closerange(previous + 1, min(highest, 4096))
