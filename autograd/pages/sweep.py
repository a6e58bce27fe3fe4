"""What a sweep does in a graph, as columns: an adjoint for each node, a partial and a contribution for each operand.

A page made after `backward()` shows that sweep, and ends at the gradients that are there; one made before it shows what
`backward()` would do. Which of the two it is is told by the gradients: after a sweep those of all operations are their
adjoints.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from autograd.explanations.steps import Step, steps
from autograd.graphs.columns import BARE
from autograd.graphs.graph import Graph, reached

__all__ = ["MOST", "Swept", "swept"]

MOST = 200_000
"""Nodes that are stepped through one by one: a second's work."""
MANY = 8
"""Of so many roots it is asked what each began with."""
ULPS = 4
"""In so many steps of the last digit the gradient that was there before is looked for."""


class Swept(NamedTuple):
    """A sweep as columns.

    Attributes:
        when: Of each operation when the sweep comes to it, from 0; -1 where it does not come to, and of leaves.
        adjoints: Of each node; nan where the sweep does not come to.
        reached: Whether it comes to each node.
        partials, contributions, before, after: Of each operand, as `columns.operands` has them; see `Step`. nan where
            there is none.
        known, carries: Whether there is a partial, and a contribution.
        seeds: The adjoints that roots begin with, by node.
        leaves: Of each leaf that it comes to the gradient before; None where that cannot be told any more.
        done: Whether it is the sweep that brought the gradients which are there.
        note: What is to be said about it.
    """

    when: Any
    adjoints: Any
    reached: Any
    partials: Any
    contributions: Any
    before: Any
    after: Any
    known: Any
    carries: Any
    seeds: dict[int, float]
    leaves: dict[int, float | None]
    done: bool
    note: str = ""


def swept(graph: Graph, most: int = MOST) -> Swept | str:
    """The sweep from the roots of a graph; or why there is none, in a sentence.

    Args:
        graph: The graph. Its numbers are those of when it was made: if they have changed since, there is no sweep.
        most: How many nodes there may be below the roots.

    Cost: linear, in Python; a `_backward` closure is run once, or twice, and what it did is undone.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> x = Value(3.0)
    >>> loss = x * x
    >>> found = swept(graph_of(loss))
    >>> found.adjoints.tolist(), found.contributions.tolist(), found.done
    ([6.0, 1.0], [3.0, 3.0], False)
    >>> loss.backward()
    >>> swept(graph_of(loss)).done
    True
    """
    changed = [i for i, value in enumerate(graph.values) if not same(value.data, graph.data(i))]
    if changed:
        i = changed[0]
        named = graph.label(i) or graph.id(i)
        return (
            f"numbers have changed since this was drawn ({named}: {graph.data(i):g}, now {graph.values[i].data:g}): "
            "draw it anew to step through it"
        )
    if is_beyond(graph, most):
        return from_gradients(graph, most)
    tops = [i for i in graph.roots if not graph.used(i)]
    operations = np.diff(graph.columns.starts) > 0
    touched = bool((operations & (graph.columns.grads != 0.0)).any())
    try:
        seeds_of_sweeps = seeds_there(graph, tops) if touched else ()
        fitting = [found for seeds in seeds_of_sweeps if brought(graph, found := columns_of(graph, seeds))]
        if fitting:
            done = [found._replace(leaves=gradients_before(graph, found), done=True, note=BROUGHT) for found in fitting]
            return min(done, key=lambda found: sum(before != 0.0 for before in found.leaves.values()))
        would = columns_of(graph, dict.fromkeys(tops, 1.0))
    except Exception as error:  # a closure's may be any
        return f"there is no backward pass: {error}"
    named = ", ".join(graph.label(i) or graph.id(i) for i in tops[:4]) + ", ..." * (len(tops) > 4)
    said = f"backward() of {named}" if len(tops) < len(graph.roots) else "it" if not touched else "backward()"
    return would._replace(note=(OTHERS if touched else NOT_YET).format(said))


BROUGHT = "The backward pass is the one that brought these gradients."
NOT_YET = "No backward() has been yet: this is what {} would do."
OTHERS = "The gradients that are there are not those of one sweep from here: this is what {} would do."


def seeds_there(graph: Graph, tops: list[int]) -> Iterator[dict[int, float]]:
    """What roots may have begun with in a sweep that has been: of one that others are made from, what did not come.

    Of a root that is a leaf it cannot be told: with 1, and without it.
    """
    seeds: dict[int, float] = {}
    inner = sorted((i for i in graph.roots if graph.kind(i) == "operation"), reverse=True)
    for i in inner:
        came = 0.0
        if seeds and i not in tops and len(inner) <= MANY:
            adjoint = columns_of(graph, seeds).adjoints[i]
            came = 0.0 if adjoint != adjoint else float(adjoint)
        seed = graph.grad(i) - came
        if abs(seed - round(seed)) < 1e-9 * max(1.0, abs(came)) if seed - seed == 0.0 else False:
            seed = float(round(seed))
        if seed != 0.0:
            seeds[i] = seed
    leaves = [i for i in graph.roots if graph.kind(i) == "leaf" and graph.values[i].requires_grad]
    if leaves:
        yield seeds | dict.fromkeys(leaves, 1.0)
    if seeds:
        yield seeds


