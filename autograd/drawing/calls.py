"""What a function computes of some arguments: Values in the place of their numbers, called as its parameters are."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from autograd.border.conversion import is_number
from autograd.border.wording import brief
from autograd.values.value import Value

__all__ = ["called"]


def called(function: Callable[..., Any], args: Any) -> tuple[Any, dict[str, Any]]:
    """What the function gives, and its arguments with Values for numbers, by the names of its parameters.

    Args:
        function: It is called once. Of a compiled function it is what was compiled.
        args: Its arguments: a tuple, a dict by name, or a single one.

    Raises:
        TypeError: it cannot be called so.

    >>> called(lambda x, y: x * y, (2.0, 4))
    (Value(data=8.0, grad=0.0), {'x': Value(data=2.0, grad=0.0), 'y': Value(data=4.0, grad=0.0)})
    """
    inner = getattr(function, "function", function) if hasattr(type(function), "tapes") else function
    if isinstance(args, Mapping):
        keywords = {str(name): as_values(x) for name, x in args.items()}
        return inner(**keywords), keywords
    given = [as_values(x) for x in (args if isinstance(args, tuple) else (args,))]
    try:
        bound = inspect.signature(inner).bind(*given)
    except TypeError as error:
        name = getattr(function, "__name__", type(function).__name__)
        raise TypeError(f"draw: {name} cannot be called with args={brief(args)}: {error}") from None
    except ValueError:  # it has no signature that Python could tell
        return inner(*given), {f"x{k}": x for k, x in enumerate(given)}
    return inner(*given), dict(bound.arguments)


def as_values(thing: Any) -> Any:
    """The same with a Value for each number; what is a Value stays what it is."""
    if isinstance(thing, (bool, str, bytes)) or thing is None or isinstance(thing, Value):
        return thing
    if is_number(thing):
        return Value(thing)
    if isinstance(thing, Mapping):
        return {key: as_values(x) for key, x in thing.items()}
    if isinstance(thing, tuple):
        items = [as_values(x) for x in thing]
        return type(thing)(*items) if hasattr(thing, "_fields") else tuple(items)
    if isinstance(thing, list) or (hasattr(thing, "tolist") and len(thing.shape)):
        return [as_values(x) for x in thing]
    return thing
