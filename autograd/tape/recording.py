"""Recording a function: what it computes on Values, and every comparison that decided a branch.

A function is recorded by running it, on the Values and by the engine that run it eagerly. Meanwhile the engine tells a
`Recording` of each node and each comparison. A number that is read out of a Value would be the number of this one run
in all replays, so reading one raises `RecordingError`. Plain Python that Cython compiles: a function makes many nodes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from sys import _getframe as getframe
from typing import Any

import cython

from autograd.branches.choice import AsItIs
from autograd.branches.surroundings import Surroundings
from autograd.calculus import table
from autograd.calculus.arithmetic import COMPARISONS
from autograd.calculus.primitive import Primitive
from autograd.engine.bounds import MOST_COMPARISONS
from autograd.engine.listening import Listener, heard_by, recorder
from autograd.engine.reading import data_of, finish, is_selected, is_stamped, require_alive, stamp
from autograd.engine.refusals import RecordingError, SelectedError, endless, frozen, users_frame
from autograd.programs.builder import Builder, Mode
from autograd.programs.program import Guard, Program
from autograd.programs.pruning import pruned
from autograd.programs.simplification import chained
from autograd.tape.transcription import number_values, strangers, transcribe
from autograd.values.value import Value

__all__ = ["Recording", "line_of"]

FEWER = 16
"""With branches merged by so many times fewer, since each takes longer: it is recorded once more then, without."""

BY_SYMBOL = {each.symbol: (each.row, each.swapped, each.holds) for each in COMPARISONS}


@cython.cclass
class Recording(Listener):
    """The nodes and comparisons of a function's run. It is over at the end of a `with`, and so are the Values it made.

    Args:
        inputs: Values that were made for the function to run on.

    Attributes:
        nodes: Every other Value that was made, in order; None once it is over.
        cuts: Of those that are constants but computed (detached, or made under `no_grad`), by `id`: row and operands.
        guards: Of every comparison: the row, its operands, and whether the branch taken needs it to hold.
        error: Of the first number that was refused.
        over: Whether it is over.
        places: Of every comparison where in the user's code it was made: the code, and the offset in it.
        asked: Whether it was asked which of some numbers one is that was chosen from them.
        selects: Whether Python's own max, min and sorted are selects.
        decisions: What is merged, if functions are to be rewritten.
        deciding: What was decided, then.
    """

    def __init__(self, inputs: list[Value]) -> None:
        self.records = True
        self.inputs = inputs
        self.nodes: Any = []
        self.cuts: dict[int, tuple[Primitive, tuple[Any, ...]]] = {}
        self.guards: list[tuple[Primitive, Any, Any, bool]] = []
        self.error: RecordingError | None = None
        self.asked = False
        self.places: list[tuple[Any, int]] = []
        self.code: Any = None  # the latest of the user's, and the places in it
        self.here: dict[int, tuple[Any, int]] = {}
        self.seen: dict[int, dict[int, tuple[Any, int]]] = {}
        self.selects = True
        self.decisions: Any = None
        self.deciding: Any = None

    def run(self, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """The function's result. What it raises passes through, unless a number was refused."""
        if (around := recorder()) is not None:
            around.reading("recording another function")
        for x in self.inputs:
            stamp(x)
        run: tuple[Any, ...] = (self, function, args, kwargs)
        if self.selects:
            surroundings = Surroundings(function, self.decisions)
            self.deciding = surroundings.deciding
            run = (self, surroundings.run, (args, kwargs), {})
        try:  # who listens around it hears nothing: these nodes are of no use to it
            result = heard_by(None, heard_by, run, {})
        except Exception as error:
            if self.error is None or error is self.error:
                raise
            raise self.error from error  # NumPy, for one, makes another error of it
        if self.error is not None:
            raise self.error
        return result

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *exc: object) -> None:
        finish(self.inputs)
        finish(self.nodes)
        self.nodes = None
        self.over = True

    # --- what it hears ---

    def made(self, node: Value) -> None:
        """Note a node; from now on its number is refused in any thread."""
        stamp(node)
        self.nodes.append(node)

    def cut(self, node: Value, row: Primitive, operands: tuple[Any, ...]) -> None:
        """Note how a constant was computed."""
        self.cuts[id(node)] = (row, operands)

    def compared(self, how: str, x: Value, y: Any, outcome: bool) -> None:
        """Note a comparison."""
        frame: Any = getframe()
        code, offset = frame.f_code, frame.f_lasti
        found: Any = self.here.get(offset) if code is self.code else None
        if found is None:
            found = self._place(frame)
        if how == "==" and (is_selected(x) or (type(y) is Value and is_selected(y))):
            self._distinguish(x, y, found)
        self.places.append(found)
        if len(self.places) > (MOST_COMPARISONS if self.deciding is None else MOST_COMPARISONS // FEWER):
            raise self._endless(line_of(found))
        row, swapped, holds = BY_SYMBOL[how]
        outcome = bool(outcome)  # NumPy has its own
        if type(y) not in (float, Value):
            row, y = as_double(row, swapped, y)
        self.guards.append((row, y, x, outcome == holds) if swapped else (row, x, y, outcome == holds))

    def _distinguish(self, x: Value, y: Any, place: tuple[Any, int]) -> None:
        """A guard that a number which was chosen is no nan, where it may be compared because it is looked for.

        Python looks for the very thing first. Eagerly what was chosen is one of those it was chosen from, which makes
        a difference if it does not equal itself.

        Raises:
            AsItIs: it is a nan.
        """
        if type(y) is not Value and y == y:
            return
        one = x if is_selected(x) else y
        equal = data_of(one) == data_of(one)
        self.places.append(place)
        self.guards.append((table.equal, one, one, equal))
        if not equal:
            self.asked = True
            raise AsItIs

    def _place(self, frame: Any) -> tuple[Any, int]:
        """Where the user's code is, seen from a frame: the same object for the same place."""
        first = frame
        frame = users_frame(frame)
        code, offset = frame.f_code, frame.f_lasti
        here = self.seen.setdefault(id(code), {})
        if first is frame:
            self.code, self.here = code, here
        found: tuple[Any, int] = here.setdefault(offset, (code, offset))
        return found

    def _endless(self, line: tuple[str, int]) -> RecordingError:
        """The error for a function that goes on and on."""
        self.error = endless(MOST_COMPARISONS, f"{line[0]}:{line[1]}")
        return self.error

    def reading(self, what: str) -> None:
        """Refuse: a replay would repeat that one number."""
        error = frozen(what)
        self.refused(error)
        raise error

    def refused(self, error: RecordingError) -> None:
        """It fails even where the function goes on without that number: it would take another way than eagerly."""
        if isinstance(error, SelectedError):
            self.asked = True
        else:
            self.error = self.error or error

    # --- what was heard ---

    def captured(self, outputs: Sequence[Any]) -> list[Value]:
        """The Values that took part and were there before, other than the inputs: weights in a closure."""
        compared = [v for _, x, y, _ in self.guards for v in (x, y)]
        order = [*self.inputs, *self.nodes]
        number_values(order)
        found = strangers(order, self.cuts, [*compared, *outputs])
        self._refuse_strangers(found)
        return found

    def _refuse_strangers(self, found: Sequence[Value]) -> None:
        """Refuse what other recordings made, and what another thread computed from this one's where nobody listened."""
        for x in found:
            require_alive(x)
            if is_stamped(x):
                raise RecordingError(
                    "a Value that another thread's recording has made takes part, which this one cannot follow: "
                    "compute it in the function itself"
                )
        seen: set[int] = set()
        stack = [x for x in found if x.operands]
        ours = {id(x) for x in (*self.inputs, *self.nodes)} if stack else set()
        while stack:
            for x in stack.pop().operands:
                if id(x) in ours:
                    raise RecordingError(
                        "a Value that was computed in another thread takes part, which a recording cannot follow: "
                        "compute it in the function's own thread"
                    )
                if id(x) not in seen and x.operands:
                    seen.add(id(x))
                    stack.append(x)

    def program(
        self,
        outputs: Sequence[Any],
        captured: Sequence[Value] = (),
        single: bool = False,
        folding: bool = False,
        weights: Sequence[Value] = (),
    ) -> Program:
        """The program of what was heard, without dead code.

        Args:
            outputs: Values and numbers that the function gave.
            captured: Values that are inputs too, after those of the function; what else is from outside is frozen.
            single: Whether there is one output that the program gives by itself.
            folding: Whether to fold constants, and to write sums of products as one step each.
            weights: Values from outside that the first inputs stand for.
        """
        inputs = len(self.inputs)
        builder = Builder(inputs + len(captured), Mode.FOLDING if folding else Mode.VERBATIM)
        order = [*self.inputs, *self.nodes]
        number_values(order)
        outside = {id(x): k for k, x in enumerate(weights)}
        outside.update((id(x), k) for k, x in enumerate(captured, inputs))
        slot_of = transcribe(order, inputs, outside, self.cuts, builder)
        guards = tuple([Guard(slot_of.apply(row.code, (x, y)), holds) for row, x, y, holds in self.guards])
        ends = tuple([slot_of(x) for x in outputs])
        labels = tuple([x.label for x in (*self.inputs, *captured)])
        program = Program(labels, builder.steps, ends, single, guards)
        return chained(program) if folding else pruned(program)

    def path(self) -> tuple[bool, ...]:
        """The outcomes of the comparisons, in order."""
        return tuple([outcome for _, _, _, outcome in self.guards])


def line_of(place: tuple[Any, int]) -> tuple[str, int]:
    """The file and the line of a place in a code."""
    code, offset = place
    for k, (line, _, _, _) in enumerate(code.co_positions()):
        if 2 * k >= offset:
            return code.co_filename, line or code.co_firstlineno
    return code.co_filename, code.co_firstlineno


def as_double(row: Primitive, swapped: bool, y: Any) -> tuple[Primitive, float]:
    """A comparison with a number that may be no double (a large int, a Fraction), as one with a double.

    `x < 2**53 + 1` is `x <= 2**53` for every double x; equal to such a number is none.
    """
    try:
        number = float(y)
    except OverflowError:
        number = math.inf if y > 0 else -math.inf
    if number == y or number != number:
        return row, number
    if row is table.equal:
        return row, math.nan
    above = number > y  # then x <= y is x < number, and y < x is number <= x
    return (table.less if above is not swapped else table.less_equal), number
