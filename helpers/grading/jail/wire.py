"""Plain-data frames between the judge and a learner's process.

frame = u32 length of the rest | u32 length of the JSON | JSON | raw bytes of the arrays

No pickle anywhere: what arrives may have been written by hostile code, so every field is checked
before it is used. NaN and infinities pass; objects do not.
"""

import json
import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

DTYPES = ("<f8", "<f4", "<i8", "<i4", "|b1", "|u1", "<c16")
HEADER = struct.Struct("<I")
MAX_FRAME = 64 << 20
MAX_JSON = 4 << 20
MAX_DEPTH = 40
MAX_DIMENSIONS = 8


class BadFrame(Exception):
    """The bytes are no frame of ours."""


def encode(value: Any, callback: Callable[[Callable], int] | None = None) -> bytes:
    """The frame of `value`; `callback` numbers the callables in it. Raises `TypeError`."""
    blobs: list[bytes] = []
    text = json.dumps(_pack(value, blobs, callback, 0)).encode()
    body = b"".join(blobs)
    return struct.pack("<II", 4 + len(text) + len(body), len(text)) + text + body


def decode(rest: bytes | bytearray, callback: Callable[[int], Callable] | None = None) -> Any:
    """The value in a frame, given what follows its first length. Raises `BadFrame`."""
    try:
        (length,) = HEADER.unpack_from(rest)
        if length > MAX_JSON or 4 + length > len(rest):
            raise BadFrame("the length of its JSON is wrong")
        tree = json.loads(bytes(rest[4 : 4 + length]).decode("utf-8"))
        return _Unpack(memoryview(rest)[4 + length :], callback)(tree, 0)
    except BadFrame:
        raise
    except Exception as error:  # whatever hostile bytes lead to, it is a bad frame
        raise BadFrame(type(error).__name__) from None


def _pack(value: Any, blobs: list[bytes], callback: Callable | None, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise TypeError("nested too deep")

    def inside(item: Any) -> Any:
        return _pack(item, blobs, callback, depth + 1)

    if value is None or isinstance(value, bool | int | float | str):
        return value
    if value is ...:
        return {"ellipsis": 0}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, np.generic):
        return inside(value.item())
    if isinstance(value, np.ndarray):
        if value.dtype.str not in DTYPES:
            raise TypeError(f"arrays of dtype {value.dtype} are not plain data")
        blobs.append(np.ascontiguousarray(value).tobytes())
        return {"array": [value.dtype.str, list(value.shape)]}
    if isinstance(value, tuple):
        return {"tuple": [inside(item) for item in value]}
    if isinstance(value, list):
        return [inside(item) for item in value]
    if isinstance(value, dict):
        return {"dict": [[inside(key), inside(item)] for key, item in value.items()]}
    if callable(value) and callback is not None:
        return {"callback": callback(value)}
    raise TypeError(f"{type(value).__name__} is not plain data")


class _Unpack:
    """Rebuilds a value; arrays are taken from `blobs` in the order in which they were packed."""

    def __init__(self, blobs: memoryview, callback: Callable[[int], Callable] | None):
        self.blobs, self.callback = blobs, callback

    def __call__(self, tree: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise BadFrame("nested too deep")
        if isinstance(tree, list):
            return [self(item, depth + 1) for item in tree]
        if isinstance(tree, str):
            return tree.encode("utf-8", "replace").decode()  # half of a surrogate pair is no text
        if isinstance(tree, int) and not isinstance(tree, bool) and abs(tree) >= 2**63:
            return math.copysign(math.inf, tree)
        if not isinstance(tree, dict):
            return tree
        if len(tree) != 1:
            raise BadFrame("a tag is wrong")
        ((tag, inner),) = tree.items()
        if tag == "array":
            return self.array(*inner)
        if tag == "tuple":
            return tuple(self(list(inner), depth))
        if tag == "dict":
            return {self.key(key): self(item, depth + 1) for key, item in inner}
        if tag == "complex":
            return complex(*inner)
        if tag == "ellipsis":
            return ...
        if tag == "callback" and self.callback is not None and type(inner) is int:
            return self.callback(inner)
        raise BadFrame("a tag is wrong")

    def key(self, key: Any) -> Any:
        if not isinstance(key, str | int | float | bool):
            raise BadFrame("a key is wrong")
        return self(key, 0)

    def array(self, dtype: Any, shape: Any) -> np.ndarray:
        if dtype not in DTYPES or not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
            raise BadFrame("the header of an array is wrong")
        if any(type(side) is not int or not 0 <= side <= MAX_FRAME for side in shape):
            raise BadFrame("the shape of an array is wrong")
        size = math.prod(shape) * np.dtype(dtype).itemsize
        if size > len(self.blobs):
            raise BadFrame("an array is longer than its frame")
        raw, self.blobs = self.blobs[:size], self.blobs[size:]
        return np.frombuffer(raw, dtype=dtype).reshape(shape).copy()
