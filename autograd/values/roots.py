"""Roots and seeds, as a user gives them: checked, swept from (`backward`), put in order (`topological_order`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd.border.conversion import as_float, is_number
from autograd.engine.reading import as_nodes, refuse
from autograd.engine.sweep import in_order, sweep
from autograd.values.value import Value

__all__ = ["as_seeds", "backward", "topological_order"]


def backward(roots: Value | Iterable[Value], seeds: Any = None) -> None:
    """Add the gradient of the roots' sum, each times its seed, to the `grad` of every leaf, in one sweep.

    Args:
        roots: One Value or several.
        seeds: One number per root (1 if not given).

    Raises:
        TypeError: a root is not a Value, or a seed not a real number.
        ValueError: a root is a constant, or the seeds are not as many as the roots.

    >>> x = Value(3.0)
    >>> backward([x * x, 2 * x])
    >>> x.grad
    8.0
    """
    refuse("calling backward()")
    checked = as_nodes(roots, "backward")
    sweep(checked, as_seeds(seeds, len(checked)))


def topological_order(roots: Value | Iterable[Value]) -> list[Value]:
    """Every node below the roots once, operands before the nodes made from them.

    >>> x = Value(2.0)
    >>> [node._op for node in topological_order(x * x + x)]
    ['', '*', '+']

    Cost: linear in nodes and edges; no recursion.
    """
    return in_order(as_nodes(roots, "topological_order"))


def as_seeds(seeds: Any, n: int) -> list[float]:
    """One float per root."""
    if seeds is None:
        return [1.0] * n
    found = [as_float(seed, "seed") for seed in ([seeds] if is_number(seeds) else seeds)]
    if len(found) != n:
        raise ValueError(f"expected {n} seeds, one per root, got {len(found)}")
    return found
