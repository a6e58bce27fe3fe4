"""The node: a number that remembers how it was made.

Every operation makes one node: the row of the table that was applied, its operands, and the partial derivative towards
each, taken at once from the numbers that went in. So the gradient is that of the forward pass that ran, and the sweep
(`sweep.py`) needs no calculus. What a user holds is a `Value` (`values/value.py`), a class above that adds methods and
no fields. This is plain Python; with `node.pxd` beside it, which has the types, Cython compiles it as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import cython

from autograd.border.conversion import as_float, describe, is_number
from autograd.border.forking import in_forked_processes
from autograd.calculus.primitive import FIRST_CODE, Primitive, Variadic, code_of
from autograd.calculus.table import TABLE
from autograd.engine.listening import refuse_over, tell_cut, tell_made
from autograd.engine.pausing import grad_enabled

if not cython.compiled:
    from autograd.calculus._codes import CONSTANT, DETACH
    from autograd.calculus.kernel import fold_partials, fold_value, partial1, partial2, value1, value2
    from autograd.engine.listening import _listening
    from autograd.engine.memory import (
        doubles,
        drop,
        give_signature,
        hang_dict_on,
        operand_at,
        release,
        stop_draining,
        take_slots,
    )  # fmt: skip
    from autograd.engine.pausing import _pausing

__all__ = ["Fold", "Node", "constant", "fold", "made_of", "node_of", "row_of"]

N = TypeVar("N", bound="Node")  # a node of the class that is made: see `made_of`


@cython.binding(False)
@cython.no_gc
@cython.cclass
class Node:
    """A number, and what it was computed from."""

    if not cython.compiled:
        __slots__ = ("__dict__", "_code", "_data", "_dx", "_dy", "_fold", "_grad", "_slot", "_x", "_y")
        _data: float  # the number
        _code: int  # the row of the table that made it; or that it is a constant, a leaf, or has a rule of its own
        _x: Any  # the operands of that row; None where it has fewer
        _y: Any
        _dx: float  # the partials towards them, at the numbers of the forward pass
        _dy: float
        _fold: Any  # the operands and partials of a node that has more of them, or a rule of its own; else None
        _grad: float  # the adjoint that users see, ∂root/∂self, once a sweep has been here
        _slot: int  # its place in the sweep in progress

    if not cython.compiled:

        def __del__(self) -> None:
            drop(self)


def unary(code: int, x: N) -> N:
    """The node of a row with one operand."""
    z: N = blank()
    z._data = value1(code, x._data)
    if code == DETACH or (_pausing and not grad_enabled()):
        return cut(z, code, (x,))
    if x._code < CONSTANT:
        refuse_over()
    z._code = code
    z._x = x
    z._dx = partial1(code, x._data, z._data)
    if _listening:
        tell_made(z)
    return z


def node2(code: int, x: N, y: N) -> N:
    """The node of a row with two operands. A partial towards a constant is never computed."""
    z: N = blank()
    z._data = value2(code, x._data, y._data)
    if _pausing and not grad_enabled():
        return cut(z, code, (x, y))
    z._code = code
    z._x, z._y = x, y
    if (x._code | y._code) < 0:  # a node of one of them is over
        refuse_over()
    if x._code != CONSTANT:
        z._dx = partial2(code, 0, x._data, y._data, z._data)
    if y._code != CONSTANT:
        z._dy = partial2(code, 1, x._data, y._data, z._data)
    if _listening:
        tell_made(z)
    return z


def constant(data: float) -> Any:
    """A number in the graph: no gradient flows to it."""
    z = blank()
    z._data = data
    z._code = CONSTANT
    if _listening:
        tell_made(z)
    return z


def cut(z: N, code: int, operands: tuple[Any, ...]) -> N:
    """A constant that was computed. No gradient flows through it, but who listens is told how it came about."""
    for i in range(len(operands)):
        if type(operands[i]) is not float:
            x: Node = operand_at(operands, i)
            if x._code < CONSTANT:
                refuse_over()
    z._code = CONSTANT
    z._dx = 1.0  # which tells it from a number, where somebody asks why nothing can learn
    if _listening:
        tell_made(z)
        tell_cut(z, row_of(code), operands)
    return z


def row_of(code: int) -> Primitive:
    """The row of the table behind a node's code."""
    return TABLE[code - FIRST_CODE]


