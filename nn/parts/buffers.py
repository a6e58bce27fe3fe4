"""Buffers: numbers that a module keeps and saves, and no optimiser moves; running means, for example."""

from typing import Any

from autograd import Value

__all__ = ["buffer", "is_buffer"]


def buffer(number: Any) -> Value:
    """A number that belongs to a module's state: a constant Value, to be set by `nn.update`.

    A module has it in `buffers()` and `state_dict()`, not in `parameters()`: a running mean, for example, which a
    method of the module sets with `nn.update(mean, x)` as it computes.

    Args:
        number: A real number, or a Value, of which the number is taken.

    Raises:
        TypeError: it is no real number.

    >>> mean = buffer(0.0)
    >>> mean.data, is_buffer(mean), mean.is_constant
    (0.0, True, True)
    """
    found = Value(number.data if isinstance(number, Value) else number).requires_grad_(False)
    found.is_buffer = True  # type: ignore[attr-defined]  # an attribute of our own
    return found


def is_buffer(x: Value) -> bool:
    """Whether a Value is one.

    >>> is_buffer(Value(1.0)), is_buffer(Value(1.0).requires_grad_(False))
    (False, False)
    """
    return x.is_frozen and hasattr(x, "is_buffer")
