"""The options of `compile`, checked."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.border.wording import brief
from autograd.building.replay import BACKENDS
from autograd.engine.reading import as_nodes
from autograd.replay.threads import as_threads
from autograd.values.value import Value

__all__ = ["Options", "argument_names", "names_found", "weights_of"]

REDUCTIONS = (None, "sum", "mean")
BRANCHES = ("auto", "guards", "selects")


def argument_names(function: Callable[..., Any]) -> list[str]:
    """The names of a function's arguments; none, for one that does not tell."""
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []


@dataclass(frozen=True)
class Options:
    """The options of `compile`, which see.

    Raises:
        ValueError: `reduce`, `threads`, `max_paths`, `branches` or `backend` is none of what it may be.
    """

    in_axes: Any
    reduce: str | None
    static_argnames: str | Sequence[str]
    threads: int | None
    max_paths: int
    weights: tuple[Value, ...] = ()
    branches: str = "auto"
    backend: str = "lanes"

    def __post_init__(self) -> None:
        if self.reduce not in REDUCTIONS:
            raise ValueError(f'compile: reduce is {brief(self.reduce)}; it is None, "sum" or "mean"')
        if isinstance(self.max_paths, bool) or not isinstance(self.max_paths, int) or self.max_paths < 1:
            raise ValueError(f"compile: max_paths must be a whole number from 1, got {brief(self.max_paths)}")
        if self.branches not in BRANCHES:
            raise ValueError(f'compile: branches is {brief(self.branches)}; it is "auto", "guards" or "selects"')
        if self.backend not in tuple(BACKENDS):
            raise ValueError(f'compile: backend is {brief(self.backend)}; it is "lanes" or "c"')
        as_threads(self.threads)


def weights_of(given: Iterable[Value]) -> list[Value]:
    """The weights, each a Value that was not computed, and given once.

    Raises:
        TypeError: one is something else.
        ValueError: one is computed, or given twice.
    """
    found = as_nodes(given, "compile: weights")
    if len({*map(id, found)}) < len(found):
        raise ValueError("compile: weights has a Value twice")
    for x in found:
        if x.operands:
            raise ValueError(f"compile: weights has {x!r}, which was computed from other Values")
    return found


def names_found(function: Callable[..., Any], names: str | Sequence[str]) -> tuple[str, ...]:
    """The names, each that of an argument.

    Raises:
        TypeError: one is not.
    """
    if not isinstance(names, (str, tuple, list, set, frozenset)):
        raise TypeError(f"compile: static_argnames: expected names of arguments, got {brief(names)}")
    wanted = (names,) if isinstance(names, str) else tuple(names)
    known = argument_names(function)
    for name in wanted:
        if name not in known:
            said = f"{getattr(function, '__name__', 'the function')} has {', '.join(known) or 'no arguments'}"
            raise TypeError(f"compile: static_argnames has {name!r}; {said}")
    return wanted
