"""gradcheck: the derivatives of a function against differences, or mpmath, to second order."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from autograd.border.conversion import as_float
from autograd.border.wording import brief
from autograd.checks.blame import Places, blamed, is_off
from autograd.checks.differences import CANCELLED, ByDifferences, Measured
from autograd.checks.exactly import Exactly
from autograd.checks.report import Entry, GradcheckError, GradcheckReport
from autograd.derivatives.arguments import Numbers, changed
from autograd.derivatives.calls import Call, as_function, name_of_function
from autograd.derivatives.forward import pushed
from autograd.derivatives.grad import pulled
from autograd.engine.listening import hear, stop_hearing
from autograd.engine.sweep import gradient
from autograd.foreign.digits import Digits
from autograd.foreign.numbers import Run
from autograd.structures.results import Results
from autograd.values.value import Value

__all__ = ["gradcheck", "names_of_inputs", "numeric"]

EACH = 12
"""So many numbers are moved one by one; of more, random directions."""
KINKED = 1e-3
"""Slopes of two sides that differ by so much, relatively, are two."""
NOTHING = 1e-9
"""So much of the size of what is moved is a derivative of 0, where differences find it no closer."""
RTOL = {"differences": 1e-6, "complex step": 1e-11, "mpmath": 1e-11}
"""By what derivatives may be checked, and how far off they may then be."""


def gradcheck(
    function: Callable[..., Any],
    *args: Any,
    argnums: int | Sequence[int] | None = None,
    order: int = 2,
    by: str = "differences",
    rtol: float | None = None,
    directions: int = 4,
    seed: int = 0,
) -> GradcheckReport:
    """What a function's derivatives are against differences, or mpmath; it raises if one is wrong.

    Reverse and forward mode are compared with central differences that are extrapolated to step 0, with steps chosen
    for each argument by how well they agree; then the derivatives of the gradient with differences of the gradient. At
    a kink what is between the slopes of the two sides is right; where the result jumps nothing is said. What `detach`
    cuts off moves the result and has no derivative: that is reported as wrong.

    By "mpmath" and "complex step" the function is run on numbers of mpmath, each row by mpmath's function, in 80 digits
    and with steps of 1e-20, so that nothing but the engine's own rounding is between them: a factor of 1 + 1e-9 is
    found. "mpmath" takes central differences, of second order mixed ones; "complex step" the imaginary part of
    `f(x + ih)`, with comparisons, `abs` and what selects decided by the real part, and of second order differences of
    those. What differs is looked at once more with 500 digits, and with each step of the function an ulp off: what that
    moves is rounding. The function is to be written with operators, methods and functions of this package; one of your
    own with a rule is run as it is written, and the rule is what is judged.

    Args:
        function: Ordinary Python over numbers; it gives numbers in any structure.
        args: Its positional arguments.
        argnums: By which of them; all that are made of real numbers, if not given. Integers stay as they are.
        order: 1, or 2 to check second derivatives too.
        by: "differences" of doubles, "complex step" or "mpmath".
        rtol: How far off a derivative may be, relatively, above what the slopes that it is compared with may be: 1e-6
            by differences, else 1e-11, if not given.
        directions: Along so many random directions where there are more than twelve numbers, or results.
        seed: Of these directions.

    Returns:
        A report, an entry for each derivative that was compared; `print` shows a table.

    Raises:
        GradcheckError: a derivative is wrong; the message is the report, and names the row or the line.
        TypeError, ValueError: an argument is none of these, the function is not finite there, or it cannot be run on
            numbers of mpmath.
        ImportError: mpmath is not installed: pip install mpmath.
        NotImplementedError: mpmath lacks a function; the message names the row.

    Cost: some hundred calls of the function for each number, in Python; twice as many for small numbers. With mpmath a
        call takes some hundred times as long, and there are two for each number and four for each second derivative;
        half as many by complex steps.

    >>> report = gradcheck(lambda x, y: (x * y).sin(), 0.5, 2.0)
    >>> bool(report), len(report.entries)
    (True, 12)
    """
    as_function(function, "gradcheck")
    if isinstance(order, bool) or order not in (1, 2):
        raise ValueError(f"gradcheck: order {brief(order)}: 1 for slopes, 2 for second derivatives too")
    if isinstance(directions, bool) or not isinstance(directions, int) or directions < 1:
        raise ValueError(f"gradcheck: directions {brief(directions)}: a whole number from 1 on")
    if by not in [*RTOL]:
        raise ValueError(f"gradcheck: by {brief(by)}: one of {', '.join(map(repr, RTOL))}")
    rtol = RTOL[by] if rtol is None else rtol
    if not 0.0 < as_float(rtol, "gradcheck: rtol") < 1.0:
        raise ValueError(f"gradcheck: rtol {brief(rtol)}: a number between 0 and 1")
    argnums = numeric(args, "gradcheck") if argnums is None else argnums
    check = Check(function, args, argnums, by, rtol, directions, seed)
    check.first_order()
    if order == 2 and not check.report.wrong:
        check.second_order()
    if check.report.wrong:
        raise GradcheckError(check.report)
    return check.report


def numeric(args: Sequence[Any], what: str) -> tuple[int, ...]:
    """The positional arguments that are made of real numbers alone."""
    found, refused = [], []
    for k, x in enumerate(args):
        try:
            if Numbers(x, f"{what}: argument {k}", False, True).items:
                found.append(k)
        except TypeError as error:
            refused.append(error)
    if refused and not found:
        raise refused[0]
    if not found:
        raise TypeError(f"{what}: there is no number among the arguments: give the point at which to check")
    return tuple(found)


def names_of_inputs(call: Call) -> list[str]:
    """What each number is called: `argument 0`, `argument 1[2]`."""
    found = []
    for k, part in zip(call.argnums, call.parts, strict=True):
        many = len(part.items) > 1
        found += [f"argument {k}[{j}]" if many else f"argument {k}" for j in range(len(part.items))]
    return found


class Check:
    """A check in progress: the function as one of a row of numbers, and what was found so far."""

    def __init__(
        self, function: Callable[..., Any], args: Sequence[Any], argnums: Any, by: str, rtol: float, directions: int,
        seed: int,
    ) -> None:  # fmt: skip
        self.function, self.rtol, self.directions = function, rtol, directions
        self.args = [changed(x, lambda value: value.data) for x in args]
        self.report = GradcheckReport(name_of_function(function))
        self.places, self.argnums = Places(), argnums
        hear(self.places)
        try:
            self.call = Call("gradcheck", function, argnums, self.args, {})
        finally:
            stop_hearing(self.places)
        self.point = np.array([x.data for x in self.call.inputs])
        self.names = names_of_inputs(self.call)
        self.results = [
            f"result {k}" if len(self.call.results.values) > 1 else "result"
            for k in range(len(self.call.results.values))
        ]
        self.random = np.random.default_rng(seed)
        self.imaginary = by == "complex step"
        self.digits = None if by == "differences" else Digits()
        self.middle = self.call.results.numbers()
        for k, x in enumerate(self.middle):
            if not math.isfinite(x):
                raise ValueError(
                    f"gradcheck: {self.results[k]} of {self.report.name} is {x:g} there: nothing can be compared"
                )

    def numbers_at(self, x: Any) -> Any:
        """The results at other numbers."""
        whole = self.call.arguments(self.args, [Value(v) for v in x.tolist()])
        found = Results(self.function(*whole), self.call.name).numbers()
        if len(found) != len(self.call.results.values):
            return np.full(len(self.call.results.values), np.nan)
        return np.array(found)

    @cached_property
    def exactly(self) -> Exactly:
        """The function on numbers of mpmath."""
        digits: Any = self.digits
        run, count = Run(digits, self.call, self.args, self.function), len(self.middle)

        def function(xs: list[Any]) -> list[Any]:
            try:
                return run(xs)
            except AssertionError:
                return [digits.mp.nan] * count  # it has another number of results there
            except (TypeError, AttributeError) as error:
                raise TypeError(
                    f"gradcheck: {self.report.name} cannot be run on numbers of mpmath ({error}): write it with "
                    "operators, methods and functions of autograd, give modules that it uses as arguments, or "
                    f"{digits.advice}"
                ) from error

        return Exactly(digits, function, self.point.tolist(), self.imaginary)

    def slopes(self, v: Any) -> Measured:
        """The slopes of the results along a direction."""
        if self.digits is None:
            return ByDifferences(lambda t: self.numbers_at(self.point + t * v), self.scale(v), self.scale(v, 0.0))
        return self.exactly.first(v.tolist(), self.scale(v), np.abs(self.middle))

    def bends(self, v: Any, weights: list[float], slopes: Sequence[Any]) -> Measured:
        """The slopes of the gradient along a direction, of the results weighed; `slopes` are the gradient itself."""
        if self.digits is None:
            # What is left of slopes that cancel is rounding of theirs.
            lost = CANCELLED * max((abs(d.data) for d in slopes), default=0.0) / self.scale(v)
            moved = lambda t: self.gradient_at(self.point + t * v, weights)  # noqa: E731
            return ByDifferences(moved, self.scale(v), self.scale(v, 0.0), lost if math.isfinite(lost) else 0.0)
        size = np.array([float(np.dot(weights, np.abs(self.middle)))])
        to = [(row.tolist(), self.scale(row)) for row in np.eye(len(self.point))]
        return self.exactly.second(v.tolist(), self.scale(v), size, weights, to)

    def ways(self) -> list[tuple[str, Any]]:
        """Directions to move along, and what each is called: one number after the other, or random ones."""
        n = len(self.point)
        if n <= EACH:
            return [(name, row) for name, row in zip(self.names, np.eye(n), strict=True)]
        found = []
        for k in range(self.directions):
            v = self.random.normal(size=n)
            found.append((f"direction {k}", v * np.maximum(np.abs(self.point), 1e-3) / np.sqrt(n)))
        return found

    def scale(self, v: Any, least: float = 1e-3) -> float:
        """The size of what moves along a direction."""
        moving = v != 0.0
        return float(np.min(np.maximum(np.abs(self.point[moving]), least) / np.abs(v[moving])))

    def first_order(self) -> None:
        """Reverse and forward mode against differences of the function."""
        m = len(self.call.results.values)
        jacobian = np.array([numbers(pulled(self.call, [1.0 if j == k else None for j in range(m)])) for k in range(m)])
        for name, v in self.ways():
            found = self.slopes(v)
            with np.errstate(all="ignore"):
                reverse = np.array([total(row, v) for row in jacobian])
            forward = pushed(
                self.call.roots(), {x: float(d) for x, d in zip(self.call.inputs, v, strict=True) if d != 0.0}
            )
            size = max(map(abs, self.middle)) / self.scale(v)
            for mode, got in (("reverse", reverse), ("forward", forward)):
                for k in range(m):
                    self.add(1, mode, self.results[k], name, float(got[k]), found, k, size)
        self.look_for_blame(1)

    def second_order(self) -> None:
        """The derivatives of the gradient, of the results weighed at random, against differences of the gradient."""
        weights = self.random.uniform(0.5, 1.5, len(self.call.results.values)).tolist()
        slopes = pulled(self.call, weights, as_values=True)
        rows = [
            gradient([d], self.call.inputs, [1.0]) if not d.is_constant else [0.0] * len(self.point) for d in slopes
        ]
        known = [k for k, d in enumerate(slopes) if math.isfinite(d.data)]  # of an infinite slope there is no other
        for name, v in self.ways():
            found = self.bends(v, weights, slopes)
            directions = {x: float(d) for x, d in zip(self.call.inputs, v, strict=True) if d != 0.0}
            forward = pushed(slopes, directions)
            size = max(abs(slopes[k].data) for k in known) / self.scale(v) if known else 0.0
            for k in known:
                of = f"gradient by {self.names[k]}"
                self.add(2, "reverse", of, name, total(rows[k], v), found, k, size)
                if len(rows) <= EACH:
                    self.add(2, "forward", of, name, float(forward[k]), found, k, size)
        self.look_for_blame(2)

    def look_for_blame(self, order: int) -> None:
        """Say what is wrong, if anything is; where every row is right, several kinks at one point may look like it."""
        if not self.report.wrong:
            return
        self.report.blame = blamed(self.call.roots(), self.places, order, self.rtol, self.digits, self.imaginary)
        if not self.report.blame and self.places.kinked:
            self.report.entries = [
                replace(entry, verdict="kink") if entry.verdict == "wrong" else entry for entry in self.report.entries
            ]

    def gradient_at(self, x: Any, weights: list[float]) -> Any:
        """The gradient of the results, weighed, at other numbers."""
        call = Call("gradcheck", self.function, self.argnums, self.call.arguments(self.args, x.tolist()), {})
        if len(call.results.values) != len(weights):
            return np.full(len(self.point), np.nan)
        return np.array(numbers(pulled(call, weights)))

    def add(
        self, order: int, mode: str, of: str, by: str, got: float, measured: Measured, k: int, size: float
    ) -> None:  # fmt: skip
        """Compare a derivative, and note what was found; `size` is that of what moves, for derivatives of 0."""
        found = measured.found
        off = is_off(got, found, k, self.rtol)
        if off:
            found = measured.closer()
            off = is_off(got, found, k, self.rtol)
        expected, error, step = float(found.value[k]), float(found.error[k]), float(found.step[k])
        verdict = "right"
        if off or not math.isfinite(expected) or error > KINKED * max(abs(expected), abs(got), 1e-12, NOTHING * size):
            left, right, jumps = measured.sides()
            endless = math.isinf(got) and error > KINKED * max(abs(expected), 1.0)  # and differences find no number
            verdict = judged(got, left[k], right[k], bool(jumps[k]), off and not endless)
        self.report.entries.append(Entry(order, mode, of, by, got, expected, error, step, verdict))


def judged(got: float, left: float, right: float, jumps: bool, off: bool) -> str:
    """The verdict on a derivative that differences do not confirm."""
    if jumps:
        return "jump"
    apart = abs(left - right) > KINKED * max(abs(left), abs(right), 1e-9)
    if apart and math.isfinite(left) and math.isfinite(right):
        slack = 1e-4 * max(abs(left), abs(right))
        if min(left, right) - slack <= got <= max(left, right) + slack:
            return "kink"
    return "wrong" if off else "unsure"


def numbers(found: Sequence[Any]) -> list[float]:
    """Derivatives as numbers: a module holds Values, and gives Values."""
    return [x.data if isinstance(x, Value) else x for x in found]


def total(row: Sequence[float], v: Any) -> float:
    """A row of derivatives along a direction; what does not move counts for nothing, even where it is not finite."""
    moving = v != 0.0
    return float(np.dot(np.asarray(row, dtype=float)[moving], v[moving]))
