"""A step's forward and backward: the loss of some samples and its gradient, by the quickest way there is.

    rows    a sample is recorded, with the loss: the batch are rows of numbers
    batch   a whole batch is recorded, whatever the loss does with it
    scores  a sample is recorded; the loss is made of its scores by the eager engine
    eager   nothing is recorded

Each way is tried on the first batch, beside the eager engine; the first that agrees with it is taken.
"""

import random
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd import RecordingError, Value, compile, no_grad, topological_order, values_to_vector, vector_to_values
from nn.chance import Feed, fed_by
from nn.checks import number_of
from nn.losses.loss import parts_of
from nn.modules.arguments import take_apart
from nn.modules.module import Module
from nn.training.recorded import (
    BatchProgram,
    Handing,
    NotAsRehearsedError,
    RowsProgram,
    Wanted,
    cut,
    left_as_it_was,
    rehearsed,
)
from nn.training.samples import Samples, like, listed

__all__ = ["Outcome", "Stepper", "takes_batches"]

RTOL = 1e-6
"""How near a recorded loss must be to the eager one: far more than rounding, far less than another random draw."""

MOST_EDGES = 2_000_000
"""Larger batches are not recorded whole: that would take many seconds."""

MOST_PROGRAMS = 128
"""So many shapes of samples, or of batches, are recorded at the most."""

FEW_SAMPLES = 8
"""In larger batches a comparison in the loss of each sample would make too many paths."""


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


class Unfit(Exception):
    """A way that cannot be taken, and why."""


def takes_batches(model: Any) -> bool:
    """Whether a model is to be called on all samples of a batch at once: one with a batch norm in it is.

    A class of one's own says so by `whole_batch = True`.

    >>> from nn import MLP
    >>> takes_batches(MLP(2, [1]))
    False
    """
    parts = model.modules() if isinstance(model, Module) else [model]
    return any(getattr(part, "whole_batch", False) for part in parts)


