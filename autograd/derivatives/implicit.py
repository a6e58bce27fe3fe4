"""Roots and fixed points as functions of their parameters, with derivatives of any order.

A root is searched for with numbers alone, whose derivatives nobody wants; it is a node then, whose rule is that of
implicit functions. A function that is recorded has no numbers: there some Newton steps are made on from the root, which
move it by rounding, and each doubles the order to which its derivatives are the implicit function's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.border.wording import brief
from autograd.calculus.table import equal, less, less_equal, maximum, sign, where
from autograd.derivatives.arguments import Numbers, changed
from autograd.derivatives.calls import as_function, name_of_function
from autograd.derivatives.checkpoint import Made
from autograd.derivatives.forward import pushed_as_values
from autograd.derivatives.reverse import as_value, swept, values_from
from autograd.engine.listening import heard_by, recorder
from autograd.engine.node import constant
from autograd.engine.reading import data_of
from autograd.engine.rules import Joint
from autograd.linalg.elimination import Factors, is_number
from autograd.structures.results import Results
from autograd.values.closures import joined, results_of
from autograd.values.roots import topological_order
from autograd.values.value import Value

__all__ = ["fixed_point", "root"]

MOST = 100
"""Newton steps, each halved so often at most."""
HALVINGS = 40
HALVED = 32
"""A function that is recorded halves a bracket so often."""
LOOKS = (4, 6, 9, 14, 24, 49, 99)
"""After so many steps a function that is recorded looks whether it has arrived."""
ROUNDING = 1e-7
"""A step that is so small, relative to the root, and makes nothing better: of a root that is hard to tell."""


def root(
    function: Callable[..., Any],
    x0: Any,
    *params: Any,
    bracket: tuple[float, float] | None = None,
    tol: float = 1e-13,
    order: int = 3,
) -> Any:
    """Where a function is 0: `x` with `function(x, *params) == 0`, as a function of the parameters.

    Args:
        function: Ordinary Python over numbers: of one number it gives one, of a list or an array as many.
        x0: Where the search begins: a number, or a list, array or other structure of them.
        params: What else it depends on: numbers, Values, structures of them. The root is differentiated by these.
        bracket: Two numbers between which the function changes its sign: then the search, of one number, cannot fail.
        tol: How small the last step is to be, relative to the root.
        order: In a function that is compiled, to which order derivatives are to be right: 1, 3, 7, each twice the last
            and one more; those beyond are wrong there, and nothing says so. Elsewhere all are right.

    Returns:
        The root in the structure of `x0`: numbers if all parameters are numbers, else Values.

    Raises:
        ValueError: the search does not converge, with where it stood; or the bracket holds no change of sign.
        TypeError: `x0` is no number, or the function does not give as many.

    Cost: a call of the function on Values for each step of the search, and one more in a sweep; systems are solved in
        n³ operations a step. In a function that is compiled the steps are recorded: of one number with a path for few,
        for more and for many of them, of systems with a path for each number of steps.

    >>> a = Value(2.0)
    >>> x = root(lambda x, a: x * x - a, 1.0, a)
    >>> x.backward()
    >>> round(x.data, 12), round(a.grad, 12)
    (1.414213562373, 0.353553390593)
    """
    as_function(function, "root")
    return Search("root", function, function, x0, params, tol, order).found(bracket)


def fixed_point(function: Callable[..., Any], x0: Any, *params: Any, tol: float = 1e-13, order: int = 3) -> Any:
    """What a function gives back: `x` with `function(x, *params) == x`, as a function of the parameters.

    Args and errors are those of `root`, of the difference. The search is Newton's too, not the function over and over.

    >>> fixed_point(lambda x, a: 0.5 * (x + a / x), 1.0, 9.0)
    3.0
    """
    as_function(function, "fixed_point")
    name = f"fixed_point of {name_of_function(function)}"

    def difference(x: Any, *params: Any) -> Any:
        before, after = Numbers(x, f"{name}: x0"), Results(function(x, *params), name)
        if len(after.values) != len(before.items):
            raise TypeError(f"{name}: of {len(before.items)} numbers it gives {after}, and is to give as many")
        return [b - a for a, b in zip(before.items, after.values, strict=True)]

    return Search("fixed_point", function, difference, x0, params, tol, order).found(None)


class Search:
    """A search for a root."""

    def __init__(
        self, what: str, named: Any, function: Callable[..., Any], x0: Any, params: Sequence[Any], tol: Any, order: Any
    ) -> None:
        self.name = f"{what} of {name_of_function(named)}"
        if isinstance(order, bool) or not isinstance(order, int) or order < 1:
            raise ValueError(f"{self.name}: order {brief(order)}: a whole number from 1 on")
        if not isinstance(tol, float) or not 0.0 < tol < 1.0:
            raise ValueError(f"{self.name}: tol {brief(tol)}: a number between 0 and 1")
        self.function, self.params, self.tol, self.order = function, params, tol, order
        self.form = Numbers(x0, f"{self.name}: x0")
        if not self.form.items:
            raise TypeError(f"{self.name}: x0 has no number in it")
        self.recording = recorder() is not None
        self.free: list[Value] = []

    def found(self, bracket: Any) -> Any:
        """The root, in the structure of x0."""
        start = [x.detach() if isinstance(x, Value) else Value(x).detach() for x in self.form.items]
        if bracket is not None:
            start = [self.between(bracket)]
        x, moves = self.straight(start[0]) if self.recording and len(start) == 1 else self.searched(start)
        if not self.recording:
            return self.form.filled(self.implied([a.data - d.data for a, d in zip(x, moves, strict=True)]))
        for k in range(self.order.bit_length()):  # each step doubles the order, and adds one
            if k > 0:
                values, slopes = self.with_slopes(x, self.params)
                moves = self.moves(slopes, values, x)
            x = [a - d for a, d in zip(x, moves, strict=True)]
        return self.form.filled(x)

    def implied(self, x: list[float]) -> list[Any]:
        """The root as Values whose rule is that of implicit functions; as numbers, if it depends on no Value."""
        made, values = self.at([constant(a) for a in x])
        own, outside = {id(node) for node in made}, {}
        for node in topological_order([y for y in values if not y.is_constant]):
            if id(node) in own:
                outside.update({id(v): v for v in node.operands if id(v) not in own and not v.is_constant})
            elif any(node is y for y in values):
                outside[id(node)] = node
        operands = tuple(outside.values())
        if not any(v.requires_grad for v in operands):
            return x
        return joined(x, operands, Implied(self, operands, x, [y.data for y in values]))

    def at(self, x: Sequence[Value]) -> tuple[list[Value], list[Value]]:
        """What the function makes and gives at some numbers."""
        listener = Made()
        results = Results(heard_by(listener, self.function, (self.form.filled(x), *self.params), {}), self.name)
        return listener.nodes, [y if isinstance(y, Value) else constant(y) for y in results.values]

    def moves(self, slopes: list[list[Any]], values: list[Any], x: list[Any]) -> list[Any]:
        """Newton's step.

        Raises:
            ValueError: the function does not move with x there.
        """
        found = solved(slopes, values)
        if found is None:
            raise self.refusal("the function does not move with x there, its Jacobian is singular", x, largest(values))
        return found

    def with_slopes(self, x: list[Any], params: Sequence[Any]) -> tuple[list[Any], list[list[Any]]]:
        """What the function gives, and its Jacobian by x, as Values."""
        inputs = [a * 1.0 if not a.is_constant else a + self.another() for a in x]
        results = Results(self.function(self.form.filled(inputs), *params), self.name)
        if len(results.values) != len(x):
            raise TypeError(f"{self.name}: of {len(x)} numbers it gives {results}, and is to give as many")
        values = [y if isinstance(y, Value) else Value(y).detach() for y in results.values]
        columns = [pushed_as_values(values, {a: 1.0}) for a in inputs]
        return values, [list(row) for row in zip(*columns, strict=True)]

    def searched(self, x: list[Any]) -> tuple[list[Any], list[Any]]:
        """The root by numbers, and the next step: Newton's, halved while they make it worse."""
        values, slopes = self.with_slopes(x, self.params)
        size = largest(values).detach()
        for _ in range(MOST):
            moves = self.moves(slopes, values, x)
            near = all(abs(d) <= self.tol * (1.0 + abs(a)) for a, d in zip(x, moves, strict=True))
            if near or size == 0.0:
                return x, moves
            shorter = [d.detach() for d in moves]
            for _ in range(HALVINGS):
                new = [(a - d).detach() for a, d in zip(x, shorter, strict=True)]
                now_values, slopes = self.with_slopes(new, self.params)
                now = largest(now_values).detach()
                if now < size:  # of nan not
                    break
                shorter = [0.5 * d for d in shorter]
            else:  # rounding is all that is left, or there is no way on
                if all(abs(d) <= ROUNDING * (1.0 + abs(a)) for a, d in zip(x, moves, strict=True)):
                    return x, moves
                break
            x, size, values = new, now, now_values
        raise self.refusal("no root was found", x, size)

    def straight(self, start: Any) -> tuple[list[Any], list[Any]]:
        """The same of one number in a recording: what has arrived stands still, so rows need not part at each step.

        Where a step would have to be halved, the search begins anew, with a path for each way to go.
        """
        x, arrived = start, constant(0.0)
        values, slopes = self.with_slopes([x], self.params)
        size = abs(values[0]).detach()
        for k in range(MOST):
            moves = self.moves(slopes, values, [x])
            d = moves[0].detach()
            arrived = maximum(arrived, maximum(less_equal(abs(d), self.tol * (1.0 + abs(x))), equal(size, 0.0)))
            if k in LOOKS and arrived == 1.0:
                return [x], moves
            x = where(arrived, x, x - d).detach()
            values, slopes = self.with_slopes([x], self.params)
            now = abs(values[0]).detach()
            if maximum(arrived, less(now, size)) == 0.0:
                break
            size = now
        return self.searched([start])

    def refusal(self, why: str, x: list[Any], size: Any) -> ValueError:
        """An error that says where the search stood."""
        if self.recording:
            return ValueError(f"{self.name}: {why}")
        at = ", ".join(f"{a.data:g}" for a in x[:4]) + ", ..." * (len(x) > 4)
        return ValueError(
            f"{self.name}: {why}; it stood at {at}, where the function is {size.data:g}: begin elsewhere, or give a "
            "bracket"
        )

    def another(self) -> Value:
        """A 0 that moves."""
        self.free.append(Value(0.0))
        return self.free[-1]

    def between(self, bracket: Any) -> Any:
        """A number near the root that a bracket holds, by bisection."""
        if not isinstance(bracket, (tuple, list)) or len(bracket) != 2 or len(self.form.items) != 1:
            raise ValueError(f"{self.name}: bracket {brief(bracket)}: two numbers, for a root of one number")
        params = [changed(p, Value.detach) for p in self.params]
        if self.recording:
            return self.halved(bracket[0], bracket[1], params)
        low, high = (float(b.data if isinstance(b, Value) else b) for b in bracket)
        below, above = (self.number_at(b, params) for b in (low, high))
        if not below * above <= 0.0:
            raise ValueError(
                f"{self.name}: the bracket ({low:g}, {high:g}) holds no change of sign: the function is {below:g} and "
                f"{above:g} there"
            )
        while True:
            middle = 0.5 * (low + high)
            if middle in (low, high) or abs(high - low) < 1e-9 * (1.0 + abs(middle)):
                return constant(middle)
            here = self.number_at(middle, params)
            if here == 0.0:
                return constant(middle)
            if (here < 0.0) == (below < 0.0):
                low, below = middle, here
            else:
                high = middle

    def halved(self, low: Any, high: Any, params: Sequence[Any]) -> Any:
        """The same in a recording: so many halvings for all rows, and a guard for the change of sign."""

        def sign_at(x: Any) -> Any:
            found = Results(self.function(self.form.filled([x]), *params), self.name).values[0]
            return sign(as_value(found).detach())

        low, high = ((b if isinstance(b, Value) else constant(float(b))).detach() for b in (low, high))
        below, above = sign_at(low), sign_at(high)
        if below * above > 0.0:
            raise ValueError(f"{self.name}: the bracket holds no change of sign")
        for _ in range(HALVED):
            middle = (0.5 * (low + high)).detach()
            here = sign_at(middle)
            goes_on = equal(here, below)
            low, high = where(goes_on, middle, low).detach(), where(goes_on, high, middle).detach()
        return (0.5 * (low + high)).detach()

    def number_at(self, x: float, params: Sequence[Any]) -> float:
        """What the function gives, as a number."""
        return Results(self.function(self.form.filled([Value(x).detach()]), *params), self.name).numbers()[0]


