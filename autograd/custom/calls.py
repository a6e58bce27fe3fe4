"""Calls of functions with rules of their own: in a graph one node each, in a program a step for each result.

What a rule says it says over Values, so that derivatives can be differentiated again. A graph asks it when a sweep
comes by; a program that is differentiated has it recorded, once for all calls that go the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from autograd.calculus.application import apply
from autograd.calculus.primitive import Primitive
from autograd.custom.arguments import Given
from autograd.derivatives.reverse import as_value, gradient_between
from autograd.engine.listening import heard_by, recorder
from autograd.engine.node import constant
from autograd.engine.reading import data_of, operands_of, rule_of
from autograd.engine.refusals import RecordingError
from autograd.engine.rules import Joint, Result
from autograd.programs.evaluation import evaluate
from autograd.programs.own import Owner, OwnRow, owned
from autograd.programs.program import Program
from autograd.programs.pruning import dependents
from autograd.structures.results import Results
from autograd.tape.recording import Recording
from autograd.values.closures import joined as joined_results
from autograd.values.closures import results_of
from autograd.values.value import Value

__all__ = [
    "CallRow",
    "Called",
    "Ruled",
    "apart",
    "as_node",
    "constants",
    "is_within",
    "joined",
    "numbers_of",
    "outputs",
    "rehearsed",
]

_within: ContextVar[bool] = ContextVar("within a rule", default=False)
_recorded: WeakKeyDictionary[Any, dict[Any, Recorded]] = WeakKeyDictionary()  # of each recording the calls in it


class Called:
    """A call of a function with a rule of its own. Subclasses say `pulled` or `pushed`: the other one follows.

    Args:
        name: What is printed.
        given: Its arguments.
        others: What else the rule is given, which no derivative goes to.
        spec: What is called, with its rule.

    Attributes:
        form: Its results.
        pushes: Whether the rule says how tangents go on.
        kept: In a recording, what tells what its rule keeps from what others do; None if that cannot be told.
    """

    pushes = False
    kept: Any = None
    form: Results

    def __init__(self, name: str, given: Given, others: tuple[Any, ...], spec: Any) -> None:
        self.name, self.given, self.others, self.spec = name, given, others, spec

    def pulled(self, items: Sequence[Any], results: Sequence[Any], adjoints: Sequence[Any]) -> list[Any]:
        """What goes to each item, from an adjoint of each result; None for nothing. All are Values."""
        tangents = [Value(1.0) for _ in items]
        moved = [as_value(d) for d in self.pushed(items, results, tangents)]
        return gradient_between(moved, tangents, list(adjoints))

    def pushed(self, items: Sequence[Any], results: Sequence[Any], tangents: Sequence[Any]) -> list[Any]:
        """The tangent of each result, from those of the items, of which None stands still.

        Where the rule says what is pulled back, that is linear in the adjoints, so its slope by these is wanted: by
        each of them, where it is 1 and the others are 0.
        """
        found = []
        for which in range(len(results)):
            adjoints = [Value(1.0 if k == which else 0.0) for k in range(len(results))]
            shares = self.pulled(items, results, adjoints)
            terms = [d * t for d, t in zip(shares, tangents, strict=True) if d is not None and t is not None]
            total = as_value(sum(terms[1:], terms[0])) if terms else as_value(0.0)
            found.append(gradient_between([total], [adjoints[which]], [1.0])[0])
        return found

    def pulled_numbers(self, adjoints: Sequence[float]) -> list[Any]:
        """The same as `pulled` for numbers, at those of the call."""
        items, results = constants(self.given.items), constants(self.form.values)
        return numbers_of(apart(self.pulled, items, results, list(map(constant, adjoints))))

    def again(self, items: Sequence[Any]) -> Called:
        """A call of the same function, of other items."""
        raise NotImplementedError

    def where(self) -> str:
        """The place in the user's code where the rule is written."""
        raise NotImplementedError

    def rehearse(self) -> None:
        """Run the rule for what it compares: in a recording, that is of its path."""
        rule, along = (self.pushed, self.given.items) if self.pushes else (self.pulled, self.form.values)
        rule(self.given.items, [as_node(x) for x in self.form.values], [Value(1.0) for _ in along])


