"""Data made up: points of the plane in classes of some shape."""

from collections.abc import Callable, Sequence
from math import cos, floor, pi, sin
from random import Random
from typing import Any

from autograd.border.wording import brief
from nn.chance import as_generator
from nn.checks import as_finite, as_list, as_size

__all__ = ["make_blobs", "make_checkerboard", "make_circles", "make_moons", "make_spirals", "make_xor"]

Points = tuple[list[tuple[float, float]], list[int]]
"""Points and their labels."""


def make_moons(n: int = 100, noise: float = 0.1, rng: Any = None) -> Points:
    """Points on two interleaving half circles, in random order, and their labels -1 (upper) and 1 (lower).

    The upper moon is (cos t, sin t), the lower (1 - cos t, 1/2 - sin t), t evenly spaced over 0..π; as in scikit-learn.

    Args:
        n: Number of points; an odd one goes to the lower moon.
        noise: Standard deviation of what is added to each coordinate.
        rng: None for Python's global generator, an int seed, a `random.Random` or a `numpy.random.Generator`.

    Raises:
        TypeError: `n` is not a whole number, `noise` not a number.
        ValueError: `n` is below 2, or `noise` negative or not finite.

    >>> points, labels = make_moons(4, noise=0.0, rng=1)
    >>> sorted((label, round(x, 3), round(y, 3)) for (x, y), label in zip(points, labels))
    [(-1, -1.0, 0.0), (-1, 1.0, 0.0), (1, 0.0, 0.5), (1, 2.0, 0.5)]
    """
    n, spread = as_size(n, "make_moons: n", least=2), as_spread(noise, "make_moons")
    upper = [((cos(t), sin(t)), -1) for t in _evenly(n // 2)]
    lower = [((1.0 - cos(t), 0.5 - sin(t)), 1) for t in _evenly(n - n // 2)]
    return _shuffled(upper + lower, spread, rng)


def make_circles(n: int = 100, noise: float = 0.1, factor: float = 0.5, rng: Any = None) -> Points:
    """Points on two circles around the origin, in random order, and their labels -1 (outer, of radius 1) and 1 (inner).

    Args:
        n: Number of points; an odd one goes to the inner circle.
        noise: Standard deviation of what is added to each coordinate.
        factor: Radius of the inner circle, between 0 and 1.
        rng: As for make_moons.

    Raises:
        TypeError: `n` is not a whole number, `noise` or `factor` not a number.
        ValueError: `n` is below 2, `noise` negative or not finite, or `factor` not between 0 and 1.

    >>> points, labels = make_circles(4, noise=0.0, rng=1)
    >>> sorted((label, round(x, 3), abs(round(y, 3))) for (x, y), label in zip(points, labels))
    [(-1, -1.0, 0.0), (-1, 1.0, 0.0), (1, -0.5, 0.0), (1, 0.5, 0.0)]
    """
    n, spread = as_size(n, "make_circles: n", least=2), as_spread(noise, "make_circles")
    radius = as_finite(factor, "make_circles: factor")
    if not 0.0 < radius < 1.0:
        raise ValueError(f"make_circles: factor is {radius}; the inner radius lies between 0 and 1, exclusive")
    outer, inner = n // 2, n - n // 2
    samples = [((cos(t), sin(t)), -1) for t in (2.0 * pi * i / outer for i in range(outer))]
    samples += [((radius * cos(t), radius * sin(t)), 1) for t in (2.0 * pi * i / inner for i in range(inner))]
    return _shuffled(samples, spread, rng)


def make_spirals(n: int = 300, noise: float = 0.02, arms: int = 3, turns: float = 0.75, rng: Any = None) -> Points:
    """Points on arms that wind around the origin, in random order, and the numbers of their arms, from 0.

    Arm k is r (cos t, sin t) with t = 2π (k/arms + turns r), r evenly spaced over 0..1: spirals of Archimedes.

    Args:
        n: Number of points; the first arms take what does not go into all of them.
        noise: Standard deviation of what is added to each coordinate.
        arms: Number of arms, and of classes.
        turns: How often an arm goes around; negative ones go the other way.
        rng: As for make_moons.

    Raises:
        TypeError: `n` or `arms` is not a whole number, `noise` or `turns` not a number.
        ValueError: `n` is below `arms`, `arms` below 1, `noise` negative, or a number not finite.

    >>> points, labels = make_spirals(4, noise=0.0, arms=2, turns=1.0, rng=1)
    >>> sorted((label, abs(round(x, 3)), abs(round(y, 3))) for (x, y), label in zip(points, labels))
    [(0, 0.0, 0.0), (0, 1.0, 0.0), (1, 0.0, 0.0), (1, 1.0, 0.0)]
    """
    arms = as_size(arms, "make_spirals: arms")
    n, spread = as_size(n, "make_spirals: n", least=arms), as_spread(noise, "make_spirals")
    windings = as_finite(turns, "make_spirals: turns")
    samples = []
    for k in range(arms):
        count = _share(n, arms, k)
        for r in (i / max(count - 1, 1) for i in range(count)):
            t = 2.0 * pi * (k / arms + windings * r)
            samples.append(((r * cos(t), r * sin(t)), k))
    return _shuffled(samples, spread, rng)


def make_xor(n: int = 100, noise: float = 0.0, rng: Any = None) -> Points:
    """Points evenly scattered over -1..1 in both coordinates, and their labels: 1 where these differ in sign, else -1.

    Args:
        n: Number of points.
        noise: Standard deviation of what is added to each coordinate after the label is set.
        rng: As for make_moons.

    Raises:
        TypeError: `n` is not a whole number, `noise` not a number.
        ValueError: `n` is below 1, or `noise` negative or not finite.

    >>> points, labels = make_xor(3, rng=1)
    >>> [(round(x, 1), round(y, 1), label) for (x, y), label in zip(points, labels)]
    [(-0.7, 0.7, 1), (0.5, -0.5, 1), (-0.0, -0.1, -1)]
    """
    return _scattered(n, noise, rng, "make_xor", lambda x, y: 1 if (x < 0.0) != (y < 0.0) else -1)


def make_checkerboard(n: int = 400, noise: float = 0.0, squares: int = 4, rng: Any = None) -> Points:
    """Points evenly scattered over -1..1 in both coordinates, and their labels: -1 and 1 as on a checkerboard.

    The square at the lower left, at (-1, -1), is of -1.

    Args:
        n: Number of points.
        noise: Standard deviation of what is added to each coordinate after the label is set.
        squares: Squares along a side.
        rng: As for make_moons.

    Raises:
        TypeError: `n` or `squares` is not a whole number, `noise` not a number.
        ValueError: `n` or `squares` is below 1, or `noise` negative or not finite.

    >>> points, labels = make_checkerboard(3, squares=2, rng=1)
    >>> [(round(x, 1), round(y, 1), label) for (x, y), label in zip(points, labels)]
    [(-0.7, 0.7, 1), (0.5, -0.5, 1), (-0.0, -0.1, -1)]
    """
    half = as_size(squares, "make_checkerboard: squares") / 2.0

    def label(x: float, y: float) -> int:
        return 1 if (floor((x + 1.0) * half) + floor((y + 1.0) * half)) % 2 else -1

    return _scattered(n, noise, rng, "make_checkerboard", label)


def make_blobs(
    n: int = 100, centres: int | Sequence[Sequence[float]] = 3, spread: float = 1.0, rng: Any = None
) -> tuple[list[tuple[float, ...]], list[int]]:
    """Points around centres, normally distributed, in random order, and the numbers of their centres, from 0.

    Args:
        n: Number of points; the first centres take what does not go into all of them.
        centres: Points of any dimension, or how many are to be drawn from -10..10 in the plane.
        spread: Standard deviation of each coordinate.
        rng: As for make_moons.

    Raises:
        TypeError: `n` is not a whole number, `centres` neither that nor points, `spread` not a number.
        ValueError: `n` is below 1, there are no centres, or they differ in dimension; `spread` is negative, or a number
            not finite.

    >>> points, labels = make_blobs(3, centres=[(0.0, 0.0, 1.0), (5.0, 5.0, 5.0)], spread=0.0, rng=1)
    >>> sorted(zip(labels, points))
    [(0, (0.0, 0.0, 1.0)), (0, (0.0, 0.0, 1.0)), (1, (5.0, 5.0, 5.0))]
    """
    n, deviation = as_size(n, "make_blobs: n"), as_spread(spread, "make_blobs", "spread")
    source = as_generator(rng)
    where = _centres(centres, source)
    samples = [(centre, k) for k, centre in enumerate(where) for _ in range(_share(n, len(where), k))]
    source.shuffle(samples)
    points = [tuple(x + source.gauss(0.0, deviation) for x in centre) for centre, _ in samples]
    return points, [k for _, k in samples]


def as_spread(noise: Any, what: str, name: str = "noise") -> float:
    """`noise` as a standard deviation.

    Raises:
        TypeError: it is not a number.
        ValueError: it is negative or not finite.

    >>> as_spread(1, "make_moons")
    1.0
    """
    spread = as_finite(noise, f"{what}: {name}")
    if spread < 0.0:
        raise ValueError(f"{what}: {name} is {spread}; a standard deviation is not negative")
    return spread


def _shuffled(samples: list[tuple[tuple[float, float], int]], spread: float, rng: Any) -> Points:
    """Such samples in random order, with noise."""
    source = as_generator(rng)
    source.shuffle(samples)
    points = [(x + source.gauss(0.0, spread), y + source.gauss(0.0, spread)) for (x, y), _ in samples]
    return points, [label for _, label in samples]


def _scattered(n: Any, noise: Any, rng: Any, what: str, label: Callable[[float, float], int]) -> Points:
    """Points over the square -1..1, labelled by where they are before the noise."""
    n, spread = as_size(n, f"{what}: n"), as_spread(noise, what)
    source = as_generator(rng)
    places = [(source.uniform(-1.0, 1.0), source.uniform(-1.0, 1.0)) for _ in range(n)]
    labels = [label(x, y) for x, y in places]
    return [(x + source.gauss(0.0, spread), y + source.gauss(0.0, spread)) for x, y in places], labels


def _centres(centres: Any, source: Random) -> list[tuple[float, ...]]:
    """Centres as they are given, or as many drawn."""
    if not hasattr(centres, "__len__"):
        count = as_size(centres, "make_blobs: centres")
        return [(source.uniform(-10.0, 10.0), source.uniform(-10.0, 10.0)) for _ in range(count)]
    points = [as_list(centre, "make_blobs: a centre") for centre in as_list(centres, "make_blobs: centres")]
    found = [tuple(as_finite(x, "make_blobs: a centre") for x in point) for point in points]
    if not found or not found[0] or len({len(centre) for centre in found}) > 1:
        raise ValueError(f"make_blobs: centres are {brief(centres)}: expected one or more points of one dimension")
    return found


def _share(n: int, parts: int, k: int) -> int:
    """How many of n fall to part k: as many as to any other, and one of the rest to the first ones."""
    return n // parts + (k < n % parts)


def _evenly(n: int) -> list[float]:
    """`n` angles from 0 to π."""
    return [pi * i / max(n - 1, 1) for i in range(n)]
