"""A search for a root: with numbers alone, whose derivatives nobody wants; in a recording with what stands for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.border.wording import brief
from autograd.calculus.table import equal, less, less_equal, maximum, sign, where
from autograd.custom.calls import joined as joined_call
from autograd.custom.calls import outputs
from autograd.custom.naming import place_of
from autograd.derivatives.arguments import Numbers, changed
from autograd.derivatives.calls import name_of_function
from autograd.derivatives.checkpoint import Made
from autograd.derivatives.forward import pushed_as_values
from autograd.derivatives.reverse import as_value
from autograd.engine.listening import heard_by, recorder
from autograd.engine.node import constant
from autograd.engine.reading import data_of
from autograd.implicit.rules import Implied, Kept, kept, solved
from autograd.programs.program import Program
from autograd.structures.results import Results
from autograd.values.closures import joined
from autograd.values.roots import topological_order
from autograd.values.value import Value

__all__ = ["Search"]

MOST = 100
"""Newton steps, each halved so often at most."""
HALVINGS = 40
HALVED = 32
"""A function that is recorded halves a bracket so often."""
LOOKS = (4, 6, 9, 14, 24, 49, 99)
"""After so many steps a function that is recorded looks whether it has arrived."""
ROUNDING = 1e-7
"""A step that is so small, relative to the root, and makes nothing better: of a root that is hard to tell."""


class Search:
    """A search for a root."""

    def __init__(
        self, what: str, named: Any, function: Callable[..., Any], x0: Any, params: Sequence[Any], tol: Any
    ) -> None:
        self.name = f"{what} of {name_of_function(named)}"
        if not isinstance(tol, float) or not 0.0 < tol < 1.0:
            raise ValueError(f"{self.name}: tol {brief(tol)}: a number between 0 and 1")
        self.function, self.params, self.tol, self.named = function, params, tol, named
        self.form = Numbers(x0, f"{self.name}: x0")
        if not self.form.items:
            raise TypeError(f"{self.name}: x0 has no number in it")
        self.recording = recorder() is not None

    def found(self, bracket: Any) -> Any:
        """The root, in the structure of x0."""
        start = [x.detach() if isinstance(x, Value) else Value(x).detach() for x in self.form.items]
        if bracket is not None:
            start = [self.between(bracket)]
        x, moves = self.straight(start[0]) if self.recording and len(start) == 1 else self.searched(start)
        if not self.recording:
            return self.form.filled(self.implied([a.data - d.data for a, d in zip(x, moves, strict=True)]))
        return self.form.filled(self.recorded([(a - d).detach() for a, d in zip(x, moves, strict=True)]))

    def recorded(self, x: list[Any]) -> list[Any]:
        """The root as Values of a recording, whose rule is written over the program of the function."""
        here: Any = recorder()
        inputs = [a + Value(0.0) for a in x]  # one that moves
        before = len(here.nodes)
        values = Results(self.function(self.form.filled(inputs), *self.params), self.name).values
        program, operands = kept(here, inputs, here.nodes[before:], values)
        if all(v.is_constant for v in operands):
            return x
        call = Kept(self.name, place_of(self.named), program, x, operands, found_again)
        return Results(joined_call(call), self.name).values

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
        inputs = [a * 1.0 if not a.is_constant else a + Value(0.0) for a in x]
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
        at = ", ".join(f"{data_of(a):g}" for a in x[:4]) + ", ..." * (len(x) > 4)
        return ValueError(
            f"{self.name}: {why}; it stood at {at}, where the function is {data_of(size):g}: begin elsewhere, or give "
            "a bracket"
        )

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
            raise ValueError(f"{self.name}: the bracket ({data_of(low):g}, {data_of(high):g}) holds no change of sign")
        for _ in range(HALVED):
            middle = (0.5 * (low + high)).detach()
            here = sign_at(middle)
            goes_on = equal(here, below)
            low, high = where(goes_on, middle, low).detach(), where(goes_on, high, middle).detach()
        return (0.5 * (low + high)).detach()

    def number_at(self, x: float, params: Sequence[Any]) -> float:
        """What the function gives, as a number."""
        return Results(self.function(self.form.filled([Value(x).detach()]), *params), self.name).numbers()[0]


def found_again(program: Program, start: list[float], numbers: list[float]) -> list[float]:
    """The root of a program, at other numbers."""

    def function(x: list[Any]) -> list[Any]:
        return outputs(program, [*x, *numbers])

    found: list[float] = Search("root", function, function, start, (), 1e-13).found(None)
    return found


def largest(values: Sequence[Any]) -> Any:
    """The largest size among some numbers."""
    found = abs(values[0])
    for x in values[1:]:
        size = abs(x)
        found = size if size > found else found
    return found
