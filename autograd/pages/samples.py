"""What is done alike many times: the numbers of each time, so that one of them can be looked at.

Boxes that stand for as many nodes each are of the same samples if the edges between them say so: the fifth of one is
made from the fifth of the other. Their numbers are given in single precision, to be read and not computed with; nan in
place of a partial through which nothing went.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from autograd.folding.view import Link, View
from autograd.pages.sweep import Swept

__all__ = ["samples_of"]

LARGEST = 1e37
"""Of numbers in single precision, about; the smallest is its inverse."""
MANY = 1_000
"""More than so many nobody chooses from."""


def samples_of(view: View, swept: Swept | None) -> list[dict[str, Any]]:
    """Sets of boxes of the same samples: how many there are, and the numbers of each, by box.

    >>> from builtins import sum
    >>> from autograd import Value, draw
    >>> w = Value(0.5, label="w")
    >>> drawing = draw(sum((w * x).tanh() for x in range(100)))
    >>> [(found["count"], [*found["data"]]) for found in samples_of(drawing.shown, None)]
    [(100, ['1', '2'])]
    """
    ends = {k: last_of_each(view, box) for k, box in enumerate(view.boxes) if is_repeated(box)}
    ends = {k: nodes for k, nodes in ends.items() if nodes is not None}
    sets = {k: k for k in ends}
    edges: dict[int, list[tuple[int, Any]]] = {}
    for number, link in enumerate(view.links):
        slots = side_by_side(view, link, ends)
        if slots is not None:
            old, new = sets[link.head], sets[link.tail]
            sets = {k: new if s == old else s for k, s in sets.items()}
            edges.setdefault(link.head, []).append((number, slots))
    found = []
    for s in dict.fromkeys(sets.values()):
        boxes = [k for k in sets if sets[k] == s]
        one: dict[str, Any] = {
            "count": len(ends[boxes[0]]),
            "data": {str(k): packed(view.graph.columns.data[ends[k]]) for k in boxes},
        }
        if swept is not None:
            one["adjoints"] = {str(k): packed(swept.adjoints[ends[k]]) for k in boxes}
            one["partials"] = {
                str(number): packed(np.where(swept.carries[slots], swept.partials[slots], np.nan))
                for k in boxes
                for number, slots in edges.get(k, ())
            }
            missed = {str(k): np.flatnonzero(~swept.reached[ends[k]]).tolist() for k in boxes}
            one["missed"] = {k: which for k, which in missed.items() if which}
        found.append(one)
    return found


def is_repeated(box: Any) -> bool:
    """Whether a box is of one thing that is done many times, not too many to choose from."""
    return box.group is not None and box.group.kind == "equal" and 1 < box.group.times <= MANY


def last_of_each(view: View, box: Any) -> Any:
    """The node of each time that has the result; None where these cannot be told apart."""
    nodes, times = np.asarray(box.nodes), box.group.times
    if len(nodes) == times:
        return nodes
    each, left = divmod(len(nodes), times)
    if left:
        return None
    starts, operands = view.graph.columns.starts, view.graph.columns.operands
    for at, node in enumerate(nodes[1:].tolist(), 1):  # of a chain each is an operand of the next
        if at % each and nodes[at - 1] not in operands[starts[node] : starts[node + 1]]:
            return None
    return nodes[each - 1 :: each]


def side_by_side(view: View, link: Link, ends: dict[int, Any]) -> Any:
    """Where in the columns the uses of a link are, if each of one box is used by the same one of another."""
    if link.tail not in ends or link.head not in ends or len(ends[link.tail]) != len(ends[link.head]):
        return None
    starts, operands = view.graph.columns.starts, view.graph.columns.operands
    slots = []
    for tail, head in zip(ends[link.tail], ends[link.head], strict=True):
        at = [k for k in range(int(starts[head]), int(starts[head + 1])) if operands[k] == tail]
        if len(at) != 1:
            return None
        slots.append(at[0])
    return np.array(slots)


def packed(numbers: Any) -> str:
    """Numbers in single precision, little-endian, in base64; in double precision, after a `d`, where that is too small.

    >>> packed(np.array([1.0])), packed(np.array([1e200]))
    ('AACAPw==', 'dWmLX1xjndGk=')
    """
    numbers = np.asarray(numbers, float)
    sizes = np.abs(numbers[np.isfinite(numbers) & (numbers != 0.0)])
    is_single = bool((sizes < LARGEST).all() and (sizes > 1.0 / LARGEST).all())
    found = base64.b64encode(numbers.astype("<f4" if is_single else "<f8").tobytes()).decode("ascii")
    return found if is_single else f"d{found}"
