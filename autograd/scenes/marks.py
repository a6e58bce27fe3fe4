"""What is to be looked at: numbers that are none, and which of them came first."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.calculus._codes import CONSTANT
from autograd.graphs.graph import Graph

__all__ = ["marks_of", "nonfinite"]


def nonfinite(data: float | None, grad: float | None) -> str:
    """What is wrong with a node's numbers, in a word."""
    for x in (data, grad):
        if x is not None and not math.isfinite(x):
            return "nan" if x != x else "inf"
    return ""


def marks_of(graph: Graph) -> dict[int, str]:
    """The first node whose number is nan, and the first that is infinite; of gradients, if all numbers are finite.

    Constants have no box: what uses one is the first.
    """
    found: dict[int, str] = graph.once("marks", lambda: found_marks(graph))
    return found


def found_marks(graph: Graph) -> dict[int, str]:
    """The same, found out."""
    seen = graph.columns.codes != CONSTANT
    data, grads = np.where(seen, graph.columns.data, 0.0), np.where(seen, graph.columns.grads, 0.0)
    found: dict[int, str] = {}
    for column, what, pick in ((data, "", np.argmax), (grads, " gradient", last)):
        for word, bad in (("nan", np.isnan(column)), ("inf", np.isinf(column))):
            if bad.any():
                i = int(pick(bad))
                found.setdefault(i, f"first {word}{what} here")
        if found:
            break
    return found


def last(flags: Any) -> int:
    """The number of the last that is set: a sweep goes backwards, and comes to it first."""
    return len(flags) - 1 - int(np.argmax(flags[::-1]))
