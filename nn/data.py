"""Data to train on: two moons, handwritten digits, and cutting either into mini-batches."""

from collections.abc import Iterator, Sequence
from math import cos, pi, sin
from typing import Any, NamedTuple

from nn.checks import as_finite, as_generator, as_list, as_size, import_extra, require_as_many

__all__ = ["Split", "load_digits", "make_moons", "minibatches"]


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


class Split(NamedTuple):
    """Samples to train on and samples held out, with their labels.

    >>> Split([[0.0]], [1], [[0.5]], [0]).test_y
    [0]
    """

    train_x: list[list[float]]
    train_y: list[int]
    test_x: list[list[float]]
    test_y: list[int]


def load_digits(test_share: float = 0.2, rng: Any = 0) -> Split:
    """The 1,797 handwritten digits of scikit-learn: 8 x 8 pixels from 0 (paper) to 1 (ink), labels 0 to 9.

    The same share of every digit is held out; which samples, and their order, depends on `rng` alone.

    Args:
        test_share: The part that is held out, between 0 and 1.
        rng: As for make_moons; the default is a fixed seed.

    Raises:
        ImportError: scikit-learn is not installed.
        ValueError: `test_share` is not between 0 and 1.

    Source: Alpaydin, Kaynak, "Optical recognition of handwritten digits", UCI repository (1998).

    >>> digits = load_digits()
    >>> len(digits.train_x), len(digits.test_x), len(digits.test_x[0])
    (1438, 359, 64)
    """
    share = as_finite(test_share, "load_digits: test_share")
    if not 0.0 < share < 1.0:
        raise ValueError(f"load_digits: test_share is {share}; it lies between 0 and 1, exclusive")
    source = as_generator(rng)
    bunch = import_extra("sklearn.datasets").load_digits()
    images: list[list[float]] = (bunch.data / 16.0).tolist()
    labels: list[int] = bunch.target.tolist()
    train: list[int] = []
    test: list[int] = []
    for digit in sorted(set(labels)):
        places = [i for i, label in enumerate(labels) if label == digit]
        source.shuffle(places)
        held_out = round(share * len(places))
        test += places[:held_out]
        train += places[held_out:]
    source.shuffle(train)
    source.shuffle(test)
    return Split(
        [images[i] for i in train], [labels[i] for i in train],
        [images[i] for i in test], [labels[i] for i in test],
    )  # fmt: skip


def minibatches(
    xs: Sequence[Any], ys: Sequence[Any], size: int, rng: Any = None
) -> Iterator[tuple[list[Any], list[Any]]]:
    """Each sample once, in random order, `size` at a time; the last batch may be smaller.

    Args:
        xs: Samples.
        ys: Their labels, as many.
        size: Samples in a batch.
        rng: As for make_moons.

    Raises:
        TypeError: `size` is not a whole number.
        ValueError: `size` is below 1, the lengths differ, or there are no samples.

    >>> [len(batch_x) for batch_x, batch_y in minibatches(range(10), range(10), 4, rng=0)]
    [4, 4, 2]
    """
    size = as_size(size, "minibatches: size")
    samples, labels = as_list(xs, "minibatches: xs"), as_list(ys, "minibatches: ys")
    require_as_many(samples, labels, "minibatches", ("samples", "labels"))
    order = list(range(len(samples)))
    as_generator(rng).shuffle(order)
    cuts = [order[i : i + size] for i in range(0, len(order), size)]
    return (([samples[i] for i in cut], [labels[i] for i in cut]) for cut in cuts)


def _evenly(n: int) -> list[float]:
    """`n` angles from 0 to π."""
    return [pi * i / max(n - 1, 1) for i in range(n)]
