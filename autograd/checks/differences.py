"""Slopes by differences, with an estimate of their error: what a derivative is checked against.

Central differences at falling steps, extrapolated to step 0; of several ladders of steps the one that agrees best with
itself. Source: C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Advances in Engineering Software 4,
1982.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["CANCELLED", "ByDifferences", "Floats", "Measured", "Slope", "sides", "slope"]

Floats = NDArray[np.float64]

LADDERS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""First steps, relative to the size of what is moved."""
SHORTER, ROUGH = 1e-4, 1e-3
"""Where steps do not agree to that, relatively, shorter ones may."""
RUNGS, FALL = 6, 1.7
"""Steps fall by no whole number: of a sine, periods would be passed by all of a ladder's steps, which then agree."""
EPSILON = float(np.finfo(float).eps)
CANCELLED = 16.0 * EPSILON
"""Of a slope that is left of larger ones so much is rounding, relative to the number and to what it moves with."""


class Slope(NamedTuple):
    """Slopes by differences.

    Attributes:
        value: Of each result.
        error: How far off each may be, about; inf where nothing can be said.
        step: With which step each was found, the largest of its ladder.
        shorter: What shorter steps said, the same: a ladder that steps over a jump agrees with itself by chance.
    """

    value: Floats
    error: Floats
    step: Floats
    shorter: tuple[tuple[Floats, Floats, float], ...] = ()


def slope(function: Callable[[float], Floats], scale: float = 1.0, own: float | None = None) -> Slope:
    """The derivatives of numbers that depend on one, at 0.

    Args:
        function: From a step to the numbers.
        scale: The size of what is moved: steps are relative to it.
        own: A smaller size, if there is one: steps relative to it are tried too, and taken where they agree better,
            relative to the slope that they give.

    Cost: some seventy calls, with `own` as many again.

    >>> found = slope(lambda t: np.array([np.exp(t), (1.0 + t) ** 3]))
    >>> found.value.round(9).tolist(), bool((found.error < 1e-9).all())
    ([1.0, 3.0], True)
    """
    if own is not None and 0.0 < own < scale:
        coarse, fine = slope(function, scale), slope(function, own)
        with np.errstate(all="ignore"):
            finer = np.isinf(coarse.error) | (fine.error * np.abs(coarse.value) < coarse.error * np.abs(fine.value))
        value, error, step = (np.where(finer, b, a) for a, b in zip(coarse[:3], fine[:3], strict=True))
        return Slope(value, error, step, coarse.shorter + fine.shorter)
    middle = function(0.0)
    best = np.full(middle.shape, np.nan)
    error, step = np.full(middle.shape, np.inf), np.zeros(middle.shape)
    shorter = []
    with np.errstate(all="ignore"):
        for first in LADDERS:
            value, off = ladder(function, first * scale, middle)
            shorter.append((value, off, first * scale))
            better = off < error
            best[better], error[better], step[better] = value[better], off[better], first * scale
        size = np.nan_to_num(
            np.maximum(np.abs(middle), np.abs(moved(function, LADDERS[0] * scale, middle))), nan=0.0, posinf=0.0
        )
        error = error + CANCELLED * size / scale
    return Slope(best, error, step, tuple(shorter))


def ladder(function: Callable[[float], Floats], first: float, middle: Floats) -> tuple[Floats, Floats]:
    """The extrapolated slopes of one ladder of steps, and how far off they may be."""
    best, error = np.full(middle.shape, np.nan), np.full(middle.shape, np.inf)
    before: list[Floats] = []
    h = first
    for rung in range(RUNGS):
        up, down = moved(function, h, middle), moved(function, -h, middle)
        row = [(up - down) / (2.0 * h)]
        rounding = EPSILON * (np.abs(up) + np.abs(down)) / h
        factor = FALL * FALL
        for k in range(rung):
            row.append((row[k] * factor - before[k]) / (factor - 1.0))
            factor *= FALL * FALL
            off = np.maximum(np.abs(row[-1] - row[-2]), np.abs(row[-1] - before[k])) + rounding
            off = np.where(np.isfinite(off), off, np.inf)
            better = off < error
            best[better], error[better] = row[-1][better], off[better]
        before = row
        h /= FALL
    return best, error


def moved(function: Callable[[float], Floats], t: float, middle: Floats) -> Floats:
    """The numbers after a step; nan where the step leads out of the domain of a function that says so."""
    try:
        return function(t)
    except (ArithmeticError, ValueError):
        return np.full(middle.shape, np.nan)


def sides(function: Callable[[float], Floats], scale: float = 1.0) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """The slopes to the left and to the right of 0, roughly; and which of the numbers jump there.

    >>> left, right, jumps = sides(lambda t: np.array([abs(t), float(t >= 0.0)]))
    >>> left.round(6).tolist()[0], right.round(6).tolist()[0], jumps.tolist()
    (-1.0, 1.0, [False, True])
    """
    middle, h = function(0.0), 1e-6 * scale
    with np.errstate(all="ignore"):
        found = []
        for side in (-h, h):
            near, far = ((moved(function, t, middle) - middle) / t for t in (side / 2.0, side))
            found.append(2.0 * near - far)
        apart = [np.abs(moved(function, t, middle) - moved(function, -t, middle)) for t in (h, h / 1e3)]
        jumps = (apart[1] > 0.5 * apart[0]) & (apart[1] > 1e3 * EPSILON * (1.0 + np.abs(middle)))
    return found[0], found[1], jumps


class Measured:
    """The slopes of numbers that depend on one, looked at as closely as is asked.

    Attributes:
        found: The slopes.
    """

    found: Slope

    def closer(self) -> Slope:
        """The slopes again, for a derivative that is not confirmed."""
        return self.found

    def sides(self) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """As of the function."""
        raise NotImplementedError


class ByDifferences(Measured):
    """Slopes by differences of doubles.

    Args:
        function: From a step to the numbers.
        scale: The size of what is moved.
        own: As of `slope`.
        rounding: What is left of larger numbers so much is rounding.
    """

    def __init__(
        self, function: Callable[[float], Floats], scale: float, own: float | None = None, rounding: float = 0.0
    ) -> None:
        self.function, self.scale = function, scale
        found = slope(function, scale, own)
        self.rounding = rounding
        self.found = found._replace(error=found.error + rounding)

    def closer(self) -> Slope:
        """The slopes again, with shorter steps where these do not agree: waves may be that short."""
        found, finer = self.found, slope(self.function, SHORTER * self.scale)
        with np.errstate(all="ignore"):
            inexact = EPSILON * self.scale / finer.step  # of the step itself, which is that between two doubles
            error = finer.error + inexact * np.abs(finer.value) + self.rounding
            better = (found.error > ROUGH * np.abs(found.value)) & (error < ROUGH * np.abs(finer.value))
        pairs = ((found.value, finer.value), (found.error, error), (found.step, finer.step))
        value, error, step = (np.where(better, b, a) for a, b in pairs)
        return Slope(value, error, step, found.shorter + finer.shorter)

    def sides(self) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """As of Measured."""
        return sides(self.function, self.scale)
