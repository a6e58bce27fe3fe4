"""What of a graph is to be seen: boxes that stand for one node or many, and the links between them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, Literal, NamedTuple

import numpy as np

from autograd.calculus._codes import CONSTANT
from autograd.folding.folding import Folded, Group
from autograd.folding.likeness import numbered
from autograd.folding.loops import ends_of, links_between, nearest_layers, reach
from autograd.graphs.graph import Graph
from autograd.graphs.names import Names, Part

__all__ = [
    "SMALL",
    "Box",
    "Fold",
    "Link",
    "TooManyBoxes",
    "View",
    "height_of",
    "opened",
    "unfolded",
    "view_of",
]

Fold = Literal["auto", "module", "layer", "neuron", "repeats"] | Callable[[Group], bool] | None

SMALL = 60
"""A graph of so many nodes is shown whole."""
READABLE = 40
"""So many boxes are shown if nobody says how many."""
TALL = 14
"""So many boxes one above the other fit a screen."""
SAMPLES = 4
"""So many things of a kind are shown one by one."""
TANGLED = 1_500
"""Links that go through so many layers together are hard to follow, and take a second to lay out."""
MOST = 800
"""More boxes take an engine minutes to lay out, or gigabytes."""
FEW = 8
"""So many times one operation may use a node in links of their own."""


class Box(NamedTuple):
    """A node, or a group of them.

    Attributes:
        id: A readable name that no other box of the view has.
        node: The number of its node; of a group's, -1.
        group: What it stands for, if not for one node.
        nodes: The numbers of all nodes in it; constants are not counted.
        cut: Whether it has operands that are not shown, being out of the part that was asked for.
    """

    id: str
    node: int
    group: Group | None
    nodes: Any
    cut: bool


class Link(NamedTuple):
    """One use of a box by a box.

    Attributes:
        tail, head: The boxes of the operand and of the result, by number.
        place: Which operand of the operation it is, from 0; into a group, in which order it enters.
        count: How many uses of nodes it stands for.
        partial: ∂result/∂operand, if it stands for one use and a number is known.
    """

    tail: int
    head: int
    place: int
    count: int  # type: ignore[assignment]  # shadows tuple.count, which nobody needs here
    partial: float | None


class View(NamedTuple):
    """Boxes in topological order, and links by their head and then by place. Never a loop.

    Attributes:
        left_out: How many nodes of the graph are in no box, being out of the part that was asked for.
        numbers: Whether the nodes' numbers mean anything; those of a tape do not.
    """

    graph: Graph
    names: Names
    boxes: list[Box]
    links: list[Link]
    left_out: int = 0
    numbers: bool = True


class TooManyBoxes(ValueError):
    """A view that cannot be drawn; the message says what to ask for instead."""


def view_of(
    folded: Folded,
    fold: Fold = "auto",
    *,
    max_boxes: int | None = None,
    whole: bool = True,
    open: Collection[str] = (),
    close: Collection[str] = (),
) -> View:
    """What is to be seen of a folded graph.

    Args:
        folded: The graph, or a part of it.
        fold: Which groups are closed. "auto": none of a small graph; else as many levels are opened as are readable.
            "module", "layer", "neuron": modules of that level, and as much of the rest as is readable. "repeats": the
            same without modules (`folded` was made so). None: no group. A function says it of each group.
        max_boxes: How many boxes are readable.
        whole: Whether a small graph is shown whole where nobody says how it is to be folded.
        open, close: Ids of groups that are opened or closed in any case.

    Raises:
        TooManyBoxes: nodes are asked for one by one, and are more than can be drawn.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> from autograd.graphs.names import names_of
    >>> graph = graph_of(1 - Value(3.0) * 2)
    >>> view = view_of(Folded(graph, names_of(graph)))
    >>> [box.id for box in view.boxes], [(link.tail, link.head, link.place) for link in view.links]
    (['leaf1', 'mul3', 'sub4'], [(0, 1, 0), (1, 2, 1)])
    """
    top = folded.top
    readable = READABLE if max_boxes is None else max_boxes
    small = whole and top.count <= (SMALL if max_boxes is None else max_boxes)
    if fold is None or (fold == "auto" and small and not is_tangled(folded)):
        require_drawable(top.count, None)
        shown = opened(top, lambda group: group.id not in close)
    elif callable(fold):
        closed = fold
        shown = opened(top, lambda group: group.id in open or (group.id not in close and not closed(group)))
    else:
        shown = readable_groups(folded, fold, readable, open, close)
    require_drawable(len(shown), fold)
    return assembled(folded, shown)


def unfolded(graph: Graph, names: Names) -> View:
    """Every node in a box of its own, but for constants: those are part of the formula that uses them.

    Raises:
        TooManyBoxes: they are more than can be drawn.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> from autograd.graphs.names import names_of
    >>> graph = graph_of(1 - Value(3.0) * 2)
    >>> [box.node for box in unfolded(graph, names_of(graph)).boxes]
    [1, 3, 4]
    """
    return view_of(Folded(graph, names), None)


def require_drawable(count: int, fold: Fold) -> None:
    """Pass if so many boxes can be drawn.

    Raises:
        TooManyBoxes: see there.
    """
    if count > MOST:
        what = "the graph has" if fold is None else "what is to be opened has"
        raise TooManyBoxes(
            f"draw: {what} {count:,} nodes, of which at most {MOST:,} can be drawn one by one: leave `fold` at "
            '"auto", close some groups, or draw a part, with depth=, around= or between='
        )


def opened(top: Group, is_open: Callable[[Group], bool]) -> list[Group]:
    """The groups to be seen where some are open; in topological order.

    Raises:
        TooManyBoxes: they are more than can be drawn.
    """
    shown: list[Group] = []
    stack = [top]
    while stack:
        group = stack.pop()
        if group.kind != "node" and (group is top or is_open(group)):
            stack.extend(reversed(group.parts))
        else:
            shown.append(group)
        if len(shown) > MOST:
            require_drawable(len(shown) + sum(group.count for group in stack), "auto")
    return shown


def readable_groups(
    folded: Folded, fold: Fold, most: int, open: Collection[str], close: Collection[str]
) -> list[Group]:
    """As many levels opened as are readable, siblings of a kind all at once."""
    top = folded.top
    if top.id in close or (most < len(top.parts) and top.id not in open):
        return [top]
    around = parts_around(folded.names, parts_of_level(folded.names, fold))
    shown = follow(top.parts, open)
    while fold in LEVELS:  # what was asked for is shown, however much it is
        finer = follow(shown, {g.id for g in shown if g.kind == "module" and g.part in around})
        if len(finer) == len(shown):
            break
        shown = finer
    most = max(most, len(shown))
    refused: set[tuple[int, str]] = set()
    while True:
        levels: dict[tuple[int, str], list[Group]] = {}
        for group in shown:
            barred = group.id in close or (group.kind == "module" and fold in LEVELS)
            if group.kind != "node" and not barred and not says_it_all(group):
                levels.setdefault((group.depth, group.kind), []).append(group)
        for level in sorted(levels, key=lambda level: (level[0], ORDER.index(level[1]))):
            if level in refused:
                continue
            chosen = {group.id for group in levels[level]}
            finer = follow(shown, chosen)
            if len(finer) <= most and is_clear(folded, finer):
                shown = follow(finer, open)
                break
            refused.add(level)
        else:
            return shown


LIKE_EACH_OTHER = ("family", "equal", "sum")
LEVELS = ("module", "layer", "neuron")
ORDER = ("islands", "island", "module", "steps", "round", "stretch", "family", "equal", "sum", "parameters", "all")
"""What is opened first."""


def says_it_all(group: Group) -> bool:
    """Whether nothing new is seen when a group is opened: many things of a kind, or handfuls of the same."""
    many_of_a_kind = group.kind in LIKE_EACH_OTHER and len(group.parts) > SAMPLES
    return many_of_a_kind or group.kind == "parameters" or group.chunked


def follow(groups: Iterable[Group], ids: Collection[str]) -> list[Group]:
    """The groups, those with these ids opened, and within them too."""
    found: list[Group] = []
    stack = list(groups)[::-1]
    while stack:
        group = stack.pop()
        if group.id in ids and group.kind != "node":
            stack.extend(reversed(group.parts))
        else:
            found.append(group)
    return found


def parts_of_level(names: Names, fold: Fold) -> set[int]:
    """The modules that stay closed: outermost, innermost, or layers; none where nobody asked for modules."""
    inner = set(names.owners.values())
    if fold == "module":
        return {k for k, part in enumerate(names.parts) if part.parent < 0}
    if fold == "neuron":
        return inner
    if fold == "layer":
        return {layer_of(names.parts, k) for k in inner}
    return set()


def parts_around(names: Names, parts: Collection[int]) -> set[int]:
    """The modules that some modules are in."""
    found = set()
    for k in parts:
        at = names.parts[k].parent
        while at >= 0:
            found.add(at)
            at = names.parts[at].parent
    return found


def layer_of(parts: tuple[Part, ...], k: int) -> int:
    """The layer that a module is or is in: what is called so; else what a neuron is in; else itself."""
    at = k
    while at >= 0:
        if "layer" in parts[at].kind.lower():
            return at
        at = parts[at].parent
    return parts[k].parent if "neuron" in parts[k].kind.lower() and parts[k].parent >= 0 else k


def labels_of(folded: Folded, shown: list[Group]) -> Any:
    """For each node of the graph which of the groups it is in; -1 for none."""
    labels = np.full(len(folded.graph), -1, np.int32)
    for k, group in enumerate(shown):
        labels[group.nodes] = k
    return labels


def height_of(view: View) -> int:
    """How many boxes of a view stand one above the other at most; leaves beside what uses them."""
    layer = nearest_layers(len(view.boxes), *ends_of(view.links))
    return int(np.bincount(layer).max(initial=0))


def is_tangled(folded: Folded) -> bool:
    """Whether links would go through too many boxes, if every node of a small graph were shown."""
    columns = folded.graph.columns
    tails, heads = folded.graph.edges_into(folded.top.nodes)
    kept = (columns.codes[tails] != CONSTANT) & np.isin(tails, folded.top.nodes)
    n = len(folded.graph)
    return reach(nearest_layers(n, tails[kept], heads[kept]), tails[kept], heads[kept]) > TANGLED


def is_clear(folded: Folded, shown: list[Group]) -> bool:
    """Whether no more boxes than fit stand one above the other, and links do not go through too many others."""
    n = len(shown)
    if n <= TALL:
        return True
    tails, heads = links_between(labels_of(folded, shown), *folded.graph.edges_into(folded.top.nodes))
    tails, heads = np.divmod(np.unique(tails.astype(np.int64) * n + heads), n)  # boxes, however much they are used
    layer = nearest_layers(n, tails.astype(np.int32), heads.astype(np.int32))
    return int(np.bincount(layer).max(initial=0)) <= TALL and reach(layer, tails, heads) <= TANGLED


def assembled(folded: Folded, shown: list[Group]) -> View:
    """The view of some groups that together are everything."""
    graph = folded.graph
    if all(group.kind == "node" for group in shown):  # then the order of the program is one of theirs
        shown = sorted(shown, key=lambda group: int(group.nodes[0]))
    labels = labels_of(folded, shown)
    tails, heads = graph.edges_into(folded.top.nodes)
    outside = (labels[tails] < 0) & (graph.columns.codes[tails] != CONSTANT)
    cut = np.zeros(len(shown), bool)
    cut[labels[heads[outside]]] = True
    cut[labels[list(graph.ends)]] = True
    boxes = [
        Box(group.id, int(group.nodes[0]) if group.kind == "node" else -1, None if group.kind == "node" else group,
            group.nodes, bool(cut[k]))
        for k, group in enumerate(shown)
    ]  # fmt: skip
    alone = np.bincount(labels[labels >= 0], minlength=len(boxes)) == 1
    links = [
        link
        for k, box in enumerate(boxes)
        if box.node >= 0
        for link in links_of_node(graph, labels, alone, k, box.node)
    ]
    links += links_of_groups(boxes, *links_between(labels, tails, heads))
    left_out = graph.count - sum(len(box.nodes) for box in boxes)
    return View(graph, folded.names, boxes, sorted(links, key=lambda link: (link.head, link.place)), left_out)


def links_of_node(graph: Graph, labels: Any, alone: Any, head: int, node: int) -> list[Link]:
    """A link for each operand; one for all that are in the same group, or are one node used many times."""
    operands = graph.columns.operands[graph.columns.starts[node] : graph.columns.starts[node + 1]]
    tails = np.where(operands < 0, -1, labels[operands])
    places = np.flatnonzero(tails >= 0)
    apart = (alone & (np.bincount(tails[places], minlength=len(alone)) <= FEW))[tails[places]]
    single, grouped = places[apart], places[~apart]
    _, first, counts = np.unique(tails[grouped], return_index=True, return_counts=True)
    found = dict.fromkeys(single.tolist(), 1) | dict(zip(grouped[first].tolist(), counts.tolist(), strict=True))
    partials = graph.partials(node, found)
    return [
        Link(int(tails[place]), head, place, count, partials[place] if count == 1 else None)
        for place, count in found.items()
    ]


def links_of_groups(boxes: list[Box], tails: Any, heads: Any) -> list[Link]:
    """A link for each box that a group uses."""
    single = np.array([box.node >= 0 for box in boxes], bool)
    into = ~single[heads] if len(heads) else np.zeros(0, bool)
    keys = (heads[into].astype(np.uint64) << np.uint64(32)) | tails[into].astype(np.uint64)
    which, n = numbered(keys)
    counts = np.bincount(which, minlength=n)
    firsts = np.zeros(n, np.uint64)
    firsts[which] = keys
    entered: dict[int, int] = {}
    found = []
    for k in np.argsort(firsts):
        head, tail = int(firsts[k]) >> 32, int(firsts[k]) & 0xFFFFFFFF
        place = entered.get(head, 0)
        entered[head] = place + 1
        found.append(Link(tail, head, place, int(counts[k]), None))
    return found
