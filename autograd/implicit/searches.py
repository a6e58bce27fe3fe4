"""A search for a root: with numbers alone, whose derivatives nobody wants; in a recording with what stands for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import copysign, sqrt
from typing import Any

from autograd.border.wording import brief
from autograd.calculus.table import equal, less, less_equal, maximum, minimum, sign, where
from autograd.custom.calls import joined as joined_call
from autograd.custom.calls import outputs
from autograd.custom.naming import place_of
from autograd.derivatives.arguments import Numbers, changed
from autograd.derivatives.calls import name_of_function
from autograd.derivatives.forward import pushed_as_values
from autograd.derivatives.reverse import as_value
from autograd.engine.listening import heard_by, recorder
from autograd.engine.node import constant
from autograd.engine.outside import Made
from autograd.engine.reading import data_of
from autograd.implicit.rounding import EPSILON, added, doubts, scales
from autograd.implicit.rules import Implied, Kept, kept, solved
from autograd.programs.program import Program
from autograd.structures.results import Results
from autograd.values.closures import joined
from autograd.values.roots import topological_order
from autograd.values.value import Value

__all__ = ["Search"]

MOST = 1100
"""Newton steps at most: from 1 to the smallest numbers by a half each time."""
HALVINGS = 40
"""A step is halved so often before it is asked whether rounding is all that is left, and then so often that is not."""
STRAIGHT = 100
MARCH = 0.99
"""After so many steps one that is so nearly as long as the last leads nowhere: what nears a root goes by factors."""
HALVED = 32
"""A function that is recorded halves a bracket so often."""
LOOKS = (4, 6, 9, 14, 24, 49, 99)
"""After so many steps a function that is recorded looks whether it has arrived."""
ROUNDING = 1e-7
"""A step that is so small, relative to the root, and makes nothing better: of a root that is hard to tell."""
NEAR = 1e-9
"""A bracket is halved until it is so narrow, relative to what is in it."""
LARGEST, SMALLEST = 1.7976931348623157e308, 5e-324


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
        if bracket is not None:
            self.stay(bracket, (x[0] - moves[0]).detach())
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
        return self.made(x, self.params)

    def made(self, x: Sequence[Value], params: Sequence[Any]) -> tuple[list[Value], list[Value]]:
        """The same with other parameters, also in a recording."""
        here: Any = recorder()
        if here is not None:
            before = len(here.nodes)
            results = Results(self.function(self.form.filled(x), *params), self.name)
            nodes = here.nodes[before:]
        else:
            listener = Made()
            results = Results(heard_by(listener, self.function, (self.form.filled(x), *params), {}), self.name)
            nodes = listener.nodes
        return nodes, [y if isinstance(y, Value) else constant(y) for y in results.values]

    def moves(self, slopes: list[list[Any]], values: list[Any], x: list[Any]) -> list[Any]:
        """Newton's step.

        Raises:
            ValueError: the function does not move with x there.
        """
        found = solved(slopes, values)
        if found is None and all(data_of(a) == 0.0 for a in (*x, *values)):  # a root that is 0 by itself, as of x**3
            return [constant(0.0)] * len(x)
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
        before: list[Any] = []
        for k in range(MOST):
            moves = self.moves(slopes, values, x)
            if self.recording and len(x) == 1 and size == 0.0 and slopes[0][0] == 0.0 and x[0] != 0.0:  # it underflows
                break
            if size == 0.0 or all(abs(d) <= self.tol * abs(a) for a, d in zip(x, moves, strict=True)):
                return x, moves
            if k >= STRAIGHT and marches(before, moves):
                break
            before = [d.detach() for d in moves]
            known = [True] * len(x)
            next_one = self.stepped(x, moves, known, size, HALVINGS)
            if next_one is None:  # rounding is all that is left, of some numbers or all, or there is no way on
                known, near = self.judged(x, values, moves)
                if near:
                    return x, moves
                if not any(known):
                    break
                size = largest([y for y, k in zip(values, known, strict=True) if k]).detach()
                next_one = self.stepped(x, moves, known, size, MOST)
            if next_one is None:
                break
            x, values, slopes = next_one
            size = largest(values).detach()
        raise self.refusal("no root was found", x, size)

    def stepped(self, x: list[Any], moves: list[Any], known: list[bool], size: Any, halvings: int) -> Any:
        """Where a step leads, what the function gives there, and its Jacobian; None if nothing gets smaller by it.

        Args:
            x, moves: Where the search stands, and the step, which is halved until it makes something smaller.
            known: Of which numbers the function gives more than rounding leaves open; the others are not asked.
            size: The largest of these.
            halvings: How often.
        """
        shorter = [maximum(-LARGEST, minimum(d.detach(), LARGEST)) for d in moves]
        for _ in range(halvings):
            new = [(a - d).detach() for a, d in zip(x, shorter, strict=True)]
            if all(a == b for a, b in zip(new, x, strict=True)):
                return None
            values, slopes = self.with_slopes(new, self.params)
            if largest([y for y, k in zip(values, known, strict=True) if k]) < size:  # of nan not
                return new, values, slopes
            shorter = [0.5 * d for d in shorter]
        return None

    def judged(self, x: list[Any], values: list[Any], moves: list[Any]) -> tuple[list[bool], bool]:
        """Of which numbers the function gives more than rounding leaves open; and whether x is as near as it comes."""
        params = [changed(p, Value.detach) for p in self.params]
        inputs = [a + Value(0.0) for a in x]
        made, again = self.made(inputs, params)
        found = doubts([*inputs, *made], again)
        doubt = [EPSILON * added([size for _, _, size in parts]) for parts in found]
        known = [bool(abs(y) > slack) for y, slack in zip(values, doubt, strict=True)]
        if any(known):
            return known, False
        steps = zip(x, moves, inputs, strict=True)
        return known, all(abs(d) <= ROUNDING * (abs(a) + scales(found, at)) for a, d, at in steps)

    def straight(self, start: Any) -> tuple[list[Any], list[Any]]:
        """The same of one number in a recording: what has arrived stands still, so rows need not part at each step.

        Where a step would have to be halved, the search begins anew, with a path for each way to go.
        """
        x, arrived = start, constant(0.0)
        values, slopes = self.with_slopes([x], self.params)
        size = abs(values[0]).detach()
        for k in range(STRAIGHT):
            moves = self.moves(slopes, values, [x])
            d = moves[0].detach()
            arrived = maximum(arrived, maximum(less_equal(abs(d), self.tol * abs(x)), equal(size, 0.0)))
            if k in LOOKS and arrived == 1.0:
                if slopes[0][0] == 0.0:
                    if size == 0.0 and x == 0.0:
                        return [x], [constant(0.0)]
                    break
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
        low, high = self.ends(float(b.data if isinstance(b, Value) else b) for b in bracket)
        below, above = (self.number_at(b, params) for b in (low, high))
        if not sign(below) * sign(above) <= 0.0:
            raise self.no_change(low, high, f": the function is {below:g} and {above:g} there")
        if below == 0.0 or above == 0.0:
            return constant(low if below == 0.0 else high)
        while True:
            middle = middle_of(low, high)
            if middle in (low, high) or abs(high - low) < NEAR * abs(middle):
                return constant(middle)
            here = self.number_at(middle, params)
            if here == 0.0:
                return constant(middle)
            if (here < 0.0) == (below < 0.0):
                low, below = middle, here
            else:
                high = middle

    def ends(self, bracket: Iterable[Any]) -> tuple[Any, Any]:
        """The ends of a bracket, the lower one first.

        Raises:
            ValueError: one is no finite number.
        """
        low, high = bracket
        for end in (low, high):
            if not abs(end) <= LARGEST:
                raise ValueError(
                    f"{self.name}: bracket {ends_of(low, high)}: the ends of a bracket are finite numbers: take "
                    "numbers beyond which you expect no root"
                )
        return (high, low) if low > high else (low, high)

    def stay(self, bracket: Any, x: Any) -> None:
        """Check that what was found is in the bracket.

        Raises:
            ValueError: it is not: the function jumps, or has a pole.
        """
        low, high = self.ends((b if isinstance(b, Value) else constant(float(b))).detach() for b in bracket)
        slack = NEAR * high - NEAR * low
        if x < low - slack or x > high + slack:
            raise ValueError(
                f"{self.name}: no root was found in the bracket {ends_of(low, high)}: where the function changes its "
                f"sign it jumps, and the search ended at {data_of(x):g}: give a bracket without a jump"
            )

    def no_change(self, low: Any, high: Any, there: str = "") -> ValueError:
        """An error that says of a bracket that it holds no root."""
        return ValueError(f"{self.name}: the bracket {ends_of(low, high)} holds no change of sign{there}")

    def halved(self, low: Any, high: Any, params: Sequence[Any]) -> Any:
        """The same in a recording: so many halvings for all rows, and a guard for the change of sign."""

        def sign_at(x: Any) -> Any:
            found = Results(self.function(self.form.filled([x]), *params), self.name).values[0]
            return sign(as_value(found).detach())

        low, high = self.ends((b if isinstance(b, Value) else constant(float(b))).detach() for b in (low, high))
        below, above = sign_at(low), sign_at(high)
        if not below * above <= 0.0:
            raise self.no_change(low, high)
        for _ in range(HALVED):
            middle = (0.5 * low + 0.5 * high).detach()
            goes_on = equal(sign_at(middle), below)
            low, high = where(goes_on, middle, low).detach(), where(goes_on, high, middle).detach()
        return (0.5 * low + 0.5 * high).detach()

    def number_at(self, x: float, params: Sequence[Any]) -> float:
        """What the function gives, as a number."""
        return Results(self.function(self.form.filled([Value(x).detach()]), *params), self.name).numbers()[0]


def found_again(program: Program, start: list[float], numbers: list[float]) -> list[float]:
    """The root of a program, at other numbers."""

    def function(x: list[Any]) -> list[Any]:
        return outputs(program, [*x, *numbers])

    found: list[float] = Search("root", function, function, start, (), 1e-13).found(None)
    return found


def marches(before: Sequence[Any], steps: Sequence[Any]) -> bool:
    """Whether each step is as long as the one before it, nearly."""
    return all(MARCH * abs(b) <= abs(d) <= abs(b) / MARCH for b, d in zip(before, steps, strict=True))


def ends_of(low: Any, high: Any) -> str:
    """A bracket, in words."""
    return f"({data_of(as_value(low)):g}, {data_of(as_value(high)):g})"


def middle_of(low: float, high: float) -> float:
    """A number between two, by which a bracket that spans powers of ten is halved in their exponents."""
    if low < 0.0 < high:
        return 0.0
    small, large = sorted((abs(low), abs(high)))
    if large <= 4.0 * small:
        return 0.5 * low + 0.5 * high
    return copysign(sqrt(max(small, SMALLEST)) * sqrt(large), low + high)


def largest(values: Sequence[Any]) -> Any:
    """The largest size among some numbers."""
    found = abs(values[0])
    for x in values[1:]:
        size = abs(x)
        found = size if size > found else found
    return found