def from_gradients(graph: Graph, most: int) -> Swept | str:
    """The sweep that has been, as far as gradients tell: what each node got, not from where."""
    many = f"the graph has more than {most:,} nodes: too many to be stepped through one by one"
    if not any(graph.grad(i) for i in graph.roots):
        return f"{many}; after backward() a page steps over boxes"
    has_been, m = reached(graph), len(graph.columns.operands)
    nodes = np.flatnonzero(has_been)[::-1]
    inner = np.diff(graph.columns.starts)[nodes] > 0
    when = np.full(len(graph), -1, np.int64)
    when[nodes[inner]] = np.arange(int(inner.sum()))
    none, never = np.full(m, math.nan), np.zeros(m, bool)
    adjoints = np.where(has_been, graph.columns.grads, math.nan)
    return Swept(
        when, adjoints, has_been, none, none, none, none,
        never, never, {i: graph.grad(i) for i in graph.roots if has_been[i]}, dict.fromkeys(nodes[~inner].tolist()),
        True, f"{many}: this page steps over boxes, and shows the gradients that are there. {BROUGHT}",
    )  # fmt: skip


def is_beyond(graph: Graph, most: int) -> bool:
    """Whether there are more nodes below the roots, of which the graph may be a part."""
    if len(graph) > most or not graph.ends:
        return len(graph) > most
    seen: set[int] = set()
    stack = [graph.values[i] for i in graph.roots]
    while stack and len(seen) <= most:
        value = stack.pop()
        if id(value) not in seen:
            seen.add(id(value))
            stack.extend(value.operands)
    return len(seen) > most


def columns_of(graph: Graph, seeds: dict[int, float]) -> Swept:
    """The sweep from some nodes, as columns; as if no gradient were explained by it."""
    n, m = len(graph), len(graph.columns.operands)
    order: list[int] = []
    adjoints, comes = np.full(n, math.nan), np.zeros(n, bool)
    partials, shares, before, after = (np.full(m, math.nan) for _ in range(4))
    known, carries = np.zeros(m, bool), np.zeros(m, bool)
    leaves: dict[int, float | None] = {}
    taken = steps([graph.values[i] for i in seeds], list(seeds.values()))
    find = graph.finder()  # not before: a walk through the graph numbers its nodes anew
    for step in taken:
        i = find(step.node)
        if i < 0:
            continue
        adjoints[i], comes[i] = step.adjoint, True
        if step.is_leaf:
            leaves[i] = graph.grad(i)
            continue
        order.append(i)
        for at, k in slots(graph, i, step):
            before[at], after[at] = step.before[k], step.after[k]
            if (partial := step.partials[k]) is not None:
                partials[at], known[at] = partial, True
            if (share := step.contributions[k]) is not None:
                shares[at], carries[at] = share, True
    when = np.full(n, -1, np.int64)
    when[order] = np.arange(len(order))
    return Swept(
        when, adjoints, comes, partials, shares, before, after, known, carries, dict(seeds), leaves, False
    )  # fmt: skip


def slots(graph: Graph, i: int, step: Step) -> list[tuple[int, int]]:
    """Where the operands of a step are in the graph's column, and which of the step's they are; none if left out."""
    start = int(graph.columns.starts[i])
    places = [start + k for k, x in enumerate(graph.operands(i)) if x != BARE]
    return list(zip(places, range(len(places)), strict=True)) if len(places) == len(step.operands) else []


def brought(graph: Graph, found: Swept) -> bool:
    """Whether a sweep brought the gradients that are there: those of operations are their adjoints, 0 beside it."""
    operations = np.diff(graph.columns.starts) > 0
    there = graph.columns.grads
    expected = np.where(found.reached, found.adjoints, 0.0)
    same_there = (there == expected) | (np.isnan(there) & np.isnan(expected))
    return bool(same_there[operations].all())


def gradients_before(graph: Graph, found: Swept) -> dict[int, float | None]:
    """The gradient that each leaf had before a sweep that has been: what, with its adjoint, gives the one it has."""
    return {i: before_of(graph.grad(i), float(found.adjoints[i])) for i in found.leaves}


def before_of(grad: float, adjoint: float) -> float | None:
    """The gradient before; None where the one that is there has been changed since, as by `zero_grad`."""
    return None if grad == 0.0 and adjoint != 0.0 else addend(grad, adjoint)


def addend(total: float, adjoint: float) -> float | None:
    """A number that with another gives a total, to the last digit; None if there is none nearby.

    >>> addend(0.3, 0.1) + 0.1, addend(5.0, 5.0), addend(1.0, float("inf"))
    (0.3, 0.0, None)
    """
    if same(0.0 + adjoint, total):
        return 0.0
    below = above = total - adjoint
    for _ in range(ULPS):
        for guess in (below, above):
            if same(guess + adjoint, total):
                return guess
        below, above = math.nextafter(below, -math.inf), math.nextafter(above, math.inf)
    return None


def same(x: float, y: float) -> bool:
    """Whether two numbers are equal, or both none."""
    return x == y or (x != x and y != y)
