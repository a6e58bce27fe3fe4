"""A value, and a derivative, as one expression in the names of its leaves."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Set
from typing import Any

from autograd.algebra.expressions import Expression, Expressions, evaluated, needed
from autograd.algebra.identifiers import Identifiers
from autograd.algebra.latex import latex_label, shown_in_latex
from autograd.algebra.simplification import simplified
from autograd.algebra.spelling import Spelled, spelled
from autograd.border.conversion import as_float
from autograd.border.wording import brief
from autograd.calculus import table
from autograd.calculus.names import is_word
from autograd.calculus.primitive import Primitive
from autograd.engine.reading import title_of
from autograd.engine.sweep import in_order
from autograd.graphs.columns import BARE
from autograd.graphs.formula import operands_of
from autograd.graphs.graph import Graph, graph_of
from autograd.graphs.names import Labels, names_of, scope_of
from autograd.values.value import Value

__all__ = ["Formula", "formula"]


class Formula:
    """A value or a derivative as an expression; `str()` of it is one expression of Python.

    What is long and used twice, or deep within, has a name there: `(v1 := exp(x * y), v1 / (1 + v1))[-1]`. The names
    are Python's, the functions those of this package: `eval(str(found), vars(autograd) | numbers)`. Where Python raises
    (it divides by 0, or overflows) or makes a complex number, a call of the formula gives what the table has,
    infinities and nan.

    Attributes:
        names: The Values that the names stand for: `found.names["w_0"]` may be labelled `w[0]`.
    """

    __slots__ = ("_expression", "_spelled", "names")

    def __init__(self, expression: Expression, written: Spelled, names: dict[str, Value]) -> None:
        self._expression, self._spelled, self.names = expression, written, names

    @property
    def latex(self) -> str:
        """The same in LaTeX's mathematics, definitions below."""
        return self._spelled.in_latex()

    @property
    def definitions(self) -> dict[str, str]:
        """What the names within it that stand for no Value are, each in terms of those before."""
        return {name: text for name, text, _ in self._spelled.definitions}

    def __call__(self, **numbers: Any) -> float:
        """The number it has where names are these numbers; the others are what their Values hold now.

        Raises:
            TypeError: there is no such name, or something is not a real number.

        >>> x = Value(3.0, label="x")
        >>> formula(x * x - 1.0)(), formula(x * x - 1.0)(x=5.0)
        (8.0, 24.0)
        """
        for name in numbers:
            if name not in self.names:
                known = ", ".join(list(self.names)[:20]) or "none"
                raise TypeError(f"{brief(self)}: there is no name {name!r} in it; its names: {known}")
        given = {name: as_float(x, name) for name, x in numbers.items()}
        return evaluated(self._expression, numbers_of(self.names) | given)

    def __str__(self) -> str:
        return str(self._spelled)

    def __repr__(self) -> str:
        return f"Formula({brief(str(self))})"

    def _repr_latex_(self) -> str | None:
        return shown_in_latex(self.latex)