def apart(function: Callable[..., Any], *args: Any) -> Any:
    """What a function gives while nobody listens, with nodes of its own: a rule may well differentiate something."""
    return heard_by(None, function, args, {})


def constants(values: Sequence[Any]) -> list[Value]:
    """The numbers of Values, and numbers, as constants."""
    return [constant(data_of(x) if isinstance(x, Value) else x) for x in values]


def numbers_of(shares: Sequence[Any]) -> list[Any]:
    """Shares as numbers; None as it is."""
    return [data_of(d) if isinstance(d, Value) else d for d in shares]


class Ruled(Joint):
    """The rule of the node of a call, whose operands are the Values among its arguments."""

    __slots__ = ("called", "many", "name", "numbers", "pushes", "recorded")
    bound = "a function with a rule of its own gave it, which keeps what it was given"

    def __init__(self, called: Called) -> None:
        self.called, self.name, self.pushes = called, called.name, called.pushes
        self.numbers = called.form.numbers()
        self.many = len(self.numbers) > 1
        self.recorded: Any = None

    def nodes(self) -> Any:
        """The results as Values, in the structure of what the function gave."""
        return self.called.form.filled(joined_results(self.numbers, tuple(self.called.given.items), self))

    @property
    def row(self) -> Any:
        """Its one result as a function of the operands; None of several."""
        return None if self.many else CallRow(self.called, 0)

    def results(self, node: Any) -> list[Any]:
        """The results again, from the node of the call."""
        return results_of(node, self.numbers, self)

    def adjoints(self, adjoint: Any) -> list[Any]:
        """An adjoint for each result, 0.0 for one that has none."""
        given = adjoint if self.many else {0: adjoint}
        return [given.get(k, 0.0) for k in range(len(self.numbers))]

    def partials(self, node: Any) -> list[float]:
        """∂result/∂operand; of several results, of their sum."""
        ones = dict.fromkeys(range(len(self.numbers)), 1.0)
        return [0.0 if x is None else x for x in self.contributions(node, ones if self.many else 1.0)]

    def contributions(self, node: Any, adjoint: Any) -> list[Any]:
        """As of Rule."""
        return list(self.called.pulled_numbers(self.adjoints(adjoint)))

    def contributions_as_values(self, node: Any, adjoint: Any) -> list[Any]:
        """As of Rule."""
        adjoints = [x if isinstance(x, Value) else constant(x) for x in self.adjoints(adjoint)]
        return list(self.called.pulled(operands_of(node), self.results(node), adjoints))

    def pushed(self, node: Any, tangents: Sequence[Any]) -> list[Any]:
        """As of Rule."""
        return self.called.pushed(operands_of(node), self.results(node), tangents)


