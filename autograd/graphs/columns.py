"""A graph as columns: what each node is made by, its numbers, its operands, read off in one walk.

A graph may have millions of nodes, so they are columns of numbers and not objects. Plain Python that Cython compiles.
"""

from __future__ import annotations

from array import array
from typing import Any, NamedTuple

import cython
import numpy as np

from autograd.engine.node import Fold, Node

if not cython.compiled:
    from autograd.calculus._codes import CONSTANT, CUSTOM
    from autograd.engine.memory import has_dict, node_at, operand_at
    from autograd.engine.sweep import is_placed

__all__ = [
    "BARE", "Columns", "columns_of", "is_numbered", "place_of", "readable", "with_attributes", "zeros",
]  # fmt: skip

BARE = -1
"""In place of a node, where an operation of many operands holds a number itself."""


class Columns(NamedTuple):
    """A row per node, operands before what was made from them.

    Attributes:
        codes: Of the rows of the table that made them; see `calculus.codes` for what is no row.
        data, grads: Their numbers, dimensionless.
        starts: Where the operands of each begin, and at last their number.
        operands: The nodes they are, by number, in the order of the program; `BARE` for a number that is no node.
    """

    codes: Any
    data: Any
    grads: Any
    starts: Any
    operands: Any


def columns_of(order: list[Any], ends: Any = frozenset()) -> Columns:
    """The columns of nodes that are in topological order; of those in `ends`, by id, operands are left out.

    >>> from autograd import Value, topological_order
    >>> x = Value(3.0)
    >>> columns = columns_of(topological_order(x * x))
    >>> columns.data.tolist(), columns.starts.tolist(), columns.operands.tolist()
    ([3.0, 9.0], [0, 0, 2], [0, 0])

    Cost: linear; no recursion.
    """
    n = len(order)
    codes, starts = zeros("i", n), zeros("q", n + 1)
    data, grads = zeros("d", n), zeros("d", n)
    for i in range(n):
        node: Node = node_at(order, i)
        codes[i] = max(node._code, CONSTANT)
        data[i] = node._data
        grads[i] = node._grad
        starts[i + 1] = starts[i] + (0 if ends and id(node) in ends else arity(node))
    operands = zeros("i", starts[n])
    elsewhere: dict[int, int] = {}  # where another thread numbers the same nodes, their numbers say nothing
    for i in range(n):
        node = node_at(order, i)
        at = starts[i]
        if starts[i + 1] == at:
            continue
        if node._fold is not None:
            f: Fold = node._fold
            for k in range(len(f.operands)):
                operands[at + k] = (
                    place(operand_at(f.operands, k), order, elsewhere) if isinstance(f.operands[k], Node) else BARE
                )
        else:
            operands[at] = place(node._x, order, elsewhere)
            if node._y is not None:
                operands[at + 1] = place(node._y, order, elsewhere)
    return Columns(np.asarray(codes), np.asarray(data), np.asarray(grads), np.asarray(starts), np.asarray(operands))


def place_of(node: Node, order: list[Any]) -> int:
    """The number of a node, if it has kept it since the order was made, and else -1."""
    return node._slot if is_placed(node, order) else -1


def is_numbered(order: list[Any]) -> bool:
    """Whether all nodes have kept their numbers since the order was made: nobody has put some in another since."""
    for i in range(len(order)):  # noqa: SIM110 -- a generator would not be compiled to a plain loop
        if not is_placed(node_at(order, i), order):
            return False
    return True


def with_attributes(order: list[Any]) -> list[int]:
    """The numbers of the nodes that may have a label or another attribute hung on them."""
    return [i for i in range(len(order)) if has_dict(node_at(order, i))]


def zeros(kind: str, n: int) -> Any:
    """A column of so many zeros; memory that Python frees."""
    size = array(kind).itemsize
    return array(kind, bytes(size * n))


def readable(column: Any) -> Any:
    """A column to be read number by number: in the interpreter a list is, NumPy's are slow."""
    return column if cython.compiled else column.tolist()


def arity(node: Node) -> int:
    """How many operands a node has, bare numbers counted."""
    if node._code < CUSTOM:
        return 0
    if node._fold is not None:
        return len(node._fold.operands)
    if node._x is None:
        return 0
    return 1 if node._y is None else 2


def place(node: Node, order: list[Any], elsewhere: dict[int, int]) -> int:
    """The number of a node."""
    if is_placed(node, order):
        return node._slot
    if not elsewhere:
        for i in range(len(order)):
            elsewhere[id(order[i])] = i
    return elsewhere[id(node)]
