"""The layers of a model in the graph of a loss: who has that graph needs no second way forward.

A sample is given to the model once, and what its layers give is noted as patterns: of each operation how many operands
it has, and where the first two of them are from. Nodes of the loss's graph that fit are what the layers gave for the
samples of the batch, in their order.
"""

from collections.abc import Callable
from operator import attrgetter, itemgetter
from random import Random
from typing import Any

import numpy as np

from autograd import Value, topological_order, values_to_vector, vector_to_values
from nn.chance import Feed, fed_by
from nn.diagnosis.layers import Seen, layers_seen
from nn.diagnosis.readings import RECTIFIERS, Reading
from nn.modules.calls import calls_of, modules_in, vectors_in
from nn.modules.untouched import Untouched

__all__ = ["Finder"]


class Finder:
    """Finds what the layers of a model gave, in graphs of a loss.

    Args:
        model: A module, or a function that uses some.
        sample: One that it can be called on.
        values: Its parameters.

    Raises:
        ValueError: two numbers of its layers cannot be told apart.

    >>> from nn import MLP, mse
    >>> model = MLP(2, [3, 1], "tanh", rng=1)
    >>> finder = Finder(model, [1.0, 2.0], model.parameters())
    >>> loss = mse([model([1.0, 0.0]), model([0.0, 1.0])], [1.0, 2.0])
    >>> [(reading.name, reading.outputs.shape) for reading in finder.readings(loss)]
    [('layers.0', (2, 3)), ('layers.1', (2, 1))]
    """

    def __init__(self, model: Callable[[Any], Any], sample: Any, values: list[Value]) -> None:
        modules = modules_in(model)
        with Untouched([modules, values]) as before:
            before.draw_again()
            with fed_by(Feed(Random(0))), np.errstate(all="ignore"):
                top = calls_of(modules, lambda: [model(sample)])
        self._leaves = {id(p): k for k, p in enumerate(values)}
        self._values = values  # which keeps their identities
        self._patterns: dict[Any, int] = {}
        self._only: list[Any] = [None] * len(values)  # by number: the one pattern that begins so; () for several
        numbers: dict[int, int] = {}
        outputs = [v for vector in vectors_in(top.output) for v in vector if isinstance(v, Value)]
        met: dict[int, int] = {}
        for node in topological_order(outputs) if outputs else ():
            key = self._learn(node, numbers)
            if key is not None:
                numbers[id(node)] = key
                met[key] = met.get(key, 0) + 1
        self._layers: list[tuple[Seen, list[list[int]]]] = []
        for layer in layers_seen(top):
            keys = [[numbers.get(id(v), -1) for v in row if isinstance(v, Value)] for row in layer.outputs]
            if any(met.get(key) != 1 for row in keys for key in row):
                raise ValueError(f"{layer.name}: its numbers cannot be told apart in a graph")
            self._layers.append((layer, keys))
        self._wanted = {key for _, rows in self._layers for row in rows for key in row}
        self._names = {key: pattern[3].name for pattern, key in self._patterns.items()}
        self._places: Places | None = None
        for layer, _ in self._layers:  # of which the name, the kind and the parameters are of use still
            layer.inputs, layer.outputs = [], []

    def _learn(self, node: Value, numbers: dict[int, int]) -> int | None:
        """The number of a node's pattern; None where nothing is known of what it is made of."""
        operands = node.operands
        if not operands:
            return self._leaves.get(id(node))
        first, second = (numbers.get(id(v)) for v in (operands[0], operands[min(1, len(operands) - 1)]))
        if first is None and second is None:
            return None
        pattern = first, second, len(operands), node.primitive
        key = self._patterns.setdefault(pattern, len(self._only))
        if key == len(self._only):
            self._only.append(None)
            if first is not None:
                self._only[first] = () if self._only[first] is not None else (key, len(operands), node.primitive)
        return key

    def readings(self, loss: Value) -> list[Reading] | None:
        """What the layers gave, and what came back to it, in the graph of a loss; None where not all is found.

        The gradients are those of a sweep from this loss; if there was none, or of something else, one is made, and
        all gradients are put back.

        Cost: a look at each node.
        """
        order = topological_order(loss)
        found = self._places.found(order) if self._places is not None else None
        found = found or self._found(order)
        rows = {key: len(nodes) for key, nodes in found.items()}
        if not rows or len(set(rows.values())) > 1 or rows.keys() != self._wanted or not max(rows.values()):
            return None
        if loss.grad == 1.0:
            return self._read(found)
        free = [v for v in order if not v.is_constant]
        kept = values_to_vector(free, "grad")
        try:
            vector_to_values(0.0, free, "grad")
            loss.backward()
            return self._read(found)
        finally:
            vector_to_values(kept, free, "grad")

    def _found(self, order: list[Value]) -> dict[int, list[Value]]:
        """The nodes that fit each pattern of an output."""
        numbers, patterns, only = dict(self._leaves), self._patterns, self._only
        found: list[Any] = [[] if key in self._wanted else None for key in range(len(only))]
        look, slow = numbers.get, False
        for node in order:
            operands = node.operands
            if not operands:
                continue
            first = look(id(operands[0]))
            known = () if first is None else only[first]
            if known:
                key, n, primitive = known
                if len(operands) != n or node.primitive is not primitive:
                    continue
            elif known is None:
                continue
            else:
                second = look(id(operands[1])) if len(operands) > 1 else first
                key = patterns.get((first, second, len(operands), node.primitive))
                if key is None:
                    continue
                slow = True
            numbers[id(node)] = key
            nodes = found[key]
            if nodes is not None:
                nodes.append(node)
        if not slow:
            self._places = Places(order, numbers, self._leaves, {key: found[key] for key in self._wanted})
        return {key: found[key] for key in self._wanted}

    def _read(self, found: dict[int, list[Value]]) -> list[Reading]:
        """Each layer in numbers."""
        readings = []
        for layer, rows in self._layers:
            outputs, gradients, given = [], [], None
            for row in rows:
                nodes = [v for key in row for v in found[key]]
                outputs.append(values_to_vector(nodes).reshape(len(row), -1).T)
                if not any(v.is_constant for v in nodes[:: len(nodes) // len(row)]):
                    gradients.append(values_to_vector(nodes, "grad").reshape(len(row), -1).T)
                if layer.activation in RECTIFIERS:
                    relus = all(self._names.get(key) == "relu" for key in row)
                    before = values_to_vector([*map(FIRST, map(OPERANDS, nodes))] if relus else [ZERO] * len(nodes))
                    nearest = before.reshape(len(row), -1).max(axis=1)
                    given = nearest if given is None or len(given) != len(nearest) else np.maximum(given, nearest)
            readings.append(Reading(
                layer.name, layer.kind, layer.activation, joined(outputs), joined(gradients), given,
                values_to_vector(layer.parameters),
            ))  # fmt: skip
        return readings


WIDE = 8
"""Of nodes with so many operands, which take long to be had, some are asked for them; of others all."""


class Places:
    """Where in a graph nodes were found: the next one is likely to be built alike, and asked at these places alone.

    Args:
        order: The nodes of the graph.
        numbers: The pattern of each node that fitted one, by identity.
        leaves: The parameters, by identity.
        found: The nodes of each pattern that is wanted.
    """

    def __init__(
        self, order: list[Value], numbers: dict[int, int], leaves: dict[int, int], found: dict[int, list[Value]]
    ) -> None:
        at = {id(node): place for place, node in enumerate(order)}
        places = [at[key] for key in numbers if key not in leaves]
        inner = [order[place] for place in places]
        mine = [at[key] for key in leaves if key in at]
        self._size = len(order)
        self._nodes, self._primitives = taker(places), [node.primitive for node in inner]
        narrow = [k for k, node in enumerate(inner) if len(node.operands) < WIDE or k % WIDE == 0]
        self._asked = taker([places[k] for k in narrow])
        self._firsts = taker([at[id(inner[k].operands[0])] for k in narrow])
        self._leaves, self._ids = taker(mine), [id(order[place]) for place in mine]
        self._found = {key: taker([at[id(node)] for node in nodes]) for key, nodes in found.items()}

    def found(self, order: list[Value]) -> dict[int, list[Value]] | None:
        """The nodes of another graph at the same places; None if it is built otherwise."""
        if len(order) != self._size or [*map(id, self._leaves(order))] != self._ids:
            return None
        if [*map(PRIMITIVE, self._nodes(order))] != self._primitives:
            return None
        if [*map(id, map(FIRST, map(OPERANDS, self._asked(order))))] != [*map(id, self._firsts(order))]:
            return None
        return {key: list(take(order)) for key, take in self._found.items()}


FIRST, OPERANDS, PRIMITIVE = itemgetter(0), attrgetter("operands"), attrgetter("primitive")


def taker(places: list[int]) -> Any:
    """A function that takes the things at some places, in a tuple.

    >>> taker([2, 0])("abc"), taker([1])("abc"), taker([])("abc")
    (('c', 'a'), ('b',), ())
    """
    return itemgetter(*places) if len(places) > 1 else lambda things: tuple([things[place] for place in places])


def joined(tables: list[Any]) -> Any:
    """Rows of several tables: one table, or a list of rows where they differ in length."""
    if len({table.shape[1] for table in tables}) == 1:
        return np.concatenate(tables) if len(tables) > 1 else np.ascontiguousarray(tables[0])
    return [row for table in tables for row in table]


ZERO = Value(0.0)
"""What stands for a number that is not known."""
