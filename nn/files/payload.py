"""Arrays and plain data in a file, of either kind: written whole, sealed, and read with suspicion."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from autograd import write_file
from autograd.border.wording import brief
from nn.files.plain import from_json, plain, to_json
from nn.files.seal import DIGITS, UNSEALED, is_sealed, sealed
from nn.files.tensors import as_arrays, from_bytes, to_bytes
from nn.files.text import from_text, to_text

__all__ = ["Payload", "read_payload", "write_payload"]

FORMAT = "chainrule 1"
"""What a file says of itself, and the version of how it says it."""

BEGINNINGS = {
    "json": b'{"format": "chainrule ', "safetensors": b'{"__metadata__":{"format":"chainrule ',
}  # fmt: skip
"""How files of ours begin; one of safetensors after eight bytes more."""


class Payload(NamedTuple):
    """What is in a file.

    Attributes:
        arrays: Arrays of NumPy under their names, in the order they were written.
        about: Plain data under its keys.

    >>> Payload({}, {"epoch": 3}).about["epoch"]
    3
    """

    arrays: dict[str, Any]
    about: dict[str, Any]


def write_payload(path: str | os.PathLike[str], arrays: Mapping[str, Any], about: Mapping[str, Any]) -> None:
    """Write arrays and plain data to a file; whatever goes wrong, a file that was there is there unchanged.

    The file is one of safetensors, or JSON where its name ends so. It bears the SHA-256 of all that is in it. Once this
    returns, it is on the disk.

    Args:
        path: Where; what ends in ".json" is written as JSON, for people.
        arrays: Arrays under their names: floats, whole numbers or bools. They come back to the bit (in JSON, but for
            the bits of a nan).
        about: None, bools, numbers, text, lists and dicts of these, under keys that are text. Tuples come back as
            lists, NumPy's numbers as Python's; floats to the bit, also those that are not finite.

    Raises:
        TypeError: something else is in them.
        ValueError: a name or key is one that the file needs for itself; data are nested too deeply.
        OSError: it cannot be written: there is no such folder, the disk is full. The error names the path that was
            given.

    Cost: one pass over the numbers, and waiting for the disk.

    >>> import numpy as np
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_payload(f"{folder}/state.safetensors", {"w": np.array([0.5])}, {"epoch": 3})
    ...     read_payload(f"{folder}/state.safetensors")
    Payload(arrays={'w': array([0.5])}, about={'epoch': 3})
    """
    found, notes = as_arrays(arrays), plain(dict(about), "about")
    for key in ("format", "sha256", "arrays"):
        if key in notes:
            raise ValueError(f"about[{key!r}]: a file has an entry of its own of that name: give it another")
    head = {"format": FORMAT, "sha256": UNSEALED.decode()}
    if os.fspath(path).endswith(".json"):
        data, kind = to_text(found, {**head, **notes}), "json"
    else:
        data, kind = to_bytes(found, {**head, **{key: to_json(note) for key, note in notes.items()}}), "safetensors"
    try:
        write_file(path, sealed(data, place_of_seal(kind)))
    except OSError as error:  # which names the file that was to become this one
        folder = os.path.dirname(os.path.realpath(path))
        lost = error.errno == errno.ENOENT and not os.path.isdir(folder)
        told = f"there is no folder {folder}" if lost else error.strerror or str(error)
        raise OSError(error.errno or errno.EIO, told, os.fspath(path)) from None
    keep_entry(os.path.dirname(os.path.realpath(path)))


def place_of_seal(kind: str) -> int:
    """Where the digest begins in a file of a kind."""
    version = FORMAT.rpartition(" ")[2]
    between = '",\n "sha256": "' if kind == "json" else '","sha256":"'
    return (0 if kind == "json" else 8) + len(BEGINNINGS[kind]) + len(version) + len(between)


def keep_entry(folder: str) -> None:
    """Have the disk hold the folder's entry of a new file too; where a folder cannot be opened, that is not needed."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def read_payload(path: str | os.PathLike[str]) -> Payload:
    """The arrays and the plain data in a file.

    Args:
        path: Where. Of which kind the file is, it says itself.

    Raises:
        OSError: it cannot be read, or is no file.
        ValueError: it is not one that `write_payload` wrote, or is not now what it was then; it is of another version.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_payload(f"{folder}/state.json", {}, {"epoch": 3})
    ...     read_payload(f"{folder}/state.json").about
    {'epoch': 3}
    """
    if os.path.exists(path) and not os.path.isfile(path):  # a pipe could have no end
        raise OSError(errno.EINVAL, "is no file", os.fspath(path))
    with open(path, "rb") as file:
        data = file.read()
    kind = kind_of_file(data, path)
    at = place_of_seal(kind)
    try:
        arrays, notes = (from_text if kind == "json" else from_bytes)(data)
        sound = is_sealed(data, at) and notes.pop("format", None) == FORMAT
        if not sound or notes.pop("sha256", "").encode() != data[at : at + DIGITS]:
            raise ValueError("its content is not what its SHA-256 was taken of: it was changed after it was written")
        about = notes if kind == "json" else {key: from_json(note) for key, note in notes.items()}
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)} is damaged: {error}") from None
    return Payload(arrays, about)


def kind_of_file(data: bytes, path: Any) -> str:
    """The kind of a file, "json" or "safetensors", as its beginning says.

    Raises:
        ValueError: it is not of ours, or of another version.
    """
    for kind, beginning in BEGINNINGS.items():
        start = 0 if kind == "json" else 8
        if data.startswith(beginning, start):
            start += len(beginning)
            version = data[start : start + 20].partition(b'"')[0].decode(errors="replace")
            if f"chainrule {version}" != FORMAT:
                raise ValueError(
                    f"{os.fspath(path)} is of the format 'chainrule {version}'; this version reads {FORMAT!r}"
                )
            return kind
    if data[8:9] == b"{" and b'"data_offsets"' in data[:100_000]:
        hint = "safetensors of another program, or its beginning is damaged"
    else:
        hint = "it is empty" if not data else f"it begins with {brief(data[:16])}"
    raise ValueError(f"{os.fspath(path)} is not a file of chainrule's: {hint}")
