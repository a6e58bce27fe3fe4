"""The ways to a loss and its gradient that record: by rows, by whole batches, by scores."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd import Value, topological_order, values_to_vector, vector_to_values
from autograd import sum as add_up
from nn.chance import fed_by
from nn.checks import number_of
from nn.losses.loss import parts_of
from nn.recording.feeding import Handing, endless
from nn.recording.programs import BatchProgram, Found, RowsProgram, ScoresProgram
from nn.recording.task import Task, Unfit, flattened, relinked

__all__ = ["Batch", "Outcome", "Rows", "Sample", "Scores", "Way", "summed_up"]

MOST_EDGES = 2_000_000
"""Larger batches are not recorded whole: that would take many seconds."""

MOST_PROGRAMS = 128
"""So many shapes of samples, or of batches, are recorded at the most."""


class Outcome(NamedTuple):
    """What came of a step's way forward and back.

    Attributes:
        loss: Its number.
        gradient: By the parameters, a vector in their order.
        scores: An array with a row for each sample; a list where they differ in shape.
    """

    loss: float
    gradient: Any
    scores: Any


class Way:
    """A way, with the programs that it has recorded so far.

    Args:
        task: What is to be computed.
        threads: Over how many threads a batch is spread.
    """

    name = ""

    def __init__(self, task: Task, threads: int | None) -> None:
        self.task, self.threads = task, threads
        self.programs: dict[Any, Any] = {}

    def __call__(self, theta: Any, batch: Sequence[int], masks: Any = None) -> Outcome:
        """The loss of some samples and its gradient, at these numbers of the parameters.

        Args:
            theta: The numbers.
            batch: Which samples.
            masks: See `masks`; None has them drawn.

        Raises:
            Unfit: the way does not lead there.
        """
        raise NotImplementedError

    def masks(self, batch: Sequence[int]) -> Any:
        """Masks for a batch, in a list of rows, drawn as the eager engine draws them; None if there are none."""
        programs = [self.program([i]) for i in batch]
        if not any(program.wanted.masks for program in programs):
            return None
        return [program.drawn(1)[0] if program.wanted.masks else np.empty(0) for program in programs]

    def program(self, batch: Sequence[int]) -> Any:
        """The program for samples of these shapes, recorded when first needed.

        Raises:
            Unfit: there would be too many.
        """
        key = self.key(batch)
        found = self.programs.get(key)
        if found is None:
            if len(self.programs) >= MOST_PROGRAMS:
                raise Unfit(f"there are more than {MOST_PROGRAMS} shapes of samples")
            found = self.programs[key] = self.made(batch)
        return found

    def key(self, batch: Sequence[int]) -> Any:
        """What tells programs apart."""
        return self.task.samples.shape_of(batch[0]), self.task.labels.shape_of(batch[0])

    def made(self, batch: Sequence[int]) -> Any:
        """A new program."""
        raise NotImplementedError


class Rows(Way):
    """A sample is recorded, with its share of the loss: the batch are rows of numbers.

    For losses that are sums over samples. Samples of several shapes are taken shape by shape.
    """

    name = "rows"
    alone = False

    def __init__(self, task: Task, threads: int | None) -> None:
        super().__init__(task, threads)
        self.parts: Any = parts_of(task.loss)

    def made(self, batch: Sequence[int]) -> RowsProgram:
        """A program of one sample."""
        task, first = self.task, batch[0]
        wanted = task.wanted([first])
        return RowsProgram(
            task.model, self.parts.terms, task.samples[first], task.labels[first], wanted, task.parameters, self.threads
        )

    def __call__(self, theta: Any, batch: Sequence[int], masks: Any = None) -> Outcome:
        """As of `Way`."""
        total, weight, gradient, scores = self.summed(theta, batch, masks)
        if self.parts.mean:
            with np.errstate(all="ignore"):
                total, gradient = np.divide(total, weight), gradient / weight
        return Outcome(float(total), gradient, scores)

    def summed(self, theta: Any, batch: Sequence[int], masks: Any = None) -> Found:
        """The sum of the losses of some samples, what these weigh, and the gradient of the sum."""
        if self.task.samples.uniform and self.task.labels.uniform:
            rows = None if masks is None else np.stack(masks)
            return self.by(self.program(batch[:1]), theta, batch, rows)
        return Found(*self._by_shapes(theta, batch, masks))

    def by(self, program: RowsProgram, theta: Any, some: Sequence[int], masks: Any) -> Found:
        """What the program gives for samples of its shape."""
        xs, ys = self.task.samples.array(some), self.task.labels.array(some)
        return program(theta, xs, ys, masks, alone=self.alone and len(some) == 1)

    def _by_shapes(self, theta: Any, batch: Sequence[int], masks: Any) -> Any:
        """Sum, weight, gradient and scores of samples of several shapes."""
        programs = [self.program([i]) for i in batch]
        if masks is None and any(p.wanted.masks for p in programs):
            masks = self.masks(batch)
        groups: dict[int, list[int]] = {}
        for k, program in enumerate(programs):
            groups.setdefault(id(program), []).append(k)
        total, weight, gradient = 0.0, 0.0, None
        scores: list[Any] = [None] * len(batch)
        for places in groups.values():
            some, program = [batch[k] for k in places], programs[places[0]]
            rows = np.stack([masks[k] for k in places]) if masks is not None and program.wanted.masks else None
            found = self.by(program, theta, some, rows)
            total, weight = total + found.total, weight + found.weight
            gradient = found.gradient if gradient is None else gradient + found.gradient
            for k, row in zip(places, found.scores, strict=True):
                scores[k] = row
        return total, weight, gradient, np.array(scores) if len({s.shape for s in scores}) == 1 else scores


class Sample(Rows):
    """The same where batches are of one sample: its tape is run alone, which is three times as fast as a row of one."""

    name = "sample"
    alone = True


class Batch(Way):
    """A whole batch is recorded, whatever the loss does with it."""

    name = "batch"

    def key(self, batch: Sequence[int]) -> Any:
        """How many samples, and their shapes."""
        task = self.task
        if task.samples.uniform and task.labels.uniform:
            return len(batch), super().key(batch)
        return tuple([super(Batch, self).key([i]) for i in batch])

    def made(self, batch: Sequence[int]) -> BatchProgram:
        """A program of the batch.

        Raises:
            Unfit: it would be too long.
        """
        task = self.task
        with fed_by(Handing(endless(1.0))):
            edges = sum(len(node.operands) for node in topological_order(task.objective(batch)[0]))
        if edges > MOST_EDGES:
            raise Unfit(f"the loss is no sum over samples, and with {edges:,} operands too long to be recorded")
        return BatchProgram(
            task.model, task.loss, task.samples.some(batch), task.labels.some(batch), task.whole, task.wanted(batch),
            task.parameters, self.threads,
        )  # fmt: skip

    def masks(self, batch: Sequence[int]) -> Any:
        """All masks of the batch, in one row."""
        program = self.program(batch)
        return [program.drawn(1)[0]] if program.wanted.masks else None

    def guards(self) -> int:
        """How many comparisons the longest program has."""
        return max((len(tape.guards) for p in self.programs.values() for tape in p.fast.tapes), default=0)

    def __call__(self, theta: Any, batch: Sequence[int], masks: Any = None) -> Outcome:
        """As of `Way`."""
        x, y = (
            things.array(batch).reshape(-1)
            if things.uniform
            else np.concatenate([things.array([i]).reshape(-1) for i in batch])
            for things in (self.task.samples, self.task.labels)
        )
        found = self.program(batch)(theta, x, y, None if masks is None else masks[0])
        return Outcome(found.total, found.gradient, found.scores)


class Scores(Way):
    """A sample's scores are recorded; the loss is made of them by the eager engine, and so may be any."""

    name = "scores"

    def made(self, batch: Sequence[int]) -> ScoresProgram:
        """A program of one sample."""
        task, first = self.task, batch[0]
        return ScoresProgram(task.model, task.samples[first], task.wanted([first]), task.parameters, self.threads)

    def key(self, batch: Sequence[int]) -> Any:
        """The shape of samples: labels are not recorded."""
        return self.task.samples.shape_of(batch[0])

    def require_scores_alone(self, batch: Sequence[int]) -> None:
        """Refuse a loss that uses more of the model's work than its scores.

        Raises:
            Unfit: it does.
        """
        task = self.task
        with fed_by(Handing(endless(1.0))):
            outputs = task.outputs(task.samples.some(batch))
            made = {id(v) for v in topological_order([v for v in flattened(outputs) if isinstance(v, Value)])}
            made -= task.numbers.keys()
            objective = task.loss_of(relinked(outputs), batch)
        if any(id(v) in made and (v.operands or v.is_constant) for v in topological_order(objective)):
            raise Unfit("the loss uses what the model computed on its way to the scores")

    def __call__(self, theta: Any, batch: Sequence[int], masks: Any = None) -> Outcome:
        """As of `Way`."""
        found = self._by(lambda outputs: (self.task.loss_of(outputs, batch), 1.0), theta, batch, masks)
        return Outcome(found.total, found.gradient, found.scores)

    def summed(self, theta: Any, batch: Sequence[int], masks: Any = None) -> Found:
        """As of `Rows`, for a loss that is a sum over samples."""
        return self._by(
            lambda outputs: summed_up(self.task.loss, outputs, self.task.labels.some(batch)), theta, batch, masks
        )

    def _by(self, loss: Callable[[list[Any]], Any], theta: Any, batch: Sequence[int], masks: Any) -> Found:
        """What comes of a loss, of the scores, and of its weight."""
        task = self.task
        if not task.samples.uniform:
            raise Unfit("samples differ in shape, and the loss is no sum over them")
        program = self.program(batch[:1])
        task.hold(theta)  # a penalty in the loss reads the Values
        vector_to_values(0.0, task.parameters, "grad")
        x = task.samples.array(batch)
        more, scores = program.forward(theta, x, None if masks is None else np.stack(masks))
        leaves, outputs = program.leaves(scores)
        total, weight = loss(outputs)
        if isinstance(total, Value):
            total.backward()
        gradient = values_to_vector(task.parameters, "grad")
        gradient += program.backward(theta, x, more, values_to_vector(leaves, "grad").reshape(scores.shape))
        return Found(number_of(total), weight, gradient, program.rows.as_scores(scores, len(batch)))


def summed_up(loss: Any, outputs: list[Any], labels: list[Any]) -> tuple[Any, float]:
    """The sum and the weight of the losses of some samples.

    >>> from nn import mse
    >>> total, weight = summed_up(mse, [Value(1.0), Value(2.0)], [0.0, 0.0])
    >>> total.data, weight
    (5.0, 2.0)
    """
    parts: Any = parts_of(loss)
    pairs = [parts.terms(output, label) for output, label in zip(outputs, labels, strict=True)]
    if not pairs:
        return 0.0, 0.0
    return add_up([total for total, _ in pairs]), sum(number_of(weight) for _, weight in pairs)
