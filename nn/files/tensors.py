"""Arrays as bytes: the layout of safetensors, which many programs read.

Eight bytes say how long the header is; the header is JSON, which tells of each array its kind, its shape and where it
lies; the numbers follow, without gaps, the lowest byte first.

Source: github.com/huggingface/safetensors, "Format". What its library reads is what is written here. The library is not
used: it does not say which of two equal keys it takes, nor what is wrong with a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from nn.files.plain import from_json, shown, to_json

__all__ = ["KINDS", "as_arrays", "from_bytes", "kind_of", "shape_of", "to_bytes"]

KINDS = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1", "U64": "<u8",
    "U32": "<u4", "U16": "<u2", "U8": "|u1", "BOOL": "|b1",
}  # fmt: skip
"""Kinds of numbers, as safetensors and as NumPy name them."""

NAMES = {np.dtype(spelling).newbyteorder("="): name for name, spelling in KINDS.items()}
LONGEST = 100_000_000
"""How many bytes a header may have, as in the library."""
HEADER = "__metadata__"


def as_arrays(arrays: Mapping[str, Any]) -> dict[str, Any]:
    """The arrays, each of a kind that a file can hold.

    Raises:
        TypeError: a name is not text, or an array is of another kind (of objects, of complex numbers).
        ValueError: an array is called as the header calls its own entry.

    >>> as_arrays({"w": [0.5, 1.0]})
    {'w': array([0.5, 1. ])}
    """
    found = {}
    for name, numbers in arrays.items():
        if type(name) is not str:
            raise TypeError(f"an array is named {name!r}, a {type(name).__name__}; names in files are text")
        if name == HEADER:
            raise ValueError(f"no array may be named {HEADER!r}: safetensors calls its notes so")
        array = np.asarray(numbers)
        if array.dtype.newbyteorder("=") not in NAMES:
            raise TypeError(
                f"array {name!r} is of {array.dtype}: files hold whole numbers, floats of up to 64 bits, and bools"
            )
        found[name] = array
    return found


def kind_of(array: Any) -> str:
    """What safetensors calls the numbers of an array.

    >>> kind_of(np.zeros(3))
    'F64'
    """
    return NAMES[array.dtype.newbyteorder("=")]


def to_bytes(arrays: Mapping[str, Any], notes: Mapping[str, str]) -> bytes:
    """Arrays and notes as a file of safetensors; the notes come first, in their order.

    >>> to_bytes({"w": np.zeros(1)}, {"by": "hand"})[8:41]
    b'{"__metadata__":{"by":"hand"},"w"'
    """
    header: dict[str, Any] = {HEADER: dict(notes)}
    parts, end = [], 0
    for name, array in arrays.items():
        numbers = array.astype(KINDS[kind_of(array)], copy=False).tobytes()
        begin, end = end, end + len(numbers)
        header[name] = {"dtype": kind_of(array), "shape": list(array.shape), "data_offsets": [begin, end]}
        parts.append(numbers)
    text = to_json(header, compact=True).encode()
    text += b" " * (-len(text) % 8)  # the numbers begin at a multiple of 8, for those who map the file into memory
    return b"".join([len(text).to_bytes(8, "little"), text, *parts])


def from_bytes(data: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    """The arrays and the notes of a file.

    Raises:
        ValueError: it is not as `to_bytes` writes one.

    >>> arrays, notes = from_bytes(to_bytes({"w": np.array([0.5])}, {"by": "hand"}))
    >>> arrays, notes
    ({'w': array([0.5])}, {'by': 'hand'})
    """
    begins = 8 + int.from_bytes(data[:8], "little")
    if len(data) < 8 or begins > min(len(data), LONGEST):
        raise ValueError(f"it has {len(data)} bytes, of which {begins - 8} should be its header")
    header = from_json(data[8:begins])
    if type(header) is not dict:
        raise ValueError(f"its header is {shown(header)}")
    notes = header.pop(HEADER, None)
    if type(notes) is not dict or not all(type(note) is str for note in notes.values()):
        raise ValueError(f"its notes are {shown(notes)}")
    arrays, end = {}, 0
    for name, entry in header.items():
        arrays[name], end = array_at(name, entry, data, begins, end)
    if begins + end != len(data):
        raise ValueError(f"it has {len(data)} bytes, but should have {begins + end}")
    return arrays, notes


def array_at(name: str, entry: Any, data: bytes, begins: int, end: int) -> tuple[Any, int]:
    """The array of an entry, which lies where the last one ended; and where it ends."""
    if type(entry) is not dict or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise ValueError(f"the entry of {shown(name)} is {shown(entry)}")
    kind, shape = shape_of(name, entry)
    dtype = np.dtype(KINDS[kind])
    offsets, size = entry["data_offsets"], prod(shape) * dtype.itemsize
    if type(offsets) is not list or not all(type(k) is int for k in offsets) or offsets != [end, end + size]:
        raise ValueError(f"{shown(name)} lies at {shown(offsets)}, where {shown([end, end + size])} is its place")
    if begins + end + size > len(data):
        raise ValueError(f"it ends too early: {shown(name)} lies at {shown(offsets)} of {len(data) - begins} bytes")
    numbers = data[begins + end : begins + end + size]
    if kind == "BOOL" and numbers.strip(b"\0\1"):
        raise ValueError(f"{shown(name)} holds bytes that are no bools")
    array = np.frombuffer(numbers, dtype).astype(dtype.newbyteorder("="))
    return reshaped(name, array, shape), end + size


def shape_of(name: str, entry: dict[str, Any]) -> tuple[str, list[int]]:
    """The kind and the shape that an entry tells.

    >>> shape_of("w", {"dtype": "F64", "shape": [2, 3]})
    ('F64', [2, 3])
    """
    kind, shape = entry["dtype"], entry["shape"]
    if type(kind) is not str or kind not in KINDS:
        raise ValueError(f"{shown(name)} is of kind {shown(kind)}, which is none of {', '.join(KINDS)}")
    if type(shape) is not list or not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError(f"{shown(name)} is of shape {shown(shape)}")
    return kind, shape


def reshaped(name: str, array: Any, shape: list[int]) -> Any:
    """The numbers in their shape; NumPy has limits of its own to what that may be."""
    try:
        return array.reshape(shape)
    except (ValueError, OverflowError):
        raise ValueError(f"{shown(name)} is of shape {shown(shape)}") from None