def formula(value: Value, wrt: Value | None = None, *, labels: Labels = "auto") -> Formula:
    """A Value as an expression in its leaves, or its derivative by one of the Values that it was computed from.

    A derivative is put together from the partials of the table, as the sweep does it, and then simplified: like terms
    collected, `x * x` a power, what is multiplied by 0 left out. That is algebra of real numbers: it may differ by
    rounding, and where something is infinite or nan. What does not give the same number at hand is not simplified.

    A decision that Python took is no part of it (`if x > 0`, or `where(x > 0, a, b)`): the expression is that of the
    branch which was taken. What is decided by rows (`relu`, `maximum`, `less`) is decided in the expression too.

    Args:
        value: What was computed.
        wrt: By what to differentiate; it may be any Value that `value` was computed from, a leaf or not.
        labels: Where names are from, as in `draw`: "auto" takes labels, places of parameters in modules, and variables
            of the caller; "given" labels alone; None nothing; or a dict of Values and names.

    Raises:
        TypeError: `value` or `wrt` is not a Value.
        ValueError: `value` was not computed from `wrt`, or `wrt` is a constant, or on the way to it is a rule of
            somebody's own, whose formula nobody knows.
        RecordingError: a function is being recorded here.

    Cost: linear in the graph, in time and in length; no recursion.

    >>> x = Value(2.0, label="x")
    >>> print(formula((x * x).sin() / x))
    sin(x ** 2) / x
    >>> print(formula((x * x).sin() / x, wrt=x))
    2 * cos(x ** 2) - sin(x ** 2) / x ** 2
    """
    if not isinstance(value, Value):
        raise TypeError(f"formula: expected a Value, got {type(value).__name__} {brief(value)}")
    graph = graph_of(value, "formula")
    at = None if wrt is None else place_of(graph, wrt, "formula: wrt")
    names = names_of(graph, labels, scope_of(sys._getframe(1), labels)).given
    writing = Writing(graph, names, at)
    root = graph.roots[0]
    found = writing.expressions[root] if at is None else writing.derivative(root, at)
    numbers = numbers_of(writing.values)
    if at is not None and evaluated(found, numbers) - evaluated(found, numbers) != 0.0:
        found = writing.derivative(root, at, {id(node) for node in in_order([value], True)})
    return writing.formula(simplified(found, numbers))


def numbers_of(values: Mapping[str, Value]) -> dict[str, float]:
    """What some Values hold."""
    return {name: value.data for name, value in values.items()}


def place_of(graph: Graph, wrt: Any, who: str) -> int:
    """The number of what a graph's root is differentiated by.

    Args:
        graph: With one root.
        wrt: By what.
        who: Begins the message of an error.

    Raises:
        TypeError: it is not a Value.
        ValueError: it is a constant, or not in the graph.
    """
    if not isinstance(wrt, Value):
        raise TypeError(f"{who}: expected a Value, got {type(wrt).__name__} {brief(wrt)}")
    if wrt not in graph:
        raise ValueError(f"{who}: {called(wrt)} is not among what {called(graph.values[-1])} was computed from")
    if wrt.is_constant:
        raise ValueError(
            f"{who}: {called(wrt)} is a constant (detached, made under no_grad, or a leaf whose requires_grad is "
            "False): no gradient goes to it"
        )
    return graph.place(wrt)


def called(value: Value) -> str:
    """What a message calls a Value."""
    title = title_of(value)
    return brief(value) if title == f"{value.data:g}" else brief(title)


