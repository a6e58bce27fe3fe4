"""primitive: a function of a few numbers by its value and a partial per operand, in the form of the table's rows."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from autograd.border.conversion import as_float
from autograd.border.wording import brief
from autograd.calculus.arrays import is_array, is_traced, map_rows
from autograd.calculus.primitive import Primitive
from autograd.custom.arguments import Given
from autograd.custom.calls import Called, apart, as_node, is_within, joined, rehearsed
from autograd.custom.naming import name_or, place_of, taken
from autograd.derivatives.calls import as_function
from autograd.derivatives.reverse import checked
from autograd.engine.listening import recorder, tell_cut
from autograd.engine.node import constant
from autograd.engine.pausing import grad_enabled
from autograd.engine.reading import data_of, operands_of, require_alive
from autograd.engine.rules import Rule
from autograd.structures.layout import holds_objects
from autograd.structures.results import Results
from autograd.values.closures import join
from autograd.values.value import Value

__all__ = ["OwnPrimitive", "primitive"]

Partials = Sequence[Callable[..., Any]] | Callable[..., Any]


def primitive(function: Any = None, *, partials: Partials | None = None, name: str = "") -> Any:
    """A function of one's own, one node however much it computes, with partial derivatives that its author writes.

    Its value is computed on floats, by whatever can: `math`, SciPy, a loop. Its partials are written over arithmetic
    and the functions of this package, and may call it: so derivatives of any order follow.

    Args:
        function: Of so many numbers it gives one. Without it, a decorator.
        partials: `∂z/∂xᵢ` as functions of the operands and the result, one per operand; or one function that gives all
            of them, as a tuple. If not given, `f.defpartials(...)` says them.
        name: What is printed; the function's if not given.

    Returns:
        A function of numbers, Values and arrays of either, element by element.

    Raises:
        TypeError: one of these is no function; when called, it is given other operands, or partials were never said.
        ValueError: there are not as many partials as operands.

    In a function that is recorded or compiled its value is recorded too, so there it must be arithmetic over Values.

    >>> import autograd
    >>> cube = primitive(lambda x: x * x * x, partials=[lambda x, z: 3.0 * x * x], name="cube")
    >>> x = Value(2.0)
    >>> y = cube(x)
    >>> y.backward()
    >>> y._op, y.data, x.grad
    ('cube', 8.0, 12.0)
    >>> autograd.grad(autograd.grad(cube))(2.0)
    12.0
    """
    if function is None:
        return functools.partial(primitive, partials=partials, name=name)
    found = OwnPrimitive(as_function(function, "primitive"), name)
    if partials is not None:
        several = isinstance(partials, (tuple, list))
        found.defpartials(*partials) if several else found.defpartials(partials)  # type: ignore[arg-type, misc]
    return found


class OwnPrimitive(Primitive):
    """What `primitive` gives: a row that is in no table."""

    def __init__(self, function: Callable[..., Any], name: str) -> None:
        super().__init__(name or name_or(function, "primitive"), function)
        functools.update_wrapper(self, function, updated=())
        self.of_all: Callable[..., Any] | None = None  # one function for all partials
        self.rule: Any = None  # for the place where it is written
        self.count = taken(function)

    def defpartials(self, *partials: Callable[..., Any]) -> None:
        """Say the partial derivatives: see `primitive`.

        Raises:
            TypeError: one cannot be called, or not with the operands and the result.
            ValueError: there are not as many as operands.
        """
        for each in partials:
            as_function(each, f"{self.name}: a partial")
        if not partials:
            raise ValueError(f"{self.name}: no partials: give one per operand, or one function that gives all of them")
        count = len(partials) if self.count is None else self.count
        if len(partials) not in (1, count):
            raise ValueError(
                f"{self.name}: {len(partials)} partials, and it takes {count} operands: give one per operand, or one "
                "function that gives all of them"
            )
        for each in partials:
            wants = taken(each)
            if self.count is not None and wants is not None and wants != self.count + 1:
                raise TypeError(
                    f"{self.name}: a partial is given its {self.count} operands and then the result, "
                    f"{self.count + 1} numbers, and this takes {wants} ({place_of(each)})"
                )
        self.rule = partials[0]
        self.of_all = partials[0] if len(partials) < count else None
        rows = [functools.partial(self.one_of_all, i) for i in range(count)]
        self.partials = tuple(rows) if self.of_all is not None else partials

    def one_of_all(self, i: int, *given: Any) -> Any:
        """One of the partials that one function gives."""
        return self.all_of(given[:-1], given[-1])[i]

    def all_of(self, xs: Sequence[Any], z: Any) -> Sequence[Any]:
        """All partials."""
        if self.of_all is None:
            found = [partial(*xs, z) for partial in self.partials]
        else:
            found = self.of_all(*xs, z)
            if not isinstance(found, (tuple, list)):
                raise TypeError(
                    f"{self.name}: its partials are one function, which is to give a tuple of {len(xs)}, got "
                    f"{brief(found)} ({self.where()})"
                )
            if len(found) != len(xs):
                raise ValueError(
                    f"{self.name}: {len(xs)} operands, and its rule gives {len(found)} partials ({self.where()})"
                )
        return found

    def where(self) -> str:
        """The place in the user's code where the partials are written."""
        return place_of(self.rule)

    def __call__(self, *operands: Any) -> Any:
        """The function of any operands: floats give a float, Values a Value, arrays an array."""
        if not self.partials:
            raise TypeError(f"{self.name}: f.defpartials(...) was never called, so that nobody knows its derivatives")
        if not self.takes(len(operands)):
            raise TypeError(f"{self.name} takes {len(self.partials)} operands, got {len(operands)}")
        if any(map(is_array, operands)):
            return map_rows(self, operands, self.name)
        operands = tuple([x if isinstance(x, (float, Value)) or not holds_objects(x) else x[()] for x in operands])
        if any(isinstance(x, Value) for x in operands):
            return self.of_values([x if isinstance(x, Value) else as_float(x, self.name) for x in operands])
        for x in operands:
            if is_traced(x):
                return x.__apply_primitive__(self, operands)
        return self.evaluate([as_float(x, self.name) for x in operands])

    def evaluate(self, xs: Sequence[float]) -> float:
        """The value on floats."""
        return as_float(self.value(*xs), f"{self.name}: the value")

    def derive(self, i: int, xs: Sequence[Any], z: Any) -> Any:
        """∂z/∂xsᵢ; on floats by way of Values, over which partials are written."""
        if type(z) is float:
            return self.numbers([float(x) for x in xs], z)[i]
        return self.partials[i](*xs, z)

    def numbers(self, xs: Sequence[float], z: float) -> list[float]:
        """All partials as numbers."""
        found = rehearsed(apart, self.all_of, list(map(constant, xs)), constant(z))
        return [data_of(d) if isinstance(d, Value) else as_float(d, f"{self.name}: a partial") for d in found]

    def of_values(self, operands: Sequence[Any]) -> Any:
        """The node of some operands, Values among them."""
        if recorder() is not None:
            return joined(Applied(self, operands)) if grad_enabled() else self.value(*operands)
        nodes = tuple([require_alive(as_node(x)) for x in operands])
        xs = [data_of(x) for x in nodes]
        z = self.evaluate(xs)
        if not grad_enabled():
            node = constant(z)
            tell_cut(node, self, nodes)
            return node
        rule = OfPrimitive(self, xs, z)
        if not is_within():  # else that might have no end: sine asks cosine, which asks sine
            rule.numbers()
        return join(z, nodes, rule)

    def __reduce__(self) -> Any:
        return str(vars(self)["__qualname__"])  # as a function is kept: by its name


