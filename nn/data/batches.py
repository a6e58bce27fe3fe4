"""Samples cut into mini-batches: as they come, or sequences with others of their length."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from autograd.border.wording import brief
from nn.chance import as_generator
from nn.checks import as_list, as_size, require_as_many

__all__ = ["Batches", "buckets", "minibatches"]


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
    samples, labels, size = _pairs(xs, ys, size, "minibatches")
    return _drawn(samples, labels, _cuts(len(samples), size, as_generator(rng)))


def buckets(
    xs: Sequence[Any], ys: Sequence[Any], size: int, rng: Any = None, *, width: int = 1
) -> Iterator[tuple[list[Any], list[Any]]]:
    """Each sequence once, `size` at a time with others of its length: batches in random order, and in each of them too.

    Args:
        xs: Sequences of any lengths.
        ys: Their labels or targets, as many.
        size: Sequences in a batch; there is a smaller one of each length.
        rng: As for make_moons.
        width: How many lengths share a bucket: with 4, those from 1 to 4, from 5 to 8, and so on.

    Raises:
        TypeError: a sequence has no length, or a size is not a whole number.
        ValueError: a size is below 1, the lengths of `xs` and `ys` differ, or there are no sequences.

    >>> names = ["ann", "bob", "carla", "dan", "ellen"]
    >>> sorted(sorted(batch) for batch, places in buckets(names, range(5), 2, rng=1))
    [['ann', 'dan'], ['bob'], ['carla', 'ellen']]
    """
    samples, labels, size = _pairs(xs, ys, size, "buckets")
    width = as_size(width, "buckets: width")
    return _drawn(samples, labels, _cuts_by_length(_lengths(samples, "buckets"), size, width, as_generator(rng)))


class Batches:
    """Batches to be gone through any number of times, in another order each time: what `fit` takes as data.

    Args:
        xs: Samples.
        ys: Their labels, as many.
        size: Samples in a batch; where it is more than there are, a batch is all of them.
        rng: As for make_moons.
        by_length: Whether samples are sequences that meet only those of their length in a batch: see `buckets`.

    Attributes:
        source: Where the order comes from.

    Raises:
        TypeError: `size` is not a whole number, or a sequence has no length.
        ValueError: `size` is below 1, the lengths differ, or there are no samples.

    >>> batches = Batches(range(10), range(10), 4, rng=0)
    >>> len(batches), [len(batch_x) for batch_x, batch_y in batches]
    (3, [4, 4, 2])
    >>> list(batches) != list(batches)
    True
    """

    def __init__(
        self, xs: Sequence[Any], ys: Sequence[Any], size: int, rng: Any = None, *, by_length: bool = False
    ) -> None:
        self.xs, self.ys, self.size = _pairs(xs, ys, size, "Batches")
        self.source = as_generator(rng)
        self.by_length = by_length
        self._lengths = _lengths(self.xs, "Batches") if by_length else []

    def __iter__(self) -> Iterator[tuple[list[Any], list[Any]]]:
        if self.by_length:
            return _drawn(self.xs, self.ys, _cuts_by_length(self._lengths, self.size, 1, self.source))
        return _drawn(self.xs, self.ys, _cuts(len(self.xs), self.size, self.source))

    def __len__(self) -> int:
        if not self.by_length:
            return -(-len(self.xs) // self.size)
        return sum(-(-self._lengths.count(length) // self.size) for length in set(self._lengths))

    def __repr__(self) -> str:
        kind = " by length" if self.by_length else ""
        return f"Batches of {self.size}{kind} from {len(self.xs)} samples"


def _pairs(xs: Any, ys: Any, size: Any, what: str) -> tuple[list[Any], list[Any], int]:
    """Samples, labels and a size, looked at."""
    size = as_size(size, f"{what}: size")
    samples, labels = as_list(xs, f"{what}: xs"), as_list(ys, f"{what}: ys")
    require_as_many(samples, labels, what, ("samples", "labels"))
    return samples, labels, size


def _drawn(samples: list[Any], labels: list[Any], cuts: list[list[int]]) -> Iterator[tuple[list[Any], list[Any]]]:
    """The batches of such places."""
    return (([samples[i] for i in cut], [labels[i] for i in cut]) for cut in cuts)


def _cuts(n: int, size: int, source: Random) -> list[list[int]]:
    """The places from 0 to n in random order, so many at a time."""
    order = list(range(n))
    source.shuffle(order)
    return [order[i : i + size] for i in range(0, n, size)]


def _cuts_by_length(lengths: list[int], size: int, width: int, source: Random) -> list[list[int]]:
    """Places in random order, cut so that lengths in a cut are of one bucket, and the cuts in random order."""
    order = list(range(len(lengths)))
    source.shuffle(order)
    groups: dict[int, list[int]] = {}
    for i in order:
        groups.setdefault(max(lengths[i] - 1, 0) // width, []).append(i)
    cuts = [group[i : i + size] for group in groups.values() for i in range(0, len(group), size)]
    source.shuffle(cuts)
    return cuts


def _lengths(samples: list[Any], what: str) -> list[int]:
    """The length of each sequence."""
    measure: Callable[[Any], int] = len
    try:
        return list(map(measure, samples))
    except TypeError:
        i, x = next(
            (i, x) for i, x in enumerate(samples) if getattr(x, "shape", None) == () or not hasattr(x, "__len__")
        )
        raise TypeError(f"{what}: sample {i} is {type(x).__name__} {brief(x)}, no sequence") from None
