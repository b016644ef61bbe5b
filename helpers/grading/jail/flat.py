"""Flat frames: what an oracle is asked and answers, packed without JSON where it is a few numbers and vectors.

That is nearly every oracle's call, and a submission may make thousands. Everything else travels as `wire` has it.

frame = u32 length of the rest | u32 QUESTION or ANSWER | i32 number of the oracle | u32 count | the values
value = i64 n, then n float64 with 1 <= n <= MOST_ENTRIES; or i64 -1 and a float64; or i64 -2 and an int64

What arrives may have been written by hostile code: each length is checked before it is used, nothing larger than the frame is made,
and a value is an array of float64, a float or an int of 64 bits and nothing else.
"""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np

QUESTION, ANSWER = 0xFFFFFFFE, 0xFFFFFFFF  # where another frame has the length of its JSON
MOST_ENTRIES, MOST_VALUES = 4096, 8
_FLOAT, _INTEGER = -1, -2
_HEAD = struct.Struct("<IiI")
_FRAME = struct.Struct("<IIiI")
_COUNT = struct.Struct("<q")
_A_FLOAT, _AN_INTEGER = struct.Struct("<qd"), struct.Struct("<qq")
_DTYPE = np.dtype("<f8")


def question(oracle: int, values: Sequence[Any]) -> bytes | None:
    """The frame that asks `oracle` for `values`; None where they need another frame."""
    return _packed(QUESTION, oracle, values)


def answer(value: Any) -> bytes | None:
    """The frame that answers with `value`; None where it needs another frame."""
    return _packed(ANSWER, 0, (value,))


def _packed(mark: int, oracle: int, values: Sequence[Any]) -> bytes | None:
    if len(values) > MOST_VALUES:
        return None
    parts = [b""]
    for value in values:
        kind = type(value)
        if kind is np.ndarray:
            if value.dtype is not _DTYPE or value.ndim != 1 or not 0 < value.size <= MOST_ENTRIES:
                return None
            parts.append(_COUNT.pack(value.size))
            parts.append(value.tobytes())
        elif kind is float:
            parts.append(_A_FLOAT.pack(_FLOAT, value))
        elif kind is int and -(2**63) <= value < 2**63:
            parts.append(_AN_INTEGER.pack(_INTEGER, value))
        else:
            return None
    length = _HEAD.size + sum(map(len, parts))
    parts[0] = _FRAME.pack(length, mark, oracle, len(values))
    return b"".join(parts)


def decode(rest: bytes | bytearray | memoryview) -> dict[str, Any]:
    """The message in a flat frame, given what follows its first length: what `wire` would have made of it.

    Raises `ValueError` or `struct.error` where the bytes are no flat frame.
    """
    mark, oracle, count = _HEAD.unpack_from(rest)
    if count > MOST_VALUES:
        raise ValueError("too many values")
    values: list[Any] = []
    place = _HEAD.size
    for _ in range(count):
        (entries,) = _COUNT.unpack_from(rest, place)
        place += 8
        if entries > 0:
            if entries > MOST_ENTRIES or place + 8 * entries > len(rest):
                raise ValueError("a vector is longer than its frame")
            values.append(np.frombuffer(rest, _DTYPE, entries, place).copy())
            place += 8 * entries
        elif entries == _FLOAT:
            values.append(_A_FLOAT.unpack_from(rest, place - 8)[1])
            place += 8
        elif entries == _INTEGER:
            values.append(_AN_INTEGER.unpack_from(rest, place - 8)[1])
            place += 8
        else:
            raise ValueError("a value is of no kind")
    if place != len(rest):
        raise ValueError("there is more than its values")
    if mark == QUESTION:
        return {"oracle": oracle, "arguments": values}
    if mark == ANSWER and count == 1 and oracle == 0:
        return {"value": values[0]}
    raise ValueError("neither a question nor an answer")