class CallRow(Primitive):
    """A result of a call as a function of the operands, with partials, as a row that is in no table."""

    def __init__(self, called: Called, which: int) -> None:
        super().__init__(called.name, lambda *xs: self.evaluate(xs))
        self.called, self.which = called, which
        self.program: Any = None  # of its rule, once a formula is asked for

    def takes(self, count: int) -> bool:
        """Whether it can be applied to so many operands."""
        return count == len(self.called.given.items)

    def where(self) -> str:
        """The place in the user's code where the rule is written."""
        return self.called.where()

    def __call__(self, *operands: Any) -> Any:
        """The result of a call of other operands."""
        if any(isinstance(x, Value) for x in operands):
            rule = Ruled(self.called.again([as_node(x) for x in operands]))
            return Results(rule.nodes(), self.name).values[self.which]
        return super().__call__(*operands)

    def evaluate(self, xs: Sequence[float]) -> float:
        """The value on floats."""
        return self.called.again([constant(x) for x in xs]).form.numbers()[self.which]

    def derive(self, i: int, xs: Sequence[Any], z: Any) -> Any:
        """∂z/∂xsᵢ, of numbers, Values or symbols."""
        if type(z) is float:
            called = self.called.again([constant(x) for x in xs])
            ones = [1.0 if k == self.which else 0.0 for k in range(len(called.form.values))]
            return called.pulled_numbers(ones)[i] or 0.0
        if not isinstance(z, Value):
            return self.contribution(i, xs, z, 1.0)
        node = operands_of(z)[0] if isinstance(rule_of(z), Result) else z
        results = rule_of(node).results(node)
        ones = [constant(1.0 if k == self.which else 0.0) for k in range(len(results))]
        return self.called.pulled(xs, results, ones)[i] or 0.0

    def contribution(self, i: int, xs: Sequence[Any], z: Any, adjoint: Any) -> Any:
        """What goes to operand i from an adjoint of z, the one result, as an expression.

        A rule need not be linear in the adjoint. It is recorded as it goes at the numbers of the call.

        Raises:
            RecordingError: the rule decides by what is no arithmetic: it has no formula.
        """
        if self.program is None:
            self.program = Recorded(self.called).pull()
        program, to = self.program
        if i not in to:
            return 0.0
        slots = [z, *xs, adjoint]
        for row, operands in program.listed:
            slots.append(operands if row is None else applied(row, [slots[k] for k in operands]))
        return slots[program.outputs[to.index(i)]]


def applied(row: Primitive, operands: Sequence[Any]) -> Any:
    """A row of a program applied to symbols: one of a user's own is a function of what the user gave it."""
    if isinstance(row, OwnRow):
        owner: Any = row.owner
        return apply(CallRow(owner.called, row.which), operands[owner.results :])
    return apply(row, operands)


def joined(called: Called) -> Any:
    """The results of a call, as Values of a node with its rule."""
    rule = Ruled(called)
    here = recorder()
    if here is not None:
        before = len(here.guards)
        if not _within.get():
            rehearsed(called.rehearse)
        rule.recorded = rows_of(called, here.path()[before:]), (*called.form.values, *called.given.items)
    return rule.nodes()


def is_within() -> bool:
    """Whether a rule is being run."""
    return _within.get()


def rehearsed(rule: Callable[..., Any], *args: Any) -> Any:
    """What a rule gives; functions with rules in it are not rehearsed themselves, there might be no end."""
    token = _within.set(True)
    try:
        return rule(*args)
    finally:
        _within.reset(token)


# --- in programs -----------------------------------------------------------------------------------------------------


def rows_of(called: Called, outcomes: tuple[bool, ...]) -> tuple[OwnRow, ...]:
    """The rows of a call; in one recording, calls of the same function that go the same way have them in common."""
    given, others = called.given.key(), Given(called.others).key()
    if given is None or others is None:
        return Recorded(called).rows
    key = called.spec, given, others, called.kept, called.form.key(), outcomes, _within.get()
    known = _recorded.setdefault(recorder(), {})
    found = known.get(key)
    if found is None:
        found = known[key] = Recorded(called)
    rows: tuple[OwnRow, ...] = found.rows
    return rows


