"""What is said of a user's function: its name, where it is written, how many arguments it takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from autograd.derivatives.calls import name_of_function

__all__ = ["name_or", "place_of", "taken"]


def name_or(function: Any, other: str) -> str:
    """The name of a function; another word for one that has none, or none that can be written in a formula."""
    name = name_of_function(function)
    return name if name.isidentifier() else other


def place_of(function: Any) -> str:
    """Where a function is written: its file and line."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code is not None else ""


def taken(function: Callable[..., Any]) -> int | None:
    """How many arguments a function takes by position, if that is always the same."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(p.kind not in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) or p.default is not p.empty for p in parameters):
        return None
    return len(parameters)
