"""The tape: a graph as a straight-line program, to print, simplify, differentiate, run and save.

A Tape holds a program (`programs/` says what that is, and does the work) for a user. It is data: evaluating it over
another number type gives another thing, and the gradient of a tape is a tape, by the same table that differentiates
Values.

A tape is the path that was taken when its graph was made: a Python `if` that was decided then is not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograd.engine.listening import heard_by
from autograd.engine.reading import all_operands, as_nodes
from autograd.exits.c import c_source
from autograd.exits.onnx import model
from autograd.exits.symbolic import expressions
from autograd.programs.differentiation import differentiated, pushed_forward
from autograd.programs.evaluation import broken_guard, evaluate, results
from autograd.programs.file import from_parts, read_tape, write_tape
from autograd.programs.inlining import inlined
from autograd.programs.program import Guard, Program, Statistics
from autograd.programs.simplification import simplified
from autograd.programs.source import latex, python_source, text, text_of_guard
from autograd.programs.steps import Step, Steps
from autograd.tape.recording import Recording
from autograd.values.roots import topological_order
from autograd.values.value import Value

__all__ = ["Tape"]

MOST_IN_LATEX = 30
"""Steps of a tape that a notebook shows as formulas; a longer one is shown as text."""


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
        roots = as_nodes(outputs, "Tape(outputs)")
        order = topological_order(roots)
        free = as_nodes(inputs, "Tape(inputs)") if inputs is not None else [v for v in order if _is_leaf(v)]
        slots: dict[Value, int] = {}
        for x in free:
            if x.is_constant:
                raise ValueError(f"Tape: {x!r} is a constant (detached, or made under no_grad) and cannot be an input")
            if x in slots:
                raise ValueError(f"Tape: {x!r} is given twice as an input")
            slots[x] = len(slots)
        steps = Steps()
        for node in order:
            if node not in slots:
                slots[node] = len(free) + steps.append(_step_of(node, slots, steps, len(free)))
        ends = tuple([slots[root] for root in roots])
        self.program = Program(tuple([x.label for x in free]), steps, ends, isinstance(outputs, Value))

    @classmethod
    def of(cls, program: Program) -> Tape:
        """The tape that holds a program."""
        tape = cls.__new__(cls)
        tape.program = program
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
            outputs = as_nodes(result, "Tape.record: the result")
            return cls.of(recording.program(outputs, single=isinstance(result, Value)))

    # --- what it holds ---

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the inputs; "" for one without a name."""
        return self.program.labels

    @property
    def steps(self) -> Steps:
        """A row with its operands for each slot after the inputs, or None with a number."""
        return self.program.steps

    @property
    def outputs(self) -> tuple[int, ...]:
        """The slots of the outputs."""
        return self.program.outputs

    @property
    def single(self) -> bool:
        """Whether a call gives the one output itself, not a tuple."""
        return self.program.single

    @property
    def guards(self) -> tuple[Guard, ...]:
        """The conditions that tell the path of the tape from others: slots, and whether they must hold."""
        return self.program.guards

    def __getstate__(self) -> dict[str, Any]:
        program = self.plain
        return {
            "labels": program.labels, "steps": program.steps, "outputs": program.outputs, "single": program.single,
            "guards": tuple(map(tuple, program.guards)),
        }  # fmt: skip

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.program = from_parts(*[state.get(name) for name in ("labels", "steps", "outputs", "single", "guards")])

    @property
    def plain(self) -> Program:
        """The program that is written and kept: of a function with a rule of its own the arithmetic of its value."""
        return inlined(self.program, sharing=False)

    # --- running it ---

    def __call__(self, *numbers: Any) -> Any:
        """The outputs for these inputs: floats give floats; Values, symbols, slots or arrays give their kind.

        Raises:
            TypeError: not as many numbers as inputs.
        """
        if len(numbers) != len(self.labels):
            raise TypeError(f"this tape has {len(self.labels)} inputs, got {len(numbers)}")
        slots = self.run(numbers)
        broken = broken_guard(self.program, slots)
        if broken is not None:
            plain = inlined(replace(self.program, guards=(broken,)), sharing=False)
            what = text_of_guard(plain, plain.guards[0])
            raise ValueError(f"this tape was recorded where {what}, which is not so here: record it again")
        return results(self.program, slots)

    def run(self, numbers: Sequence[Any]) -> list[Any]:
        """Every slot's number, in order."""
        return evaluate(self.program, numbers)

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
        return self.of(simplified(self.program))

    def gradient(self) -> Tape:
        """The tape of all ∂output/∂input, output by output; of one output, the gradient; applied twice, the Hessian.

        Cost: a few times the tape per output, and linear in it.
        """
        return self.of(differentiated(self.program, range(len(self.labels)), with_outputs=False))

    def with_gradient(self) -> Tape:
        """One tape of the outputs, and then all that `gradient()` gives."""
        return self.of(differentiated(self.program, range(len(self.labels)), with_outputs=True))

    def jvp(self) -> Tape:
        """The tape of outputs and directional derivatives: inputs x and then tangents ẋ; outputs y and then ẏ.

        >>> x = Value(2.0)
        >>> Tape([x * x], x).jvp()(3.0, 1.0)
        (9.0, 6.0)
        """
        return self.of(pushed_forward(self.program, range(len(self.labels))))

    # --- looking at it ---

    def names(self) -> list[str]:
        """A name per slot: the label of an input if it can be a name and is nobody else's, else its number.

        Labels are read as Python reads names, in Unicode's form NFKC. `to_python` and `to_latex` call slots the same,
        but for labels that mean something else there: a `lambda` is one here and in LaTeX, and `x0` in Python.
        """
        return self.program.names()

    def __str__(self) -> str:
        return text(self.plain)

    def __repr__(self) -> str:
        return f"<Tape: {len(self.labels)} inputs, {len(self.steps)} steps, {len(self.outputs)} outputs>"

    def __len__(self) -> int:
        """The number of steps."""
        return len(self.steps)

    def statistics(self) -> Statistics:
        """Operations by kind, depth, slots, bytes."""
        return self.plain.statistics()

    __numbers__ = False
    """Whoever draws it shows no numbers: it is for any."""

    def __graph__(self) -> dict[str, Value]:
        """The outputs as Values over inputs of any numbers, and the conditions of its path; for `autograd.draw`.

        >>> list(Tape.record(lambda x: x * x if x > 0 else -x, 3.0).__graph__())
        ['output', 'only if true']
        """
        names = self.names()
        inputs = [Value(1.0, label=name) for name in names[: len(self.labels)]]
        slots = heard_by(None, evaluate, (self.program, inputs), {})
        ends = [(f"output {k}" if len(self.outputs) > 1 else "output", slot) for k, slot in enumerate(self.outputs)]
        for k, (slot, holds) in enumerate(self.guards):
            number = f" {k}" if len(self.guards) > 1 else ""
            ends.append((f"only if {'true' if holds else 'false'}{number}", slot))
        return {name: x if isinstance(x := slots[slot], Value) else Value(x) for name, slot in ends}

    def to_python(self, name: str = "f") -> str:
        """The source of a Python function of the inputs, on `autograd`'s functions, for Values.

        Arrays too, where nothing is `sum`, `dot` or `logsumexp`, which `simplify()` makes of additions, and no guard.

        On plain floats Python's own `/` and `**` raise where a tape, as a Value, gives inf or nan.
        """
        return python_source(self.plain, name)

    def to_c(self, name: str = "f") -> str:
        """The source of a C99 function with its gradient, depending on `math.h` alone.

        It is declared `int name(const double *x, double *y, double *dy)`: x are the inputs, y the outputs, dy all
        ∂yᵢ/∂xⱼ in the order of `gradient()`. It gives back 0, or the number (from 1) of the first guard that fails.

        More than 500 steps become functions of at most so many, since compilers take more than linear time for one.
        What these tell each other is in an array on the stack; beyond 64 kB from `malloc` (-1 if there is none).
        """
        return c_source(self.program, name)

    def to_sympy(self, symbols: Any = None, shared: bool = False) -> Any:
        """The outputs as expressions of SymPy: one, or a tuple of them. Where a guard fails they are undefined.

        Numbers with a short fraction are exact, others floats; `where` is a `Piecewise`; `detach` leaves no trace.

        Args:
            symbols: What stands for the inputs, in their order; if not given, real symbols of their `names()`.
            shared: Whether each step has a symbol: the result is then a list of symbols with what they stand for, and
                the outputs, as `sympy.cse` gives them, and its length is linear in the steps. Else what is used twice
                is one object of SymPy's, but written out each time.

        Raises:
            ImportError: SymPy is not installed.
            ValueError: there are not as many symbols as inputs; a derivative is of an order that is no number; without
                `shared`, some hundred steps build on each other, which is too deep for SymPy.

        >>> tape = Tape.record(lambda x: x * x if x > 0 else -x, 3.0)
        >>> tape.to_sympy()
        Piecewise((x0**2, x0 > 0))
        """
        return expressions(self.plain, symbols, shared)

    def to_onnx(self, stacked: bool = False) -> Any:
        """The outputs as a model of ONNX, an `onnx.ModelProto`: doubles, for a batch of rows at a time.

        Inputs are vectors of their `names()`, one number for each row; outputs are `y`, or `y0`, `y1` and so on. Rows
        for which a guard fails are nan. Functions without an operator are composed to within some 1e-14.

        Args:
            stacked: Whether the inputs are one matrix `x`, a row for each row of the batch, and the outputs one, `y`.

        Raises:
            ImportError: ONNX is not installed.
            NotImplementedError: a function is not composed, as of those of Bessel; the message names it.
            ValueError: the tape has no inputs.

        >>> x = Value(2.0, label="x")
        >>> [node.op_type for node in Tape(x.sin() * x, x).to_onnx().graph.node]
        ['Sin', 'Mul', 'Shape', 'Expand', 'Identity']
        """
        return model(self.plain, stacked)

    def to_latex(self) -> str:
        """The outputs as formulas of the inputs.

        Raises:
            ValueError: a formula would be longer than a page (over 400 operations when written out).
        """
        return latex(self.plain)

    def _repr_latex_(self) -> str | None:
        """The tape in a notebook: its formulas and the conditions under which they hold; None beyond 30 steps."""
        if len(self) > MOST_IN_LATEX:
            return None
        try:
            lines = [self.to_latex()]
            for k, holds in self.plain.guards:
                condition = latex(replace(self.plain, outputs=(k,)))
                lines.append(f"\\text{{where }} {condition} " + ("\\neq 0" if holds else "= 0"))
        except Exception:  # a repr never raises: without this one, a notebook takes the other
            return None
        body = " \\\\\n".join(lines)
        return f"$\\displaystyle \\begin{{gathered}}\n{body}\n\\end{{gathered}}$"

    # --- keeping it ---

    def save(self, path: str | Path) -> None:
        """Write the tape as JSON, whole or not at all.

        It goes by the names of functions, not their codes, and holds nothing executable.

        Raises:
            OSError: it cannot be written. A file that was there before is there unchanged.
        """
        write_tape(path, self.plain)

    @classmethod
    def load(cls, path: str | Path) -> Tape:
        """The tape that was saved.

        Raises:
            ValueError: the file is not a tape, is damaged, is of a newer version, or uses a function this version does
                not have; the message names the file and what is wrong.
        """
        return cls.of(read_tape(path))


def _is_leaf(v: Value) -> bool:
    return not v.is_constant and not v.operands


def _step_of(node: Value, slots: dict[Value, int], steps: Steps, inputs: int) -> Step:
    row = node.primitive
    if row is None or row.code is None:
        if node.operands:
            raise ValueError(
                f"Tape: {node!r} has a rule of its own ({node._op!r}), which a tape cannot run again; of a function "
                "with a rule Tape.record can make one"
            )
        return None, node.data
    operands = []
    for x in all_operands(node):
        if isinstance(x, Value):
            operands.append(slots[x])
        else:
            operands.append(inputs + steps.constant(x))
    return row, tuple(operands)
