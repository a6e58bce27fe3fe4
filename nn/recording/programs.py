"""Programs: a sample, or a whole batch, recorded with its loss; they give a loss and its gradient by the weights.

Masks and rows of tables are inputs, drawn and gathered at every call; what buffers are set to is a result.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, compile, dot
from nn.chance import NumPySource, draw_masks, fed_by
from nn.recording.feeding import Handing, Wanted, left_as_it_was
from nn.recording.samples import like, listed

__all__ = ["BatchProgram", "Found", "RowsProgram", "ScoresProgram", "cut"]

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
        self.tables = [  # with where they are looked into, one after the other
            (run[0].table, [lookup.place for lookup in run])
            for run in (list(run) for _, run in groupby(wanted.lookups, lambda lookup: id(lookup.table)))
        ]

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
        if self.tables:
            parts = [theta[numbers].reshape(*numbers.shape[:-2], -1) for numbers in self._looked_up(inputs)]
            found.append(parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1))
        return found

    def _looked_up(self, inputs: Any) -> list[Any]:
        """The numbers of the weights that are looked up, table by table: (..., look-ups, numbers of a row)."""
        found = []
        for table, places in self.tables:
            given = inputs[..., places]
            numbers = given.astype(int)
            self.require_in_range(numbers, given, len(table))
            found.append(table[numbers])
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
        for numbers in self._looked_up(inputs):
            size = numbers.shape[-2] * numbers.shape[-1]
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
        self.single: Any = compile(loss_of_a_sample, **{**options, "in_axes": None})
        self.alone: Any = compile(scores_of_a_sample, **options)
        self.output = output_of

    def scores(self, theta: Any, x: Any) -> Any:
        """The scores of some samples, in an array with a row for each."""
        n = len(x)
        masks = self.drawn(n) if self.wanted.masks else None
        return self.as_scores(self.alone(theta, x, *self.extras(theta, x.reshape(n, -1), masks)), n)

    def __call__(self, theta: Any, x: Any, y: Any, masks: Any = None, alone: bool = False) -> Found:
        """The loss of some samples; of a single one, with `alone`, by its tape, not as a row of many."""
        n = len(x)
        flat = x.reshape(n, -1)
        if self.wanted.masks and masks is None:
            masks = self.drawn(n)
        arguments = [x, y, *self.extras(theta, flat, masks if self.wanted.masks else None)]
        function = self.fast
        if alone:
            function, arguments = self.single, [each[0] for each in arguments]
        if self.wanted.lookups:
            (total, (weight, scores)), (gradient, by_rows) = function.value_and_grad(
                theta, *arguments, argnums=(0, len(arguments)), has_aux=True
            )
            self.scatter(gradient, by_rows.reshape(n, -1), flat)
        else:
            (total, (weight, scores)), gradient = function.value_and_grad(theta, *arguments, has_aux=True)
        return Found(float(total), float(np.sum(weight)), gradient, self.as_scores(scores, n))

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


class ScoresProgram:
    """A sample's scores, recorded; and their gradient, each times the slope of a loss that is not.

    Args:
        model, sample, wanted, weights, threads: As for `RowsProgram`.
    """

    def __init__(self, model: Any, sample: Any, wanted: Wanted, weights: Any, threads: int | None) -> None:
        self.rows = rows = RowsProgram(model, lambda output, y: (0.0, 0.0), sample, 0.0, wanted, weights, threads)
        self.wanted = wanted

        def scores(x: Any, *more: Any) -> Any:
            with left_as_it_was(model):
                found = rows.output(like(sample, x), more)
            return np.array(rows.shaped(found), dtype=object)

        def weighted(x: Any, slopes: Any, *more: Any) -> Any:
            return dot(slopes.tolist(), scores(x, *more).tolist())

        scores.__name__ = weighted.__name__ = getattr(model, "__name__", type(model).__name__)
        options: dict[str, Any] = {"in_axes": 0, "threads": threads, "weights": weights}
        self._scores: Any = compile(scores, **options)
        self._weighted: Any = compile(weighted, reduce="sum", **options)

    def drawn(self, rows: int) -> Any:
        """Masks for so many rows."""
        return self.rows.drawn(rows)

    def forward(self, theta: Any, x: Any, masks: Any) -> tuple[list[Any], Any]:
        """The further arguments, and the scores in an array, a row of them for each sample."""
        flat = x.reshape(len(x), -1)
        if self.wanted.masks and masks is None:
            masks = self.drawn(len(x))
        more = self.rows.extras(theta, flat, masks if self.wanted.masks else None)
        return more, self._scores(theta, x, *more)

    def leaves(self, scores: Any) -> tuple[list[Value], list[Any]]:
        """Scores as leaves, in one list, and as the model gives them."""
        leaves = list(map(Value, scores.ravel().tolist()))
        array = np.empty(len(leaves), dtype=object)
        array[:] = leaves
        return leaves, self.rows.as_scores(array, len(scores)).tolist()

    def backward(self, theta: Any, x: Any, more: list[Any], slopes: Any) -> Any:
        """The gradient by the weights, of slopes by the scores."""
        used = slopes.any(axis=1)
        gradient = np.zeros(len(theta))
        if not used.any():
            return gradient
        if not used.all():  # a sample that the loss does not depend on sends nothing back, not even 0 times infinity
            x, slopes, more = x[used], slopes[used], [part[used] for part in more]
        if self.wanted.lookups:
            gradient, by_rows = self._weighted.grad(theta, x, slopes, *more, argnums=(0, 2 + len(more)))
            self.rows.scatter(gradient, by_rows, x.reshape(len(x), -1))
        else:
            gradient = self._weighted.grad(theta, x, slopes, *more)
        return gradient
