"""Weights to PyTorch and from it, under the names that PyTorch has for them. PyTorch itself is not needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from autograd import Value, values_to_vector, vector_to_values
from autograd.border.wording import brief
from nn.files.plain import listed
from nn.layers.activations import row_of
from nn.layers.attention import CausalSelfAttention
from nn.layers.dense import MLP, Layer, Neuron
from nn.layers.embedding import Embedding
from nn.layers.recurrent import Cell, Recurrent
from nn.layers.sequential import Sequential
from nn.modules.module import Module
from nn.parts.walk import Walk

__all__ = ["load_torch_state", "to_torch_state"]

COUNTED = "num_batches_tracked"
"""What PyTorch's batch norm has and ours does not: how many batches there were, which is used without a momentum."""

Named = Iterator[tuple[str, Any]]
"""Names and arrays of Values."""


def to_torch_state(module: Module) -> dict[str, Any]:
    """The numbers of a module as PyTorch's `load_state_dict` takes them from a module of the same layers.

    Linear and Layer are PyTorch's Linear; LayerNorm, RMSNorm, Embedding, the recurrent cells and layers have its names;
    BatchNorm is its BatchNorm1d, CausalSelfAttention its MultiheadAttention. A Sequential is a Sequential, and an MLP
    one of Linear and activations in turn. A Layer with an activation counts there as two. Modules of one's own are
    modules whose attributes have the same names, lists of modules a ModuleList, a list of Values a parameter.

    Args:
        module: The module.

    Returns:
        Arrays of doubles under their names, in PyTorch's order. `{name: torch.tensor(x) for name, x in state.items()}`
        makes tensors of them.

    Raises:
        TypeError: `module` is no Module.

    Cost: a walk over all parameters.

    >>> from nn import MLP
    >>> {name: x.shape for name, x in to_torch_state(MLP(2, [3, 1])).items()}
    {'0.weight': (3, 2), '0.bias': (3,), '2.weight': (1, 3), '2.bias': (1,)}
    """
    found = {}
    for name, values in tensors_of(module, "to_torch_state"):
        vector = values_to_vector(values.reshape(-1).tolist())
        found[name] = vector.reshape(values.shape)
        if name.endswith("running_var"):
            found[name[: -len("running_var")] + COUNTED] = np.array(0)
    return found


def load_torch_state(module: Module, state: Mapping[str, Any]) -> None:
    """Set the numbers of a module to those of PyTorch's; all of them, or none if anything is wrong.

    Args:
        module: A module of the same layers; which are the same, `to_torch_state` says.
        state: What `state_dict()` of a module of PyTorch gives: tensors or arrays of any kind of numbers. Where only
            the names differ, `dict(zip(nn.to_torch_state(module), state.values()))` has those of this module.

    Raises:
        TypeError: `module` is no Module, `state` no dict, or something in it no array of numbers.
        ValueError: arrays are missing or left over, or one has another shape.

    >>> from nn import Linear
    >>> layer = Linear(2, 1)
    >>> load_torch_state(layer, {"weight": np.array([[1.0, 2.0]]), "bias": np.array([0.5])})
    >>> layer([1.0, 1.0])
    [Value(data=3.5, grad=0.0)]
    """
    mine = dict(tensors_of(module, "load_torch_state"))
    if not isinstance(state, Mapping):
        hint = ": give its state_dict()" if hasattr(state, "state_dict") else ""
        raise TypeError(f"load_torch_state: expected a dict of names to arrays, got {type(state).__name__}{hint}")
    missing = [name for name in mine if name not in state]
    extra = [name for name in state if name not in mine and not is_count(name, mine)]
    if missing or extra:
        complaints = [f"{what} {listed(ones)}" for what, ones in (("missing", missing), ("unknown", extra)) if ones]
        hint = "; where only names differ, give dict(zip(nn.to_torch_state(module), state.values()))"
        raise ValueError(
            f"load_torch_state: {'; '.join(complaints)}{hint * (len(missing) == len(extra))}: the state is of another "
            "module"
        )
    places: dict[int, int] = {}
    values: list[Value] = []
    numbers: list[float] = []
    for name, array in mine.items():
        given = as_doubles(name, state[name])
        if given.shape != array.shape:
            raise ValueError(f"load_torch_state: {name} is of shape {given.shape}, here {array.shape}")
        for value, number in zip(array.reshape(-1).tolist(), given.reshape(-1).tolist(), strict=True):
            place = places.setdefault(id(value), len(values))
            if place == len(values):
                values.append(value)
                numbers.append(number)
            elif numbers[place] != number and number == number:
                raise ValueError(
                    f"load_torch_state: {name} has {number} where a number is shared with another array, which has "
                    f"{numbers[place]}"
                )
    vector_to_values(numbers, values, "data")


