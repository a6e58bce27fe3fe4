"""Putting nodes into boxes without making a loop that is not there.

A graph of nodes has no loops; boxes around some of its nodes may have one: what a layer gave goes to another box and
comes back into the same layer. Such boxes are cut in two, before and after. Plain Python that Cython compiles.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.graphs.columns import readable, zeros

__all__ = ["ends_of", "layers", "links_between", "nearest_layers", "reach", "together", "without_loops"]


def ends_of(links: Any) -> tuple[Any, Any]:
    """Where each of some links begins and ends, as two columns of numbers of boxes."""
    return np.array([link.tail for link in links], np.int32), np.array([link.head for link in links], np.int32)


def links_between(labels: Any, tails: Any, heads: Any) -> tuple[Any, Any]:
    """Which box uses which, a pair for each use; `labels` says which box each node is in, -1 for none."""
    a, b = labels[tails], labels[heads]
    apart = (a != b) & (a >= 0) & (b >= 0)
    return a[apart], b[apart]


def layers(n: int, tails: Any, heads: Any) -> Any:
    """The longest way to each of `n` boxes from one without operands; -1 for those on a loop or behind one.

    >>> layers(4, np.array([0, 1, 2], np.int32), np.array([1, 2, 3], np.int32)).tolist()
    [0, 1, 2, 3]
    >>> layers(4, np.array([0, 1, 2, 2], np.int32), np.array([1, 2, 1, 3], np.int32)).tolist()
    [0, -1, -1, -1]
    """
    a, b = readable(tails), readable(heads)
    waits, starts, users = zeros("i", n), zeros("i", n + 2), zeros("i", len(a))
    for k in range(len(a)):
        waits[b[k]] += 1
        starts[a[k] + 2] += 1
    for i in range(n):
        starts[i + 2] += starts[i + 1]
    for k in range(len(a)):
        users[starts[a[k] + 1]] = b[k]
        starts[a[k] + 1] += 1
    found, ready = zeros("i", n), zeros("i", n)
    count = 0
    for i in range(n):
        found[i] = -1
        if waits[i] == 0:
            found[i] = 0
            ready[count] = i
            count += 1
    depth = zeros("i", n)
    done = 0
    while done < count:
        i = ready[done]
        done += 1
        found[i] = depth[i]
        for k in range(starts[i], starts[i + 1]):
            j = users[k]
            depth[j] = max(depth[j], depth[i] + 1)
            waits[j] -= 1
            if waits[j] == 0:
                ready[count] = j
                count += 1
    return np.asarray(found)


def together(n: int, tails: Any, heads: Any) -> Any:
    """For each of `n` boxes the first of those that it hangs together with, over links in either direction.

    >>> together(5, np.array([0, 2, 4], np.int32), np.array([4, 3, 1], np.int32)).tolist()
    [0, 0, 2, 2, 0]
    """
    a, b = readable(tails), readable(heads)
    first = zeros("i", n)
    for i in range(n):
        first[i] = i
    for k in range(len(a)):
        i, j = a[k], b[k]
        while first[i] != i:
            first[i] = first[first[i]]
            i = first[i]
        while first[j] != j:
            first[j] = first[first[j]]
            j = first[j]
        first[max(i, j)] = min(i, j)
    for i in range(n):  # what comes before has its own by now
        first[i] = first[first[i]]
    return np.asarray(first)


def nearest_layers(n: int, tails: Any, heads: Any) -> Any:
    """The layers of boxes as they are laid out: one without operands is right before the first that uses it.

    >>> nearest_layers(4, np.array([0, 1, 3], np.int32), np.array([1, 2, 2], np.int32)).tolist()
    [0, 1, 2, 1]
    """
    found = layers(n, tails, heads)
    nearest = np.full(n, found.max(initial=0) + 1)
    np.minimum.at(nearest, tails, found[heads])
    return np.where(found == 0, nearest - 1, found)


def reach(layer: Any, tails: Any, heads: Any) -> int:
    """How many layers all links go through together: 2,000 take an engine a second to lay out, 15,000 a minute.

    >>> reach(np.array([0, 1, 2]), np.array([0, 1, 0]), np.array([1, 2, 2]))
    4
    """
    return int((layer[heads] - layer[tails]).sum())


def without_loops(labels: Any, starts: Any, operands: Any, tails: Any, heads: Any) -> Any:
    """The labels of nodes, boxes that are on a loop cut into stages: a node after another box is of a later stage.

    Args:
        labels: Which box each node is in, numbered from 0; -1 for none.
        starts, operands: The graph, as in `Columns`.
        tails, heads: The same, a pair for each use.

    Returns:
        Numbers of boxes anew; nodes that had one keep it unless it was on a loop.

    Cost: linear in the graph, if there is a loop; else in its boxes.
    """
    n = int(labels.max(initial=-1)) + 1
    a, b = links_between(labels, tails, heads)
    if (layers(n, a, b) >= 0).all():
        return labels
    on_loop = (layers(n, a, b) < 0) & (layers(n, b, a) < 0)
    inside = np.where((labels >= 0) & on_loop[labels], labels, -1).astype(np.int32)
    stage = stages(starts, operands, inside)
    kept = np.where(inside >= 0, -1, labels)
    key = inside.astype(np.int64) * (int(stage.max()) + 1) + stage
    _, fresh = np.unique(key[inside >= 0], return_inverse=True)
    kept[inside >= 0] = n + fresh
    return kept.astype(np.int32)


def stages(starts: Any, operands: Any, labels: Any) -> Any:
    """For each node in a box how often the way to it goes from box to box: as late as what uses it allows.

    Along a link from one box to another the stage grows, along one within a box it does not fall. So boxes that are
    cut by stages make no loop.
    """
    begins, uses, boxes = readable(starts), readable(operands), readable(labels)
    n = len(boxes)
    first, last = zeros("i", n), zeros("i", n)
    for i in range(n):
        last[i] = -1
        if boxes[i] >= 0:
            for at in range(begins[i], begins[i + 1]):
                x = uses[at]
                if x >= 0 and boxes[x] >= 0:
                    first[i] = max(first[i], first[x] + (boxes[x] != boxes[i]))
    for i in range(n - 1, -1, -1):
        if boxes[i] >= 0:
            if last[i] < 0:  # nothing in a box uses it
                last[i] = first[i]
            for at in range(begins[i], begins[i + 1]):
                x = uses[at]
                if x >= 0 and boxes[x] >= 0:
                    latest = last[i] - (boxes[x] != boxes[i])
                    if last[x] < 0 or latest < last[x]:
                        last[x] = latest
    return np.asarray(last)
