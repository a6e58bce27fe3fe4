"""Tables of weights: what starts are drawn for, found by going through a module."""

from collections.abc import Callable
from typing import Any, NamedTuple

from autograd import Value
from autograd.border.wording import brief
from nn.chance import as_generator
from nn.checks import as_finite
from nn.layers.activations import Activation, row_of
from nn.layers.embedding import Embedding
from nn.layers.sequential import Sequential
from nn.parts.walk import Walk

__all__ = ["Table", "as_spread", "draw", "drawn_normally", "drawn_uniformly", "fans", "gain_of", "tables_of"]


class Table(NamedTuple):
    """Weights that belong together.

    Attributes:
        rows: A list of Values for each output.
        biases: The Values that are added.
        activations: What each row's sum goes through, as far as that is known.

    >>> from nn import Layer
    >>> table = tables_of(Layer(3, 2))[0]
    >>> len(table.rows), len(table.rows[0]), len(table.biases), table.activations
    (2, 3, 2, ['relu', 'relu'])
    """

    rows: list[list[Value]]
    biases: list[Value]
    activations: list[Any]


def tables_of(module: Any, what: str = "init") -> list[Table]:
    """The tables of weights in a module, in the order of definition.

    Raises:
        TypeError: there is none.

    >>> from nn import MLP
    >>> [(len(table.rows), len(table.rows[0])) for table in tables_of(MLP(2, [3, 1]))]
    [(3, 2), (1, 3)]
    """
    containers = Walk(module).containers
    after = followers(containers)
    found: list[Table] = []
    seen: set[int] = set()
    for x in containers:
        neurons = getattr(x, "neurons", None)
        if isinstance(x, Embedding):
            found.append(Table(x.table, [], ["linear"] * len(x.table)))
            continue
        group = [x] if is_neuron(x) else neurons if isinstance(neurons, list) else []
        group = [neuron for neuron in group if is_neuron(neuron) and id(neuron) not in seen]
        if group:
            seen.update(map(id, group))
            found.append(
                Table(
                    [neuron.w for neuron in group],
                    [neuron.b for neuron in group if isinstance(getattr(neuron, "b", None), Value)],
                    [own if (own := activation_of(neuron)) != "linear" else after.get(id(x), own) for neuron in group],
                )
            )
    if not found:
        raise TypeError(f"{what}: no neuron found in {brief(module)}; give a Neuron, a Layer or an MLP")
    return found


def is_neuron(x: Any) -> bool:
    """Whether a thing has a list `w` of weights."""
    w = getattr(x, "w", None)
    return isinstance(w, list) and bool(w) and all(isinstance(one, Value) for one in w)


def activation_of(neuron: Any) -> Any:
    """What a neuron's sum goes through."""
    return getattr(neuron, "activation", "linear")


def followers(containers: list[Any]) -> dict[int, Any]:
    """For modules in a `Sequential` the activation that is the next step, by the module's identity."""
    found = {}
    for x in containers:
        if isinstance(x, Sequential):
            for step, after in zip(x.steps, x.steps[1:], strict=False):
                if isinstance(after, (str, Activation)):
                    found[id(step)] = after
    return found


def gain_of(gain: Any, activation: Any) -> float:
    """A gain that is given, or that of an activation."""
    if gain is None or isinstance(gain, (str, Activation)):
        return row_of(activation if gain is None else gain).gain
    return as_finite(gain, "gain")


def draw(module: Any, rng: Any, what: str, number: Callable[[Any, Table, Any], Callable[[], float]]) -> None:
    """Set every weight of a module to a number, row by row, and every bias to 0.

    Args:
        module: Where tables are.
        rng: Where numbers come from.
        what: Who asks.
        number: Of a source, a table and an activation: what gives the numbers of a row.
    """
    source = as_generator(rng)
    for table in tables_of(module, what):
        for row, activation in zip(table.rows, table.activations, strict=True):
            each = number(source, table, activation)
            for w in row:
                w.data = each()
        for b in table.biases:
            b.data = 0.0


def fans(table: Table) -> tuple[int, int]:
    """How many inputs a row has, and how many rows there are."""
    return len(table.rows[0]), len(table.rows)


def drawn_uniformly(source: Any, bound: float) -> Callable[[], float]:
    """What gives numbers between ±bound."""
    return lambda: source.uniform(-bound, bound)


def drawn_normally(source: Any, std: float, mean: float = 0.0) -> Callable[[], float]:
    """What gives normal numbers."""
    return lambda: source.gauss(mean, std)


def as_spread(std: Any, what: str) -> float:
    """A standard deviation."""
    found = as_finite(std, f"{what}: std")
    if found < 0.0:
        raise ValueError(f"{what}: std: expected 0 or more, got {found}")
    return found