def is_count(name: Any, mine: Mapping[str, Any]) -> bool:
    """Whether this is the count of a batch norm that is here."""
    return isinstance(name, str) and name.endswith(COUNTED) and name[: -len(COUNTED)] + "running_var" in mine


def as_doubles(name: str, x: Any) -> Any:
    """An array, or a tensor of whatever kind and device, as an array of doubles."""
    if hasattr(x, "detach") and hasattr(x, "double"):
        x = x.detach().cpu().double()
    try:
        found = np.asarray(x)
        if found.dtype.kind not in "fiub":
            raise TypeError(f"it is of {found.dtype}")
        return found.astype(float)
    except Exception as error:
        raise TypeError(f"load_torch_state: {name} is no array of numbers, but {brief(x)}: {error}") from None


# --- names and arrays of Values -----------------------------------------------------------------------------------


def tensors_of(module: Any, what: str) -> list[tuple[str, Any]]:
    """The arrays of Values in a module, under PyTorch's names.

    Raises:
        TypeError: it is no Module.
        ValueError: it has a number that PyTorch has no name for, or two arrays of one name.
    """
    if not isinstance(module, Module):
        raise TypeError(f"{what}: expected a Module, got {type(module).__name__} {brief(module)}")
    found: list[tuple[str, Any]] = []
    walk = Walk(module)
    Tensors(walk, found).through(module, "", ())
    named = {id(value) for _, values in found for value in values.reshape(-1).tolist()}
    lost = sum(id(value) not in named for value in (*walk.parameters, *walk.buffers))
    if lost or len(dict(found)) < len(found):
        complaint = f"{lost} numbers of it have no name in PyTorch" if lost else "two arrays of it have one name"
        raise ValueError(f"{what}: {brief(module)}: {complaint}")
    return found


class Tensors:
    """A way through a module that notes its arrays of Values.

    Args:
        walk: What tells parameters and buffers from other Values.
        found: Where names and arrays go.
    """

    def __init__(self, walk: Walk, found: list[tuple[str, Any]]) -> None:
        self.walk, self.found = walk, found

    def note(self, name: str, values: Any) -> None:
        """Note an array under its name."""
        self.found.append((name, as_array(values)))

    def through(self, thing: Any, path: str, holders: tuple[int, ...]) -> None:
        """Go through a thing and what it holds, but for what holds it."""
        if id(thing) in holders:
            return
        holders = (*holders, id(thing))
        if isinstance(thing, Module):
            self.through_module(thing, path, holders)
        elif isinstance(thing, Value):
            if self.walk.has_met(thing):
                self.note(path, thing)
        elif isinstance(thing, (list, tuple, np.ndarray)):
            if self.is_grid(thing):
                self.note(path, thing)
            elif not isinstance(thing, np.ndarray) or thing.dtype == object:
                self.through_items(enumerate(thing), path, holders)
        elif isinstance(thing, dict):
            self.through_items(thing.items(), path, holders)

    def through_items(self, items: Iterable[tuple[Any, Any]], path: str, holders: tuple[int, ...]) -> None:
        """Go through things by what their holder calls them."""
        for key, item in items:
            self.through(item, below(path, key), holders)

    def through_module(self, module: Module, path: str, holders: tuple[int, ...]) -> None:
        """Go through a module: what PyTorch has under other names first, then its other attributes."""
        done: tuple[str, ...] = ()
        for cls, attributes, rule in RULES:
            if isinstance(module, cls) and (cls is not Layer or are_alike(vars(module).get("neurons"))):
                for name, values in rule(module):
                    if isinstance(values, Module):
                        self.through(values, below(path, name), holders)
                    else:
                        self.note(below(path, name), values)
                done = attributes
                break
        self.through_items([item for item in vars(module).items() if item[0] not in done], path, holders)

    def is_grid(self, thing: Any) -> bool:
        """Whether these are Values of the module, in equally long rows."""
        if isinstance(thing, np.ndarray):
            thing = thing.tolist() if thing.dtype == object else ()
        rows = list(thing)
        while rows and all(isinstance(row, (list, tuple)) for row in rows):
            if len({len(row) for row in rows}) != 1:
                return False
            rows = [x for row in rows for x in row]
        return bool(rows) and all(isinstance(x, Value) and self.walk.has_met(x) for x in rows)


