"""Leaves that are frozen: constants for now, and parameters still. Plain Python that Cython compiles."""

from __future__ import annotations

from typing import Any

import cython

from autograd.border.conversion import describe
from autograd.engine.listening import refuse_over
from autograd.engine.node import Node
from autograd.engine.reading import refuse

if not cython.compiled:
    from autograd.calculus._codes import CONSTANT, LEAF
    from autograd.engine.listening import _listening

__all__ = ["freeze"]


def freeze(node: Node, wanted: Any) -> None:
    """Have gradients flow to a leaf (True), or not (False); what stands for that is `frozen` among its attributes.

    Raises:
        TypeError: `wanted` is no bool.
        ValueError: the node was computed from others.
    """
    if _listening:
        refuse("setting .requires_grad")
    if type(wanted) is not bool:
        raise TypeError(f"requires_grad is True or False, got {describe(wanted)}")
    if node._code < CONSTANT:
        refuse_over()
    if node._code > LEAF:
        raise ValueError(
            f"requires_grad: {node!r} was computed from other Values: only a leaf can be frozen; use v.detach()"
        )
    node._code = LEAF if wanted else CONSTANT
    node._dx = 0.0 if wanted else 1.0  # see `cut` of `engine/node.py`
    if wanted:
        vars(node).pop("frozen", None)
    else:
        vars(node)["frozen"] = True
