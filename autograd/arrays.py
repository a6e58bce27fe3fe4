"""NumPy arrays of Values: functions element by element, and the ufuncs that NumPy hands over.

NumPy itself already does arithmetic on object arrays; what it cannot know is that `np.arcsin` of a Value is a row.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from autograd.conversion import as_array, as_float
from autograd.primitives import TABLE, Primitive

__all__ = ["apply_ufunc", "is_array", "map_rows"]

_BY_UFUNC: dict[str, Primitive] = {name: row for row in TABLE for name in (row.name, *row.alias)}
for _condition in ("less", "less_equal", "equal"):  # np.less compares, as `<` does, and gives a bool
    del _BY_UFUNC[_condition]
_BY_UFUNC.update({"fmax": _BY_UFUNC["maximum"], "fmin": _BY_UFUNC["minimum"]})


def is_array(x: Any) -> bool:
    """Whether `x` is an array with axes, not a scalar."""
    return bool(getattr(x, "shape", ()))


def is_traced(x: Any) -> bool:
    """Whether `x` records what is done to it, as a Value does."""
    return hasattr(x, "__apply_primitive__")


def map_rows(row: Primitive, operands: Sequence[Any]) -> Any:
    """The row applied element by element, with broadcasting.

    Returns:
        An array of the broadcast shape: of floats if every element is one, else of Values (dtype object).
    """
    import numpy as np

    def apply(*elements: Any) -> Any:
        return row(*[x if is_traced(x) else as_float(x, row.name) for x in elements])

    boxed = [as_array(x, row.name) if is_array(x) else _box(x) for x in operands]
    with np.errstate(all="ignore"):  # infinities and nan are results here
        out = np.frompyfunc(apply, len(operands), 1)(*[x.astype(object) for x in boxed])
    plain = [
        x.dtype != object if is_array(given) else not is_traced(given) for given, x in zip(operands, boxed, strict=True)
    ]
    return out.astype(float) if all(plain) else out


def _box(x: Any) -> Any:
    """An array of no axes around anything."""
    import numpy as np

    box = np.empty((), dtype=object)
    box[()] = x
    return box


def apply_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """What `np.exp(value)`, `array * value`, `np.add.reduce(...)` and the like mean when a Value takes part."""
    import numpy as np

    boxed = tuple(_box(x) if hasattr(type(x), "__apply_primitive__") else x for x in inputs)
    row = _BY_UFUNC.get(ufunc.__name__)
    if row is not None and method == "__call__" and not kwargs:
        out = map_rows(row, inputs)
    else:
        with np.errstate(all="ignore"):
            out = getattr(ufunc, method)(*boxed, **kwargs)
    return out[()] if getattr(out, "shape", None) == () else out
