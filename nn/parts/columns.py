"""A module as columns of neurons, and as groups of parameters: what pictures of it have in common."""

from typing import Any, NamedTuple

import numpy as np

from autograd import Value, values_to_vector
from autograd.border.wording import brief
from nn.checks import as_label
from nn.parts.outline import Part, outline
from nn.parts.walk import Structured

__all__ = ["Column", "Group", "columns_of", "groups_of", "require_module"]


class Column(NamedTuple):
    """Neurons that share their inputs.

    Attributes:
        name: The path of their layer in the module, else its class.
        kind: What the neurons do to their sums.
        weights: A row of numbers for each neuron.
        gradients: Mean |grad| of each neuron's parameters.
    """

    name: str
    kind: str
    weights: list[Any]
    gradients: list[float]

    @property
    def inputs(self) -> int:
        """How many inputs there are."""
        return max(map(len, self.weights))


class Group(NamedTuple):
    """Parameters that belong together, their numbers and gradients: those of a layer, a neuron, or an attribute."""

    name: str
    data: Any
    grads: Any


def require_module(model: Any, what: str) -> None:
    """Pass if something is a module.

    Raises:
        TypeError: it is not.
        ValueError: it has no parameters.
    """
    if not isinstance(model, Structured):
        hint = ": autograd.draw draws the graph of a Value" if isinstance(model, Value) else ""
        raise TypeError(f"{what}: expected a Module, such as an MLP, got {brief(model)}{hint}")
    if not outline(model)[1]:
        raise ValueError(f"{what}: nothing to draw: {brief(model)} has no parameters")


def columns_of(model: Any, what: str = "network") -> list[Column]:
    """The layers of a module, in the order of definition.

    A neuron is what has a list `w` of Values and a Value `b`, or None in its place; a layer is what has a list of
    `neurons` and no other modules. Neurons outside layers that follow each other in one list, with as many inputs,
    count as a layer.

    Raises:
        ValueError: there is neither a layer nor a neuron in it.

    >>> from nn import MLP
    >>> [(column.name, column.kind, len(column.weights)) for column in columns_of(MLP(2, [3, 1]))]
    [('layers.0', 'ReLU', 3), ('layers.1', 'Linear', 1)]
    """
    found: list[tuple[str, list[Any]]] = []
    loose: Any = None
    for part in outline(model)[0].modules():
        if is_layer(part):
            loose, neurons = part, [x.thing for x in part.modules() if is_neuron(x.thing)]
            found.append((part.path, neurons))
        elif is_neuron(part.thing) and not (isinstance(loose, Part) and part.end <= loose.end):
            where = (part.path.rpartition(".")[0], len(part.thing.w))
            if where != loose:
                found.append((where[0] or part.path, []))
            found[-1][1].append(part.thing)
            loose = where
    columns = [column_of(path or type(model).__name__, neurons) for path, neurons in found if neurons]
    if not columns:
        raise ValueError(
            f"{what}: nothing to draw as columns: there is no Layer and no Neuron in {brief(model)}: "
            "autograd.draw(loss) draws the graph of what it computes"
        )
    return columns


def is_neuron(thing: Any) -> bool:
    """Whether a thing multiplies its inputs by weights `w` and adds `b`, if that is not None."""
    w, b = getattr(thing, "w", None), getattr(thing, "b", False)
    return isinstance(w, list) and bool(w) and isinstance(w[0], Value) and (b is None or isinstance(b, Value))


def is_layer(part: Part) -> bool:
    """Whether a module has neurons side by side, and no other modules."""
    neurons = getattr(part.thing, "neurons", None)
    return isinstance(neurons, list) and all(is_neuron(x.thing) for x in part.modules()[1:])


def numbers_of(neuron: Any) -> list[Value]:
    """The parameters of a neuron."""
    return list(neuron.w) if neuron.b is None else [*neuron.w, neuron.b]


def column_of(name: str, neurons: list[Any]) -> Column:
    """The numbers of some neurons."""
    kinds = {repr(neuron).partition("Neuron(")[0] for neuron in neurons}  # `ReLUNeuron(2)`, in micrograd's way
    with np.errstate(over="ignore"):
        gradients = [float(np.abs(values_to_vector(numbers_of(neuron), "grad")).mean()) for neuron in neurons]
    return Column(
        name, "/".join(sorted(kinds)), [values_to_vector(list(neuron.w)) for neuron in neurons], gradients
    )  # fmt: skip


def groups_of(model: Any) -> list[Group]:
    """The parameters of a module by layer, in order; those outside layers by neuron, or by the attribute they are in.

    >>> from nn import MLP
    >>> [(group.name, len(group.data)) for group in groups_of(MLP(2, [3, 1]))]
    [('layers.0', 9), ('layers.1', 4)]
    """
    whole, parameters = outline(model)
    data, grads = values_to_vector(parameters), values_to_vector(parameters, "grad")
    found: list[Group] = []
    left = np.ones(len(parameters), dtype=bool)
    stack = [whole]
    while stack:
        part = stack.pop()
        if part.kind == "module" and not (is_layer(part) or is_neuron(part.thing)):
            stack += reversed(part.nearest())
        elif part.begin < part.end:
            mine = slice(part.begin, part.end)
            left[mine] = False
            found.append(Group(as_label(part.path or type(part.thing).__name__), data[mine], grads[mine]))
    if left.any():  # in a list beside modules
        found.append(Group("elsewhere", data[left], grads[left]))
    return found
