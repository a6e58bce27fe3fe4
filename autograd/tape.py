"""The tape: a graph as a straight-line program, to print, simplify, differentiate, run and save.

A tape numbers its slots: inputs first, then one slot per step, each a constant or a row of the table applied to earlier
slots (a Wengert list). It is data: evaluating it over another number type gives another thing, and its own number type,
`Slot`, gives another tape. So the gradient of a tape is a tape, by the same table that differentiates Values.

A tape is the path that was taken when its graph was made: a Python `if` that was decided then is not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograd import primitives
from autograd.engine import Value, all_operands
from autograd.evaluation import apply_row
from autograd.primitives import Primitive
from autograd.slots import Recorder, Slot
from autograd.sweep import as_values, topological_order
from autograd.tape_code import c_source, latex, python_source, text
from autograd.tape_file import Step, read_tape, write_tape

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
        self.steps: list[Step] = []
        for node in order:
            if node not in slots:
                step = self._step_of(node, slots)
                slots[node] = len(free) + len(self.steps)
                self.steps.append(step)
        self.outputs: tuple[int, ...] = tuple(slots[root] for root in roots)
        self.single = isinstance(outputs, Value)

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
                operands.append(len(self.labels) + len(self.steps))
                self.steps.append((None, x))
        return row, tuple(operands)

    @classmethod
    def of(cls, recorder: Recorder, labels: Sequence[str], outputs: Sequence[Slot], single: bool) -> Tape:
        """The tape of what a recorder holds, without what no output needs."""
        needed = {slot.index for slot in outputs}
        for i in range(len(recorder.steps) - 1, -1, -1):
            row, operands = recorder.steps[i]
            if row is not None and i + recorder.inputs in needed:
                needed.update(operands)
        places = {i: i for i in range(recorder.inputs)}
        steps: list[Step] = []
        for i, (row, operands) in enumerate(recorder.steps, recorder.inputs):
            if i in needed:
                places[i] = recorder.inputs + len(steps)
                steps.append((row, operands if row is None else tuple(places[k] for k in operands)))
        return cls.made_of(tuple(labels), steps, tuple(places[slot.index] for slot in outputs), single)

    @classmethod
    def made_of(cls, labels: tuple[str, ...], steps: list[Step], outputs: tuple[int, ...], single: bool) -> Tape:
        """The tape with these parts."""
        tape = cls.__new__(cls)
        tape.labels, tape.steps, tape.outputs, tape.single = labels, steps, outputs, single
        return tape

    # --- running it ---

    def __call__(self, *numbers: Any) -> Any:
        """The outputs for these inputs: floats give floats; Values, symbols, slots or arrays give their kind.

        Raises:
            TypeError: not as many numbers as inputs.
        """
        if len(numbers) != len(self.labels):
            raise TypeError(f"this tape has {len(self.labels)} inputs, got {len(numbers)}")
        found = self.run(numbers)
        results = tuple(found[k] for k in self.outputs)
        return results[0] if self.single else results

    def run(self, numbers: Sequence[Any]) -> list[Any]:
        """Every slot's number, in order."""
        slots = list(numbers)
        for row, operands in self.steps:
            slots.append(operands if row is None else apply_row(row, [slots[k] for k in operands]))
        return slots

    # --- making other tapes of it ---

    def simplify(self) -> Tape:
        """The same program with less work and the same bits.

        Constants are folded, common subexpressions shared, dead steps dropped; `x*1`, `x/1`, `x-0`, `x**1` and `--x`
        are `x` (`x+0` is not, if x is -0.0); a sum of products that nothing else reads becomes one `dot`.

        >>> x = Value(2.0, label="x")
        >>> print(Tape((x * 1.0) * (3.0 - 1.0) + x * 2.0, x).simplify())
        inputs x
        s1 = 2
        s2 = x * s1
        s3 = s2 + s2
        output s3
        """
        recorder = Recorder(len(self.labels), simplifying=True)
        slots = self.run(recorder.input_slots())
        outputs = [recorder.lift(slots[k]) for k in self.outputs]
        return chained(Tape.of(recorder, self.labels, outputs, self.single))

    def gradient(self) -> Tape:
        """The tape of all ∂output/∂input, output by output; of one output, the gradient; applied twice, the Hessian.

        Cost: a few times the tape per output, and linear in it.
        """
        return self._derivatives(with_outputs=False)

    def with_gradient(self) -> Tape:
        """One tape of the outputs, and then all that `gradient()` gives."""
        return self._derivatives(with_outputs=True)

    def _derivatives(self, with_outputs: bool) -> Tape:
        recorder = Recorder(len(self.labels), simplifying=True)
        slots = [recorder.lift(slot) for slot in self.run(recorder.input_slots())]
        values = [slots[k] for k in self.outputs] if with_outputs else []
        found = [d for k in self.outputs for d in self._adjoints(recorder, slots, k)]
        return Tape.of(recorder, self.labels, values + found, single=False)

    def _adjoints(self, recorder: Recorder, slots: list[Slot], output: int) -> list[Slot]:
        """The reverse sweep over slots, from one output to the inputs.

        What a `where` did not take must receive nothing, not 0 times a partial that may be infinite there. A slot that
        is only reached through rows that select has the condition of it in `reached`; its shares depend on that.
        """
        adjoints: dict[int, Slot] = {output: recorder.constant(1.0)}
        reached: dict[int, Slot | None] = {output: None}
        for k in range(output, len(self.labels) - 1, -1):
            row, operands = self.steps[k - len(self.labels)]
            if row is None or k not in adjoints:
                continue
            xs = [slots[o] for o in operands]
            for i, operand in enumerate(operands):
                if not self._varies(operand):
                    continue
                partial = recorded_partial(row, i, xs, slots[k])
                condition = joined(reached[k], partial) if row.selects else reached[k]
                if condition is not None and condition.number == 0.0:
                    continue
                share = partial * adjoints[k]
                if condition is not None:
                    share = recorder.apply(primitives.where, [condition, share, 0.0])
                adjoints[operand] = adjoints[operand] + share if operand in adjoints else share
                before = reached.get(operand, condition)
                if before is not None and condition is not None and before is not condition:
                    condition = recorder.apply(primitives.maximum, [before, condition])
                reached[operand] = None if before is None else condition
        zero = recorder.constant(0.0)
        return [adjoints.get(k, zero) for k in range(len(self.labels))]

    def _varies(self, slot: int) -> bool:
        return slot < len(self.labels) or self.steps[slot - len(self.labels)][0] is not None

    def jvp(self) -> Tape:
        """The tape of outputs and directional derivatives: inputs x and then tangents ẋ; outputs y and then ẏ.

        >>> x = Value(2.0)
        >>> Tape([x * x], x).jvp()(3.0, 1.0)
        (9.0, 6.0)
        """
        n = len(self.labels)
        recorder = Recorder(2 * n, simplifying=True)
        inputs = recorder.input_slots()
        slots = [recorder.lift(slot) for slot in self.run(inputs[:n])]
        tangents: dict[int, Slot] = dict(enumerate(inputs[n:]))
        for k, (row, operands) in enumerate(self.steps, n):
            if row is None:
                continue
            for i, operand in enumerate(operands):
                if operand in tangents:
                    partial = recorded_partial(row, i, [slots[o] for o in operands], slots[k])
                    share = partial * tangents[operand]
                    if row.selects:
                        share = recorder.apply(primitives.where, [partial, share, 0.0])
                    tangents[k] = tangents[k] + share if k in tangents else share
        zero = recorder.constant(0.0)
        outputs = [slots[k] for k in self.outputs] + [tangents.get(k, zero) for k in self.outputs]
        dotted = [f"d_{label}" if label else "" for label in self.labels]
        return Tape.of(recorder, [*self.labels, *dotted], outputs, single=False)

    # --- looking at it ---

    def names(self) -> list[str]:
        """A name per slot: the label of an input where it is a unique identifier, else its number."""
        once = {label for label, n in Counter(self.labels).items() if n == 1 and label.isidentifier()}
        labels = [label if label in once else f"x{k}" for k, label in enumerate(self.labels)]
        return labels + [f"s{k}" for k in range(len(labels), len(labels) + len(self.steps))]

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
        """The source of a Python function of the inputs, on `autograd`'s functions, for any number type."""
        return python_source(self, name)

    def to_c(self, name: str = "f") -> str:
        """The source of a C99 function with its gradient, depending on `math.h` alone.

        It is declared `void name(const double *x, double *y, double *dy)`: x are the inputs, y the outputs, dy all
        ∂yᵢ/∂xⱼ in the order of `gradient()`.
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
        """Write the tape as JSON. It goes by the names of functions, not their codes, and holds nothing executable."""
        write_tape(path, self.labels, self.steps, self.outputs, self.single)

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


def recorded_partial(row: Primitive, i: int, xs: Sequence[Slot], z: Slot) -> Slot:
    """`∂z/∂xsᵢ`, as a slot."""
    return z.recorder.lift(row.derive(i, xs, z))


def joined(condition: Slot | None, other: Slot) -> Slot:
    """Both conditions, a condition being a slot that is not 0; None always holds."""
    return other if condition is None else other.recorder.apply(primitives.both, [condition, other])


def chained(tape: Tape) -> Tape:
    """The tape with sums of products that nothing else reads as one `dot` each: `b + w1*x1 + w2*x2`.

    The order of additions stays, so the bits do. Cost: linear.
    """
    first = len(tape.labels)
    steps = dict(enumerate(tape.steps, first))
    readers = Counter(k for row, operands in tape.steps if row is not None for k in operands)
    readers.update(tape.outputs)

    def is_product(k: int) -> bool:
        return k in steps and steps[k][0] is primitives.mul and readers[k] == 1

    chains: dict[int, tuple[int | None, list[int]]] = {}  # an addition: where its sum starts, the products added to it
    for k, (row, operands) in steps.items():
        if row is primitives.add and is_product(operands[1]):
            left, right = operands
            if left in chains and readers[left] == 1:
                chains[k] = chains.pop(left)
                chains[k][1].append(right)
            else:
                chains[k] = (None, [left, right]) if is_product(left) else (left, [right])
    recorder = Recorder(first)
    slots: dict[int, Slot] = dict(enumerate(recorder.input_slots()))
    for k, (row, operands) in steps.items():
        start, products = chains.get(k, (None, []))
        if row is None:
            slots[k] = recorder.constant(operands)
        elif len(products) > 1:
            pairs = [slots[o] for product in products for o in steps[product][1]]
            started = [] if start is None else [slots[start], recorder.constant(1.0)]
            slots[k] = recorder.apply(primitives.dot, started + pairs)
        else:
            slots[k] = recorder.apply(row, [slots[o] for o in operands])
    return Tape.of(recorder, tape.labels, [slots[k] for k in tape.outputs], tape.single)
