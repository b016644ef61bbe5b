"""Plain-data frames between the judge and a learner's process.

frame = u32 length of the rest | u32 length of the JSON | JSON | raw bytes of the arrays, or as in `flat`

No pickle anywhere: what arrives may have been written by hostile code, so every field is checked
before it is used. NaN and infinities pass; objects do not.
"""

import json
import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from . import flat

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


def decode(
    rest: bytes | bytearray | memoryview, callback: Callable[[int], Callable] | None = None
) -> Any:
    """The value in a frame, given what follows its first length. Raises `BadFrame`."""
    try:
        (length,) = HEADER.unpack_from(rest)
        if length >= flat.QUESTION:
            return flat.decode(rest)
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
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind is np.ndarray:
        dtype = value.dtype.str
        if dtype not in _ITEM:
            raise TypeError(f"arrays of dtype {value.dtype} are not plain data")
        blobs.append(value.tobytes())
        return {"array": [dtype, list(value.shape)]}
    depth += 1
    if kind is tuple:
        return {"tuple": [_pack(item, blobs, callback, depth) for item in value]}
    if kind is list:
        return [_pack(item, blobs, callback, depth) for item in value]
    if kind is dict:
        return {
            "dict": [
                [_pack(key, blobs, callback, depth), _pack(item, blobs, callback, depth)]
                for key, item in value.items()
            ]
        }
    if value is ...:
        return {"ellipsis": 0}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    for simpler in _PLAIN:  # of a class made from it
        if isinstance(value, simpler) and not isinstance(value, np.generic):
            return _pack(simpler(value), blobs, callback, depth)
    if isinstance(value, np.ndarray):
        return _pack(np.asarray(value), blobs, callback, depth)
    if isinstance(value, np.generic):
        return _pack(value.item(), blobs, callback, depth)
    if callable(value) and callback is not None:
        return {"callback": callback(value)}
    raise TypeError(f"{kind.__name__} is not plain data")


_PLAIN: tuple[Any, ...] = (int, float, str, complex, tuple, list, dict)
_ATOMS = frozenset({type(None), bool, int, float, str})
_ITEM = {name: np.dtype(name) for name in DTYPES}


class _Unpack:
    """Rebuilds a value; arrays are taken from `blobs` in the order in which they were packed."""

    def __init__(self, blobs: memoryview, callback: Callable[[int], Callable] | None):
        self.blobs, self.callback = blobs, callback

    def __call__(self, tree: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise BadFrame("nested too deep")
        kind = type(tree)  # JSON gives these and no others
        if kind is dict:
            if len(tree) != 1:
                raise BadFrame("a tag is wrong")
            ((tag, inner),) = tree.items()
            if tag == "array":
                return self.array(*inner)
            if tag == "dict":
                return {self.key(key): self(item, depth + 1) for key, item in inner}
            return self.rare(tag, inner, depth)
        if kind is list:
            return [self(item, depth + 1) for item in tree]
        if kind is str:
            return _text(tree)
        if kind is int and not -(2**63) <= tree < 2**63:
            return math.copysign(math.inf, tree)
        return tree

    def rare(self, tag: str, inner: Any, depth: int) -> Any:
        if tag == "tuple":
            return tuple(self(list(inner), depth))
        if tag == "complex":
            return complex(*inner)
        if tag == "ellipsis":
            return ...
        if tag == "callback" and self.callback is not None and type(inner) is int:
            return self.callback(inner)
        raise BadFrame("a tag is wrong")

    def key(self, key: Any) -> Any:
        if type(key) is str:
            return _text(key)
        if type(key) not in (int, float, bool):
            raise BadFrame("a key is wrong")
        return self(key, 0)

    def array(self, dtype: Any, shape: Any) -> np.ndarray:
        if dtype not in _ITEM or type(shape) is not list or len(shape) > MAX_DIMENSIONS:
            raise BadFrame("the header of an array is wrong")
        entries = 1
        for side in shape:
            if type(side) is not int or not 0 <= side <= MAX_FRAME:
                raise BadFrame("the shape of an array is wrong")
            entries *= side
        form = _ITEM[dtype]
        size = entries * form.itemsize
        if size > len(self.blobs):
            raise BadFrame("an array is longer than its frame")
        raw, self.blobs = self.blobs[:size], self.blobs[size:]
        return np.frombuffer(raw, form).reshape(shape).copy()


def _text(text: str) -> str:
    """Half of a surrogate pair is no text."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
