"""A model as the layers that a signal goes through, with what each gave: for a model of one's own too.

A layer is a module in whose call no other module with parameters is called: a Layer, a norm, an attention, a cell of a
recurrence, neurons side by side in a list. What a module with others in it does with numbers of its own is one more.
"""

from collections.abc import Sequence
from typing import Any

from autograd import Value, topological_order
from nn.layers.activations import row_of
from nn.modules.calls import Call, is_neuron, vectors_in
from nn.parts.outline import Part
from nn.parts.walk import Walk

__all__ = ["Seen", "layers_seen"]

ACTIVATIONS = frozenset({"relu", "tanh", "sigmoid"})
"""Primitives that are activations, wherever a model calls them."""


class Seen:
    """A layer as it was seen at work.

    Attributes:
        name: Its path in the model.
        kind: Its class.
        activation: The activation that its outputs have gone through; "linear" for none, "" where nobody knows.
        inputs: What it was called with: for each sample, or place of a sequence, a list of numbers and Values.
        outputs: What it gave, after its activation.
        parameters: Its own.
    """

    def __init__(self, name: str, kind: str, parameters: list[Value]) -> None:
        self.name, self.kind, self.parameters = name, kind, parameters
        self.activation = ""
        self.inputs: list[list[Any]] = []
        self.outputs: list[list[Any]] = []
        self._met: set[int] = set()

    def note(self, x: Any, output: Any) -> None:
        """Note what it was called with, and what it gave: what was not noted before."""
        self.inputs += vectors_in(x)
        for vector in vectors_in(output):
            if any(isinstance(v, Value) and id(v) not in self._met for v in vector):
                self._met.update(map(id, vector))
                self.outputs.append(vector)


def layers_seen(top: Call) -> list[Seen]:
    """The layers of a model, in the order in which a signal comes through them.

    Args:
        top: What was called while the model computed a batch.

    >>> from nn import MLP
    >>> from nn.modules.calls import calls_of
    >>> model = MLP(2, [3, 1], "tanh", rng=1)
    >>> [(layer.name, layer.activation) for layer in layers_seen(calls_of(model, lambda: model([1.0, 2.0])))]
    [('layers.0', 'tanh'), ('layers.1', 'linear')]
    """
    found: dict[Any, Seen] = {}
    owned: dict[int, list[Value]] = {}  # by part, so that a walk is made once

    def of(key: Any, name: str, parts: Sequence[Part], only: list[Value] | None = None) -> Seen:
        if key not in found:
            things = [part.thing for part in parts]
            found[key] = Seen(name, type(things[0]).__name__, only or Walk(things).parameters)
            found[key].activation = activation_of(things[0])
        return found[key]

    def numbers_of(part: Part) -> list[Value]:
        if id(part) not in owned:
            owned[id(part)] = Walk(part.thing).parameters
        return owned[id(part)]

    def own_of(part: Part) -> list[Value]:
        others = {id(p) for below in part.modules()[1:] for p in numbers_of(below)}
        return [p for p in numbers_of(part) if id(p) not in others]

    places: dict[int, int] = {}  # by layer: which call was the first of its
    order = {id(call): place for place, call in enumerate(top.all())}
    covered: set[int] = set()  # calls of neurons whose layer sees to them
    own: dict[int, list[Value]] = {}
    for call in top.all():
        groups = side_by_side(call)
        # The same neurons once, or for each sample of a batch: what they gave is what it gave.
        sets = {tuple(id(other.part) for other in group) for group in groups}
        whole = len(sets) == 1 and sum(map(len, groups)) == len(call.calls) and call.part is not None
        if not whole:
            for group in groups:
                parts = [other.part for other in group if other.part is not None]
                name = parts[0].path if len(parts) == 1 else parts[0].path.rpartition(".")[0]
                key = tuple(id(part) for part in parts)
                layer = of(key, name, parts)
                layer.note(group[0].args[:1], [other.output for other in group])
                places.setdefault(id(layer), order[id(group[0])])
        covered.update(id(other) for group in groups for other in group)
        part = call.part
        if part is None:
            continue
        is_leaf = whole or not any(numbers_of(c.part) for c in call.calls if c.part is not None)
        if is_neuron(call) and id(call) not in covered:
            continue  # seen with its siblings, when the call of what holds it comes
        if not is_leaf:
            if id(part) not in own:
                own[id(part)] = own_of(part)
            if not own[id(part)]:
                continue
            met = {id(v) for layer in found.values() for vector in layer.outputs for v in vector}
            if all(id(v) in met for vector in vectors_in(call.output) for v in vector):
                continue
        if numbers_of(part):
            name = part.path or type(part.thing).__name__
            layer = of(id(part), name, [part], None if is_leaf else own[id(part)])
            layer.note(call.args[:1], call.output)
            places.setdefault(id(layer), order[id(call)])
    layers = [layer for layer in sorted(found.values(), key=lambda x: places[id(x)]) if layer.outputs]
    if not layers and any(isinstance(v, Value) for vector in vectors_in(top.output) for v in vector):
        layers = [Seen("outputs", "function", [])]
        layers[0].note((), top.output)
    attach(layers, [v for vector in vectors_in(top.output) for v in vector if isinstance(v, Value)])
    return layers


