"""The border: what counts as a number, and its one conversion to a float."""

import numbers
from math import prod
from operator import index
from typing import Any

from autograd.border.wording import brief

__all__ = ["LARGEST_WHOLE", "as_array", "as_batch", "as_float", "as_order", "is_number", "require_real"]

LARGEST_WHOLE = 2**53
"""Whole numbers up to this one are doubles, each of them."""


def is_number(x: Any) -> bool:
    """Whether `x` is one real number: Python's, NumPy's, a Fraction, a Decimal; not a string, complex or array.

    >>> from fractions import Fraction
    >>> is_number(Fraction(1, 3)), is_number("1"), is_number(1j)
    (True, False, False)
    """
    if isinstance(x, (float, int)):
        return True
    kind = type(x)
    if isinstance(x, numbers.Complex) and not isinstance(x, numbers.Real):
        return False
    return hasattr(kind, "__float__") and not hasattr(kind, "__len__") and not hasattr(kind, "__apply_primitive__")


def as_float(x: Any, what: str) -> float:
    """`x` as a float; arrays of one element count as their element.

    Args:
        x: A real number of any type.
        what: What is being set, for the message: "Value(data)".

    Raises:
        TypeError: `x` is not a real number; the message names its type.
        OverflowError: `x` is an integer beyond the range of a float.

    >>> as_float(True, "data")
    1.0
    """
    if is_number(x):
        try:
            return float(x)
        except OverflowError:
            size = f"an integer of {x.bit_length()} bits" if isinstance(x, int) else f"this {type(x).__name__}"
            raise OverflowError(f"{what}: {size} is too large for a float") from None
        except (TypeError, ValueError):
            pass  # numpy's datetime64 has a __float__ that refuses, and so has Decimal("sNaN")
    elif count(x) == 1 and hasattr(type(x), "__len__") and (hasattr(x, "item") or hasattr(type(x), "__float__")):
        return as_float(x.item() if hasattr(x, "item") else float(x), what)
    raise TypeError(f"{what}: expected a real number, got {describe(x)}")


def count(x: Any) -> int | None:
    """How many elements an array has, of NumPy or of another library; None of what is no array.

    >>> import numpy as np
    >>> count(np.ones((2, 3))), count(np.float64(1.0)), count(1.0)
    (6, 1, None)
    """
    try:
        return prod([index(n) for n in x.shape])
    except (AttributeError, TypeError):
        return None


def as_array(x: Any, what: str) -> Any:
    """A NumPy array of whatever an array can be made of.

    Raises:
        TypeError: it would lose its mask.

    >>> as_array([1.0, 2.0], "data").sum()
    np.float64(3.0)
    """
    import numpy as np

    if np.ma.is_masked(x):
        raise TypeError(f"{what}: a masked array would lose its mask: leave the masked rows out, or fill them in")
    return np.asarray(x)


def as_batch(x: Any, k: int) -> Any:
    """A number as a float, an array of one axis as it is.

    Args:
        x: Input `k` of a program, from outside.
        k: Its number, for the message.
    """
    if not getattr(x, "shape", ()) and not isinstance(x, (list, tuple)):
        return as_float(x, f"input {k}")
    array = as_array(x, f"input {k}")
    if array.ndim != 1:
        raise ValueError(f"input {k}: a batch has one axis, got shape {array.shape}")
    array = require_real(array, f"input {k}")
    return array if array.flags.aligned else array.copy()


def as_order(n: Any, name: str, negative: bool = False) -> Any:
    """The order of a function, as it is; anything but a number is for others to judge, and nan is as ever.

    Raises:
        ValueError: it is a number between whole ones, or below 0 where nothing is `negative`.

    >>> as_order(2, "polygamma")
    2
    """
    if is_number(n) and ((x := float(n)) != x // 1.0 or (x < 0.0 and not negative)) and x - x == 0.0:
        raise ValueError(f"{name}: order {brief(n)}: a whole number{'' if negative else ' from 0 on'}")
    return n


def require_real(array: Any, what: str) -> Any:
    """The array, if doubles can hold all its elements.

    Raises:
        TypeError: they are not real numbers, or of a type with more digits than a double.
    """
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{what}: expected real numbers, got an array of dtype {array.dtype}")
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        raise TypeError(f"{what}: {array.dtype} would lose digits: convert it with .astype(float)")
    if array.dtype.kind in "iu" and array.dtype.itemsize == 8 and array.size and abs_max(array) > LARGEST_WHOLE:
        raise TypeError(f"{what}: {array.dtype} beyond 2**53 would lose digits: convert it with .astype(float)")
    return array


def abs_max(array: Any) -> int:
    """The largest magnitude of integers."""
    return max(abs(int(array.max())), abs(int(array.min())))


def describe(x: Any) -> str:
    """The type of `x` with what a reader needs to recognise it, and what to do instead."""
    kind = type(x).__name__
    if x is None:
        return "None"
    if hasattr(type(x), "__apply_primitive__"):
        return f"a {kind}: use it as it is, or its .data for the number"
    if count(x) not in (None, 1):
        return f"an array of {count(x)} elements: make one Value of each, or do this for each"
    if count(x) == 1 and hasattr(type(x), "__len__"):
        return f"a {kind} of one element: take its number with float()"
    if isinstance(x, (list, tuple)):
        return f"a {kind} of {len(x)}: make one Value of each, or do this for each"
    if isinstance(x, (str, bytes)):
        return f"{kind} {brief(x)}: convert it with float()"
    if isinstance(x, numbers.Complex) and not isinstance(x, numbers.Real):
        return f"{kind} {x}: take its real or imaginary part"
    return kind
