"""A model and its loss, recorded: programs of weights, samples and labels that give a loss and its gradient.

In `RowsProgram` a sample is recorded, and the batch are its rows: for losses that are sums over samples. In
`BatchProgram` a whole batch is recorded, with whatever the loss does with it. Masks (dropout) and rows of tables
(embedding) are inputs too, drawn and gathered at every call; running numbers (batch norm) are results.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from operator import is_not
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, compile, no_grad, values_to_vector
from nn.chance import Feed, NumPySource, draw_masks, fed_by
from nn.parts.walk import Structured, Walk
from nn.training.samples import like, listed

__all__ = ["BatchProgram", "Found", "RowsProgram", "Wanted", "rehearsed"]

MAX_PATHS = 64
"""More ways through a model, and it is not worth recording each."""


class Found(NamedTuple):
    """What a program gives for a batch.

    Attributes:
        total, weight: The loss is one divided by the other.
        gradient: Of the total, by the weights; None if it was not asked for.
        scores: An array of what the model gave, a row for each sample; None if they differ in shape.
    """

    total: float
    weight: float
    gradient: Any
    scores: Any


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

    @property
    def gathered(self) -> int:
        """How many numbers are looked up in all."""
        return sum(lookup.table.shape[1] for lookup in self.lookups)


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
        self.wanted = Wanted([], [], [], [])

    def masks(self, n: int, p: float, own: Any) -> list[Any]:
        """Ones."""
        self.wanted.draws.append((n, p, self.source if own is None else own))
        return [1.0] * n

    def rows(self, table: Any, place: Any) -> Any:
        """A row of zeros, if it is looked up by a number of the sample in a table of weights."""
        if not isinstance(place, Value):
            return None
        found, numbers = self._places.get(id(place)), self._numbers(table)
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
    """

    def __init__(self, masks: list[Any], rows: Sequence[Any] = (), handed: Sequence[bool] = ()) -> None:
        super().__init__()
        self._masks, self._rows, self._handed = iter(masks), iter(rows), iter(handed)

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


class Program:
    """What both programs have in common: their inputs besides weights, samples and labels.

    Args:
        wanted: What the model asks for.
        weights: All of them, in order.
    """

    def __init__(self, wanted: Wanted, weights: Sequence[Value]) -> None:
        self.wanted, self.weights = wanted, weights
        self.updates: list[Value] = []
        self.shape: tuple[int, ...] | None = ()

    def drawn(self, rows: int) -> Any:
        """Masks for so many rows, drawn in the order in which the eager engine asks for them."""
        draws = self.wanted.draws
        if len({id(source) for _, _, source in draws}) > 1 or any(p >= 1.0 for _, p, _ in draws):
            return np.array([[m for n, p, source in draws for m in draw_masks(source, n, p)] for _ in range(rows)])
        source, dropped = draws[0][2], np.concatenate([np.full(n, p) for n, p, _ in draws])
        count = rows * len(dropped)
        if isinstance(source, NumPySource):
            drawn = source.generator.random(count)
        else:
            draw = source.random
            drawn = np.array([draw() for _ in range(count)])
        return np.where(drawn.reshape(rows, -1) >= dropped, 1.0 / (1.0 - dropped), 0.0)

    def extras(self, theta: Any, inputs: Any, masks: Any) -> list[Any]:
        """The further arguments of the compiled function: masks, and rows of tables."""
        found = [] if masks is None else [masks]
        if self.wanted.lookups:
            parts = []
            for table, place in self.wanted.lookups:
                numbers = inputs[..., place].astype(int)
                self.require_in_range(numbers, inputs[..., place], len(table))
                parts.append(theta[table[numbers]])
            found.append(np.concatenate(parts, axis=-1))
        return found

    def require_in_range(self, numbers: Any, given: Any, count: int) -> None:
        """Refuse numbers that are no row of a table.

        Raises:
            IndexError: one is none.
        """
        wrong = (numbers != given) | (numbers < 0) | (numbers >= count)
        if wrong.any():
            bad = np.asarray(given)[wrong].ravel()[0]
            raise IndexError(f"embedding: {bad:g} is the number of no row; there are {count} (0 to {count - 1})")

    def scatter(self, gradient: Any, slopes: Any, inputs: Any) -> None:
        """Add the slopes by looked-up rows to those of the weights that they are."""
        at = 0
        for table, place in self.wanted.lookups:
            numbers, size = table[inputs[..., place].astype(int)], table.shape[1]
            np.add.at(gradient, numbers.ravel(), slopes[..., at : at + size].ravel())
            at += size

    def shaped(self, output: Any) -> list[Any]:
        """The numbers of what a model gave, its shape being noted."""
        array = object_array(listed(output))
        self.shape = array.shape
        return array.ravel().tolist()  # type: ignore[no-any-return]


