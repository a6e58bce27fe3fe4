"""Comparisons of a Value: by its number; who listens is told how they came out. Plain Python that Cython compiles."""

from __future__ import annotations

from typing import Any

import cython

from autograd.border.conversion import is_number
from autograd.calculus.arithmetic import COMPARISONS
from autograd.engine.bounds import next_count
from autograd.engine.listening import refuse_over, refuse_selected, tell_compared
from autograd.engine.node import Node
from autograd.engine.reading import is_selected, refuse_strangers

if not cython.compiled:
    from autograd.calculus._codes import CONSTANT
    from autograd.engine.listening import _listening

__all__ = ["compare", "identity"]

HOW = tuple([comparison.function for comparison in COMPARISONS])

_left = 0  # so many comparisons, in any thread, until it is asked whether that goes on and on


def compare(x: Node, other: Any, how: int) -> Any:
    """Compare by data; NotImplemented for what is not a number, so that `v == "a"` is False and `v < "a"` raises."""
    given = other
    if isinstance(other, Node):
        y: Node = other
        if y._code < CONSTANT:
            refuse_over()
        other = y._data
    elif isinstance(other, float):
        other = given = float(other)
    elif not is_number(other):
        return NotImplemented
    if x._code < CONSTANT:
        refuse_over()
    global _left
    _left -= 1
    if _left < 0:
        _left = next_count()
    outcome = bool(HOW[how](x._data, other))  # NumPy's scalars give bools of their own
    if _listening:
        tell_compared(COMPARISONS[how].symbol, x, given, outcome)
        refuse_strangers("comparing in another thread", x)
        if isinstance(given, Node):
            refuse_strangers("comparing in another thread", given)
    return outcome


def identity(x: Node) -> int:
    """The hash: of identity, which in a recording what was chosen does not share with what it was chosen from."""
    if _listening and is_selected(x):
        refuse_selected("a place in a dict or a set by")
    return id(x) >> 4
