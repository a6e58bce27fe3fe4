"""The directions of a directional derivative, as numbers beside those of the arguments."""

from __future__ import annotations

from typing import Any

import optree

from autograd.recorded.traced import Traced
from autograd.structures.layout import Layout
from autograd.structures.trees import NAMESPACE, Static, flatten

__all__ = ["pack_tangents"]


def pack_tangents(
    traced: Traced, args: tuple[Any, ...], layout: Layout, n: int, tangents: tuple[Any, ...]
) -> tuple[tuple[int, ...], Any, list[Any]]:
    """The inputs that move, the directions of those that are no batches, and of those that are.

    Args:
        traced: The function.
        args, layout, n: Its arguments; what inputs they become; how many rows the batch has.
        tangents: A direction for each, in its structure, or None for one that stays where it is.

    Raises:
        TypeError, ValueError: they do not fit the arguments.
    """
    import numpy as np

    name = traced.name
    if len(tangents) != len(args):
        raise ValueError(f"{name}: {len(args)} primals, but {len(tangents)} tangents")

    def still(x: Any) -> Any:
        return x if isinstance(x, (Static, bool)) or x is None else np.zeros(getattr(x, "shape", ()))

    (primals, _), (given, _) = traced.wrapped(args, {}), traced.wrapped(tangents, {})
    filled = tuple([
        optree.tree_map(still, x, none_is_leaf=True, namespace=NAMESPACE) if t is None else marked
        for x, t, marked in zip(primals, tangents, given, strict=True)
    ])  # fmt: skip
    arguments: tuple[Any, Any] = filled, {}
    leaves, treespec = flatten(arguments)
    if treespec != layout.treespec:
        raise ValueError(f"{name}: the tangents are not of the structure of their primals")
    try:
        moved = traced.layout(arguments, leaves, treespec)
        numbers, batches, rows = moved.pack(leaves)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: tangents: {error}") from None
    if [(x.shape, x.axis) for x in moved.leaves] != [(x.shape, x.axis) for x in layout.leaves]:
        raise ValueError(f"{name}: the tangents are not of the shapes of their primals")
    if rows != n:
        raise ValueError(f"{name}: tangents for {rows} rows, primals for {n}")
    moves = [leaf.argument >= 0 and tangents[leaf.argument] is not None for leaf in layout.leaves]
    flags = [it_moves for it_moves, leaf in zip(moves, layout.leaves, strict=True) for _ in range(leaf.size)]
    moving = tuple([k for k, it_moves in enumerate(flags) if it_moves])
    shared = [it_moves for it_moves, varies in zip(flags, layout.varying, strict=True) if not varies]
    batches = [x for k, x in zip(layout.batched, batches, strict=True) if moves[k]]
    return moving, numbers[np.array(shared, dtype=bool)], batches
