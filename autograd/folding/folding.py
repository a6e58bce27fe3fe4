"""A graph folded after the fact: a tree of groups, down to single nodes.

    all of it -> modules, within one another -> what is alike but for parameters -> what is alike -> chains of sums

and where too much is left side by side, what hangs together, the rounds of a loop, or stretches of neighbours. At each
level the parts of a group make no loop, so whatever is opened or closed, boxes have an order as nodes have. A node is
in one part of each level; constants are in none, being part of the formula that uses them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from autograd.calculus._codes import ADD, CONSTANT
from autograd.folding.belonging import ancestry, belonging
from autograd.folding.islands import islands_of, title_of
from autograd.folding.likeness import likeness_of, numbered
from autograd.folding.loops import without_loops
from autograd.folding.rounds import Run, runs_of
from autograd.folding.sequence import Pieces
from autograd.graphs.graph import Graph
from autograd.graphs.names import Names

__all__ = ["Folded", "Group"]

SIDE_BY_SIDE = 32
"""A group has no more parts than about so many: what is beyond is put together."""
MANY = 10_000
"""Leaves of which it is not asked whose they are."""
PARTS = 12
"""So many parts are made where things are put together for want of something better."""


class Group:
    """Nodes that one box can stand for.

    Attributes:
        id: A name that no other group of the folded graph has: `model.layers.0`, `family7x1600`; of a node its own.
        kind: "all", "module", "parameters" (of a module that is in pieces), "family" (alike but for parameters and
            inputs), "equal" (alike to the parameter), "sum" (a chain of additions), "steps" (rounds of a loop),
            "round" (one of them), "stretch" (neighbours), "island" (what hangs together, and with nothing else),
            "islands" (several), "node".
        title: What it is, in a few words: `model.layers.0`, `tanh`, `step`.
        times: How often the same is done in it; 1 where that cannot be said.
        nodes: The numbers of its nodes, in order; constants are not counted.
        parent: The group that it is part of.
        part: The number of its module, or of the one that it is in; -1 for none.

    >>> Group("tanh4", "node", "tanh", 1, np.array([4]), None, -1, lambda group: []).parts
    []
    """

    __slots__ = ("_parts", "_split", "id", "kind", "nodes", "parent", "part", "times", "title")

    def __init__(
        self, id: str, kind: str, title: str, times: int, nodes: Any, parent: Group | None, part: int,
        split: Callable[[Group], Sequence[Group]],
    ) -> None:  # fmt: skip
        self.id, self.kind, self.title, self.times = id, kind, title, times
        self.nodes, self.parent, self.part = nodes, parent, part
        self._split = split
        self._parts: list[Group] | None = None

    @property
    def parts(self) -> list[Group]:
        """What it consists of, in topological order; none of a single node. Found out when first asked for."""
        if self._parts is None:
            self._parts = list(self._split(self))
        return self._parts

    @property
    def count(self) -> int:
        """How many nodes it stands for."""
        return len(self.nodes)

    @property
    def chunked(self) -> bool:
        """Whether its parts are but handfuls of the same: nothing new is seen when it is opened."""
        same = "stretch" if self.kind == "island" else self.kind
        return any(part.kind == same for part in self.parts) and self.kind != "module"

    @property
    def depth(self) -> int:
        """How many groups it is in."""
        found, group = 0, self.parent
        while group is not None:
            found, group = found + 1, group.parent
        return found

    def __repr__(self) -> str:
        return f"<group {self.id}: {self.kind} of {self.count:,} nodes>"


class Folded:
    """A graph as a tree of groups.

    Args:
        graph, names: What is folded, and what is known of its modules.
        nodes: The numbers of the nodes to look at, in order; all if not given.
        modules: Whether modules are groups.

    Attributes:
        top: The group of all of it.
        groups: The groups found so far, by id.

    Cost: linear in nodes and edges for the uppermost level; each further one when it is asked for.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> from autograd.graphs.names import names_of
    >>> from builtins import sum
    >>> w = Value(2.0)
    >>> graph = graph_of(sum((w * x).tanh() for x in range(100)))
    >>> folded = Folded(graph, names_of(graph))
    >>> [(part.kind, part.title, part.times, part.count) for part in folded.top.parts]
    [('node', 'leaf1', 1, 1), ('equal', '*', 100, 100), ('equal', 'tanh', 100, 100), ('sum', 'sum of 101', 1, 100)]
    """

    def __init__(self, graph: Graph, names: Names, *, nodes: Any = None, modules: bool = True) -> None:
        self.graph, self.names = graph, names
        self.groups: dict[str, Group] = {}
        n = len(graph)
        owners = np.full(n, -1, np.int32)
        if names.owners:
            owners[list(names.owners)] = list(names.owners.values())
        self._likeness = likeness_of(graph.columns, self._marks(owners), self._kept())
        known = modules and bool(names.owners)
        self._modules = belonging(graph.columns, owners) if known else np.full(n, -1, np.int32)
        self._ancestry = ancestry(names) if known else np.full((1, 1), -1, np.int32)
        if nodes is None:
            seen = graph.columns.codes != CONSTANT
            seen[list(graph.roots)] = True  # a constant that is a root is seen for what it is
            nodes = np.flatnonzero(seen)
        self.top = self._group("all", "all", "everything", 1, np.asarray(nodes, np.int32), None, -1, self._split_module)

    def _marks(self, owners: Any) -> Any:
        """What tells leaves apart: parameters are themselves; if none are known, every leaf is."""
        columns = self.graph.columns
        leaves = (columns.codes != CONSTANT) & (np.diff(columns.starts) == 0)
        chosen = leaves & (owners >= 0) if self.names.owners else leaves
        return np.where(chosen, np.arange(1, len(chosen) + 1), 0).astype(np.int32)

    def _kept(self) -> Any:
        """Which nodes are not to vanish in a chain of additions: those with a name, and the roots."""
        kept = np.zeros(len(self.graph), np.int32)
        kept[list(self.names.given)] = 1
        kept[list(self.graph.roots)] = 1
        return kept

    def way_to(self, node: int) -> list[Group]:
        """The groups that a node is in, the uppermost first, and its own last.

        Raises:
            KeyError: it is a constant, or out of the part that is looked at.
        """
        way = [self.top]
        if not len(np.flatnonzero(self.top.nodes == node)):
            raise KeyError(node)
        while way[-1].kind != "node":
            for part in way[-1].parts:
                at = int(np.searchsorted(part.nodes, node))
                if at < part.count and part.nodes[at] == node:
                    way.append(part)
                    break
        return way

    def _group(
        self, id: str, kind: str, title: str, times: int, nodes: Any, parent: Group | None, part: int,
        split: Callable[[Group], Sequence[Group]],
    ) -> Group:  # fmt: skip
        while id in self.groups:
            id += "'"
        self.groups[id] = Group(id, kind, title, times, nodes, parent, part, split)
        return self.groups[id]

    # --- modules, and what is alike beside them ---

    def _split_module(self, group: Group) -> Sequence[Group]:
        """The modules right within this one (or within none), and what is alike among the rest."""
        n, nodes = len(self.graph), group.nodes
        level = 0 if group.part < 0 else int(np.count_nonzero(self._ancestry[group.part] >= 0))
        modules = np.full(len(nodes), -1, np.int32)
        inside = self._modules[nodes] >= 0
        if level < self._ancestry.shape[1]:
            modules[inside] = self._ancestry[self._modules[nodes[inside]], level]
        loose = modules < 0
        labels = np.full(n, -1, np.int32)
        labels[nodes[loose]], count = numbered(self._likeness.alike[nodes[loose]])
        labels[nodes[~loose]] = count + modules[~loose]
        tails, heads = self.graph.edges_into(nodes)
        if not loose.all():  # what is alike makes no loop: it is of one height
            columns = self.graph.columns
            labels = without_loops(labels, columns.starts, columns.operands, tails, heads)
            labels = self._parameters_apart(nodes, modules, labels)
        pieces = Pieces(self.graph, nodes, modules, labels, tails, heads)
        if group.kind == "all" and len(pieces) > SIDE_BY_SIDE and len(self.graph.roots) > 1:
            apart = islands_of(self.graph, nodes, tails, heads)
            if len(apart) > 1:
                return self._islands(group, apart)
        return list(self._interval(group, pieces, 0, len(pieces)))

    def _parameters_apart(self, nodes: Any, modules: Any, labels: Any) -> Any:
        """The parameters of modules that are in several boxes, in one of their own."""
        pairs = modules.astype(np.int64) << 32 | labels[nodes]
        which, n = numbered(pairs.view(np.uint64))
        each = np.zeros(n, np.int64)
        each[which] = pairs
        parts, boxes = np.unique(each >> 32, return_counts=True)
        cut = parts[(parts >= 0) & (boxes > 1)].tolist()
        leaves = np.diff(self.graph.columns.starts)[nodes] == 0
        for part in cut:
            labels[nodes[leaves & (modules == part)]] = labels.max() + 1
        return labels

    def _islands(self, parent: Group, apart: Sequence[Any]) -> list[Group]:
        """What has nothing to do with each other; in a few handfuls, if it is much."""
        size = 1 if len(apart) <= SIDE_BY_SIDE else -(-len(apart) // PARTS)
        found = []
        for some in (apart[at : at + size] for at in range(0, len(apart), size)):
            nodes, kind, title = some[0], "island", title_of(self.graph, self.names, some[0])
            split: Callable[[Group], Sequence[Group]] = self._split_module
            if len(some) > 1:
                nodes, kind, split = np.sort(np.concatenate(some)), "islands", partial(self._islands, apart=some)
                title += f" to {title_of(self.graph, self.names, some[-1])}"
            found.append(self._group(f"{kind}{nodes[0]}x{len(nodes)}", kind, title, 1, nodes, parent, -1, split))
        return found

    def _interval(self, parent: Group, pieces: Pieces, start: int, stop: int) -> Iterator[Group]:
        """Pieces that follow one another: each by itself if they are few; else what repeats, and stretches."""
        if stop - start <= SIDE_BY_SIDE:
            for k in range(start, stop):
                yield self._piece(parent, pieces, k)
            return
        runs = [Run(start + run.start, run.period, run.rounds) for run in runs_of(pieces.signs[start:stop])]
        loose = stop - start - sum(run.stop - run.start for run in runs)
        size = 1 if loose + len(runs) <= SIDE_BY_SIDE else -(-loose // PARTS)
        at = start
        for run in [*runs, Run(stop, 1, 0)]:
            while at < run.start:
                end = min(at + size, run.start)
                yield self._piece(parent, pieces, at) if end == at + 1 else self._stretch(parent, pieces, at, end)
                at = end
            if run.rounds:
                yield self._steps(parent, pieces, run, 1)
            at = run.stop

    def _stretch(self, parent: Group, pieces: Pieces, start: int, stop: int) -> Group:
        nodes = pieces.nodes(start, stop)
        id = f"stretch{nodes[0]}x{len(nodes)}"
        return self._group(
            id, "stretch", f"{len(nodes):,} operations", 1, nodes, parent, parent.part,
            partial(self._split_interval, pieces=pieces, start=start, stop=stop),
        )  # fmt: skip

    def _split_interval(self, group: Group, pieces: Pieces, start: int, stop: int) -> list[Group]:
        return list(self._interval(group, pieces, start, stop))

    def _steps(self, parent: Group, pieces: Pieces, run: Run, number: int) -> Group:
        """The rounds of a loop, the first of this number; or a single one."""
        nodes = pieces.nodes(run.start, run.stop)
        if run.rounds > 1:
            title = f"step {number:,} to {number + run.rounds - 1:,}"
            split = partial(self._split_steps, pieces=pieces, run=run, number=number)
            return self._group(
                f"steps{nodes[0]}x{run.rounds}", "steps", title, run.rounds, nodes, parent, parent.part, split
            )
        if run.period == 1:
            return self._piece(parent, pieces, run.start)
        return self._group(
            f"round{nodes[0]}x{len(nodes)}", "round", f"step {number:,}", 1, nodes, parent, parent.part,
            partial(self._split_interval, pieces=pieces, start=run.start, stop=run.stop),
        )  # fmt: skip

    def _split_steps(self, group: Group, pieces: Pieces, run: Run, number: int) -> list[Group]:
        """The first round, the last, and the rest in a few handfuls."""
        if run.rounds <= PARTS:
            bounds = list(range(run.rounds + 1))
        else:
            bounds = [0, *np.linspace(1, run.rounds - 1, PARTS - 1).astype(int).tolist(), run.rounds]
        return [
            self._steps(group, pieces, Run(run.start + a * run.period, run.period, b - a), number + a)
            for a, b in pairwise(bounds)
        ]

    def _piece(self, parent: Group, pieces: Pieces, k: int) -> Group:
        nodes, part = pieces.nodes(k, k + 1), pieces.module(k)
        if part < 0:
            return self._family(parent, nodes)
        path = self.names.parts[part].path
        if pieces.in_pieces(k) and not np.diff(self.graph.columns.starts)[nodes].any():
            if len(nodes) == 1:
                return self._node(parent, int(nodes[0]))
            return self._parameters(parent, nodes, part)
        return self._group(path, "module", path, 1, nodes, parent, part, self._split_module)

    def _parameters(self, parent: Group, nodes: Any, part: int) -> Group:
        name = f"{self.names.parts[part].path}.parameters"
        return self._chunks(parent, name, "parameters", name, nodes, part)

    # --- what is alike ---

    def _family(self, parent: Group, nodes: Any) -> Group:
        """Nodes that are alike but for parameters: the least that says so."""
        owners = {self.names.owners.get(int(i), -1) for i in nodes} if len(nodes) <= MANY else {-1}
        if len(nodes) > 1 and len(owners) == 1 and -1 not in owners:
            return self._parameters(parent, nodes, owners.pop())
        if numbered(self._likeness.same[nodes])[1] == 1:
            return self._equal(parent, nodes)
        times = len(np.unique(self._likeness.units[nodes]))
        id = f"family{nodes[0]}x{len(nodes)}"
        return self._group(
            id, "family", self._title(nodes), times, nodes, parent, parent.part, self._split_family
        )  # fmt: skip

    def _split_family(self, group: Group) -> list[Group]:
        """What is alike to the parameter, together."""
        nodes = group.nodes
        classes, count = numbered(self._likeness.same[nodes])
        if count <= SIDE_BY_SIDE:
            return [self._equal(group, nodes[classes == k]) for k in range(count)]
        bounds = np.linspace(0, count, PARTS + 1).astype(int)
        return [self._family(group, nodes[(classes >= a) & (classes < b)]) for a, b in pairwise(bounds)]

    def _equal(self, parent: Group, nodes: Any) -> Group:
        """Nodes that are alike to the parameter."""
        times = len(np.unique(self._likeness.units[nodes]))
        if times == 1:
            return self._sum(parent, nodes)
        id = f"equal{nodes[0]}x{len(nodes)}"
        return self._group(id, "equal", self._title(nodes), times, nodes, parent, parent.part, self._split_equal)

    def _split_equal(self, group: Group) -> list[Group]:
        """One by one; but first what is no number, apart from all that is."""
        nodes, columns = group.nodes, self.graph.columns
        units, at = np.unique(self._likeness.units[nodes], return_inverse=True)
        bad = np.zeros(len(units), bool)
        bad[at[~(np.isfinite(columns.data[nodes]) & np.isfinite(columns.grads[nodes]))]] = True
        if bad.any() and not bad.all():
            return [self._equal(group, nodes[bad[at]]), self._equal(group, nodes[~bad[at]])]
        if len(units) <= SIDE_BY_SIDE:
            return [self._sum(group, nodes[at == k]) for k in range(len(units))]
        bounds = np.linspace(0, len(units), PARTS + 1).astype(int)
        return [self._equal(group, nodes[(at >= a) & (at < b)]) for a, b in pairwise(bounds)]

    def _sum(self, parent: Group, nodes: Any) -> Group:
        """A node, or a chain of additions."""
        if len(nodes) == 1:
            return self._node(parent, int(nodes[0]))
        return self._chunks(parent, f"sum{nodes[0]}x{len(nodes)}", "sum", self._title(nodes), nodes, parent.part)

    def _chunks(self, parent: Group, id: str, kind: str, title: str, nodes: Any, part: int) -> Group:
        """Nodes in a row, or leaves: where they are many, in a few handfuls."""
        return self._group(id, kind, title, 1, nodes, parent, part, self._split_chunks)

    def _split_chunks(self, group: Group) -> list[Group]:
        if group.count <= SIDE_BY_SIDE:
            return [self._node(group, int(i)) for i in group.nodes]
        return [
            self._chunks(
                group, f"{group.kind}{chunk[0]}x{len(chunk)}", group.kind, f"{len(chunk):,} of {group.title}", chunk,
                group.part,
            )
            for chunk in np.array_split(group.nodes, PARTS)
        ]  # fmt: skip

    def _node(self, parent: Group, i: int) -> Group:
        id = self.graph.id(i)
        return self._group(id, "node", id, 1, np.array([i], np.int32), parent, parent.part, self._split_node)

    def _split_node(self, group: Group) -> list[Group]:
        return []

    def _title(self, nodes: Any) -> str:
        """The operation that they all are; of additions, that follow one another, how many are added; whose leaves."""
        last = int(nodes[-1])
        added = int(np.count_nonzero(self._likeness.units[nodes] == self._likeness.units[last])) + 1
        if added > 2 and self.graph.columns.codes[last] == ADD:
            return f"sum of {added:,}"
        return self.graph.name_of_operation(last) or self._title_of_leaves(nodes)

    def _title_of_leaves(self, nodes: Any) -> str:
        """The path of the module that they are all parameters of, `model.layers.0.*`, if there is one."""
        known = self.names.owners
        owners = {known.get(int(i), -1) for i in nodes} if int(nodes[0]) in known else {-1}
        if -1 in owners:
            return "leaf"
        chains = [[part for part in row if part >= 0] for row in ancestry(self.names)[sorted(owners)].tolist()]
        common = [parts[0] for parts in zip(*chains, strict=False) if len(set(parts)) == 1]
        return f"{self.names.parts[common[-1]].path}.*" if common else "leaf"