class OfPrimitive(Rule):
    """The rule of a node that a primitive of a user's own made: its partials at the numbers of the forward pass."""

    __slots__ = ("found", "name", "row", "xs", "z")
    bound = "a function of one's own made it, which is in no table"

    def __init__(self, row: OwnPrimitive, xs: list[float], z: float) -> None:
        self.row, self.name, self.xs, self.z = row, row.name, xs, z
        self.found: list[float] | None = None

    def numbers(self) -> list[float]:
        """All partials, taken once."""
        if self.found is None:
            self.found = self.row.numbers(self.xs, self.z)
        return self.found

    def partials(self, node: Any) -> list[float]:
        """As of Rule."""
        return self.numbers()

    def contributions(self, node: Any, adjoint: float) -> list[float | None]:
        """As of Rule."""
        return [d * adjoint for d in self.numbers()]

    def contributions_as_values(self, node: Any, adjoint: Any) -> list[Any]:
        """As of Rule."""
        operands = operands_of(node)
        found = self.row.all_of(operands, node)
        if recorder() is None:
            found = [checked(d, number, x) for d, number, x in zip(found, self.numbers(), operands, strict=True)]
        return [d * adjoint for d in found]


class Applied(Called):
    """A primitive of a user's own in a recording."""

    def __init__(self, row: OwnPrimitive, operands: Sequence[Any]) -> None:
        super().__init__(row.name, Given([as_node(x) for x in operands]), (), row)
        self.row = row
        self.form = Results(row.value(*operands), row.name)
        if not self.form.single:
            raise TypeError(f"{row.name}: a primitive gives one number, got {self.form}: use custom_vjp")

    def pulled(self, items: Sequence[Any], results: Sequence[Any], adjoints: Sequence[Any]) -> list[Any]:
        """As of Called."""
        return [d * adjoints[0] for d in self.row.all_of(items, results[0])]

    def pushed(self, items: Sequence[Any], results: Sequence[Any], tangents: Sequence[Any]) -> list[Any]:
        """As of Called."""
        terms = [d * t for d, t in zip(self.row.all_of(items, results[0]), tangents, strict=True) if t is not None]
        return [sum(terms[1:], terms[0]) if terms else 0.0]

    def again(self, items: Sequence[Any]) -> Called:
        """As of Called."""
        return Applied(self.row, items)

    def where(self) -> str:
        """As of Called."""
        return self.row.where()
