"""Data made up: numbers that follow from numbers, to be fitted by regression."""

from collections.abc import Callable
from math import exp, pi, sin
from typing import Any

from nn.chance import as_generator
from nn.checks import as_finite, as_size
from nn.data.toy import as_spread

__all__ = ["make_line", "make_sine", "make_steps", "make_surface"]

Curve = tuple[list[tuple[float, ...]], list[float]]
"""Samples, each a tuple of one or two numbers, and the number that follows from each."""


def make_sine(n: int = 100, noise: float = 0.1, periods: float = 1.0, rng: Any = None) -> Curve:
    """Numbers x evenly spaced over -1..1, each a tuple of one, and y = sin(π periods x) with noise; in random order.

    Args:
        n: Number of samples.
        noise: Standard deviation of what is added to y.
        periods: How many periods the curve has.
        rng: As for make_moons.

    Raises:
        TypeError: `n` is not a whole number, `noise` or `periods` not a number.
        ValueError: `n` is below 1, `noise` negative, or a number not finite.

    >>> xs, ys = make_sine(5, noise=0.0, rng=1)
    >>> sorted((x, round(y, 3)) for (x,), y in zip(xs, ys))
    [(-1.0, -0.0), (-0.5, -1.0), (0.0, 0.0), (0.5, 1.0), (1.0, 0.0)]
    """
    rate = pi * as_finite(periods, "make_sine: periods")
    return _curve(n, noise, rng, "make_sine", lambda x: sin(rate * x))


def make_line(n: int = 100, noise: float = 0.1, slope: float = 2.0, intercept: float = 1.0, rng: Any = None) -> Curve:
    """Numbers x evenly spaced over -1..1, each a tuple of one, and y = slope x + intercept with noise; in random order.

    Args:
        n: Number of samples.
        noise: Standard deviation of what is added to y.
        slope: Of the line.
        intercept: Its y at x = 0.
        rng: As for make_moons.

    Raises:
        TypeError: `n` is not a whole number, one of the others not a number.
        ValueError: `n` is below 1, `noise` negative, or a number not finite.

    >>> xs, ys = make_line(3, noise=0.0, rng=1)
    >>> sorted(zip(xs, ys))
    [((-1.0,), -1.0), ((0.0,), 1.0), ((1.0,), 3.0)]
    """
    a, b = as_finite(slope, "make_line: slope"), as_finite(intercept, "make_line: intercept")
    return _curve(n, noise, rng, "make_line", lambda x: a * x + b)


def make_steps(n: int = 100, noise: float = 0.1, steps: int = 4, rng: Any = None) -> Curve:
    """Numbers x evenly spaced over -1..1, each a tuple of one, and y a staircase from 0 to 1, with noise; shuffled.

    Args:
        n: Number of samples.
        noise: Standard deviation of what is added to y.
        steps: How many levels there are, all of one width.
        rng: As for make_moons.

    Raises:
        TypeError: `n` or `steps` is not a whole number, `noise` not a number.
        ValueError: `n` is below 1, `steps` below 2, or `noise` negative or not finite.

    >>> xs, ys = make_steps(5, noise=0.0, steps=3, rng=1)
    >>> sorted(zip(xs, ys))
    [((-1.0,), 0.0), ((-0.5,), 0.0), ((0.0,), 0.5), ((0.5,), 1.0), ((1.0,), 1.0)]
    """
    levels = as_size(steps, "make_steps: steps", least=2)
    return _curve(n, noise, rng, "make_steps", lambda x: min(int(levels * (x + 1.0) / 2.0), levels - 1) / (levels - 1))


def make_surface(n: int = 400, noise: float = 0.0, rng: Any = None) -> Curve:
    """Points scattered over 0..1 in both coordinates, and the height of Franke's function there, with noise.

    Two hills, a slope and a dip: a sum of four exponentials.

    Args:
        n: Number of samples.
        noise: Standard deviation of what is added to the height.
        rng: As for make_moons.

    Raises:
        TypeError: `n` is not a whole number, `noise` not a number.
        ValueError: `n` is below 1, or `noise` negative or not finite.

    Source: Franke, "A critical comparison of some methods for interpolation of scattered data" (1979).

    >>> points, heights = make_surface(1000, rng=1)
    >>> round(min(heights), 1), round(max(heights), 1)
    (0.0, 1.2)
    """
    n, spread = as_size(n, "make_surface: n"), as_spread(noise, "make_surface")
    source = as_generator(rng)
    points = [(source.random(), source.random()) for _ in range(n)]
    return list(points), [franke(x, y) + source.gauss(0.0, spread) for x, y in points]


def franke(x: float, y: float) -> float:
    """Franke's function at a point of the unit square.

    >>> round(franke(0.5, 0.5), 4)
    0.3258
    """
    u, v = 9.0 * x, 9.0 * y
    return (
        0.75 * exp(-((u - 2.0) ** 2 + (v - 2.0) ** 2) / 4.0)
        + 0.75 * exp(-((u + 1.0) ** 2) / 49.0 - (v + 1.0) / 10.0)
        + 0.5 * exp(-((u - 7.0) ** 2 + (v - 3.0) ** 2) / 4.0)
        - 0.2 * exp(-((u - 4.0) ** 2) - (v - 7.0) ** 2)
    )


def _curve(n: Any, noise: Any, rng: Any, what: str, height: Callable[[float], float]) -> Curve:
    """Numbers evenly spaced over -1..1, in random order, and heights with noise."""
    n, spread = as_size(n, f"{what}: n"), as_spread(noise, what)
    source = as_generator(rng)
    places = [2.0 * i / (n - 1) - 1.0 if n > 1 else 0.0 for i in range(n)]
    source.shuffle(places)
    return [(x,) for x in places], [height(x) + source.gauss(0.0, spread) for x in places]
