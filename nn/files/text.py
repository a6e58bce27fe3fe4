"""Arrays as JSON, for people: an array a line, its rows as lists."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from math import isfinite
from typing import Any

import numpy as np

from nn.files.plain import from_json, shown, to_json
from nn.files.tensors import KINDS, kind_of, reshaped, shape_of

__all__ = ["from_text", "to_text"]

SPELLED = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}
"""JSON has no numbers for these; as text, every program can read the file."""


def to_text(arrays: Mapping[str, Any], notes: Mapping[str, Any]) -> bytes:
    """Arrays and notes as JSON; the notes come first, in their order, a line each.

    >>> print(to_text({"w": np.array([0.5, 1.0])}, {"by": "hand"}).decode())
    {"by": "hand",
     "arrays": {
      "w": {"dtype": "F64", "shape": [2], "numbers": [0.5, 1.0]}}}
    """
    lines = [f"{to_json(key)}: {to_json(note)}" for key, note in notes.items()]
    entries = [
        f"  {to_json(name)}: "
        + to_json({"dtype": kind_of(array), "shape": list(array.shape), "numbers": spelled(array)})
        for name, array in arrays.items()
    ]
    return "{{{}}}".format(",\n ".join([*lines, '"arrays": {\n' + ",\n".join(entries) + "}"])).encode()


def spelled(array: Any) -> Any:
    """The numbers of an array in lists, those that are not finite as text."""
    numbers = array.astype(float) if array.dtype.kind == "f" else array
    if array.dtype.kind == "f" and not np.isfinite(numbers).all():
        found = numbers.astype(object)
        found[~np.isfinite(numbers)] = [repr(x) for x in numbers[~np.isfinite(numbers)].tolist()]
        numbers = found
    return numbers.tolist()


def from_text(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arrays and the notes of such a file.

    Raises:
        ValueError: it is not as `to_text` writes one.

    >>> from_text(to_text({"w": np.array([0.5, 1.0])}, {"by": "hand"}))
    ({'w': array([0.5, 1. ])}, {'by': 'hand'})
    """
    notes = from_json(data)
    entries = notes.pop("arrays", None) if type(notes) is dict else None
    if type(entries) is not dict:
        raise ValueError(f"its arrays are {shown(entries)}")
    return {name: array_of(name, entry) for name, entry in entries.items()}, notes


def array_of(name: str, entry: Any) -> Any:
    """The array of an entry."""
    if type(entry) is not dict or set(entry) != {"dtype", "shape", "numbers"}:
        raise ValueError(f"the entry of {shown(name)} is {shown(entry)}")
    kind, shape = shape_of(name, entry)
    flat = [entry["numbers"]]
    for n in shape:
        if not all(type(row) is list and len(row) == n for row in flat):
            raise ValueError(f"{shown(name)} has not the shape {shown(shape)}")
        flat = [x for row in flat for x in row]
    return reshaped(name, numbers_of(name, kind, flat), shape)


def numbers_of(name: str, kind: str, flat: list[Any]) -> Any:
    """Numbers as they were read, as an array of their kind that holds just those."""
    dtype = np.dtype(KINDS[kind]).newbyteorder("=")
    if dtype.kind == "f":
        flat = [SPELLED.get(x, x) if type(x) is str else finite(x) for x in flat]
    expected = {"f": float, "b": bool}.get(dtype.kind, int)
    array = None
    if all(type(x) is expected for x in flat):
        with suppress(OverflowError), np.errstate(over="ignore"):  # a whole number beyond those of its kind
            array = np.array(flat, dtype)
    if array is None or (dtype.kind == "f" and not np.array_equal(array, np.array(flat, float), equal_nan=True)):
        raise ValueError(f"{shown(name)} holds something else than numbers of kind {kind}")
    return array


def finite(x: Any) -> Any:
    """A number as a float; what is too large for one, or no number, is given back as no float."""
    if type(x) is float:
        return x if isfinite(x) else None
    try:
        return float(x) if type(x) is int and int(float(x)) == x else None
    except OverflowError:
        return None
