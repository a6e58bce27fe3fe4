"""Samples cut into mini-batches."""

from collections.abc import Iterator, Sequence
from typing import Any

from nn.checks import as_generator, as_list, as_size, require_as_many

__all__ = ["minibatches"]


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
