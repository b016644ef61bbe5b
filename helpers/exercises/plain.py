"""Plain data: the only thing that passes between a learner's function and its judge.

Both ways of calling a function (in the notebook, and through the sandbox) send what came back
through `plain`, so that the same answer is judged the same in both.
"""

from typing import Any

import numpy as np

from .failures import NotPlain

MAX_ENTRIES = 4_000_000
MAX_DEPTH = 16
MAX_TEXT = 100_000
_FLOAT, _SIMPLE = np.dtype(float), frozenset({bool, int, float, complex})


def plain(value: Any, depth: int = 0) -> Any:
    """`value` as bool, int, float, complex, str, None, `...`, ndarray, tuple, list or dict.

    Raises `NotPlain` with a sentence for the learner where that cannot be done.
    """
    if depth > MAX_DEPTH:
        raise NotPlain(f"Your function returned data nested more than {MAX_DEPTH} deep.")
    if type(value) is np.ndarray and value.dtype is _FLOAT and value.ndim > 0:
        if value.size <= MAX_ENTRIES:  # nearly everything that is asked and answered
            return value.copy()
    elif value is None or value is ... or type(value) in _SIMPLE:
        return _number(value)
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise NotPlain(f"Your function returned a text of {len(value)} characters.")
        return str(value)
    if isinstance(value, np.ndarray | np.generic):
        return _array(np.asarray(value))
    if isinstance(value, tuple | list | dict) and len(value) > MAX_ENTRIES:
        raise NotPlain(f"Your function returned {len(value)} entries: too many to judge.")
    if isinstance(value, tuple):
        return tuple(plain(item, depth + 1) for item in value)
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_key(key): plain(item, depth + 1) for key, item in value.items()}
    if hasattr(value, "toarray"):
        return _array(np.asarray(value.toarray()))
    if hasattr(value, "__array__"):
        return _array(np.asarray(value))
    raise NotPlain(
        f"Your function returned {_a(type(value).__name__)}; "
        "return numbers, arrays, strings, or lists, tuples and dicts of them."
    )


def _number(value: Any) -> Any:
    if type(value) is int and not -(2**63) <= value < 2**63:
        return float(value) if abs(value) < 10**300 else float("inf")
    return value


def _key(key: Any) -> Any:
    if isinstance(key, str | int | float | bool):
        return key
    raise NotPlain(f"Your function returned a dict with {_a(type(key).__name__)} as a key.")


def _array(array: np.ndarray) -> Any:
    if array.size > MAX_ENTRIES:
        raise NotPlain(f"Your function returned an array of {array.size} entries: too many.")
    if array.dtype.kind not in "biufc":
        raise NotPlain(
            f"Your function returned an array of dtype {array.dtype}; its entries must be numbers "
            "(rows of different lengths give such an array)."
        )
    kinds: dict[str, type] = {"b": bool, "i": np.int64, "u": np.int64, "c": np.complex128}
    array = np.array(array, dtype=kinds.get(array.dtype.kind, np.float64), order="C")
    return array.item() if array.ndim == 0 else array


def _a(name: str) -> str:
    return f"an object of type {name}"


def all_finite(value: Any) -> bool:
    """Whether every number in `value` is finite."""
    if isinstance(value, float | complex | np.ndarray):
        return bool(np.all(np.isfinite(value)))
    if isinstance(value, tuple | list):
        return all(map(all_finite, value))
    if isinstance(value, dict):
        return all(map(all_finite, value.values()))
    return True


def agree(a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-9) -> bool:
    """Whether two plain values are the same up to rounding; NaN equals NaN here."""
    if type(a) is type(b) is np.ndarray and a.dtype == b.dtype and a.shape == b.shape:
        if a.tobytes() == b.tobytes():  # far sooner than `allclose`, and nearly always so
            return True
    elif type(a) is type(b) is float and a == b:
        return True
    if isinstance(a, str) or isinstance(b, str) or a is None or b is None or a is ... or b is ...:
        return type(a) is type(b) and a == b
    if isinstance(a, dict) or isinstance(b, dict):
        return (
            isinstance(a, dict)
            and isinstance(b, dict)
            and a.keys() == b.keys()
            and all(agree(a[key], b[key], rtol, atol) for key in a)
        )
    if isinstance(a, tuple | list) or isinstance(b, tuple | list):
        if isinstance(a, tuple | list) and isinstance(b, tuple | list):
            return len(a) == len(b) and all(
                agree(x, y, rtol, atol) for x, y in zip(a, b, strict=True)
            )
        a, b = as_numbers(a), as_numbers(b)
        if a is None or b is None:
            return False
    if np.shape(a) != np.shape(b):
        return False
    return bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))


def as_numbers(value: Any) -> np.ndarray | None:
    """`value` as an array of numbers; None where it is none.

    Looked through before numpy is: an array of texts is as wide as the longest of them everywhere.
    """
    if not _only_numbers(value):
        return None
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    return array if array.dtype.kind in "biufc" else None


def _only_numbers(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return all(map(_only_numbers, value))
    return isinstance(value, bool | int | float | complex | np.ndarray | np.generic)


def short(value: Any, width: int = 90) -> str:
    """`value` in few characters, for a sentence."""
    if isinstance(value, np.ndarray):
        if value.size > 12:
            return f"an array of shape {value.shape}"
        text = np.array2string(value, precision=3, suppress_small=False, separator=", ")
        text = " ".join(text.split())
    elif isinstance(value, float):
        text = f"{value:.4g}"
    elif callable(value):
        text = getattr(value, "name", None) or "a function"
    elif isinstance(value, tuple | list):
        inside = ", ".join(short(item, width) for item in value[:6])
        more = ", …" if len(value) > 6 else ""
        text = f"({inside}{more})" if isinstance(value, tuple) else f"[{inside}{more}]"
    elif isinstance(value, dict):
        inside = ", ".join(
            f"{key!r}: {short(item, width)}" for key, item in list(value.items())[:6]
        )
        text = "{" + inside + "}"
    else:
        text = repr(value)
    return text if len(text) <= width else text[: width - 1] + "…"