# --- rows of many operands, one node however many --------------------------------------------------------------------


@cython.no_gc
@cython.cclass
class Fold:
    """The operands and partials of a node that has many, or a rule of its own.

    Attributes:
        operands: Nodes, and numbers that are floats to the letter: by that they are told apart.
        partials: Towards each of them.
        rule: What the sweep asks in place of the partials (`rules.py`), or None.
    """

    if not cython.compiled:
        __slots__ = ("operands", "partials", "rule")

    def __init__(self, operands: tuple[Any, ...]) -> None:
        self.operands = operands
        self.partials = doubles(len(operands))
        self.rule: Any = None

    def __dealloc__(self) -> None:
        release(self.partials)


def fold(code: int, operands: tuple[Any, ...]) -> Any:
    """The node of a row with any number of operands, each a node or a float."""
    n = len(operands)
    z = blank()
    xs = doubles(n)
    try:
        for i in range(n):
            if type(operands[i]) is not float:
                x: Node = operand_at(operands, i)
                if x._code < CONSTANT:
                    refuse_over()
                xs[i] = x._data
            else:
                xs[i] = operands[i]
        z._data = fold_value(code, xs, n)
        if _pausing and not grad_enabled():
            return cut(z, code, operands)
        z._fold = f = Fold(operands)
        z._code = code
        fold_partials(code, xs, n, z._data, f.partials)
        if _listening:
            tell_made(z)
    finally:
        release(xs)
    return z


# --- rows of whatever a user has -------------------------------------------------------------------------------------


def node_of(row: Primitive, operands: Sequence[Any]) -> Any:
    """The node of any row over nodes and numbers."""
    n = len(operands)
    arity = len(row.partials)
    code = code_of(row)
    if not row.takes(n):
        wanted = f"{arity} operands"
        if isinstance(row, Variadic):
            wanted = "its operands in pairs" if row.pairs else "one operand or more"
        raise TypeError(f"{row.name} takes {wanted}, got {n}")
    if arity == 1:
        return unary(code, lifted(operands[0], row.name))
    if arity == 2:
        return node2(code, lifted(operands[0], row.name), lifted(operands[1], row.name))
    return fold(code, tuple([x if isinstance(x, Node) else as_float(x, row.name) for x in operands]))


def lifted(x: Any, what: str) -> Any:
    """`x` if it is a node, else the number as a constant."""
    return x if isinstance(x, Node) else constant(as_float(x, what))


def operand(x: Any, code: int) -> Any:
    """`x` as a node; NotImplemented for what may know how to do the operation itself."""
    if isinstance(x, Node):
        return x
    if is_number(x) or x is None or isinstance(x, (str, bytes, complex)):
        return constant(as_float(x, f"operand of {row_of(code).symbol or row_of(code).name}"))
    return NotImplemented


def operate(code: int, x: Node, other: Any) -> Any:
    """A row with a name, of two operands; there is no reflected method to hand over to."""
    y: Any = operand(other, code)
    if y is NotImplemented:
        raise TypeError(f"{row_of(code).name}: expected a real number or a Value, got {describe(other)}")
    return node2(code, x, y)


# --- of which class a node is ----------------------------------------------------------------------------------------


made: type = Node


def made_of(kind: type, name: str, signature: str) -> None:
    """From now on every node that is made is of this class, which adds methods to Node and no fields.

    Args:
        kind: The class.
        name, signature: Where users find it, and how they call it: for help().
    """
    global made
    made = kind
    take_slots(kind, Node)
    hang_dict_on(kind, blank())
    give_signature(kind, name.encode(), f"{name.rpartition('.')[2]}{signature}\n--\n\n".encode())


if not cython.compiled:

    def blank() -> Any:
        """A new node, without number and code; all other fields are 0 or None."""
        z: Any = object.__new__(made)
        z._grad = z._dx = z._dy = 0.0
        z._x = z._y = z._fold = None
        z._slot = 0
        return z


_dying_attributes: list[Any] = []  # see node.pxd
in_forked_processes(stop_draining)
