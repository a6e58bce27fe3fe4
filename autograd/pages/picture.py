"""A view as the page shows it: what is in each box, which edges there are, and the steps through them."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.folding.view import Box, View
from autograd.pages.rows import Rows, number
from autograd.pages.sweep import Swept, same
from autograd.scenes.looks import Look, LookOf
from autograd.scenes.places import Layout
from autograd.scenes.text import printable

__all__ = ["layout_data", "picture_of"]


def layout_data(layout: Layout) -> dict[str, Any]:
    """Places as the page reads them: tenths of points; of an edge its curve, the tip of its arrow, the room for a text.

    >>> from autograd.scenes.places import Frame
    >>> layout_data(Layout([Frame(1.0, 2.04, 3.0, 4.0)], [], 5.0, 6.0))
    {'size': [5, 6], 'boxes': [[1, 2, 3, 4]], 'edges': []}
    """
    edges = []
    for route in layout.routes:
        start, rest = route.points[0], route.points[1:]
        curve = f"M{tenths(*start)}C{' '.join(tenths(*point) for point in rest)}"
        edges.append([curve, *map(tenth, route.entry), *(map(tenth, route.label) if route.label else ())])
    return {
        "size": [tenth(layout.width), tenth(layout.height)],
        "boxes": [[tenth(x) for x in frame] for frame in layout.frames],
        "edges": edges,
    }


def picture_of(view: View, look: LookOf, swept: Swept | None) -> dict[str, Any]:
    """A view as data, without places, and the steps through it.

    Args:
        view, look: What is seen.
        swept: What the sweep does; None if there is no backward pass to be shown.

    Cost: linear in the nodes of the view and their operands.
    """
    whole = is_whole(view)
    found: dict[str, Any] = {
        "whole": whole,
        "boxes": [box_data(view, k, look.boxes[k]) for k in range(len(view.boxes))],
        "edges": [[tie.tail, tie.head, None if tie.partial is None else number(tie.partial)] for tie in look.ties],
    }
    if not view.numbers:
        return found
    found["forward"] = [k for k, box in enumerate(view.boxes) if has_operations(view, box)]
    if swept is not None:
        found |= backward(view, look, swept, whole)
    return found


def is_whole(view: View) -> bool:
    """Whether every node of the graph has a box of its own."""
    return not view.left_out and not view.graph.ends and all(box.group is None for box in view.boxes)


def box_data(view: View, k: int, look: Look) -> dict[str, Any]:
    """What is in a box: what is not said is as in most."""
    box = view.boxes[k]
    found: dict[str, Any] = {"id": look.id, "role": look.role, "shape": look.shape}
    lines = [[line.text, line.kind] for line in look.lines if line.kind in ("name", "id", "formula")]
    if lines:
        found["lines"] = lines
    written = [text for text, kind in lines if kind != "formula"]
    if (name := printable(look.name.replace("\n", " "))) and name not in written:
        found["name"] = name
    formula = printable(look.formula)
    if formula and [formula, "formula"] not in lines:
        found["formula"] = formula
    if look.root:
        found["root"] = 1
    if box.group is not None:
        found |= {"count": box.group.count, "times": box.group.times}
        if parameters := int(np.isin(np.asarray(box.nodes), list(view.names.owners)).sum()):
            found["parameters"] = parameters
        if view.numbers:
            data = view.graph.columns.data[np.asarray(box.nodes)]
            with np.errstate(invalid="ignore", over="ignore"):
                found["data"] = [number(x) for x in (data.mean(), data.min(), data.max())]
    elif view.numbers:
        found["data"] = number(view.graph.data(box.node))
    return found


def has_operations(view: View, box: Box) -> bool:
    """Whether something is computed in a box."""
    starts, nodes = view.graph.columns.starts, np.asarray(box.nodes)
    return box.node in view.graph.ends or bool((starts[nodes + 1] > starts[nodes]).any())


def backward(view: View, look: LookOf, swept: Swept, whole: bool) -> dict[str, Any]:
    """The steps of the backward pass: where it begins, the boxes it goes through, what it leaves in the leaves."""
    rows = Rows(view, look, swept, whole)
    passed = [(first_of(box, swept), k) for k, box in enumerate(view.boxes)]
    steps: list[Any] = []
    for _, k in sorted((at, k) for at, k in passed if at >= 0):
        box = view.boxes[k]
        if box.group is None:
            found = [k, rows.of_node(k)]
            if not whole or not rows.is_expected(box.node):
                found.append(number(swept.adjoints[box.node]))
            steps.append(found)
        else:
            steps.append([k, rows.of_group(k), spread(swept.adjoints[operations_in(view, box, swept)])])
            if inner := rows.of_parameters(k):
                steps[-1].append(inner)
    if not whole:  # among boxes of many nodes the order of boxes is that of the picture, backwards
        steps.sort(key=lambda step: -step[0])
    seeds = [[k, number(swept.seeds[box.node])] for k, box in enumerate(view.boxes) if box.node in swept.seeds]
    leaves = [leaf(view, k, swept, whole) for k, box in enumerate(view.boxes) if is_leaf(view, box, swept)]
    leaves += [
        [k, number(view.graph.grad(box.node)), None] for k, box in enumerate(view.boxes) if is_left(view, box, swept)
    ]
    return {"seeds": seeds, "backward": steps, "leaves": leaves}


def first_of(box: Box, swept: Swept) -> int:
    """When the sweep first comes to an operation of a box; -1 if it never does."""
    when = swept.when[np.asarray(box.nodes)]
    return int(when[when >= 0].min(initial=len(swept.when))) if (when >= 0).any() else -1


def operations_in(view: View, box: Box, swept: Swept) -> Any:
    """The operations in a box that the sweep comes to."""
    nodes, starts = np.asarray(box.nodes), view.graph.columns.starts
    made = (starts[nodes + 1] > starts[nodes]) | np.isin(nodes, list(view.graph.ends))
    return nodes[swept.reached[nodes] & made]


def is_leaf(view: View, box: Box, swept: Swept) -> bool:
    """Whether a box is of leaves that the sweep comes to."""
    if box.group is None:
        return box.node in swept.leaves
    return not has_operations(view, box) and any(int(i) in swept.leaves for i in box.nodes)


def is_left(view: View, box: Box, swept: Swept) -> bool:
    """Whether a box is of a leaf that the sweep does not come to, and that has a gradient."""
    return (
        box.group is None
        and box.node not in swept.leaves
        and view.graph.kind(box.node) == "leaf"
        and not same(view.graph.grad(box.node), 0.0)
    )


def leaf(view: View, k: int, swept: Swept, whole: bool) -> list[Any]:
    """What a leaf had before the sweep, and what came to it; of many their mean sizes."""
    box = view.boxes[k]
    if box.group is not None:
        nodes = np.array([int(i) for i in box.nodes if int(i) in swept.leaves])
        came, there = swept.adjoints[nodes], view.graph.columns.grads[nodes]
        return [k, spread(came), spread(there if swept.done else there + came)]
    before = swept.leaves[box.node]
    grad = view.graph.grad(box.node)
    found: list[Any] = [k, None if before is None else number(before)]
    if before is None:
        return [*found, number(swept.adjoints[box.node]), number(grad)]
    return found if whole else [*found, number(swept.adjoints[box.node])]


def spread(numbers: Any) -> list[Any]:
    """How many numbers, the mean of their sizes, the least and the greatest."""
    with np.errstate(invalid="ignore", over="ignore"):
        return [len(numbers), *(number(x) for x in (np.abs(numbers).mean(), numbers.min(), numbers.max()))]


def tenth(x: float) -> int | float:
    """A number to one decimal."""
    found = round(float(x), 1)
    return int(found) if found == int(found) else found


def tenths(x: float, y: float) -> str:
    """A point to one decimal."""
    return f"{tenth(x)} {tenth(y)}"
