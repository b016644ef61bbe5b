"""The frames of oracles: what is packed flat comes through unchanged, what is hostile goes the way of every bad frame."""

import contextlib
import math
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.exercises.exercise import Oracle
from helpers.exercises.failures import Died, NotPlain, OracleSpent, TimedOut
from helpers.grading.jail import flat, wire
from helpers.grading.jail.inbox import Inbox, TooLong
from helpers.grading.jail.learner import Pipe
from helpers.grading.sandbox import Limits
from helpers.grading.session import Call, Session

vectors = st.lists(st.floats(), min_size=1, max_size=20).map(np.array)
flat_values = st.one_of(st.floats(), st.integers(-(2**63), 2**63 - 1), vectors)


def the_same(a, b) -> bool:
    if isinstance(b, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(b, float):
        return type(a) is float and (
            (a == b and math.copysign(1, a) == math.copysign(1, b)) or (a != a and b != b)
        )
    return type(a) is type(b) and a == b


@given(st.integers(-(2**31), 2**31 - 1), st.lists(flat_values, max_size=flat.MOST_VALUES))
def test_a_question_comes_through_unchanged(number, values):
    frame = flat.question(number, values)
    asked = wire.decode(frame[4:])
    assert wire.HEADER.unpack_from(frame)[0] == len(frame) - 4
    assert asked["oracle"] == number and len(asked["arguments"]) == len(values)
    assert all(map(the_same, asked["arguments"], values))


@given(flat_values)
def test_an_answer_comes_through_unchanged(value):
    assert the_same(wire.decode(flat.answer(value)[4:])["value"], value)


@given(st.lists(flat_values, max_size=3))
@example([-(2**63)])
def test_a_flat_frame_means_what_its_json_frame_means(values):
    message = {"oracle": 3, "arguments": values}
    told = wire.decode(flat.question(3, values)[4:]), wire.decode(wire.encode(message)[4:])
    assert told[0].keys() == told[1].keys() and told[0]["oracle"] == told[1]["oracle"]
    assert all(map(the_same, told[0]["arguments"], told[1]["arguments"]))


class Alike(np.ndarray):
    """A class of the learner's: what it does when it is looked at is not known."""


@pytest.mark.parametrize(
    "value",
    [
        True,
        None,
        "text",
        1j,
        2**63,
        [1.0],
        np.float64(1.0),
        np.int64(1),
        np.zeros(0),
        np.array(1.0),
        np.zeros((2, 2)),
        np.zeros(2, np.float32),
        np.zeros(2, int),
        np.zeros(2, ">f8"),
        np.zeros(2).view(Alike),
        np.zeros(flat.MOST_ENTRIES + 1),
    ],
    ids=str,
)
def test_what_is_no_number_or_vector_takes_the_other_frame(value):
    assert flat.question(0, [value]) is None and flat.answer(value) is None


def test_a_vector_of_every_second_entry_comes_through_in_order():
    assert list(wire.decode(flat.answer(np.arange(6.0)[::2])[4:])["value"]) == [0.0, 2.0, 4.0]


def test_more_values_than_a_flat_frame_holds_take_the_other_frame():
    assert flat.question(0, [1.0] * (flat.MOST_VALUES + 1)) is None


def test_an_array_from_a_flat_frame_is_nobody_elses():
    rest = bytearray(flat.answer(np.ones(3))[4:])
    value = wire.decode(rest)["value"]
    rest[:] = bytes(len(rest))
    value[0] = 5.0  # and it can be written to
    assert list(value) == [5.0, 1.0, 1.0]


def head(mark: int, oracle: int, count: int) -> bytes:
    return struct.pack("<IiI", mark, oracle, count)


ONE = struct.pack("<qd", -1, 1.0)
HOSTILE = {
    "nothing but a mark": struct.pack("<I", flat.QUESTION),
    "half a head": head(flat.QUESTION, 0, 0)[:10],
    "values that are missing": head(flat.QUESTION, 0, 1),
    "more values than are allowed": head(flat.QUESTION, 0, flat.MOST_VALUES + 1) + ONE * 9,
    "four thousand million values": head(flat.QUESTION, 0, 2**32 - 1) + ONE,
    "half a count": head(flat.QUESTION, 0, 1) + b"\1\0\0\0",
    "half a float": head(flat.QUESTION, 0, 1) + ONE[:12],
    "half an integer": head(flat.QUESTION, 0, 1) + struct.pack("<qi", -2, 1),
    "a vector cut off": head(flat.QUESTION, 0, 1) + struct.pack("<q2d", 3, 1, 2),
    "a vector without entries": head(flat.QUESTION, 0, 1) + struct.pack("<q", 0),
    "a vector of half the memory": head(flat.QUESTION, 0, 1) + struct.pack("<qd", 2**61, 1.0),
    "the largest vector": head(flat.QUESTION, 0, 1) + struct.pack("<qd", 2**63 - 1, 1.0),
    "an entry too many": head(flat.QUESTION, 0, 1)
    + struct.pack("<q", flat.MOST_ENTRIES + 1)
    + bytes(8 * flat.MOST_ENTRIES + 8),
    "a value of no kind": head(flat.QUESTION, 0, 1) + struct.pack("<qd", -3, 1.0),
    "the smallest kind": head(flat.QUESTION, 0, 1) + struct.pack("<qd", -(2**63), 1.0),
    "something after the last value": head(flat.QUESTION, 0, 1) + ONE + b"\0",
    "a second frame inside": head(flat.QUESTION, 0, 1) + ONE + head(flat.ANSWER, 0, 1) + ONE,
    "an answer of two values": head(flat.ANSWER, 0, 2) + ONE * 2,
    "an answer of none": head(flat.ANSWER, 0, 0),
    "an answer with a number": head(flat.ANSWER, 1, 1) + ONE,
    "a mark that is none": head(flat.QUESTION - 1, 0, 1) + ONE,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_flat_frame_that_is_not_ours_is_refused(what):
    for rest in (HOSTILE[what], bytearray(HOSTILE[what]), memoryview(HOSTILE[what])):
        with pytest.raises(wire.BadFrame):
            wire.decode(rest)


@given(st.sampled_from([flat.QUESTION, flat.ANSWER]), st.binary(max_size=100))
def test_noise_after_a_mark_is_a_bad_frame_or_small_plain_data(mark, noise):
    try:
        message = wire.decode(struct.pack("<I", mark) + noise)
    except wire.BadFrame:
        return
    for value in message.get("arguments", [message.get("value")]):
        assert type(value) in (int, float) or (value.dtype == float and value.nbytes <= len(noise))


@given(st.lists(flat_values, min_size=1, max_size=3), st.data())
def test_a_question_that_is_cut_anywhere_is_refused(values, data):
    rest = flat.question(0, values)[4:]
    with pytest.raises(wire.BadFrame):
        wire.decode(rest[: data.draw(st.integers(0, len(rest) - 1))])


# --- the inbox ---------------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=90_000), max_size=5), st.lists(st.integers(1, 70_000)))
def test_frames_come_out_as_they_went_in_however_they_arrive(rests, sizes):
    stream = bytearray(b"".join(struct.pack("<I", len(rest)) + rest for rest in rests))
    sizes = iter(sizes)

    def read(buffer: bytearray) -> int:
        size = min(next(sizes, 65_536), len(buffer), len(stream))
        assert size, "it reads on, though it has what it needs"
        buffer[:size] = stream[:size]
        del stream[:size]
        return size

    inbox = Inbox()
    assert [bytes(inbox.next(read, 90_000)) for _ in rests] == rests


@pytest.mark.parametrize("rest", [b"", b"x" * 20])
def test_a_frame_that_says_it_is_too_long_is_not_waited_for(rest):
    sent = [struct.pack("<I", 2**32 - 1) + rest]

    def read(buffer: bytearray) -> int:
        piece = sent.pop()  # a second reading would fail
        buffer[: len(piece)] = piece
        return len(piece)

    with pytest.raises(TooLong):
        Inbox().next(read, 1000)


# --- the judge's side of a call ----------------------------------------------------------------


@contextlib.contextmanager
def played(learner: Callable[[socket.socket, int], None]) -> Iterator[Call]:
    """A call whose process is played by `learner(sock, number of the call)`."""
    ours, theirs = socket.socketpair()
    status, ended = socket.socketpair()
    ended.send(b'{"status": 9, "killed": true, "cpu": 0.1}')
    server = SimpleNamespace(spawn=lambda _: (ours, status), alive=lambda: True)

    def play() -> None:
        pipe = Pipe(theirs)
        pipe.send({"confined": True})
        pipe.receive()
        pipe.send({"loaded": ["f"]})
        learner(theirs, pipe.receive()["number"])

    thread = threading.Thread(target=play, daemon=True)
    thread.start()
    with Session(server, ["def f(): ..."], ["f"], Limits()) as session, theirs, ended:  # type: ignore[arg-type]
        yield Call(session, SimpleNamespace(name="f", seconds=0.8))  # type: ignore[arg-type]
        thread.join(5)


def framed(rest: bytes) -> bytes:
    return struct.pack("<I", len(rest)) + rest


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_flat_frame_is_a_death_like_any_other(what):
    with (
        played(lambda sock, _: sock.sendall(framed(HOSTILE[what]))) as call,
        pytest.raises(Died, match="something else"),
    ):
        call({"grad": Oracle(lambda x: x)})


@pytest.mark.parametrize("number", [-1, 1, 2**31 - 1, -(2**31)])
def test_an_oracle_that_was_not_given_answers_nothing(number):
    asked: list[object] = []
    with (
        played(lambda sock, _: sock.sendall(flat.question(number, [1.0]) or b"")) as call,
        pytest.raises(Died, match="was not given"),
    ):
        call({"grad": Oracle(asked.append)})
    assert not asked


def test_a_flat_answer_to_the_judges_call_is_no_answer():
    with (
        played(lambda sock, _: sock.sendall(flat.answer(1.0) or b"")) as call,
        pytest.raises(Died, match="something else than an answer"),
    ):
        call({"x": 1.0})


@pytest.mark.parametrize("frame", [flat.question(0, [1.0]), flat.answer(1.0)])
def test_a_flat_frame_before_the_functions_are_there_is_a_death(frame):
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.sendall(frame)
        session = Session(SimpleNamespace(), [], ["f"])  # type: ignore[arg-type]
        session.data = ours
        with pytest.raises(Died, match="something else"):
            session._until_loaded([])
        ours.close()


def test_a_question_in_pieces_is_answered_and_one_that_stops_is_out_of_time():
    def in_pieces(sock: socket.socket, number: int) -> None:
        frame = flat.question(0, [np.full(3, math.nan)]) or b""
        for byte in frame:
            sock.sendall(bytes([byte]))
        Inbox().next(sock.recv_into, 1000)
        sock.sendall(frame[:-1])

    oracle, begun = Oracle(lambda x: 2 * x), time.monotonic()
    with played(in_pieces) as call, pytest.raises(TimedOut):
        call({"grad": oracle})
    assert oracle.calls == 1 and 0.75 < time.monotonic() - begun < 5


def test_questions_without_end_and_no_answer_read_do_not_hold_the_judge():
    begun = time.monotonic()
    frame = flat.question(0, [np.ones(4000)]) or b""

    def flood(sock: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock.sendall(frame)

    with played(flood) as call, pytest.raises(Died, match="does not read"):
        call({"grad": Oracle(lambda x: x, limit=10**9)})
    assert time.monotonic() - begun < 5


def test_a_message_that_says_it_is_larger_than_an_answer_may_be_is_refused_unread():
    with (
        played(
            lambda sock, _: sock.sendall(b"\xff\xff\xff\xff" + flat.question(0, [1.0])[4:])
        ) as call,
        pytest.raises(NotPlain, match="too much to judge"),
    ):
        call({"grad": Oracle(lambda x: x)})


def test_calls_are_counted_on_the_judges_side_and_end_at_the_limit():
    answers: list[object] = []

    def ask(sock: socket.socket, number: int) -> None:
        pipe = Pipe(sock)
        grad = pipe.oracle(0)
        try:
            while True:
                answers.append(grad(np.ones(2)))
        except OracleSpent as spent:
            pipe.send({"value": len(answers), "to": number, "changed": [], "printed": False})
            answers.append(str(spent))

    oracle = Oracle(lambda x: x + 1, limit=5, name="the gradient")
    with played(ask) as call:
        assert call({"grad": oracle}) == 5
    assert oracle.calls == 6 and oracle.exceeded
    assert "more than 5 times" in str(answers[-1])


@pytest.mark.parametrize(
    "given",
    [np.int64(3), np.float32(0.5), [1, 2], np.ones((2, 2)), np.ones(9000), (1.0, "a"), None],
)
def test_what_an_oracle_is_given_does_not_depend_on_the_frame(given):
    from helpers.exercises.plain import agree, plain

    seen: list[object] = []

    def ask(sock: socket.socket, number: int) -> None:
        pipe = Pipe(sock)
        pipe.send({"value": pipe.oracle(0)(given), "to": number})

    with played(ask) as call:
        came = call({"echo": Oracle(lambda x: seen.append(x) or x)})
    assert type(seen[0]) is type(plain(given))
    assert agree(seen[0], plain(given), 0, 0) and agree(came, plain(given), 0, 0)
