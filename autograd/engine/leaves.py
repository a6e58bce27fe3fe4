"""Leaves of numbers that are floats to the letter: what a transform makes of its arguments."""

from __future__ import annotations

from typing import Any

import cython

from autograd.engine.node import Node

if not cython.compiled:
    from autograd.calculus._codes import LEAF
    from autograd.engine.listening import _listening, tell_made
    from autograd.engine.node import blank

__all__ = ["are_floats", "leaf", "leaves"]


def are_floats(items: Any) -> bool:
    """Whether a list or a tuple holds floats and nothing else, not even a class built on them; True of none at all."""
    for x in items:  # noqa: SIM110  (the compiled engine would need a closure)
        if type(x) is not float:
            return False
    return True


def leaf(number: float) -> Any:
    """A leaf of a float."""
    z: Node = blank()
    z._data = number
    z._code = LEAF
    if _listening:
        tell_made(z)
    return z


def leaves(numbers: list[float]) -> list[Any]:
    """A leaf of each of these floats."""
    found: list[Any] = []
    for i in range(len(numbers)):
        found.append(leaf(numbers[i]))
    return found
