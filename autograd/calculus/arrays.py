"""NumPy arrays of Values: functions element by element, and the ufuncs and functions that NumPy hands over.

NumPy itself already does arithmetic on object arrays; what it cannot know is that `np.arcsin` of a Value is a row. It
hands over a ufunc where a Value itself is an operand, and a function (`np.interp`) where one is an argument. Of arrays
alone it hands over nothing: between two of them, and in `np.max`, it works by comparisons.
"""

from collections.abc import Callable, Mapping, Sequence
from math import inf
from operator import index
from typing import Any

from autograd.border.conversion import as_array, as_float
from autograd.calculus.composed import logaddexp
from autograd.calculus.primitive import Primitive
from autograd.calculus.table import TABLE, equal, maximum, minimum, sign, where

__all__ = ["along", "apply_function", "apply_ufunc", "in_place_of_numpys", "is_array", "map_rows", "shaped"]


def unless_nan(row: Primitive) -> Callable[..., Any]:
    """The maximum or minimum of two numbers, of which one may be nan: then it is the other, and so is the slope."""
    return lambda x, y: where(equal(x, x), where(equal(y, y), row(x, y), x), y)


_BY_UFUNC: dict[str, Callable[..., Any]] = {name: row for row in TABLE for name in (row.name, *row.alias)}
for _condition in ("less", "less_equal", "equal"):  # np.less compares, as `<` does, and gives a bool
    del _BY_UFUNC[_condition]
_BY_UFUNC.update({"fmax": unless_nan(maximum), "fmin": unless_nan(minimum), "logaddexp": logaddexp})
_BY_UFUNC["sign"] = lambda x: sign(x) + 0.0  # NumPy's has no -0.0

_COMPARED: dict[str, Callable[..., Any]] = {
    "isnan": lambda x: x != x,
    "isfinite": lambda x: abs(x) < inf,
    "isinf": lambda x: abs(x) == inf,
}
"""Ufuncs that ask, and as comparisons do get a bool."""


def is_array(x: Any) -> bool:
    """Whether `x` is an array with axes, not a scalar."""
    return bool(getattr(x, "shape", ()))


def is_traced(x: Any) -> bool:
    """Whether `x` keeps what is done to it, as a Value does, and is not the class of Values."""
    return hasattr(x, "__apply_primitive__") and not isinstance(x, type)  # hasattr(type(x), ...) costs much more


def map_rows(row: Callable[..., Any], operands: Sequence[Any], name: str) -> Any:
    """The row, or what is made of rows, applied element by element, with broadcasting.

    Returns:
        An array of the broadcast shape: of floats if every element is one, else of Values (dtype object).
    """
    import numpy as np

    def apply(*elements: Any) -> Any:
        return row(*[x if is_traced(x) else as_float(x, name) for x in elements])

    boxed = [as_array(x, name) if is_array(x) else _box(x) for x in operands]
    with np.errstate(all="ignore"):  # infinities and nan are results here
        out = np.frompyfunc(apply, len(operands), 1)(*[x.astype(object) for x in boxed])
    plain = [
        x.dtype != object if is_array(given) else not is_traced(given) for given, x in zip(operands, boxed, strict=True)
    ]
    return out.astype(float) if all(plain) else out


def shaped(found: list[Any], shape: tuple[int, ...]) -> Any:
    """An array of results: of floats if every one is a float, else of Values."""
    import numpy as np

    out = np.empty(len(found), dtype=float if all(type(x) is float for x in found) else object)
    out[:] = found
    return out.reshape(shape)


def along(function: Callable[..., Any], xs: Any, axis: Any, name: str) -> Any:
    """What a function of a list makes of each line along an axis: of an array an array, of lists in lists such lists.

    Raises:
        numpy.exceptions.AxisError: there is no such axis.
    """
    import numpy as np

    array = as_array(xs, name) if is_array(xs) else np.array(xs, dtype=object)
    if not -array.ndim <= index(axis) < array.ndim:
        raise np.exceptions.AxisError(f"{name}: axis {axis}: there are {array.ndim} of them, counted from 0")
    lines = np.moveaxis(array, axis, -1)
    results = [function(lines[place].tolist()) for place in np.ndindex(lines.shape[:-1])]
    if results and isinstance(results[0], list):
        out = np.moveaxis(shaped([x for line in results for x in line], lines.shape), -1, axis)
    elif lines.ndim == 1:
        return results[0]
    else:
        out = shaped(results, lines.shape[:-1])
    return out if is_array(xs) else out.tolist()


def _box(x: Any) -> Any:
    """An array of no axes around anything."""
    import numpy as np

    box = np.empty((), dtype=object)
    box[()] = x
    return box


def apply_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """What `np.exp(value)`, `array * value`, `np.add.reduce(...)` and the like mean when a Value takes part."""
    import numpy as np

    inputs = tuple([x.astype(float) if getattr(x, "dtype", None) == np.longdouble else x for x in inputs])
    boxed = tuple(_box(x) if is_traced(x) else x for x in inputs)
    if ufunc is np.divmod:
        return tuple([apply_ufunc(half, method, inputs, kwargs) for half in (np.floor_divide, np.remainder)])
    row = _BY_UFUNC.get(ufunc.__name__) or _COMPARED.get(ufunc.__name__)
    if row is not None and method == "__call__" and not kwargs:
        out = map_rows(row, inputs, ufunc.__name__)
    else:
        try:
            with np.errstate(all="ignore"):
                out = getattr(ufunc, method)(*boxed, **kwargs)
        except TypeError as error:
            if "not supported for the input types" not in str(error):
                raise
            raise TypeError(
                f"np.{ufunc.__name__} of a Value: NumPy computes it on floats, and there is no derivative of it here: "
                "compute it with functions of autograd, or of v.data for a number without a gradient"
            ) from error
    return out[()] if getattr(out, "shape", None) == () else out


_BY_FUNCTION: dict[str, Callable[..., Any]] = {}
"""What is called in place of NumPy's function of a name, which computes on floats alone."""


def in_place_of_numpys(**functions: Callable[..., Any]) -> None:
    """From now on these are what NumPy's functions of their names mean when a Value is an argument."""
    _BY_FUNCTION.update(functions)


def apply_function(function: Any, types: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What `np.interp(value, ...)`, `np.mean(value)` and the like mean when a Value takes part.

    Raises:
        TypeError: NumPy computes it on floats alone.
    """
    import numpy as np

    if not all(kind is np.ndarray or hasattr(kind, "__apply_primitive__") for kind in types):
        return NotImplemented
    name = function.__name__
    if name in _BY_FUNCTION and function is getattr(np, name, None):
        return _BY_FUNCTION[name](*args, **kwargs)
    try:
        out = function._implementation(*args, **kwargs)
    except (AttributeError, TypeError) as error:
        if "Value" not in str(error):
            raise
        raise TypeError(
            f"np.{name} of a Value: NumPy computes it on floats, and the graph would be cut: compute it with functions "
            "of autograd, or of v.data for a number without a gradient"
        ) from error
    found = out[()] if getattr(out, "shape", None) == () else out
    return found if is_traced(found) else out
