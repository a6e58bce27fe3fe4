"""Parcels: objects as bytes for another process, in which no `__main__` is the one that is here.

A function or class of `__main__` pickles as its name, under which another process may have something else or nothing.
So it is refused here, before a worker breaks of it; where cloudpickle is installed it goes as a whole instead.
"""

from __future__ import annotations

import io
import pickle
from types import BuiltinFunctionType, FunctionType
from typing import Any

from autograd.border.wording import brief

__all__ = ["as_bytes", "is_importable"]

MAINS = ("__main__", "__mp_main__")


class Pickler(pickle.Pickler):
    """A pickler that refuses what another process cannot import."""

    def reducer_override(self, x: Any) -> Any:
        """Nothing is written otherwise; functions and classes of `__main__` are not written at all."""
        if isinstance(x, (type, FunctionType, BuiltinFunctionType)) and getattr(x, "__module__", None) in MAINS:
            raise pickle.PicklingError(f"{x.__qualname__} is of __main__, which each process has its own of")
        return NotImplemented


def plainly(x: Any) -> bytes:
    """The pickle of an object, which any process with the same modules can read."""
    file = io.BytesIO()
    Pickler(file, protocol=pickle.HIGHEST_PROTOCOL).dump(x)
    return file.getvalue()


def as_bytes(x: Any, what: str) -> bytes:
    """An object as bytes.

    Args:
        x: The object.
        what: How a message calls it.

    Raises:
        TypeError: it cannot be pickled; with the way out.

    >>> pickle.loads(as_bytes([1.0, len], "a list"))
    [1.0, <built-in function len>]
    """
    try:
        return plainly(x)
    except Exception as error:  # pickle raises whatever it likes
        reason = f"{type(error).__name__}: {error}"
    try:
        import cloudpickle
    except ImportError:
        raise TypeError(
            f"{what} cannot be pickled for another process ({reason}): define what it is made of in a module that can "
            "be imported there; or install cloudpickle, which Dask and loky bring: functions of notebooks, scripts and "
            "lambdas then go as they are; or give executor=None, which is threads"
        ) from None
    try:
        found: bytes = cloudpickle.dumps(x)
    except Exception as error:
        raise TypeError(
            f"{what} cannot be pickled for another process, by cloudpickle neither ({type(error).__name__}: "
            f"{brief(str(error), 200)}): leave out what belongs to this process (open files, locks, generators), and "
            "have the worker make it; or give executor=None, which is threads"
        ) from error
    return found


def is_importable(function: Any) -> bool:
    """Whether another process finds a function by importing it.

    >>> is_importable(len), is_importable(lambda: 1)
    (True, False)
    """
    try:
        plainly(function)
    except Exception:
        return False
    return True