def object_array(x: Any) -> Any:
    """Nested lists as an array of objects."""
    shape = []
    part = x
    while isinstance(part, list):
        shape.append(len(part))
        part = part[0] if part else None
    array = np.empty(tuple(shape), dtype=object)
    if shape:
        flat, rest = array.reshape(-1), [x]
        for _ in shape:
            rest = [item for items in rest for item in items]
        flat[:] = rest
    else:
        array[()] = x
    return array


class RowsProgram(Program):
    """A sample is recorded; the batch are its rows.

    Args:
        model: Maps a sample to its score.
        terms: Of a score and its label: a sum and a weight, see `nn.losses.loss`.
        sample, label: One of each, for their structure.
        wanted, weights: As for Program.
        threads: Over how many threads a batch is spread.
    """

    def __init__(
        self, model: Any, terms: Any, sample: Any, label: Any, wanted: Wanted, weights: Any, threads: int | None
    ) -> None:
        super().__init__(wanted, weights)
        with_masks, with_rows = bool(wanted.masks), bool(wanted.lookups)

        def output_of(given: Any, more: Any) -> Any:
            rest = list(more)
            masks = rest.pop(0).tolist() if with_masks else []
            rows = rest.pop(0).tolist() if with_rows else []
            with fed_by(Handing(masks, rows, wanted.handed)):
                return model(given)

        def loss_of_a_sample(x: Any, y: Any, *more: Any) -> Any:
            with left_as_it_was(model):
                output = output_of(like(sample, x), more)
                total, weight = terms(output, like(label, y))
            return total, [weight, np.array(self.shaped(output), dtype=object)]

        loss_of_a_sample.__name__ = getattr(model, "__name__", type(model).__name__)

        def scores_of_a_sample(x: Any, *more: Any) -> Any:
            with left_as_it_was(model):
                return np.array(self.shaped(output_of(like(sample, x), more)), dtype=object)

        scores_of_a_sample.__name__ = getattr(model, "__name__", type(model).__name__)
        options: dict[str, Any] = {"in_axes": 0, "threads": threads, "max_paths": MAX_PATHS, "weights": weights}
        self.fast: Any = compile(loss_of_a_sample, reduce="sum", **options)
        self.alone: Any = compile(scores_of_a_sample, **options)
        self.output = output_of

    def scores(self, theta: Any, x: Any) -> Any:
        """The scores of some samples, in an array with a row for each."""
        n = len(x)
        masks = self.drawn(n) if self.wanted.masks else None
        return self.as_scores(self.alone(theta, x, *self.extras(theta, x.reshape(n, -1), masks)), n)

    def __call__(self, theta: Any, x: Any, y: Any, masks: Any = None) -> Found:
        """The loss of some samples."""
        n = len(x)
        flat = x.reshape(n, -1)
        if self.wanted.masks and masks is None:
            masks = self.drawn(n)
        more = self.extras(theta, flat, masks if self.wanted.masks else None)
        if self.wanted.lookups:
            last = 2 + len(more)
            (total, (weight, scores)), (gradient, by_rows) = self.fast.value_and_grad(
                theta, x, y, *more, argnums=(0, last), has_aux=True
            )
            self.scatter(gradient, by_rows, flat)
        else:
            (total, (weight, scores)), gradient = self.fast.value_and_grad(theta, x, y, *more, has_aux=True)
        return Found(float(total), float(weight.sum()), gradient, self.as_scores(scores, n))

    def as_scores(self, scores: Any, n: int) -> Any:
        """The scores of n samples, in an array with a row for each."""
        return scores.reshape(n, *(self.shape or ()))


