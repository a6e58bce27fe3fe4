"""Checkpoints: a part of a graph that is not kept, and computed again when the sweep comes to it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.derivatives.arguments import changed
from autograd.derivatives.calls import as_function, name_of_function
from autograd.derivatives.reverse import swept, values_from
from autograd.engine.listening import heard_by, recorder, run_anew
from autograd.engine.outside import Made, outside, sweep_to
from autograd.engine.pausing import grad_enabled
from autograd.engine.rules import Joint
from autograd.structures.results import Results
from autograd.values.closures import joined
from autograd.values.value import Value

__all__ = ["checkpoint"]


def checkpoint(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, of which nothing but its arguments and results stays in the graph; also a decorator.

    When a sweep comes to its results it is called once more, its graph is swept, and let go again: memory for time. A
    program of a million steps in a thousand checkpoints of a thousand steps takes the memory of two thousand.

    Args:
        function: Ordinary Python over Values; it gives Values in any structure, and the same ones for the same numbers.

    Returns:
        A function of the same arguments. Derivatives of any order go through it, to its arguments and to the Values
        that it captures; where none takes part it gives what the function gives, numbers for numbers. In a function
        that is recorded, and within `no_grad`, it is the function itself.

    Raises:
        TypeError: it is no function; when called, it gives something else than Values and numbers.
        RuntimeError: called once more, it gives other numbers, as one that draws random numbers does.

    Cost: two calls and the sweep of one.

    >>> w = Value(3.0)
    >>> square = checkpoint(lambda x: x * x * w)
    >>> y = square(square(Value(2.0)))
    >>> y.backward()
    >>> y.data, w.grad
    (432.0, 432.0)
    """
    as_function(function, "checkpoint")

    @functools.wraps(function, updated=())
    def called(*args: Any, **kwargs: Any) -> Any:
        if recorder() is not None or not grad_enabled():
            return function(*args, **kwargs)
        return Recomputed(function, args, kwargs).results()

    return called


class Recomputed(Joint):
    """A call in the graph: the rule of its node, whose operands are the Values that took part."""

    __slots__ = ("args", "found", "function", "given", "kwargs", "many", "name", "numbers", "operands")
    bound = "a checkpoint gave it, which keeps what it was given"

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.function, self.args, self.kwargs = function, args, kwargs
        self.name = f"checkpoint of {name_of_function(function)}"
        listener = Made()
        given = heard_by(listener, function, args, kwargs, instead=True)
        self.found = Results(given, self.name)
        gave = [x for x in self.found.values if isinstance(x, Value)]
        self.operands = tuple(outside(listener.nodes, gave))
        cut = any(not x.is_constant for x in gave)
        self.given = None if self.operands else changed(given, Value.detach) if cut else given
        self.numbers = self.found.values = self.found.numbers()  # its graph is let go
        self.many = len(self.numbers) > 1

    def results(self) -> Any:
        """What the function gave, as Values of this node; as it gave it if no Value took part."""
        if not self.operands:
            return self.given
        return self.found.filled(joined(self.numbers, self.operands, self))

    def contributions(self, node: Any, adjoint: Any) -> list[float | None]:
        """As of Rule."""
        results = self.called_again(run_anew(self.function, self.args, self.kwargs))
        seeds = self.seeds(results, adjoint)
        return sweep_to(list(self.operands), list(seeds), list(seeds.values()))

    def contributions_as_values(self, node: Any, adjoint: Any) -> list[Any]:
        """As of Rule."""
        listener = Made()
        adjoints = self.seeds(self.called_again(heard_by(listener, self.function, self.args, self.kwargs)), adjoint)
        swept(listener.nodes, adjoints, values_from)
        return [adjoints.get(x) for x in self.operands]

    def called_again(self, given: Any) -> Results:
        """What the function gave when it was called once more.

        Raises:
            RuntimeError: these are other numbers.
        """
        results = Results(given, self.name)
        if not np.array_equal(results.numbers(), self.numbers, equal_nan=True):
            raise RuntimeError(
                f"{self.name}: called once more it gives other numbers; does it draw random ones, or has what it uses "
                "been changed since?"
            )
        return results

    def seeds(self, results: Results, adjoint: Any) -> dict[Value, Any]:
        """The adjoint of each Value that it gave."""
        adjoints: dict[Value, Any] = {}
        for k, given in (adjoint if self.many else {0: adjoint}).items():
            x = results.values[k]
            if isinstance(x, Value) and not x.is_constant:
                adjoints[x] = adjoints[x] + given if x in adjoints else given
        return adjoints
