"""Handwritten digits, some of them held out."""

from typing import Any, NamedTuple

from nn.checks import as_finite, as_generator, import_extra

__all__ = ["Split", "load_digits"]


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
