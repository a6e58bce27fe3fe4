"""What a model asks for while it computes: masks for its dropout, rows of its tables, buffers that it sets.

A model is rehearsed once, and what it asked for is noted. In a recording it is handed these: Values, which are inputs.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from operator import is_not
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, no_grad
from nn.chance import Feed, fed_by
from nn.parts.walk import Structured, Walk

__all__ = ["Handing", "Lookup", "NotAsRehearsedError", "Wanted", "endless", "left_as_it_was", "rehearsed"]


class Lookup(NamedTuple):
    """A row of a table, looked up by one of the numbers of a sample.

    Attributes:
        table: Numbers of the weights, a row for each row of the table.
        place: Which of the numbers of the input it is.
    """

    table: Any
    place: int


class Wanted(NamedTuple):
    """What a model asks for while it computes.

    Attributes:
        draws: Of each call for masks how many, the share that is dropped, and their source.
        lookups: The rows that are looked up, in order.
        updates: Which buffers are set.
        handed: Of each look-up by a Value, in order, whether its row is an input.
    """

    draws: list[tuple[int, float, Any]]
    lookups: list[Lookup]
    updates: list[Value]
    handed: list[bool]

    @property
    def masks(self) -> int:
        """How many masks there are in all."""
        return sum(n for n, _, _ in self.draws)


class Rehearsal(Feed):
    """A feed that draws nothing and notes what is asked for.

    Args:
        source: Where masks will come from, for modules that have no source of their own.
        inputs: The Values that samples are made of.
        weights: By the identity of each weight, its number.
    """

    def __init__(self, source: Any, inputs: Sequence[Value], weights: dict[int, int]) -> None:
        super().__init__(source)
        self._places = {id(x): k for k, x in enumerate(inputs)}
        self._weights = weights
        self._tables: dict[int, Any] = {}
        self.wanted = Wanted([], [], [], [])

    def masks(self, n: int, p: float, own: Any) -> list[Any]:
        """Ones."""
        self.wanted.draws.append((n, p, self.source if own is None else own))
        return [1.0] * n

    def rows(self, table: Any, place: Any) -> Any:
        """A row of zeros, if it is looked up by a number of the sample in a table of weights."""
        if not isinstance(place, Value):
            return None
        if id(table) not in self._tables:
            self._tables[id(table)] = self._numbers(table)
        found, numbers = self._places.get(id(place)), self._tables[id(table)]
        self.wanted.handed.append(found is not None and numbers is not None)
        if found is None or numbers is None:
            return None
        self.wanted.lookups.append(Lookup(numbers, found))
        return [Value(0.0) for _ in range(numbers.shape[1])]

    def _numbers(self, table: Any) -> Any:
        """The numbers of the weights that a table consists of; None if it does not."""
        try:
            numbers = np.array([[self._weights[id(w)] for w in row] for row in table])
        except (KeyError, ValueError):
            return None
        return numbers if numbers.ndim == 2 and numbers.size else None

    def update(self, buffer: Value, x: Any) -> None:
        """Nothing."""
        self.wanted.updates.append(buffer)


class Handing(Feed):
    """A feed that hands out what there is: Values of a recording, or numbers that were drawn.

    Args:
        masks: All masks, in the order in which they are asked for.
        rows: All rows of tables, in one list.
        handed: Of each look-up by a Value whether its row is one of these.
        setting: Whether buffers are set, as they are eagerly; `put_back` has them be as before.
    """

    def __init__(
        self, masks: Any, rows: Sequence[Any] = (), handed: Sequence[bool] = (), setting: bool = False
    ) -> None:
        super().__init__()
        self._masks, self._rows, self._handed = iter(masks), iter(rows), iter(handed)
        self._setting, self._before = setting, list[tuple[Value, float]]()

    def masks(self, n: int, p: float, own: Any) -> list[Any]:
        """The next ones."""
        found = list(islice(self._masks, n))
        if len(found) < n:
            raise NotAsRehearsedError("it asks for more masks than it did before")
        return found

    def rows(self, table: Any, place: Any) -> Any:
        """The next ones."""
        if not isinstance(place, Value) or not next(self._handed, False):
            return None
        return list(islice(self._rows, len(table[0])))

    def update(self, buffer: Value, x: Any) -> None:
        """Noted, for who records."""
        self.updated.append((buffer, x))
        if self._setting:
            self._before.append((buffer, buffer.data))
            buffer.data = x.data if isinstance(x, Value) else x

    def put_back(self) -> None:
        """Have buffers be as they were before they were set."""
        while self._before:
            buffer, number = self._before.pop()
            buffer.data = number


@contextmanager
def left_as_it_was(model: Any) -> Iterator[None]:
    """Whatever a model keeps meanwhile (a hidden layer, for a loss), it keeps no longer.

    Values of a recording are of no use once that is over.
    """
    if not isinstance(model, Structured):
        yield
        return
    kept = [(vars(x) if isinstance(x, Structured) else x) for x in Walk(model).containers]
    before = [(x, x.copy()) for x in kept if isinstance(x, (dict, list))]
    try:
        yield
    finally:
        x: Any
        old: Any
        for x, old in before:
            if isinstance(x, dict) and (len(x) != len(old) or any(x[key] is not old.get(key, x) for key in x)):
                x.clear()
                x.update(old)
            elif isinstance(x, list) and (len(x) != len(old) or any(map(is_not, x, old))):
                x[:] = old


class NotAsRehearsedError(RuntimeError):
    """A model asks for other things than it did before."""


def rehearsed(run: Callable[[list[Value]], Any], size: int, numbers: Any, source: Any, weights: Any) -> Wanted:
    """What a model asks for while it computes, found by running it once without a graph.

    Args:
        run: Calls the model, on inputs.
        size: How many inputs.
        numbers: Theirs.
        source: Where masks come from by default.
        weights: By the identity of each weight, its number.
    """
    inputs = [Value(x) for x in numbers[:size]]
    feed = Rehearsal(source, inputs, weights)
    with no_grad(), fed_by(feed):
        run(inputs)
    return feed.wanted


def endless(number: float) -> Iterator[float]:
    """The same number, without end: masks for who does not care.

    >>> next(endless(1.0))
    1.0
    """
    while True:
        yield number