class Stepper:
    """The loss of samples, by number, and its gradient.

    Args:
        model: Maps a sample to its score.
        loss: Maps scores and labels of a batch to a Value.
        samples, labels: All there are; the labels as the loss takes them.
        parameters: By which the gradient is wanted.
        source: Where masks for dropout come from, but for modules that have a source of their own.
        compiled: Whether to look for a way that records.
        threads: Over how many threads a batch is spread.

    Attributes:
        way: Which was taken: "rows", "batch", "scores", "eager", or "" before the first batch.
        why: Why it is eager, if it was to be compiled.
        nodes: In the graph of the first loss.

    >>> from nn import mse
    >>> w = Value(3.0)
    >>> stepper = Stepper(lambda x: w * x, mse, Samples([1.0, 2.0], "samples"), Samples([3.0, 4.0], "labels"), [w])
    >>> stepper(np.array([3.0]), [1]), stepper.way
    (Outcome(loss=4.0, gradient=array([8.]), scores=array([6.])), 'rows')
    """

    def __init__(
        self,
        model: Callable[[Any], Any],
        loss: Callable[[Any, Any], Any],
        samples: Samples,
        labels: Samples,
        parameters: Sequence[Value],
        source: Any = None,
        compiled: bool = True,
        threads: int | None = None,
    ) -> None:
        self.model, self.loss, self.samples, self.labels = model, loss, samples, labels
        self.parameters, self.source, self.threads = list(parameters), random if source is None else source, threads
        self.whole = takes_batches(model)
        self.parts = parts_of(loss)
        self.way = "" if compiled else "eager"
        self.why = ""
        self.nodes = 0
        self._numbers = {id(p): k for k, p in enumerate(self.parameters)}
        self._programs: dict[Any, Any] = {}
        self._held: Any = None  # the numbers that the Values have

    # --- what a step asks ---

    def __call__(self, theta: Any, batch: Sequence[int]) -> Outcome:
        """The loss of some samples and its gradient, at these numbers of the parameters.

        Raises:
            TypeError: the loss gives no Value.
        """
        if not self.way:
            return self._choose(theta, batch)
        if self.way == "eager":
            return self.eagerly(theta, batch)
        try:
            return self._by(self.way, theta, batch)
        except Unfit as unfit:
            self._give_up(str(unfit))
            return self.eagerly(theta, batch)

    def hold(self, theta: Any) -> None:
        """Have the Values hold these numbers."""
        if theta is not self._held:
            vector_to_values(theta, self.parameters)
            self._held = theta

    def forget(self) -> None:
        """The Values may have been changed by others, or the model."""
        self._held = None

    # --- by the eager engine ---

    def outputs(self, samples: list[Any]) -> list[Any]:
        """What the model gives for some samples."""
        if not self.whole:
            return [listed(self.model(x)) for x in samples]
        found: list[Any] = listed(self.model(samples))
        return found

    def objective(self, batch: Sequence[int]) -> tuple[Any, list[Any]]:
        """The loss as the eager engine makes it, and the scores.

        Raises:
            TypeError: the loss gives no Value.
        """
        outputs = self.outputs(self.samples.some(batch))
        objective = self.loss(outputs, self.labels.some(batch))
        if not isinstance(objective, Value):
            raise TypeError(f"fit: loss(scores, labels) gave a {type(objective).__name__}; expected a Value")
        return objective, outputs

    def eagerly(self, theta: Any, batch: Sequence[int]) -> Outcome:
        """The same as a call, nothing being recorded."""
        self.hold(theta)
        vector_to_values(0.0, self.parameters, "grad")
        with fed_by(Feed(self.source)):
            objective, outputs = self.objective(batch)
        self._look_at(objective)
        objective.backward()
        return Outcome(objective.data, values_to_vector(self.parameters, "grad"), as_array(outputs))

    def _look_at(self, objective: Value) -> None:
        """At the first loss: count its nodes, and warn if it depends on no parameter."""
        if self.nodes:
            return
        order = topological_order(objective)
        self.nodes = len(order)
        if self._numbers.keys().isdisjoint(map(id, order)):
            warnings.warn(
                "fit: the first loss depends on none of the optimiser's parameters, so training will not change it: "
                "give the optimiser model.parameters()",
                stacklevel=5,
            )

    # --- by what was recorded ---

    def _choose(self, theta: Any, batch: Sequence[int]) -> Outcome:
        """The first batch: find the way, and take it."""
        self.hold(theta)
        reasons = []
        found = None
        states = random.getstate(), np.random.get_state(legacy=False)
        try:
            for way in self._ways(batch):
                try:
                    found = self._tried(way, theta, batch)
                    self.way = way
                    break
                except Unfit as unfit:
                    reasons.append(str(unfit))
        except Unfit as unfit:
            reasons.append(str(unfit))
        if found is not None:
            return found
        random.setstate(states[0])
        np.random.set_state(states[1])
        self._give_up(reasons[0] if reasons else "no way to record it was found")
        return self.eagerly(theta, batch)

    def _give_up(self, why: str) -> None:
        self.way, self.why = "eager", " ".join(why.split())
        self._programs.clear()
        warnings.warn(f"fit: trains eagerly, as the model or its loss cannot be recorded: {self.why}", stacklevel=5)

    def _ways(self, batch: Sequence[int]) -> list[str]:
        """The ways that may be taken, quickest first.

        Raises:
            Unfit: none may.
        """
        for things in (self.samples, self.labels):
            if not things.numeric:
                raise Unfit(things.why)
        self._require_stateless(batch)
        wanted = self._wanted_of_batch(batch)
        if len({*map(id, wanted.updates)}) < len(wanted.updates):
            raise Unfit("a buffer is set more than once in a batch")
        whole = self.whole or bool(wanted.updates)
        ways = ["rows"] if self.parts is not None and not whole else []
        ways += ["batch"] if not ways else []
        ways += ["scores"] if not whole else []
        return ways

    def _require_stateless(self, batch: Sequence[int]) -> None:
        """Refuse a model in which a call changes numbers that are no buffers.

        Raises:
            Unfit: it does.
        """
        if not isinstance(self.model, Module):
            return
        before = take_apart(self.model)[1]
        samples = self.samples.some(batch[:2] if self.whole else batch[:1])
        with no_grad(), fed_by(Handing(Endless(1.0))):
            self.outputs(samples)
            mid = take_apart(self.model)[1]
            self.outputs(samples)
        after = take_apart(self.model)[1]
        if mid == before and after == before:
            return
        changed = changed_numbers(mid.parts, after.parts) if len(mid.parts) == len(after.parts) else "an attribute"
        if changed:
            raise Unfit(
                f"the model changes as it is called ({changed}): what it keeps from call to call is to be an "
                "nn.buffer, set by nn.update"
            )

    def _wanted_of_batch(self, batch: Sequence[int]) -> Wanted:
        samples = self.samples.some(batch)
        shapes = [np.shape(s) for s in samples]
        flat = np.concatenate([np.ravel(np.asarray(s, dtype=float)) for s in samples])

        def run(inputs: list[Value]) -> Any:
            array = np.empty(len(inputs), dtype=object)
            array[:] = inputs
            return self.outputs(cut(array, samples))

        try:
            return rehearsed(run, sum(int(np.prod(shape)) for shape in shapes), flat, self.source, self._numbers)
        except Exception as error:
            raise Unfit(self._why(error, batch)) from error

    def _why(self, error: Exception, batch: Sequence[int]) -> str:
        """Why something failed on Values; what the model refuses as it stands, it refuses here."""
        with no_grad(), fed_by(Handing(Endless(1.0))):
            self.loss(self.outputs(self.samples.some(batch)), self.labels.some(batch))
        return str(error) or type(error).__name__

    def _tried(self, way: str, theta: Any, batch: Sequence[int]) -> Outcome:
        """What a way gives for the first batch, if it agrees with the eager engine.

        Raises:
            Unfit: it does not, or cannot be taken.
        """
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            if way == "scores":
                self._require_scores_alone(batch)
            masks = self._masks(way, batch)
            eager = self._expected(way, batch, masks)
            found = self._by(way, theta, batch, masks)
        for each in caught:
            if "draws random numbers" in str(each.message):
                raise Unfit("it draws random numbers of its own: nn.Dropout, or nn.chance.masks, draws them anew")
        if way == "batch":
            guards = max((len(tape.guards) for p in self._programs.values() for tape in p.fast.tapes), default=0)
            if guards and len(batch) > FEW_SAMPLES and self.parts is None and not self.whole:
                self._programs.clear()
                raise Unfit("the loss compares numbers of each sample")
        for each in caught:
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
        if not np.isclose(found.loss, eager, RTOL, 1e-12, equal_nan=True):
            self._programs.clear()
            raise Unfit(
                f"its loss on the first batch is {eager:.6g} as it stands and {found.loss:.6g} recorded: does the "
                "model change as it is called?"
            )
        return found

    def _masks(self, way: str, batch: Sequence[int]) -> Any:
        """Masks for the first batch, for both engines; a list with a row for each sample, or with one for all."""
        if way == "batch":
            program = self._program(way, batch)
            return [program.drawn(1)[0]] if program.wanted.masks else None
        groups = [self._program(way, [i]) for i in batch]
        if not any(program.wanted.masks for program in groups):
            return None
        return [program.drawn(1)[0] if program.wanted.masks else np.empty(0) for program in groups]

    def _expected(self, way: str, batch: Sequence[int], masks: Any) -> float:
        """The loss by the eager engine, with these masks."""
        flat = [] if masks is None else np.concatenate(masks).tolist()
        if not self.nodes:
            with fed_by(Handing(flat)):
                self._look_at(self.objective(batch)[0])
        with no_grad(), fed_by(Handing(flat)):
            return number_of(self.objective(batch)[0])

    def _by(self, way: str, theta: Any, batch: Sequence[int], masks: Any = None) -> Outcome:
        """What a way gives.

        Raises:
            Unfit: it cannot be taken.
        """
        take = {"rows": self._by_rows, "batch": self._by_batch, "scores": self._by_scores}[way]
        try:
            return take(theta, batch, masks)
        except (RecordingError, NotAsRehearsedError) as error:
            raise Unfit(self._why(error, batch)) from error
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            if isinstance(error, UnicodeError):
                raise
            raise Unfit(self._why(error, batch)) from error

    def _program(self, way: str, batch: Sequence[int]) -> Any:
        """The program for samples of these shapes, recorded when first needed."""
        first = batch[0]
        shapes = tuple([(self.samples.shape_of(i), self.labels.shape_of(i)) for i in batch])
        key = shapes[0] if way != "batch" else (len(batch), shapes if len({*shapes}) > 1 else shapes[0])
        found = self._programs.get(key)
        if found is not None:
            return found
        if len(self._programs) >= MOST_PROGRAMS:
            raise Unfit(f"there are more than {MOST_PROGRAMS} shapes of samples")
        if way == "batch":
            edges = self.nodes and self._edges(batch)
            if edges > MOST_EDGES:
                raise Unfit(f"a loss that is no sum over samples, of {edges:,} operands, is too large to be recorded")
            wanted = self._wanted_of_batch(batch)
            labels = self.labels.some(batch)
            found = BatchProgram(
                self.model, self.loss, self.samples.some(batch), labels, self.whole, wanted, self.parameters,
                self.threads,
            )  # fmt: skip
        else:
            wanted = self._wanted_of_batch([first])
            sample = self.samples[first]
            if way == "rows" and self.parts is not None:
                found = RowsProgram(
                    self.model, self.parts.terms, sample, self.labels[first], wanted, self.parameters, self.threads
                )
            else:
                found = ScoresProgram(self.model, sample, wanted, self.parameters, self.threads)
        self._programs[key] = found
        return found

    def _edges(self, batch: Sequence[int]) -> int:
        with fed_by(Handing(Endless(1.0))):
            return sum(len(node.operands) for node in topological_order(self.objective(batch)[0]))

    def _by_rows(self, theta: Any, batch: Sequence[int], masks: Any) -> Outcome:
        assert self.parts is not None
        if self.samples.uniform and self.labels.uniform:
            program = self._program("rows", batch[:1])
            rows = None if masks is None else np.stack(masks)
            found = program(theta, self.samples.array(batch), self.labels.array(batch), masks=rows)
            total, weight, gradient, scores = found
        else:
            total, weight, gradient, scores = self._by_groups(theta, batch, masks)
        if self.parts.mean:
            with np.errstate(all="ignore"):
                total, gradient = np.divide(total, weight), gradient / weight
        return Outcome(float(total), gradient, scores)

    def _by_groups(self, theta: Any, batch: Sequence[int], masks: Any) -> Any:
        """Sum, weight, gradient and scores of samples of several shapes, shape by shape."""
        programs = [self._program("rows", [i]) for i in batch]
        if masks is None and any(p.wanted.masks for p in programs):
            masks = [p.drawn(1)[0] if p.wanted.masks else None for p in programs]
        groups: dict[int, list[int]] = {}
        for k, program in enumerate(programs):
            groups.setdefault(id(program), []).append(k)
        total, weight, gradient = 0.0, 0.0, np.zeros(len(self.parameters))
        scores: list[Any] = [None] * len(batch)
        for places in groups.values():
            some, program = [batch[k] for k in places], programs[places[0]]
            rows = np.stack([masks[k] for k in places]) if masks is not None and program.wanted.masks else None
            found = program(theta, self.samples.array(some), self.labels.array(some), masks=rows)
            total, weight = total + found.total, weight + found.weight
            gradient += found.gradient
            for k, row in zip(places, found.scores, strict=True):
                scores[k] = row
        return total, weight, gradient, np.array(scores) if len({s.shape for s in scores}) == 1 else scores

    def _by_batch(self, theta: Any, batch: Sequence[int], masks: Any) -> Outcome:
        program = self._program("batch", batch)
        x, y = (
            things.array(batch).reshape(-1)
            if things.uniform
            else np.concatenate([things.array([i]).reshape(-1) for i in batch])
            for things in (self.samples, self.labels)
        )
        found = program(theta, x, y, masks=None if masks is None else masks[0])
        return Outcome(found.total, found.gradient, found.scores)

    def _by_scores(self, theta: Any, batch: Sequence[int], masks: Any) -> Outcome:
        if not self.samples.uniform:
            raise Unfit("samples differ in shape, and the loss is no sum over them")
        program = self._program("scores", batch[:1])
        self.hold(theta)  # a penalty in the loss reads the Values
        vector_to_values(0.0, self.parameters, "grad")
        x = self.samples.array(batch)
        more, scores = program.forward(theta, x, None if masks is None else np.stack(masks))
        leaves, outputs = program.leaves(scores)
        objective = self.loss(outputs, self.labels.some(batch))
        if not isinstance(objective, Value):
            raise TypeError(f"fit: loss(scores, labels) gave a {type(objective).__name__}; expected a Value")
        objective.backward()
        gradient = values_to_vector(self.parameters, "grad")
        gradient += program.backward(theta, x, more, values_to_vector(leaves, "grad").reshape(scores.shape))
        return Outcome(objective.data, gradient, scores)

    def _require_scores_alone(self, batch: Sequence[int]) -> None:
        """Refuse a loss that uses more of the model's work than its scores.

        Raises:
            Unfit: it does.
        """
        with fed_by(Handing(Endless(1.0))):
            outputs = self.outputs(self.samples.some(batch))
            flat = [v for v in flattened(outputs) if isinstance(v, Value)]
            made = {id(v) for v in topological_order(flat) if v.operands}
            leaves = relinked(outputs)
            objective = self.loss(leaves, self.labels.some(batch))
        if isinstance(objective, Value) and not made.isdisjoint(map(id, topological_order(objective))):
            raise Unfit("the loss uses what the model computed on its way to the scores")


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
            from autograd import dot

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


