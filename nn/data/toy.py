"""Data made up: points of the plane in classes of some shape."""

from math import cos, pi, sin
from typing import Any

from nn.checks import as_finite, as_generator, as_size

__all__ = ["make_moons"]


def make_moons(n: int = 100, noise: float = 0.1, rng: Any = None) -> tuple[list[tuple[float, float]], list[int]]:
    """Points on two interleaving half circles, in random order, and their labels -1 (upper) and 1 (lower).

    The upper moon is (cos t, sin t), the lower (1 - cos t, 1/2 - sin t), t evenly spaced over 0..π; as in scikit-learn.

    Args:
        n: Number of points; an odd one goes to the lower moon.
        noise: Standard deviation of what is added to each coordinate.
        rng: An int seed or a random.Random; None takes Python's global generator.

    Raises:
        TypeError: `n` is not a whole number, `noise` not a number.
        ValueError: `n` is below 2, or `noise` negative or not finite.

    >>> points, labels = make_moons(4, noise=0.0, rng=1)
    >>> sorted((label, round(x, 3), round(y, 3)) for (x, y), label in zip(points, labels))
    [(-1, -1.0, 0.0), (-1, 1.0, 0.0), (1, 0.0, 0.5), (1, 2.0, 0.5)]
    """
    n = as_size(n, "make_moons: n", least=2)
    spread = as_finite(noise, "make_moons: noise")
    if spread < 0.0:
        raise ValueError(f"make_moons: noise is {spread}; a standard deviation is not negative")
    source = as_generator(rng)
    upper = [((cos(t), sin(t)), -1) for t in _evenly(n // 2)]
    lower = [((1.0 - cos(t), 0.5 - sin(t)), 1) for t in _evenly(n - n // 2)]
    samples = upper + lower
    source.shuffle(samples)
    points = [(x + source.gauss(0.0, spread), y + source.gauss(0.0, spread)) for (x, y), _ in samples]
    return points, [label for _, label in samples]


def _evenly(n: int) -> list[float]:
    """`n` angles from 0 to π."""
    return [pi * i / max(n - 1, 1) for i in range(n)]
