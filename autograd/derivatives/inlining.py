"""Whether compiled functions inside a function are run as they stand, on Values, one operation after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar, copy_context
from typing import Any

from autograd.engine.bounds import bound_here
from autograd.engine.listening import listen

__all__ = ["alone", "inlined", "is_inlined", "is_opened", "opened"]

_how: ContextVar[str] = ContextVar("inlined", default="")
_ever: list[bool] = []  # empty until then: nobody needs to ask the ContextVar


def is_inlined() -> bool:
    """True, while a function is run for a compiled one, or opened: those in it are the functions themselves."""
    return bool(_ever) and _how.get() != ""


def is_opened() -> bool:
    """True, if that is for the graph alone: what has no Values among its arguments, or has a batch, is as compiled."""
    return bool(_ever) and _how.get() == "opened"


def inlined(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The result of a function that is run for a compiled one."""
    return run("inlined", function, args, kwargs)


def alone(function: Callable[..., Any], *args: Any) -> Any:
    """The same, where nobody hears it and nodes are left; as `heard_by` of `inlined`, at half the cost."""
    _ever[:] = [True]
    return copy_context().run(begun_alone, function, args)


def begun_alone(function: Callable[..., Any], args: Sequence[Any]) -> Any:
    """The same, in a context that is left afterwards."""
    _how.set("inlined")
    bound_here()
    return listen((), function, args, {})


def opened(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The result of a function whose graph is wanted operation by operation."""
    return run("opened", function, args, kwargs)


def run(how: str, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The same, in a context that is left afterwards."""
    _ever[:] = [True]

    def called() -> Any:
        if how == "inlined":
            bound_here()
        _how.set("inlined" if _how.get() == "inlined" else how)
        return function(*args, **kwargs)

    return copy_context().run(called)