class Implied(Joint):
    """The rule of a root: of `function(x, *params) == 0` the derivative by a parameter is -(∂f/∂x)⁻¹ ∂f/∂parameter.

    It is stated over the root itself, so derivatives of any order follow. Its operands are the Values that the function
    uses, and it keeps what the function gave, to notice if they have been changed.
    """

    __slots__ = ("many", "name", "numbers", "operands", "search", "values")
    bound = "root gave it, which keeps what it was given"

    def __init__(self, search: Search, operands: tuple[Value, ...], numbers: list[float], values: list[float]) -> None:
        self.search, self.operands, self.numbers, self.values = search, operands, numbers, values
        self.name, self.many = search.name, len(numbers) > 1

    def contributions(self, node: Any, adjoint: Any) -> list[float | None]:
        """As of Rule."""
        found = heard_by(None, self.contributions_as_values, (node, adjoint), {})
        return [d if d is None else data_of(as_value(d)) for d in found]

    def contributions_as_values(self, node: Any, adjoint: Any) -> list[Any]:
        """As of Rule."""
        given = adjoint if self.many else {0: adjoint}
        roots = results_of(node, self.numbers, self)
        inputs = [x * 1.0 for x in roots]
        made, values = self.search.at(inputs)
        if not np.array_equal([y.data for y in values], self.values, equal_nan=True):
            raise RuntimeError(f"{self.name}: called at the root again it gives other numbers: was data changed since?")
        columns = [pushed_as_values(values, {x: 1.0}) for x in inputs]  # of the transposed Jacobian the rows
        weights = solved(columns, [given.get(k, 0.0) for k in range(len(values))])
        if weights is None:
            raise self.search.refusal("the function does not move with x there, its Jacobian is singular", roots, 0.0)
        adjoints: dict[Value, Any] = {}
        for y, weight in zip(values, weights, strict=True):
            if not y.is_constant:
                adjoints[y] = adjoints[y] - weight if y in adjoints else -weight
        swept(made, adjoints, values_from)
        return [adjoints.get(v) for v in self.operands]


def largest(values: Sequence[Any]) -> Any:
    """The largest size among some numbers."""
    found = abs(values[0])
    for x in values[1:]:
        size = abs(x)
        found = size if size > found else found
    return found


def solved(matrix: list[list[Any]], right: list[Any]) -> list[Any] | None:
    """The solution of a linear system; None if there is none, or more than one, and that is known here."""
    factors = Factors([list(row) for row in matrix], [[b] for b in right])
    if any(is_number(pivot) and pivot == 0.0 for pivot in factors.pivots()):
        return None
    return [x for [x] in factors.solved()]
