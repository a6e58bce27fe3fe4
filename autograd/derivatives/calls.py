"""A call of a function that is to be differentiated: its arguments with Values in place of numbers, and its results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import optree

from autograd.border.wording import brief
from autograd.derivatives.arguments import Numbers
from autograd.derivatives.floats import Called, called_within, is_differentiated
from autograd.derivatives.inlining import opened
from autograd.engine.leaves import leaves
from autograd.engine.listening import recorder
from autograd.engine.reading import data_of
from autograd.structures.results import Results
from autograd.structures.trees import NAMESPACE
from autograd.values.roots import topological_order
from autograd.values.value import Value

__all__ = ["Call", "as_function", "name_of_function", "places", "unchosen"]


def name_of_function(function: Any) -> str:
    """What a message calls a function."""
    return str(getattr(function, "__name__", type(function).__name__))


def as_function(function: Any, what: str) -> Callable[..., Any]:
    """The function, if it can be called.

    Raises:
        TypeError: it cannot.
    """
    if not callable(function):
        raise TypeError(f"{what}: expected a function, got {type(function).__name__} {brief(function)}")
    found: Callable[..., Any] = function
    return found


def unchosen(what: str, argnums: Any, second: Any) -> Any:
    """What was given as the second argument, if it is not given by name too.

    Raises:
        TypeError: it is.
    """
    if argnums is not None:
        raise TypeError(f"{what} of a function: argnums is given twice, {brief(second)} and {brief(argnums)}")
    return second


class Call:
    """A function called with Values in place of the numbers by which it is differentiated.

    A Value among the arguments is replaced by one computed from it: a function may use the same Value besides, and that
    is another variable.

    Args:
        what: Which transform asks, for messages.
        function: It is called once.
        argnums: Which positional arguments it is differentiated by.
        args, kwargs: The arguments.
        has_aux: Whether it gives a pair, of which only the first is differentiated.
        also_values: Whether derivatives are Values in any case.
        opening: Whether compiled functions in it are run as they stand.
        called: It, if `called_on_floats` has called it already.
        others: Whether its caller can choose other arguments, for messages.

    Attributes:
        inputs: The Values in place of the numbers.
        as_values: Whether derivatives are Values: there is a Value among the arguments, or a recording, or it reaches.
        reaches: Whether it is made within another such call, and the results depend on Values besides its inputs: those
            of that call, perhaps, which is to be given derivatives that it can differentiate.
        alone: What it gave, if that is one Value and nothing else; it is among the results too.
        aux: The second of the pair.

    Raises:
        TypeError, ValueError: see there.
    """

    def __init__(
        self, what: str, function: Callable[..., Any], argnums: Any, args: Sequence[Any], kwargs: Mapping[str, Any],
        has_aux: bool = False, also_values: bool = False, opening: bool = False, called: Called | None = None,
        others: bool = True,
    ) -> None:  # fmt: skip
        self.name = f"{what} of {name_of_function(function)}"
        self.argnums = places(argnums, len(args), self.name)
        self.one = not isinstance(argnums, (tuple, list))
        self.parts = parts = [Numbers(args[k], f"{self.name}: argument {k}", False, others) for k in self.argnums]
        self.items = parts[0].items if len(parts) == 1 else [item for part in parts for item in part.items]
        if not self.items:
            raise TypeError(f"{self.name}: there is no number in what it is to be differentiated by")
        has_values = parts[0].has_values if len(parts) == 1 else any(part.has_values for part in parts)
        self.as_values = also_values or has_values or (called is None and recorder() is not None)
        if called is not None:
            self.inputs, found = called.inputs, called.result
        else:
            self.inputs = (
                [item * 1.0 if isinstance(item, Value) else Value(item) for item in self.items]
                if has_values
                else leaves(self.items)
            )
            whole = self.arguments(args, self.inputs)
            if opening:
                found = called_within(opened, (function, whole, kwargs), {})
            else:
                found = called_within(function, whole, kwargs)
        self.aux: Any = None
        if has_aux:
            if not isinstance(found, (tuple, list)) or len(found) != 2:
                raise TypeError(f"{self.name}: with has_aux it gives a pair, the result and what else is wanted of it")
            found, self.aux = found
        self.alone = found if isinstance(found, Value) else None
        self._results = None if self.alone is not None else Results(found, self.name)
        nested = called is None and is_differentiated() and not has_values and recorder() is None
        self.reaches = nested and self.depends_on_others()
        self.as_values = self.as_values or self.reaches

    @property
    def results(self) -> Results:
        """What it gave."""
        if self._results is None:
            self._results = Results(self.alone, self.name)
        return self._results

    def depends_on_others(self) -> bool:
        """Whether the results depend on Values that are not among the inputs."""
        own = {id(x) for x in self.inputs}
        moved = [y for y in self.results.values if isinstance(y, Value) and not y.is_constant]
        leaves = (v for v in topological_order(moved) if not v.operands)
        return any(v.requires_grad and not v.is_constant and id(v) not in own for v in leaves)

    def single(self) -> Any:
        """The result, if it is one number.

        Raises:
            TypeError: it is several.
        """
        if self.alone is not None:
            return self.alone
        if not self.results.single:
            raise TypeError(f"{self.name}: the function gives {self.results}, and is to give one number: see jacobian")
        return self.results.values[0]

    def roots(self) -> list[Value]:
        """The results as Values; a number among them is one that nothing moves."""
        return [x if isinstance(x, Value) else Value(x).detach() for x in self.results.values]

    def by_argument(self, items: Sequence[Any]) -> Any:
        """Derivatives, one for each input, in the structure of the arguments: of one, or a tuple."""
        found = self.parted(items)
        return found[0] if self.one else tuple(found)

    def parted(self, items: Sequence[Any]) -> list[Any]:
        """Items in the structures of the arguments `argnums`, one after the other."""
        if len(self.parts) == 1:
            return [self.parts[0].filled(items)]
        found, at = [], 0
        for part in self.parts:
            found.append(part.filled(items[at : at + len(part.items)]))
            at += len(part.items)
        return found

    def arguments(self, args: Sequence[Any], items: Sequence[Any]) -> list[Any]:
        """Positional arguments with items in those that the function is differentiated by."""
        whole = list(args)
        for k, part in zip(self.argnums, self.parted(items), strict=True):
            whole[k] = part
        return whole

    def value(self) -> Any:
        """What the function gave: numbers for numbers."""
        if self.alone is not None:
            return self.alone if self.as_values else data_of(self.alone)
        return self.in_results(self.results.values if self.as_values else self.results.numbers())

    def aux_value(self) -> Any:
        """What else it gave: numbers for numbers."""
        if self.as_values:
            return self.aux
        return optree.tree_map(
            lambda x: x.data if isinstance(x, Value) else x, self.aux, none_is_leaf=True, namespace=NAMESPACE
        )

    def in_results(self, items: Sequence[Any]) -> Any:
        """Items in the structure of the results."""
        return self.results.filled(items)

    def joined(self, leaves: Sequence[Any]) -> Any:
        """The structure of the results with other leaves."""
        return optree.tree_unflatten(self.results.treespec, leaves)


def places(argnums: Any, count: int, name: str) -> list[int]:
    """Positions of arguments, from 0.

    Raises:
        TypeError: they are no whole numbers.
        ValueError: there is no such argument, none at all, or one twice.
    """
    if type(argnums) is int and 0 <= argnums < count:
        return [argnums]
    wanted = list(argnums) if isinstance(argnums, (tuple, list)) else [argnums]
    for k in wanted:
        if isinstance(k, (bool, np.bool_)) or not isinstance(k, (int, np.integer)):
            raise TypeError(f"{name}: argnums: expected whole numbers, got {type(k).__name__} {brief(k)}")
        if not -count <= k < count:
            raise ValueError(f"{name}: argnums has {k}, and there are {count} positional arguments")
    found = [int(k) % count for k in wanted]
    if not found or len(set(found)) < len(found):
        raise ValueError(f"{name}: argnums {brief(argnums)} names an argument twice, or none")
    return found
