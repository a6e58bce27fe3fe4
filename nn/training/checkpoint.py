"""Checkpoints: all that a run of training depends on, in a file, so that a run that was killed goes on from there."""

import errno
import os
from collections.abc import Mapping
from datetime import timedelta
from time import monotonic
from typing import Any

import numpy as np

from autograd.border.wording import brief
from nn.checks import as_size, is_whole, warn_user
from nn.files.payload import read_payload, write_payload

__all__ = ["Checkpoint", "as_pace"]

HOLDS = "training"
LONG = 16
"""Lists of so many numbers are kept as arrays: to the bit, and in a few bytes."""

UNITS = {"s": 1.0, "second": 1.0, "min": 60.0, "minute": 60.0, "h": 3600.0, "hour": 3600.0}


def as_pace(every: Any) -> tuple[int, float]:
    """How often a checkpoint is written: a number of steps, or seconds; the other is 0.

    Args:
        every: Steps, an int; or a time: a `datetime.timedelta`, or text such as "5 minutes"; None for every epoch.

    Raises:
        TypeError: it is something else.
        ValueError: it is not positive, or in other words.

    >>> as_pace(100), as_pace("5 minutes"), as_pace(timedelta(seconds=30))
    ((100, 0.0), (0, 300.0), (0, 30.0))
    """
    if every is None:
        return 0, 0.0
    if is_whole(every):
        return as_size(every, "fit: every"), 0.0
    if isinstance(every, timedelta):
        seconds = every.total_seconds()
    elif isinstance(every, str):
        number, _, unit = every.strip().partition(" ")
        seconds = UNITS.get(unit.strip().removesuffix("s") or unit.strip(), 0.0)
        try:
            seconds *= float(number)
        except ValueError:
            seconds = 0.0
    else:
        raise TypeError(f"fit: every is {brief(every)}; it is a number of steps, or a time such as '5 minutes'")
    if not 0.0 < seconds < float("inf"):
        raise ValueError(f"fit: every is {brief(every)}; it is a number of steps, or a time such as '5 minutes'")
    return 0, seconds


class Checkpoint:
    """A file that a run is kept in, and when it is written.

    Args:
        path: Where.
        every: As for `as_pace`; at the end of an epoch it is written where this is None.

    Raises:
        TypeError, ValueError: As of `as_pace`; there is no path.
        IsADirectoryError: the path is that of a folder.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     checkpoint = Checkpoint(f"{folder}/run.ckpt")
    ...     checkpoint.write({"step": 3, "weights": [0.5] * 20})
    ...     checkpoint.read()["step"]
    3
    """

    def __init__(self, path: str | os.PathLike[str], every: Any = None) -> None:
        self.path = os.fsdecode(path)
        if not self.path:
            raise ValueError(f"fit: checkpoint is {brief(path)}; give the path of a file")
        if os.path.isdir(self.path):
            raise IsADirectoryError(errno.EISDIR, "fit: checkpoint is a folder, give the path of a file", self.path)
        self.steps, self.seconds = as_pace(every)
        self._last = monotonic()
        self._failed = False

    def is_due(self, step: int, last_of_epoch: bool) -> bool:
        """Whether to write one after a step.

        >>> Checkpoint("run.ckpt", every=10).is_due(20, False)
        True
        """
        if self.steps:
            return step % self.steps == 0
        return monotonic() - self._last >= self.seconds if self.seconds else last_of_epoch

    def write(self, state: Mapping[str, Any]) -> None:
        """Write the state of a run, whole or not at all; where that fails, warn, and leave the last one as it is."""
        self._last = monotonic()
        arrays: dict[str, Any] = {}
        about = packed(dict(state), "state", arrays)
        try:
            write_payload(self.path, arrays, {"holds": HOLDS, "state": about})
        except OSError as error:
            if not self._failed:
                kept = "the last one is kept" if os.path.exists(self.path) else "there is none so far"
                warn_user(
                    f"fit: the checkpoint {self.path} cannot be written ({error.strerror or error}): training goes on, "
                    f"{kept}, and it is tried again"
                )
            self._failed = True
        else:
            self._failed = False

    def read(self) -> Any:
        """The state that was written; None if there is no file.

        Raises:
            OSError: it cannot be read.
            ValueError: it is damaged, or no checkpoint.
        """
        try:
            arrays, about = read_payload(self.path)
        except FileNotFoundError:
            return None
        if about.get("holds") != HOLDS:
            raise ValueError(f"{self.path} is no checkpoint of training: it holds {brief(about.get('holds'))}")
        return unpacked(about["state"], arrays)


def packed(x: Any, name: str, arrays: dict[str, Any]) -> Any:
    """Plain data, in which long lists of floats, or of whole numbers, have become names of arrays."""
    if isinstance(x, dict):
        found = {key: packed(part, f"{name}.{key}", arrays) for key, part in x.items()}
        return {"dict": found} if x.keys() in ({"array"}, {"dict"}) else found  # which would be taken for one of these
    if isinstance(x, (list, tuple)):
        if len(x) >= LONG and (all(type(item) is float for item in x) or are_small(x)):
            while name in arrays:  # keys may have dots in them
                name += "'"
            arrays[name] = np.array(x)
            return {"array": name}
        return [packed(part, f"{name}.{i}", arrays) for i, part in enumerate(x)]
    if isinstance(x, np.ndarray):
        return packed(x.tolist(), name, arrays)
    return x


def are_small(x: Any) -> bool:
    """Whether all are ints that an array can hold."""
    return all(type(item) is int and -(2**62) < item < 2**62 for item in x)


def unpacked(x: Any, arrays: Mapping[str, Any]) -> Any:
    """The data again, with lists in place of names."""
    if isinstance(x, dict):
        if x.keys() == {"array"}:
            return arrays[x["array"]].tolist()
        found = x["dict"] if x.keys() == {"dict"} else x
        return {key: unpacked(part, arrays) for key, part in found.items()}
    return [unpacked(part, arrays) for part in x] if isinstance(x, list) else x