class Writing:
    """The nodes of a graph as expressions.

    Attributes:
        expressions: Of each node, by its number.
        values: What the names in them stand for.
    """

    def __init__(self, graph: Graph, names: dict[int, str], at: int | None) -> None:
        self.graph, self.names, self.at = graph, names, at
        self.within = Expressions()
        self.identifiers = Identifiers()
        self.values: dict[str, Value] = {}
        self.labels: dict[str, str] = {}
        self.expressions: list[Expression] = []
        for i in range(len(graph)):
            self.expressions.append(self.expression(i))

    def expression(self, i: int) -> Expression:
        """A node's: a name for a leaf, for what has a rule of somebody's own, and for what is differentiated by."""
        kind, row = self.graph.kind(i), self.graph.row(i)
        if kind == "constant" and i not in self.names:
            return self.within.number(self.graph.data(i))
        if kind == "operation" and row is not None and i != self.at:
            return self.within.apply(row, self.operands(i))
        own = self.graph.name_of_operation(i) if row is None else ""
        name = self.identifiers.give(self.names.get(i, own))
        self.values[name] = self.graph.values[i]
        if i in self.names:
            self.labels[name] = self.names[i]
        return self.within.named(name)

    def operands(self, i: int) -> list[Expression]:
        """The expressions of a node's operands, bare numbers among them."""
        return [
            self.within.number(x) if isinstance(x, float) else self.expressions[x] for x in operands_of(self.graph, i)
        ]

    def derivative(self, root: int, at: int, visited: Set[int] | None = None) -> Expression:
        """∂root/∂node: the sweep, over expressions; or only through the nodes that it visits at these numbers."""
        above = self.above(at)
        adjoints = {root: self.within.number(1.0)}
        for i in range(root, at, -1):
            if above[i] and i in adjoints and (visited is None or id(self.graph.values[i]) in visited):
                self.pass_on(i, adjoints, above)
        return adjoints.get(at, self.within.number(0.0))

    def above(self, at: int) -> bytearray:
        """Which nodes were computed from one."""
        found = bytearray(len(self.graph))
        found[at] = 1
        for i in range(at + 1, len(self.graph)):
            found[i] = any(found[x] for x in self.graph.operands(i) if x != BARE)
        return found

    def pass_on(self, i: int, adjoints: dict[int, Expression], above: bytearray) -> None:
        """Add partial times adjoint to what each operand of a node has.

        Raises:
            ValueError: its rule is somebody's own.
        """
        row, operands = self.graph.row(i), operands_of(self.graph, i)
        if row is None:
            raise ValueError(
                f"formula: the derivative goes through {called(self.graph.values[i])}, whose rule is one of its own (a "
                "_backward closure, local_grads, a call of a compiled function): it gives numbers, and no formula; "
                "differentiate by its result, or compute it of functions of this package"
            )
        xs = self.operands(i)
        for k, x in enumerate(operands):
            if not isinstance(x, float) and x != BARE and above[x]:
                share = self.share(i, row, k, xs, adjoints[i])
                if share is not None:
                    adjoints[x] = self.within.apply(table.add, (adjoints[x], share)) if x in adjoints else share

    def share(self, i: int, row: Primitive, k: int, xs: list[Expression], adjoint: Expression) -> Expression | None:
        """What a node passes on to its operand k; None if that is nothing.

        Raises:
            ValueError: its row is a user's own, and its partials can be computed with Values alone.
        """
        whole = getattr(row, "contribution", None)  # of a rule that need not be linear in the adjoint
        try:
            if whole is not None:
                return self.within.of(whole(k, xs, self.expressions[i], adjoint))
            return passed(self.within, row, self.within.of(row.derive(k, xs, self.expressions[i])), adjoint)
        except Exception as error:
            if row.code is not None:
                raise
            raise ValueError(
                f"formula: the derivative goes through {row.name}, whose rule is one of its own and gives no formula: "
                "differentiate by its result, or write its partials with autograd's functions and operators"
            ) from error

    def formula(self, expression: Expression) -> Formula:
        """The formula of an expression."""
        parts = needed(expression)
        used = {str(part.head) for part in parts if not part.args and not part.is_number}
        wishes = {
            self.expressions[i].number: self.identifiers.give(name)
            for i, name in self.names.items()
            if self.expressions[i].args and is_word(name)
        }
        shown = {name: (name, latex_label(label)) for name, label in self.labels.items() if name in used}
        written = spelled(expression, shown, wishes, list(self.values))
        return Formula(expression, written, {name: self.values[name] for name in self.values if name in used})


def passed(within: Expressions, row: Primitive, partial: Expression, adjoint: Expression) -> Expression | None:
    """What a row passes on; None if that is nothing. An operand that was not taken gets 0, whatever the adjoint is."""
    if not row.selects:
        return times(within, partial, adjoint)
    if partial.is_(0.0):
        return None
    if partial.head is table.where and all(x.is_(0.0) or x.is_(1.0) for x in partial.args[1:]):
        sides = [adjoint if x.is_(1.0) else x for x in partial.args[1:]]
        return within.apply(table.where, (partial.args[0], *sides))
    return within.apply(table.where, (partial, times(within, partial, adjoint), 0.0))


def times(within: Expressions, partial: Expression, adjoint: Expression) -> Expression:
    """Partial times adjoint; 0 where nothing has come to the node, whatever the partial is there."""
    if adjoint.head is table.where and any(x.is_(0.0) for x in adjoint.args[1:]):
        sides = [x if x.is_(0.0) else within.apply(table.mul, (partial, x)) for x in adjoint.args[1:]]
        return within.apply(table.where, (adjoint.args[0], *sides))
    return within.apply(table.mul, (partial, adjoint))
