"""The tape: a graph as a straight-line program, to print, simplify, differentiate, run and save.

A tape numbers its slots: inputs first, then one slot per step, each a constant or a row of the table applied to earlier
slots (a Wengert list). It is data: evaluating it over another number type gives another thing, and the gradient of a
tape is a tape, by the same table that differentiates Values.

A tape is the path that was taken when its graph was made: a Python `if` that was decided then is not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograd.calculus.application import apply
from autograd.calculus.arrays import is_array
from autograd.engine.node import Value, all_operands
from autograd.engine.sweep import as_values, topological_order
from autograd.programs.builder import Recorder
from autograd.programs.differentiation import differentiated, pushed_forward
from autograd.programs.file import Guard, check_parts, read_tape, write_tape
from autograd.programs.simplification import chained, needed, simplified
from autograd.programs.source import c_source, latex, names_in, python_source, text, text_of_guard
from autograd.programs.steps import Step, Steps
from autograd.tape.recording import Recording
from autograd.tape.transcription import strangers, transcribe

__all__ = ["Statistics", "Tape"]


@dataclass(frozen=True)
class Statistics:
    """What a tape consists of.

    Attributes:
        inputs, outputs, constants: How many.
        operations: Of each row's name, how many.
        depth: The longest chain of operations.
        slots: How many numbers one evaluation keeps.
        bytes: What these take as doubles.
    """

    inputs: int
    outputs: int
    constants: int
    operations: dict[str, int]
    depth: int
    slots: int
    bytes: int


class Tape:
    """A straight-line program from the inputs of a graph to its outputs.

    A comparison that was made on the way to the graph, for an `if`, `max` or `where(x > y, ...)`, is not in it: the
    tape has its outcome alone. `Tape.record` keeps comparisons, as guards.

    Args:
        outputs: One Value or several.
        inputs: The leaves or nodes that stay free. If not given, all leaves below the outputs, in the order of the
            sweep. Every other leaf is frozen at its number.

    Raises:
        TypeError: an output or input is not a Value.
        ValueError: an input is a constant, or given twice; a node has a `_backward` closure or local gradients, which
            are numbers of one evaluation and cannot be run again.

    Cost: linear in the nodes.

    >>> x, y = Value(2.0, label="x"), Value(3.0, label="y")
    >>> tape = Tape(x * y + x, [x, y])
    >>> print(tape)
    inputs x, y
    s2 = x * y
    s3 = s2 + x
    output s3
    >>> tape(10.0, 1.0)
    20.0
    >>> tape.gradient()(10.0, 1.0)
    (2.0, 10.0)
    """

    def __init__(self, outputs: Value | Iterable[Value], inputs: Value | Iterable[Value] | None = None) -> None:
        roots = as_values(outputs, "Tape(outputs)")
        order = topological_order(roots)
        free = as_values(inputs, "Tape(inputs)") if inputs is not None else [v for v in order if _is_leaf(v)]
        slots: dict[Value, int] = {}
        for x in free:
            if x.is_constant:
                raise ValueError(f"Tape: {x!r} is a constant (detached, or made under no_grad) and cannot be an input")
            if x in slots:
                raise ValueError(f"Tape: {x!r} is given twice as an input")
            slots[x] = len(slots)
        self.labels: tuple[str, ...] = tuple(x.label for x in free)
        self.steps = Steps()
        for node in order:
            if node not in slots:
                slots[node] = len(free) + self.steps.append(self._step_of(node, slots))
        self.outputs: tuple[int, ...] = tuple(slots[root] for root in roots)
        self.single = isinstance(outputs, Value)
        self.guards: tuple[Guard, ...] = ()

    def _step_of(self, node: Value, slots: dict[Value, int]) -> Step:
        row = node.primitive
        if row is None:
            if node.operands:
                raise ValueError(f"Tape: {node!r} has a rule of its own ({node._op!r}), which a tape cannot run again")
            return None, node.data
        operands = []
        for x in all_operands(node):
            if isinstance(x, Value):
                operands.append(slots[x])
            else:
                operands.append(len(self.labels) + self.steps.constant(x))
        return row, tuple(operands)

    @classmethod
    def of(
        cls,
        recorder: Recorder,
        labels: Sequence[str],
        outputs: Sequence[int],
        single: bool,
        guards: Sequence[Guard] = (),
    ) -> Tape:
        """The tape of what a recorder holds, without what no output needs."""
        steps, places = needed(recorder.steps, recorder.inputs, [*outputs, *[k for k, _ in guards]])
        kept = tuple([(places[k], holds) for k, holds in guards])
        return cls.made_of(tuple(labels), steps, tuple([places[k] for k in outputs]), single, kept)

    @classmethod
    def made_of(
        cls,
        labels: tuple[str, ...],
        steps: Steps,
        outputs: tuple[int, ...],
        single: bool,
        guards: tuple[Guard, ...] = (),
    ) -> Tape:
        """The tape with these parts."""
        tape = cls.__new__(cls)
        tape.labels, tape.steps, tape.outputs, tape.single, tape.guards = labels, steps, outputs, single, guards
        return tape

    @classmethod
    def record(cls, function: Callable[..., Any], *numbers: Any) -> Tape:
        """The tape of a function of numbers, along the path that it takes for these.

        A comparison that decided a branch becomes a guard: the tape refuses numbers for which it would come out
        otherwise. Values that the function captures from outside are frozen at their numbers, as in `Tape(...)`.

        Raises:
            RecordingError: the function reads a number out of a Value.
            TypeError: it gives something else than a Value, or several.

        >>> tape = Tape.record(lambda x: x * x if x > 0 else -x, 3.0)
        >>> print(tape)
        inputs x0
        s1 = x0 * x0
        s2 = 0
        s3 = less(s2, x0)
        guard s3
        output s1
        >>> tape(5.0)
        25.0
        """
        inputs = [Value(x) for x in numbers]
        with Recording(inputs) as recording:
            result = recording.run(function, inputs, {})
            outputs = as_values(result, "Tape.record: the result")
            return cls.of_recording(recording, outputs, single=isinstance(result, Value))

    @classmethod
    def of_recording(
        cls,
        recording: Recording,
        outputs: Sequence[Any],
        captured: Sequence[Value] = (),
        single: bool = False,
        simplifying: bool = False,
    ) -> Tape:
        """The tape of a recording; after the inputs come the captured Values; what else is from outside is frozen."""
        inputs = recording.inputs
        recorder = Recorder(len(inputs) + len(captured), simplifying, sharing=False)
        order = [*inputs, *recording.nodes]
        strangers(order, recording.cuts, [])
        outside = {id(x): k for k, x in enumerate(captured, len(inputs))}
        place = transcribe(order, len(inputs), outside, recording.cuts, recorder)
        guards = []
        for row, x, y, holds in recording.guards:
            guards.append((place.apply(row.code, (x, y)), holds))
        ends = [place(x) for x in outputs]
        labels = [x.label for x in (*inputs, *captured)]
        if not simplifying:
            return cls.of(recorder, labels, ends, single, guards)
        return chained(cls.made_of(tuple(labels), recorder.steps, tuple(ends), single, tuple(guards)))

    # --- running it ---

    def __call__(self, *numbers: Any) -> Any:
        """The outputs for these inputs: floats give floats; Values, symbols, slots or arrays give their kind.

        Raises:
            TypeError: not as many numbers as inputs.
        """
        if len(numbers) != len(self.labels):
            raise TypeError(f"this tape has {len(self.labels)} inputs, got {len(numbers)}")
        found = self.run(numbers)
        self._check_guards(found)
        results = tuple(found[k] for k in self.outputs)
        return results[0] if self.single else results

    def _check_guards(self, found: Sequence[Any]) -> None:
        for k, holds in self.guards:
            x = found[k]
            if isinstance(x, Value) or not hasattr(x, "__apply_primitive__"):  # a slot or a symbol has no truth
                kept = x != 0.0  # of Values this is a comparison: a recording hears of it
                if not (all(kept.ravel() == holds) if is_array(kept) else bool(kept) is holds):
                    what = text_of_guard(self, k, holds)
                    raise ValueError(f"this tape was recorded where {what}, which is not so here: record it again")

    def run(self, numbers: Sequence[Any]) -> list[Any]:
        """Every slot's number, in order."""
        slots = list(numbers)
        for row, operands in self._listed:
            slots.append(operands if row is None else apply(row, [slots[k] for k in operands]))
        return slots

    def __getstate__(self) -> dict[str, Any]:
        return {name: part for name, part in self.__dict__.items() if name != "_listed"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        check_parts(*[state.get(name) for name in ("labels", "steps", "outputs", "single", "guards")])
        self.__dict__.update(state)

    @cached_property
    def _listed(self) -> list[Step]:
        """The steps, taken out of their arrays once for all runs."""
        return list(self.steps)

    # --- making other tapes of it ---

    def simplify(self) -> Tape:
        """The same program with less work and the same bits.

        Constants are folded, common subexpressions shared, dead steps dropped; `x*1`, `x/1`, `x-0`, `x**1` and `--x`
        are `x` (`x+0` is not, if x is -0.0); a sum of products that nothing else reads becomes one `dot`. The gradient
        of the result differs from that of the tape by rounding, and where infinities of both signs meet.

        >>> x = Value(2.0, label="x")
        >>> print(Tape((x * 1.0) * (3.0 - 1.0) + x * 2.0, x).simplify())
        inputs x
        s1 = 2
        s2 = x * s1
        s3 = s2 + s2
        output s3
        """
        return simplified(self)

    def gradient(self) -> Tape:
        """The tape of all ∂output/∂input, output by output; of one output, the gradient; applied twice, the Hessian.

        Cost: a few times the tape per output, and linear in it.
        """
        return differentiated(self, range(len(self.labels)), with_outputs=False)

    def with_gradient(self) -> Tape:
        """One tape of the outputs, and then all that `gradient()` gives."""
        return differentiated(self, range(len(self.labels)), with_outputs=True)

    def jvp(self) -> Tape:
        """The tape of outputs and directional derivatives: inputs x and then tangents ẋ; outputs y and then ẏ.

        >>> x = Value(2.0)
        >>> Tape([x * x], x).jvp()(3.0, 1.0)
        (9.0, 6.0)
        """
        return pushed_forward(self, range(len(self.labels)))

    # --- looking at it ---

    def names(self) -> list[str]:
        """A name per slot: the label of an input if it can be a name and is nobody else's, else its number.

        Labels are read as Python reads names, in Unicode's form NFKC. `to_python` and `to_latex` call slots the same,
        but for labels that mean something else there: a `lambda` is one here and in LaTeX, and `x0` in Python.
        """
        return names_in(self, "text")

    def __str__(self) -> str:
        return text(self)

    def __repr__(self) -> str:
        return f"<Tape: {len(self.labels)} inputs, {len(self.steps)} steps, {len(self.outputs)} outputs>"

    def __len__(self) -> int:
        """The number of steps."""
        return len(self.steps)

    def statistics(self) -> Statistics:
        """Operations by kind, depth, slots, bytes."""
        depth = [0] * len(self.labels)
        for row, operands in self.steps:
            depth.append(0 if row is None else 1 + max(depth[k] for k in operands))
        counts = Counter(row.name for row, _ in self.steps if row is not None)
        slots = len(self.labels) + len(self.steps)
        return Statistics(
            inputs=len(self.labels), outputs=len(self.outputs), constants=len(self.steps) - counts.total(),
            operations=dict(sorted(counts.items())), depth=max(depth, default=0), slots=slots, bytes=8 * slots,
        )  # fmt: skip

    def to_python(self, name: str = "f") -> str:
        """The source of a Python function of the inputs, on `autograd`'s functions, for Values.

        Arrays too, where nothing is `sum`, `dot` or `logsumexp`, which `simplify()` makes of additions, and no guard.

        On plain floats Python's own `/` and `**` raise where a tape, as a Value, gives inf or nan.
        """
        return python_source(self, name)

    def to_c(self, name: str = "f") -> str:
        """The source of a C99 function with its gradient, depending on `math.h` alone.

        It is declared `int name(const double *x, double *y, double *dy)`: x are the inputs, y the outputs, dy all
        ∂yᵢ/∂xⱼ in the order of `gradient()`. It gives back 0, or the number (from 1) of the first guard that fails.
        """
        return c_source(self, name)

    def to_latex(self) -> str:
        """The outputs as formulas of the inputs.

        Raises:
            ValueError: a formula would be longer than a page (over 400 operations when written out).
        """
        return latex(self)

    # --- keeping it ---

    def save(self, path: str | Path) -> None:
        """Write the tape as JSON, whole or not at all.

        It goes by the names of functions, not their codes, and holds nothing executable.

        Raises:
            OSError: it cannot be written. A file that was there before is there unchanged.
        """
        write_tape(path, self.labels, self.steps, self.outputs, self.single, self.guards)

    @classmethod
    def load(cls, path: str | Path) -> Tape:
        """The tape that was saved.

        Raises:
            ValueError: the file is not a tape, is damaged, is of a newer version, or uses a function this version does
                not have; the message names the file and what is wrong.
        """
        return cls.made_of(*read_tape(path))


def _is_leaf(v: Value) -> bool:
    return not v.is_constant and not v.operands