def below(path: str, name: Any) -> str:
    """The path of a part."""
    return f"{path}.{name}" if path else str(name)


def as_array(values: Any) -> Any:
    """Values, or rows of them, as an array; NumPy is not to look into them."""
    shape, flat = [], [values]
    while isinstance(flat[0], (list, tuple, np.ndarray)):
        shape.append(len(flat[0]))
        flat = [x for row in flat for x in row]
    found = np.empty(len(flat), dtype=object)
    found[:] = flat
    return found.reshape(shape)


def are_alike(neurons: Any) -> bool:
    """Whether the weights of these make a matrix, and the biases a vector; one of one's own may be otherwise."""
    try:
        return bool(neurons) and len({(len(neuron.w), neuron.b is None) for neuron in neurons}) == 1
    except (AttributeError, TypeError):
        return False


def of_neurons(neurons: Iterable[Any], weight: str = "weight", bias: str = "bias") -> Named:
    """The matrix of their weights, a row each, and the vector of their biases, if they have any."""
    found = list(neurons)
    yield weight, [neuron.w for neuron in found]
    if found[0].b is not None:
        yield bias, [neuron.b for neuron in found]


def of_steps(steps: Iterable[Any]) -> Named:
    """Modules in a row, numbered; an activation has a number, wherever it is."""
    number = 0
    for step in steps:
        if isinstance(step, Module):
            yield str(number), step
        number += 1 + (isinstance(step, Layer) and row_of(step.neurons[0].activation).function is not None)


def of_cell(cell: Cell, ending: str = "") -> Named:
    """The two matrices of a cell, then the two vectors."""
    pairs = [*of_neurons(cell.input.neurons, "weight_ih", "bias_ih")]
    pairs += of_neurons(cell.hidden.neurons, "weight_hh", "bias_hh")
    for name, values in sorted(pairs, key=lambda pair: pair[0].startswith("bias")):
        yield name + ending, values


def of_attention(attention: CausalSelfAttention) -> Named:
    """The three matrices as one, then the one of the output."""
    inputs = [neuron for linear in (attention.query, attention.key, attention.value) for neuron in linear.neurons]
    yield from of_neurons(inputs, "in_proj_weight", "in_proj_bias")
    yield "out_proj", attention.output


RULES: list[tuple[type[Module], tuple[str, ...], Callable[[Any], Named]]] = [
    (Neuron, ("w", "b"), lambda neuron: of_neurons([neuron])),
    (Layer, ("neurons",), lambda layer: of_neurons(layer.neurons)),
    (MLP, ("layers",), lambda model: of_steps(model.layers)),
    (Sequential, ("steps",), lambda model: of_steps(model.steps)),
    (Embedding, ("table",), lambda embedding: iter([("weight", embedding.table)])),
    (CausalSelfAttention, ("query", "key", "value", "output"), of_attention),
    (Cell, ("input", "hidden"), of_cell),
    (Recurrent, ("cell",), lambda layer: of_cell(layer.cell, "_l0")),
]
"""Modules that PyTorch has under other names: what of them the rule sees to, and what it has."""
