"""Slopes in many digits, by steps so small that nothing of them is left in a double.

By central differences of real numbers, or by a step into the complex plane: the imaginary part of `f(x + ih)` is h
times the slope, for a function that is analytic. Source: W. Squire and G. Trapp, "Using complex variables to estimate
derivatives of real functions", SIAM Review 40, 1998. The slopes of slopes are differences of those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.checks.differences import Floats, Measured, Slope
from autograd.foreign.digits import Digits

__all__ = ["ByDigits", "Exactly"]

SEEDS = (1, 2, 3)
"""So many runs tell how much of a derivative rounding may move."""
ASIDE = 1e-10
"""How far to both sides kinks are looked for, relatively: rounding in doubles may have moved them."""
NEARER = 1e-3

Numbers = Callable[[Any], list[Any]]
"""From a step to numbers of mpmath."""


class Exactly:
    """A function of numbers of mpmath at a point.

    Args:
        digits: mpmath.
        function: From a list of numbers to a list of them.
        at: The point.
        imaginary: Whether first slopes are taken by complex steps.
    """

    def __init__(
        self, digits: Digits, function: Callable[[list[Any]], list[Any]], at: Sequence[float], imaginary: bool
    ) -> None:
        self.digits, self.function, self.at, self.imaginary = digits, function, at, imaginary

    def moved(self, *ways: tuple[Any, Sequence[float]]) -> list[Any]:
        """The results, some steps along some directions away."""
        digits = self.digits
        digits.restart()
        xs = [digits.rounded(digits.number(x)) for x in self.at]
        for t, v in ways:
            xs = [x + t * d if d else x for x, d in zip(xs, v, strict=True)]
        return self.function(xs)

    def first(self, v: Sequence[float], scale: float, sizes: Any) -> ByDigits:
        """The slopes of the results along a direction, of results of these sizes."""
        return ByDigits(self.digits, lambda t: self.moved((t, v)), scale, sizes, 1, self.imaginary)

    def second(
        self, v: Sequence[float], scale: float, sizes: Any, weights: Sequence[float],
        to: Sequence[tuple[Sequence[float], float]],
    ) -> ByDigits:  # fmt: skip
        """The slopes along a direction of those along others, each with its scale, of the results weighed."""
        digits = self.digits

        def total(*ways: tuple[Any, Sequence[float]]) -> Any:
            return digits.mp.fsum(w * y for w, y in zip(weights, self.moved(*ways), strict=True))

        def slope(t: Any, e: Sequence[float], size: float) -> Any:
            return slopes(digits, lambda u: [total((t, v), (u, e))], size, self.imaginary)[0]

        def gradient(t: Any) -> list[Any]:
            return [slope(t, e, size) for e, size in to]

        return ByDigits(digits, gradient, scale, sizes / np.array([size for _, size in to]), 2, False)


def slopes(digits: Digits, numbers: Numbers, scale: float, imaginary: bool, at: Any = 0) -> list[Any]:
    """The slopes of numbers that depend on one."""
    mp, h = digits.mp, digits.step * digits.number(scale)
    if imaginary:
        return [mp.im(y) / h if mp.isfinite(y) else mp.nan for y in numbers(mp.mpc(at, h))]
    return [(up - down) / (2 * h) for up, down in zip(numbers(at + h), numbers(at - h), strict=True)]


class ByDigits(Measured):
    """Slopes of numbers that depend on one, as mpmath has them.

    Args:
        digits: mpmath.
        numbers: From a step to the numbers.
        scale: The size of what is moved: steps are relative to it.
        sizes: Of what the numbers are made of, for what rounding in so many digits leaves.
        order: 2 if the numbers are slopes themselves.
        imaginary: Whether by a complex step.
    """

    def __init__(self, digits: Digits, numbers: Numbers, scale: float, sizes: Any, order: int, imaginary: bool) -> None:
        self.digits, self.numbers, self.scale, self.sizes = digits, numbers, scale, sizes
        self.order, self.imaginary = order, imaginary
        self.found = self.look()
        self.again: Slope | None = None

    def values(self, at: Any = 0) -> list[Any]:
        """The slopes, at a step away."""
        return slopes(self.digits, self.numbers, self.scale, self.imaginary, at)

    def look(self) -> Slope:
        """The slopes, and what the digits leave open of them."""
        with np.errstate(all="ignore"):
            lost = float(self.digits.rounding / self.digits.step**self.order) * np.asarray(self.sizes) / self.scale
        values = floats(self.values())
        step = np.full(values.shape, float(self.digits.step) * self.scale)
        return Slope(values, lost * np.ones(values.shape), step)

    def closer(self) -> Slope:
        """With many digits, and what rounding in doubles may move: each row and each number off by up to an ulp."""
        if self.again is None:
            digits = self.digits
            with digits.more():
                found = self.look()
            try:
                for digits.seed in SEEDS:
                    with np.errstate(all="ignore"):
                        error = np.maximum(found.error, np.abs(floats(self.values()) - found.value))
                    found = found._replace(error=error)
            finally:
                digits.seed = 0
            self.again = found
        return self.again

    def sides(self) -> tuple[Floats, Floats, Any]:
        """As of Measured."""
        away, mp = self.digits.number(ASIDE * self.scale), self.digits.mp
        left, right = floats(self.values(-away)), floats(self.values(away))
        with np.errstate(all="ignore"):
            apart, nearer = [
                np.abs(floats([a - b for a, b in zip(self.numbers(t), self.numbers(-t), strict=True)]))
                for t in (away, away * mp.mpf(NEARER))
            ]
            jumps = (nearer > 0.5 * apart) & (nearer > 1e-25)
        return left, right, jumps


def floats(numbers: Sequence[Any]) -> Floats:
    """Numbers of mpmath as doubles, without what is imaginary of them."""
    return np.array([float(y.real) for y in numbers])
