"""The reverse sweep as data: every step of the chain rule with its numbers, as the engine takes it.

At a node the sweep multiplies its adjoint by the partial towards each operand, and adds that contribution to what the
operand has: where paths meet, that is a sum. At a leaf, what came together is added to its `grad`. Whoever goes through
the steps sees the numbers that `backward()` computes, in its order, to the last bit; no `grad` is changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from autograd.engine.reading import as_nodes, partials_of, refuse, refuse_childless, require_root, rule_of, title_of
from autograd.engine.rules import Result, as_numbers, lay_by
from autograd.engine.sweep import carries, in_order, is_cut_off
from autograd.values.roots import as_seeds
from autograd.values.value import Value

__all__ = ["Step", "steps"]


@dataclass(frozen=True)
class Step:
    """One step of the sweep: an operation that passes its adjoint on to its operands, or a leaf that keeps it.

    The lists have one entry per operand, in order and with repeats: `x * x` adds to `x` twice, one after the other.

    Attributes:
        node: The Value that the sweep is at.
        adjoint: ∂(roots)/∂node: all that has come to it.
        operands: What it was computed from.
        partials: ∂node/∂operand at the numbers of the forward pass; None where a rule keeps it to itself.
        contributions: Partial times adjoint, what is added to the operand's adjoint. None where nothing is: to a
            constant, or to what a `where` did not take. Of a `_backward` closure it is what the closure added to the
            operand's `grad`, measured as after - before.
        before, after: The operand's adjoint without and with the contribution. Of a leaf one entry each: its `grad`
            before the sweep, and after it. Of one of several results of a call, which go back together, what it alone
            has brought.
    """

    node: Value
    adjoint: float
    operands: tuple[Value, ...]
    partials: tuple[float | None, ...]
    contributions: tuple[float | None, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def is_leaf(self) -> bool:
        """Whether it is a leaf's: the adjoint goes into its `grad`."""
        return not self.operands

    def __str__(self) -> str:
        if self.is_leaf:
            return f"{title_of(self.node)}: grad {self.before[0]:g} + {self.adjoint:g} = {self.after[0]:g}"
        lines = [f"{title_of(self.node)}: adjoint {self.adjoint:g}"]
        for x, partial, share, before, after in zip(
            self.operands, self.partials, self.contributions, self.before, self.after, strict=True
        ):
            if share is None:
                lines.append(f"  into {title_of(x)}: nothing")
                continue
            product = f"{partial:g} * {self.adjoint:g}" if partial is not None else "after - before"
            lines.append(f"  into {title_of(x)}: {product} = {share:g}, {before:g} + {share:g} = {after:g}")
        return "\n".join(lines)


def steps(roots: Value | Iterable[Value], seeds: Any = None) -> list[Step]:
    """The sweep from one Value or several, step by step, without changing any `grad`.

    What the sweep passes over, because nothing has come to it, has no step. A `_backward` closure is run once, with the
    operands' `grad` at 0, and these are put back.

    Args:
        roots: One Value or several.
        seeds: One number per root, ∂(what is asked for)/∂root (1 if not given).

    Raises:
        TypeError: a root is not a Value, or a seed not a real number.
        ValueError: a root is a constant, nothing below can learn, or the seeds are not as many as the roots.
        RecordingError: a function is being recorded here.

    Cost: linear in nodes and edges, in Python; no recursion.

    >>> x = Value(3.0, label="x")
    >>> for step in steps(x * x + x):
    ...     print(step)
    +: adjoint 1
      into *: 1 * 1 = 1, 0 + 1 = 1
      into x: 1 * 1 = 1, 0 + 1 = 1
    *: adjoint 1
      into x: 3 * 1 = 3, 1 + 3 = 4
      into x: 3 * 1 = 3, 4 + 3 = 7
    x: grad 0 + 7 = 7
    """
    refuse("stepping through a sweep")
    checked = as_nodes(roots, "steps")
    numbers = as_seeds(seeds, len(checked))
    for root in checked:
        require_root(root)
    if is_cut_off(in_order(checked)):
        refuse_childless(checked[0])
    return Sweep(checked, numbers).run()


class Sweep:
    """A sweep in progress: the nodes in order, and what has come to each."""

    def __init__(self, roots: list[Any], seeds: list[float]) -> None:
        self.order = in_order(roots, True)
        self.places = {id(node): i for i, node in enumerate(self.order)}
        self.adjoints = [0.0] * len(self.order)
        self.reached = bytearray(len(self.order))
        self.shares: dict[int, dict[int, float]] = {}
        for root, seed in zip(roots, seeds, strict=True):
            self.add(root, seed)

    def add(self, node: Any, contribution: float) -> tuple[float, float]:
        """Add to what a node has; what it had, and has."""
        at = self.places[id(node)]
        before = self.adjoints[at]
        self.adjoints[at] += contribution
        self.reached[at] = 1
        return before, self.adjoints[at]

    def adjoint(self, node: Any) -> float:
        """What a node has; 0 for one that the sweep does not come to."""
        at = self.places.get(id(node))
        return 0.0 if at is None else self.adjoints[at]

    def run(self) -> list[Step]:
        """All steps, from the roots to the leaves."""
        found = []
        for i in range(len(self.order) - 1, -1, -1):
            node = self.order[i]
            if self.reached[i]:
                found.append(self.inner(node, i) if node.operands else self.leaf(node, i))
        return found

    def leaf(self, node: Any, i: int) -> Step:
        """A leaf's step."""
        adjoint, grad = self.adjoints[i], node.grad
        return Step(node, adjoint, (), (), (), (grad,), (grad + adjoint,))

    def inner(self, node: Any, i: int) -> Step:
        """An operation's step."""
        rule, adjoint, operands = rule_of(node), self.adjoints[i], node.operands
        partials: tuple[float | None, ...]
        if rule is None or rule.row is not None:
            partials = partials_of(node)
            pairs = list(zip(operands, partials, strict=True))
            shares = [d * adjoint if carries(node, x, d) else None for x, d in pairs]
        elif isinstance(rule, Result):  # one of several results: its adjoint waits for those of the others
            whole = self.places[id(operands[0])]
            lay_by(self.shares, whole, rule.number, adjoint)
            partials, shares = (1.0,), [adjoint]
        else:
            if rule.many and (i not in self.shares or adjoint != 0.0):
                require_root(node)
            given = self.shares.pop(i) if rule.many else adjoint
            partials = (None,) * len(operands)
            shares = as_numbers(rule, rule.contributions(node, given), len(operands))
            shares = [None if x.is_constant else share for x, share in zip(operands, shares, strict=True)]
        before, after = [], []
        for x, share in zip(operands, shares, strict=True):
            if share is None or id(x) not in self.places:
                had = has = self.adjoint(x)
            elif isinstance(rule, Result):
                had, has = 0.0, share
                self.reached[self.places[id(x)]] = 1
            else:
                had, has = self.add(x, share)
            before.append(had)
            after.append(has)
        return Step(node, adjoint, operands, partials, tuple(shares), tuple(before), tuple(after))