class BatchProgram(Program):
    """A whole batch is recorded.

    Args:
        model: Maps a sample to its score; or all samples to all scores, with `whole`.
        loss: Maps scores and labels of a batch to a Value.
        samples, labels: Those of a batch, for their structure.
        whole: Whether the model is called on the batch.
        wanted, weights, threads: As for RowsProgram.
    """

    def __init__(
        self,
        model: Any,
        loss: Any,
        samples: list[Any],
        labels: list[Any],
        whole: bool,
        wanted: Wanted,
        weights: Any,
        threads: int | None,
    ) -> None:
        super().__init__(wanted, weights)
        self.n = len(samples)
        with_masks, with_rows = bool(wanted.masks), bool(wanted.lookups)

        def loss_of_a_batch(x: Any, y: Any, *more: Any) -> Any:
            rest = list(more)
            masks = rest.pop(0).tolist() if with_masks else []
            rows = rest.pop(0).tolist() if with_rows else []
            given = cut(x, samples)
            feed = Handing(masks, rows, wanted.handed)
            with fed_by(feed), left_as_it_was(model):
                outputs = listed(model(given)) if whole else [model(s) for s in given]
                total = loss(outputs, cut(y, labels))
            self.updates = [buffer for buffer, _ in feed.updated]
            scores = [listed(output) for output in outputs]
            shapes = {object_array(s).shape for s in scores}
            self.shape = shapes.pop() if len(shapes) == 1 else None
            flat = [number for s in scores for number in object_array(s).ravel().tolist()]
            return total, [np.array(flat, dtype=object), np.array([v for _, v in feed.updated] or [0.0], dtype=object)]

        loss_of_a_batch.__name__ = getattr(model, "__name__", type(model).__name__)
        self.fast: Any = compile(loss_of_a_batch, threads=threads, max_paths=MAX_PATHS, weights=weights)

    def __call__(self, theta: Any, x: Any, y: Any, masks: Any = None) -> Found:
        """The loss of a batch: its samples and labels in one row of numbers each."""
        if self.wanted.masks and masks is None:
            masks = self.drawn(1)[0]
        more = self.extras(theta, x, masks if self.wanted.masks else None)
        if self.wanted.lookups:
            (total, (scores, kept)), (gradient, by_rows) = self.fast.value_and_grad(
                theta, x, y, *more, argnums=(0, 2 + len(more)), has_aux=True
            )
            self.scatter(gradient, by_rows, x)
        else:
            (total, (scores, kept)), gradient = self.fast.value_and_grad(theta, x, y, *more, has_aux=True)
        for buffer, number in zip(self.updates, kept.tolist(), strict=False):
            buffer.data = number
        rows = None if self.shape is None else scores.reshape(self.n, *self.shape)
        return Found(float(total), 1.0, gradient, rows)


def cut(numbers: Any, things: list[Any]) -> list[Any]:
    """A row of numbers in the structure of some samples or labels, one after the other."""
    found, at = [], 0
    for thing in things:
        shape = np.shape(thing)
        size = int(np.prod(shape))
        part = numbers[at : at + size]
        found.append(like(thing, part.reshape(shape)) if shape else part[0])
        at += size
    return found


def numbers_of(weights: Sequence[Value]) -> Any:
    """The numbers of weights, in a vector."""
    return values_to_vector(list(weights))
