"""taylor: the derivatives of all orders of a function along a line, by power series through its graph."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from autograd.border.wording import brief
from autograd.calculus import table
from autograd.calculus.primitive import Primitive
from autograd.derivatives.arguments import Numbers
from autograd.derivatives.calls import Call, as_function
from autograd.derivatives.reverse import as_value
from autograd.engine.listening import recorder
from autograd.engine.reading import all_operands, data_of, is_stamped, partials_of, rule_of
from autograd.engine.rules import Result, one_for_each
from autograd.expansions.power_series import Expansion, Series, moves
from autograd.expansions.recurrences import LAW
from autograd.expansions.routines import Routine, coefficients_over_values
from autograd.values.roots import topological_order
from autograd.values.value import Value

__all__ = ["taylor"]


def taylor(function: Callable[..., Any], x: Any, order: int, *, direction: Any = None) -> list[Any]:
    """The Taylor coefficients of a function: f⁽ᵏ⁾(x) / k! for k from 0 to the order; along a line, of many numbers.

    All orders come of one walk through the graph, by series in place of numbers; a nested `grad` doubles its graph with
    each. Kinks, jumps and poles are those of the table: a selecting function goes on as what it takes at x.

    Args:
        function: Ordinary Python of one argument; it gives numbers in any structure.
        x: A number, or a structure of numbers, which then needs a direction.
        order: How many derivatives, from 0 on.
        direction: In the structure of x: then the coefficients are those of t ↦ f(x + t · direction).

    Returns:
        A list of order + 1 results, each in the structure of what the function gives: numbers for numbers; Values where
        there is one in x or in the direction, to be differentiated again.

    Raises:
        ValueError: the order is below 0; x is many numbers and there is no direction, or one of another structure.
        TypeError: the function is none, or gives no numbers; x is no real number; the order is no whole number; a node
            has a `_backward` closure, which knows only numbers.

    Cost: a call of the function on Values; then for each operation as many numbers as there are coefficients, and time
        that grows with the square of their number: at order 20 one or two hundred times the call. Of functions whose
        derivatives do not come back to themselves (the gamma function and its kin, erfcx, sinc) with the cube, and to
        order 100 or so, from where on these outgrow doubles.

    >>> taylor(lambda x: 1.0 / (1.0 - x), 0.0, 4)
    [1.0, 1.0, 1.0, 1.0, 1.0]
    >>> taylor(lambda x: x[0] ** 2 * x[1], [1.0, 3.0], 3, direction=[1.0, 0.0])
    [3.0, 6.0, 3.0, 0.0]
    """
    as_function(function, "taylor")
    order = order.item() if isinstance(order, np.integer) else order
    if isinstance(order, bool) or not isinstance(order, int):
        raise TypeError(f"taylor: order: expected a whole number, got {type(order).__name__} {brief(order)}")
    if order < 0:
        raise ValueError(f"taylor: order {order}: from 0 on, the function itself; {order + 1} coefficients are none")
    moving = None if direction is None else Numbers(direction, "taylor: direction")
    call = Call(
        "taylor", function, 0, (x,), {}, also_values=moving is not None and moving.has_values, opening=True,
        others=False,
    )  # fmt: skip
    if moving is None and len(call.items) > 1:
        raise ValueError(
            f"{call.name}: x is {len(call.items)} numbers: give a direction in their structure, along which to go"
        )
    slopes = [1.0] if moving is None else call.parts[0].given(direction, "taylor: direction")
    columns = Walk(call, slopes, order).coefficients() if order else [[y] for y in call.results.values]
    return [call.value(), *(call.in_results([column[k] for column in columns]) for k in range(1, order + 1))]


class Walk:
    """The coefficients of all nodes that move, operands first."""

    def __init__(self, call: Call, slopes: Sequence[Any], order: int) -> None:
        self.call, self.order, self.as_values = call, order, call.as_values
        self.known: dict[Value, Any] = {}  # of what moves, its coefficients
        self.routines: dict[Any, list[Routine]] = {}
        for node, item, slope in zip(call.inputs, call.items, slopes, strict=True):
            if self.as_values:
                if type(slope) is not float or slope != 0.0:
                    self.known[node] = [node, slope]
            elif slope != 0.0:
                self.known[node] = array("d", [item, slope])

    def coefficients(self) -> list[list[Any]]:
        """Of each result its coefficients."""
        roots, known = self.call.roots(), self.known
        for node in topological_order(roots):
            if node not in known and any(x in known for x in node.operands):
                found = self.joined(node)
                if found is not None:
                    known[node] = found
        columns = []
        for root in roots:
            there = list(known.get(root, [0.0]))
            column = there + [0.0] * (self.order + 1 - len(there))
            columns.append([as_value(x) for x in column] if self.as_values else column)
        return columns

    def joined(self, node: Value) -> Any:
        """The coefficients of a node; None if it does not move."""
        rule, row = rule_of(node), row_of(node)
        if rule is not None and rule.many:  # of several results none is it: each has a node of its own above
            return array("d", [0.0])
        if row is not None and not self.as_values:
            return self.by_routine(row, all_operands(node), data_of(node))
        space = Opened(self)
        series = space.of_node(node)
        groups = space.groups(series, self.order)
        if self.as_values:
            return coefficients_over_values(groups, series, self.order)
        routine = Routine(space, groups, list(space.inputs.values()), series, self.order)
        given = [self.known.get(x, data_of(x)) for x in space.inputs]
        heads = routine.heads(given, data_of(node))
        assert heads is not None, "of the numbers that it was made for"
        return routine.coefficients(heads, given)

    def by_routine(self, row: Primitive, operands: Sequence[Any], head: float) -> Any:
        """The coefficients of a row of operands, over numbers, by a routine that is kept."""
        known = self.known
        given: list[Any] = [x if type(x) is float else known[x] if x in known else data_of(x) for x in operands]
        first: dict[Any, int] = {}  # where an operand that moves stood first
        key = [row.name, *[-1 if type(x) is float else first.setdefault(id(x), k) for k, x in enumerate(given)]]
        kept = given
        if row is table.pow and type(given[1]) is float:  # of which kind its series is depends on the exponent
            key.append(given[1])
            kept = given[:1]
        routines = self.routines.setdefault(tuple(key), [])
        for routine in routines:
            heads = routine.heads(kept, head)
            if heads is not None:
                return routine.coefficients(heads, kept)
        space = Expansion()
        inputs: list[Any] = []
        for k, x in enumerate(kept):
            at = k if type(x) is float else first[id(x)]
            if at < k:
                inputs.append(inputs[at])
            else:
                inputs.append(space.still(x) if type(x) is float else space.given(x[0]))
        series = space.function(row, (*inputs, *given[len(kept) :]), head)
        routine = Routine(space, space.groups(series, self.order), inputs, series, self.order)
        routines.append(routine)
        heads = routine.heads(kept, head)
        assert heads is not None, "of the numbers that it was made for"
        return routine.coefficients(heads, kept)


class Opened(Expansion):
    """The series of one node of a graph, over Values or with a rule of its own.

    Attributes:
        inputs: What stands for Values that are known, or do not move.
        ruled: What stands for nodes with rules, in whose partials they may come up themselves: see `result_of`.
    """

    def __init__(self, walk: Walk) -> None:
        super().__init__()
        self.walk = walk
        self.inputs: dict[Value, Series] = {}
        self.ruled: dict[Any, Series] = {}

    def operand(self, x: Any) -> Any:
        """An operand of a node as one of a series."""
        if type(x) is float:
            return x
        if x in self.inputs:
            return self.inputs[x]
        if result_of(x) in self.ruled:
            return self.ruled[result_of(x)]
        walk = self.walk
        if x not in walk.known and is_number(x):
            return data_of(x)
        head = x if walk.as_values else data_of(x)
        found = self.inputs[x] = self.given(head) if x in walk.known else self.still(head)
        if walk.as_values and x in walk.known:
            found.coefficients = walk.known[x]
        return found

    def of_node(self, node: Value, inner: Mapping[Value, Any] = MappingProxyType({})) -> Any:
        """The series of a node.

        Args:
            node: An operation, whose operands are known, or among the inner ones.
            inner: The series of nodes of the graph that a rule gave.
        """
        rule, row = rule_of(node), row_of(node)
        head = node if self.walk.as_values else data_of(node)
        whole = node.operands[0] if isinstance(rule, Result) else node
        operands = tuple([inner[x] if x in inner else self.operand(x) for x in all_operands(whole)])
        if row is not None and not inner:
            return self.function(row, operands, head)
        if row is not None:
            return self.apply(row, operands)
        if (rule is not None and rule.many) or not any(map(moves, operands)):
            return self.still(head)
        if rule is not None:
            ruled = self.ruled[result_of(node)] = Ruled(self, node, head, operands)
            self.made.append(ruled)
            return ruled
        found = self.series(LAW, head, None, operands)  # local gradients
        pairs = zip(operands, partials_of(node), strict=True)
        found.straight = [(x, partial) for x, partial in pairs if moves(x)]
        return found

    def of_graph(self, root: Value) -> Any:
        """The series of a Value that a rule gave; what the function made is known."""
        inner: dict[Value, Any] = {}
        stack = [root]
        while stack:
            node = stack[-1]
            missing = [x for x in node.operands if self.is_new(x, inner)]
            if missing and self.is_new(node, inner):
                stack.extend(missing)
                continue
            stack.pop()
            if self.is_new(node, inner):
                inner[node] = self.of_node(node, inner)
        return inner[root] if root in inner else self.operand(root)

    def is_new(self, node: Value, inner: Mapping[Value, Any]) -> bool:
        """Whether the series of a node has still to be found."""
        known = node in inner or node in self.inputs or node in self.walk.known or result_of(node) in self.ruled
        return bool(node.operands) and not known


class Ruled(Series):
    """The series of a node with a rule of its own: its pullback of 1 are the partials, as a graph."""

    __slots__ = ("node", "opened")

    def __init__(self, space: Opened, node: Value, head: Any, operands: tuple[Any, ...]) -> None:
        super().__init__(space, LAW, head, None, operands)
        self.opened, self.node = space, node

    def partials(self) -> list[tuple[Any, Any]]:
        """As of Series."""
        rule, whole = rule_of(self.node), self.node
        given: Any = Value(1.0)
        if isinstance(rule, Result):
            given, whole = {rule.number: given}, self.node.operands[0]
            rule = rule_of(whole)
        shares = one_for_each(rule, rule.contributions_as_values(whole, given), len(whole.operands))
        pairs = zip(self.operands, shares, strict=True)
        return [(x, self.partial(share)) for x, share in pairs if moves(x) and share is not None]

    def partial(self, share: Any) -> Any:
        """What a rule gave, as a series or a number."""
        return self.opened.of_graph(share) if isinstance(share, Value) else float(share)


def row_of(node: Value) -> Primitive | None:
    """The row of the table that made a node: what a user wrote is for Values, and opened as a rule."""
    return node.primitive if rule_of(node) is None else None


def result_of(node: Value) -> Any:
    """What a node is the result of: itself, or of several results, of which there may be more nodes, which one."""
    rule = rule_of(node)
    return (node.operands[0], rule.number) if isinstance(rule, Result) else node


def is_number(x: Value) -> bool:
    """Whether a Value of a graph stands for a number that nobody computed, and no replay has another."""
    if not x.is_constant:
        return False
    recording = recorder()
    return recording is None or (is_stamped(x) and id(x) not in recording.cuts)