class Recorded(Owner):
    """What a program knows of calls of one function."""

    def __init__(self, called: Called) -> None:
        self.name, self.called = called.name, called
        self.results, self.inputs = len(called.form.values), len(called.given.items)
        self.numbers = [*called.form.numbers(), *[data_of(x) for x in called.given.items]]
        self.rehearsed = not _within.get()
        self.rows = owned(self)
        self._pull: Any = None
        self._push: Any = None

    def pull(self) -> tuple[Program, Sequence[int]]:
        """As of Owner."""
        if self._pull is None:
            self._pull = self.record(self.called.pulled, [1.0] * self.results)
        found: tuple[Program, Sequence[int]] = self._pull
        return found

    def push(self) -> Program:
        """As of Owner."""
        if self._push is None:
            self._push, _ = self.record(self.called.pushed, [1.0] * self.inputs)
        found: Program = self._push
        return found

    def record(self, rule: Callable[..., Any], along: list[float]) -> tuple[Program, Sequence[int]]:
        """The program of a rule, and which of what it may give it gives.

        Raises:
            RecordingError: it decides by what no replay can follow, or uses a Value that it is not given.
        """
        inputs = [Value(x) for x in (*self.numbers, *along)]
        m, n = self.results, self.inputs

        def run(*given: Any) -> list[Any]:
            return list(rehearsed(rule, given[m : m + n], given[:m], given[m + n :]))

        with Recording(inputs) as recording:
            found = heard_by(None, recording.run, (run, inputs, {}), {})
            to = [k for k, x in enumerate(found) if x is not None]
            values = [found[k] for k in to]
            if any(not x.is_constant for x in recording.captured(values)):
                raise RecordingError(
                    f"{self.name}: its rule uses a Value that is no argument, which a program cannot follow: give it "
                    f"as an argument ({self.called.where()})"
                )
            program = recording.program(values)
        moving = dependents(program, range(m + n, len(inputs)))
        if any(moving[slot] for slot, _ in program.guards):
            what = "tangent" if self.called.pushes else "adjoint"
            raise RecordingError(
                f"{self.name}: its rule decides by the {what} that it is given, which is different in each replay: use "
                f"autograd.where, minimum or maximum in place of if, min or max ({self.called.where()})"
            )
        if program.guards and not self.rehearsed:
            raise RecordingError(
                f"{self.name}: used within another rule, it decides by a comparison, which no replay looks at there: "
                f"use autograd.where, minimum or maximum in place of if, min or max ({self.called.where()})"
            )
        return replace(program, guards=()), to


class OfProgram(Called):
    """A call that a program has, made again on Values."""

    def __init__(self, owner: Recorded, results: Sequence[Any], items: Sequence[Any]) -> None:
        super().__init__(owner.name, Given([as_node(x) for x in items]), (), owner)
        self.owner, self.form, self.pushes = owner, Results(list(results), owner.name), owner.called.pushes

    def pulled(self, items: Sequence[Any], results: Sequence[Any], adjoints: Sequence[Any]) -> list[Any]:
        """As of Called."""
        program, to = self.owner.pull()
        found = dict(zip(to, outputs(program, [*results, *items, *adjoints]), strict=True))
        return [found.get(k) for k in range(len(items))]

    def pushed(self, items: Sequence[Any], results: Sequence[Any], tangents: Sequence[Any]) -> list[Any]:
        """As of Called."""
        return outputs(self.owner.push(), [*results, *items, *[0.0 if t is None else t for t in tangents]])

    def again(self, items: Sequence[Any]) -> Called:
        """As of Called."""
        return self.owner.called.again(items)

    def where(self) -> str:
        """As of Called."""
        return self.owner.called.where()


def outputs(program: Program, numbers: Sequence[Any]) -> list[Any]:
    """What a program gives."""
    slots = evaluate(program, numbers)
    return [slots[k] for k in program.outputs]


def apply_row(row: OwnRow, operands: Sequence[Any]) -> Any:
    """A row of a program applied to Values: a node with its rule."""
    owner: Any = row.owner
    called = OfProgram(owner, operands[: owner.results], operands[owner.results :])
    rule = Ruled(called)
    if recorder() is not None:
        rule.recorded = owner.rows, tuple(operands)
    return rule.nodes()[row.which]


def as_node(x: Any) -> Value:
    """A Value as it is, a number as a constant."""
    return x if isinstance(x, Value) else constant(float(x))


OwnRow.applied[Value] = apply_row