def side_by_side(call: Call) -> list[list[Call]]:
    """Neurons that were called on the same thing, one after the other."""
    found: list[list[Call]] = []
    for other in call.calls:
        if not is_neuron(other) or not other.args:
            continue
        if found and is_beside(found[-1], other):
            found[-1].append(other)
        else:
            found.append([other])
    return found


def is_beside(group: list[Call], other: Call) -> bool:
    """Whether a neuron is beside others: of the same list, called on the same thing, none of them."""
    holders = {id(call.part.holder) for call in (*group, other) if call.part is not None}
    is_new = all(call.part is not other.part for call in group)
    return len(holders) == 1 and group[-1].args[0] is other.args[0] and is_new


def activation_of(thing: Any) -> str:
    """The name of the activation that a layer of nn says it has; "" where it says nothing."""
    neurons = getattr(thing, "neurons", None)
    speaker = neurons[0] if isinstance(neurons, list) and neurons else thing
    said = getattr(speaker, "activation", None)
    try:
        return "" if said is None else row_of(said).name
    except (TypeError, ValueError):
        return ""


def attach(layers: list[Seen], outputs: list[Value]) -> None:
    """Have layers give what activations made of their outputs, where the model called these beside them."""
    places: dict[int, Value | None] = {}  # by output: what an activation made of it, None for nothing so far
    for layer in layers:
        if layer.activation in ("", "linear"):
            places.update({id(v): None for vector in layer.outputs for v in vector if isinstance(v, Value)})
    clashes: set[int] = set()
    for node in topological_order(outputs) if outputs else ():
        if primitive_of(node) not in ACTIVATIONS:
            continue
        key = id(node.operands[0])
        if key in places:
            if places[key] is not None:  # a gate and a signal of the same number
                clashes.add(key)
            places[key] = node
    for layer in layers:
        if layer.activation not in ("", "linear"):
            continue
        numbers = [v for vector in layer.outputs for v in vector]
        made = [places.get(id(v)) for v in numbers]
        names = {"" if v is None else primitive_of(v) for v in made}
        if len(names) == 1 and "" not in names and not any(id(v) in clashes for v in numbers):
            layer.activation = names.pop()
            layer.outputs = [[places[id(v)] for v in vector] for vector in layer.outputs]
        else:
            ends = {primitive_of(v) if isinstance(v, Value) else "" for v in numbers}
            if not layer.activation and len(ends) == 1 and ends <= ACTIVATIONS:  # called within the layer
                layer.activation = ends.pop()


def primitive_of(node: Value) -> str:
    """The name of what made a node; "" for a leaf.

    >>> primitive_of(Value(1.0).tanh()), primitive_of(Value(1.0))
    ('tanh', '')
    """
    return "" if node.primitive is None else node.primitive.name
