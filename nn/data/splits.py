"""Samples parted: some to train on, some to judge by while training, some held out to the end."""

from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

from nn.chance import as_generator
from nn.checks import as_finite, as_list, as_size, is_whole, require_as_many

__all__ = ["Parts", "Split", "held_out", "split"]


class Split(NamedTuple):
    """Samples to train on and samples held out, with their labels. Its repr says how many.

    >>> Split([[0.0]], [1], [[0.5]], [0]).test_y
    [0]
    """

    train_x: list[list[float]]
    train_y: list[Any]
    test_x: list[list[float]]
    test_y: list[Any]

    @property
    def train(self) -> tuple[list[list[float]], list[Any]]:
        """The samples to train on, and their labels."""
        return self.train_x, self.train_y

    @property
    def test(self) -> tuple[list[list[float]], list[Any]]:
        """The samples held out, and their labels."""
        return self.test_x, self.test_y

    def __repr__(self) -> str:
        return f"Split of {len(self.train_x):,} samples to train on, {len(self.test_x):,} held out"


class Parts(NamedTuple):
    """Three parts of some data, each as samples and their labels, or as samples alone where there were no labels.

    >>> Parts(([[0.0]], [1]), ([], []), ([[0.5]], [0])).test
    ([[0.5]], [0])
    """

    train: Any
    validation: Any
    test: Any

    def __repr__(self) -> str:
        counts = [len(part[0]) if isinstance(part, tuple) and len(part) == 2 else len(part) for part in self]
        return "Parts of {:,} samples to train on, {:,} to validate by, {:,} held out".format(*counts)


def split(
    xs: Any,
    ys: Any = None,
    *,
    validation: float = 0.0,
    test: float = 0.2,
    stratified: bool = False,
    rng: Any = None,
) -> Parts:
    """Samples to train on, samples to validate by and samples held out, each once, in random order.

    Args:
        xs: Samples: a list, an array, a DataFrame, whose rows they are.
        ys: Their labels, as many; None if there are none.
        validation: The share for validation, from 0 to below 1; or their number, an int.
        test: The share that is held out, or their number, likewise.
        stratified: Whether each class has the same share of every part, to one sample. Every class keeps a sample at
            least to train on.
        rng: None for Python's global generator, an int seed, a `random.Random` or a `numpy.random.Generator`.

    Returns:
        The parts `train`, `validation` and `test`, each `(samples, labels)`, or a list of samples if `ys` is None. A
        part of share 0 is empty.

    Raises:
        TypeError: a share is no number, or what should be parted by class has no labels.
        ValueError: the lengths differ, there are no samples, a share is negative or 1 and more, or nothing would be
            left to train on.

    >>> train, validation, test = split(range(10), [i % 2 for i in range(10)], validation=2, test=0.2, rng=1)
    >>> train
    ([0, 2, 1, 4, 5, 3], [0, 0, 1, 0, 1, 1])
    >>> len(validation[0]), len(test[0])
    (2, 2)
    >>> split("anna bob carla dave eva".split(), test=0.4, rng=1).test
    ['carla', 'dave']
    """
    samples = as_list(xs, "split: xs")
    labels = None if ys is None else as_list(ys, "split: ys")
    if labels is None and stratified:
        raise TypeError("split: stratified=True needs labels: give ys")
    require_as_many(samples, samples if labels is None else labels, "split", ("samples", "labels"))
    sizes = [_size(test, len(samples), "test"), _size(validation, len(samples), "validation")]
    if sum(sizes) >= len(samples):
        raise ValueError(
            f"split: {sizes[1]} for validation and {sizes[0]} held out of {len(samples)} samples leave none to train on"
        )
    kinds = labels if stratified and labels is not None else [0] * len(samples)
    tested, validated, trained = held_out(kinds, sizes, as_generator(rng))

    def part(places: list[int]) -> Any:
        chosen = [samples[i] for i in places]
        return chosen if labels is None else (chosen, [labels[i] for i in places])

    return Parts(part(trained), part(validated), part(tested))


def held_out(kinds: Sequence[Any], sizes: Sequence[int], source: Random) -> list[list[int]]:
    """Places, in random order, in parts of such sizes and a last one of the rest, to each kind its share of each part.

    A kind has of a part what its share comes to, rounded down, and those with the largest remainders have one more. At
    least one place of every kind is in the last part, so that a part may be smaller than was asked for.

    >>> held_out("aaaabb", [3], Random(1))
    [[3, 4, 0], [5, 1, 2]]
    """
    places: dict[Any, list[int]] = {}
    for i, kind in enumerate(kinds):
        places.setdefault(kind, []).append(i)
    order = _in_order(list(places))
    for kind in order:
        source.shuffle(places[kind])
    parts: list[list[int]] = []
    total = len(kinds)
    for size in sizes:
        free = {kind: len(places[kind]) - 1 for kind in order}
        count = {kind: min(free[kind], size * len(places[kind]) // total) for kind in order}
        by_remainder = sorted(order, key=lambda kind: -(size * len(places[kind]) % total))  # a tie: the earlier kind
        for kind in by_remainder[: size - sum(count.values())]:
            count[kind] = min(free[kind], count[kind] + 1)
        parts.append([i for kind in order for i in places[kind][: count[kind]]])
        for kind in order:
            del places[kind][: count[kind]]
        total -= len(parts[-1])
    parts.append([i for kind in order for i in places[kind]])
    for part in reversed(parts):
        source.shuffle(part)
    return parts


def _in_order(kinds: list[Any]) -> list[Any]:
    """Kinds sorted, or as they came where they cannot be."""
    try:
        return sorted(kinds)
    except TypeError:
        return kinds


def _size(share: Any, n: int, what: str) -> int:
    """How many of n samples a share, or a number of them, is."""
    if is_whole(share):
        return as_size(share, f"split: {what}", least=0)
    part = as_finite(share, f"split: {what}")
    if not 0.0 <= part < 1.0:
        raise ValueError(f"split: {what} is {part}; a share lies from 0 to below 1, and a number of samples is an int")
    return round(part * n)
