"""How a Value is printed, and what it says where it would be cut from its graph. Plain Python that Cython compiles."""

from __future__ import annotations

from typing import Any

import cython

from autograd.engine.listening import recorder
from autograd.engine.node import Node
from autograd.engine.reading import name_of, refuse

if not cython.compiled:
    from autograd.calculus._codes import CONSTANT
    from autograd.engine.listening import _listening

__all__ = ["cut_by", "show", "without"]


def show(v: Node) -> str:
    """The printed form; without a number while a function is recorded, since each replay has its own."""
    if v._code < CONSTANT:
        return "Value(of a recording that is over)"
    if _listening and recorder() is not None:
        name = name_of(v)
        return f"Value(recorded{', ' if name else ''}{name})"
    return f"Value(data={v._data}, grad={v._grad})"


def cut_by(what: str) -> TypeError:
    """An error for what would take a number out of a Value: to be raised."""
    if _listening:
        refuse(what)
    remedy = (
        "use v.data for the number, int(v.data) for a whole one; to stay on it, v.exp() or autograd.exp(v) for "
        "math.exp(v), v != v for math.isnan(v)"
    )
    return TypeError(f"{what} would cut the graph: {remedy}")


def without(what: str) -> Any:
    """Refuse a third argument of pow.

    Raises:
        TypeError: always.
    """
    raise TypeError(f"{what} has no derivative: leave the third argument out")