class Endless(list[Any]):
    """A list that never ends, of one number."""

    def __init__(self, number: float) -> None:
        super().__init__([number])

    def __iter__(self) -> Any:
        while True:
            yield self[0]


def flattened(outputs: Any) -> list[Any]:
    """The numbers in nested lists."""
    if not isinstance(outputs, list):
        return [outputs]
    return [x for part in outputs for x in flattened(part)]


def relinked(outputs: Any) -> Any:
    """Nested lists of Values as leaves of the same numbers."""
    if isinstance(outputs, list):
        return [relinked(part) for part in outputs]
    return Value(outputs.data) if isinstance(outputs, Value) else outputs


def as_array(outputs: list[Any]) -> Any:
    """The numbers of what a model gave for some samples: an array, or a list of them where they differ in shape."""
    rows = [np.array([number_of(x) for x in flattened(output)]).reshape(shape_of(output)) for output in outputs]
    return np.array(rows) if len({row.shape for row in rows}) == 1 else rows


def shape_of(output: Any) -> tuple[int, ...]:
    """The shape of nested lists."""
    return (len(output), *shape_of(output[0])) if isinstance(output, list) and output else ()


def changed_numbers(before: tuple[Any, ...], after: tuple[Any, ...]) -> str:
    """A number that differs between two anatomies; "" if only Values do, which a recording makes anew."""
    for x, y in zip(before, after, strict=True):
        if x != y and not (hasattr(x, "thing") and isinstance(x.thing, Value)):
            return f"{x[1]!r} became {y[1]!r}" if isinstance(x, tuple) and isinstance(y, tuple) else "an attribute"
    return ""
