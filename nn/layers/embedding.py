"""Embedding: a row of numbers for each of some things, found by its number."""

import operator
from typing import Any

from autograd import Value, dot, equal, where
from autograd import sum as add_up
from autograd.border.wording import brief
from nn.chance import as_generator, rows
from nn.checks import as_size, is_whole
from nn.layers.signals import each_of, in_our_words
from nn.modules.module import Module

__all__ = ["Embedding"]


class Embedding(Module):
    """A table with a row of parameters for each of `count` things; called on a number, it gives the row.

    Numbers are drawn from the standard normal distribution, row by row.

    Args:
        count: How many things there are.
        size: How many numbers a row has.
        rng: As for Neuron.

    Attributes:
        table: The rows, lists of Values.

    Raises:
        TypeError: a size is not a whole number.
        ValueError: a size is below 1.

    Cost: none for a whole number. For a Value, `count` nodes and two more, and one for each number of a row.

    >>> embedding = Embedding(3, 2, rng=1)
    >>> embedding
    Embedding(3, 2)
    >>> embedding(2)[0] is embedding.table[2][0], len(embedding([0, 1, 1]))
    (True, 3)
    >>> [x.data for x in embedding(Value(2.0))] == [x.data for x in embedding.table[2]]
    True
    """

    @in_our_words
    def __init__(self, count: int, size: int, *, rng: Any = None) -> None:
        draw = as_generator(rng).gauss
        n, each = as_size(count, "Embedding: count"), range(as_size(size, "Embedding: size"))
        self.table = [[Value(draw(0.0, 1.0)) for _ in each] for _ in range(n)]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.table)

    @property
    def size(self) -> int:
        """How many numbers a row has."""
        return len(self.table[0])

    def __call__(self, x: Any) -> Any:
        """The row of a number, a list of Values; for a list of numbers, a list of rows; and so on.

        Args:
            x: A whole number, from Python or NumPy; a Value that is one; lists and arrays of these.

        Raises:
            TypeError: it is no whole number.
            ValueError: it is out of range. A Value that is gives rows of nan.
        """
        if hasattr(x, "__len__") and not isinstance(x, (str, bytes)) and getattr(x, "shape", None) != ():
            return each_of(self, x.tolist() if hasattr(x, "tolist") else list(x))
        found = rows(self.table, x)
        if found is not None:
            return list(found)
        return self.chosen(x) if isinstance(x, Value) else list(self.table[self.place(x)])

    def place(self, x: Any) -> int:
        """The number of a row.

        >>> Embedding(3, 1).place(3)
        Traceback (most recent call last):
        ValueError: Embedding of 3 rows has none numbered 3: give 0 to 2
        """
        if not is_whole(x):
            whole = isinstance(x, float) and x.is_integer()
            raise TypeError(
                f"Embedding: expected a whole number, got {type(x).__name__} {brief(x)}{': write int(x)' * whole}"
            )
        place = operator.index(x)
        if not 0 <= place < len(self.table):
            raise ValueError(
                f"Embedding of {len(self.table)} rows has none numbered {place}: give 0 to {len(self.table) - 1}"
            )
        return place

    def chosen(self, x: Value) -> list[Any]:
        """The row of a Value that is a whole number: the sum of all rows, of which one counts.

        >>> [x.data for x in Embedding(2, 1).chosen(Value(2.0))]
        [nan]
        """
        counts = [equal(x, float(k)) for k in range(len(self.table))]
        start = where(add_up(counts), 0.0, float("nan"))
        return [dot(counts, list(column), start) for column in zip(*self.table, strict=True)]

    def __repr__(self) -> str:
        return f"Embedding({self.count}, {self.size})"
