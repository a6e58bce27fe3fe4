"""Neurons, layers of neurons, and layers of layers: the multilayer perceptron."""

from collections.abc import Sequence
from typing import Any

from autograd import Value, dot
from autograd.border.wording import brief
from nn.checks import as_generator, as_list, as_size
from nn.layers.activations import ACTIVATIONS, as_activation
from nn.modules.module import Module

__all__ = ["MLP", "Layer", "Neuron"]


class Neuron(Module):
    """activation(w·x + b): the weighted sum is one node, the activation another.

    Weights are drawn uniformly from (-1, 1), the bias is 0, as in micrograd and in its order.

    Args:
        nin: Number of inputs.
        activation: "relu", "tanh", "linear" for none, or another row of `nn.layers.activations`.
        nonlin: micrograd's name for the choice: False makes the neuron linear, whatever the activation.
        rng: An int seed or a random.Random; None takes Python's global generator.

    Raises:
        TypeError: `nin` is not a whole number.
        ValueError: `nin` is below 1, or there is no such activation.

    >>> neuron = Neuron(2, "tanh", rng=1)
    >>> neuron
    TanhNeuron(2)
    >>> neuron([1.0, -2.0]).data
    -0.9716503888845...
    """

    def __init__(self, nin: int, activation: str = "relu", *, nonlin: bool | None = None, rng: Any = None) -> None:
        draw = as_generator(rng).uniform
        activation = as_activation(activation, nonlin)
        self.w = [Value(draw(-1, 1)) for _ in range(as_size(nin, "Neuron: nin"))]
        self.b = Value(0.0)
        self.activation = activation

    @property
    def nonlin(self) -> bool:
        """Whether there is an activation at all: micrograd's name."""
        return self.activation != "linear"

    def __call__(self, x: Sequence[Any]) -> Any:
        """The neuron's output for one sample: a Value."""
        return self.respond(as_inputs(x, len(self.w), "Neuron"))

    def respond(self, x: list[Any]) -> Any:
        """The output for a list that is known to fit: a layer checks its inputs once, not once per neuron.

        >>> Neuron(1, "linear", rng=1).respond([0.0]).data
        0.0
        """
        activate = ACTIVATIONS[self.activation].function
        return dot(self.w, x, self.b) if activate is None else activate(dot(self.w, x, self.b))

    def __repr__(self) -> str:
        return f"{ACTIVATIONS[self.activation].spelling}Neuron({len(self.w)})"


class Layer(Module):
    """Neurons that share their inputs.

    Args:
        nin: Number of inputs.
        nout: Number of neurons.
        activation, nonlin, rng: As for Neuron.

    Raises:
        TypeError: a size is not a whole number.
        ValueError: a size is below 1, or there is no such activation.

    >>> layer = Layer(3, 2)
    >>> layer
    Layer of [ReLUNeuron(3), ReLUNeuron(3)]
    >>> len(layer([1.0, 2.0, 3.0]))
    2
    """

    def __init__(
        self, nin: int, nout: int, activation: str = "relu", *, nonlin: bool | None = None, rng: Any = None
    ) -> None:
        source = as_generator(rng)
        self.nin = as_size(nin, "Layer: nin")
        nout = as_size(nout, "Layer: nout")
        self.neurons = [Neuron(nin, activation, nonlin=nonlin, rng=source) for _ in range(nout)]

    def __call__(self, x: Sequence[Any]) -> Any:
        """The outputs for one sample: a list of Values, or the Value itself if there is one neuron."""
        if type(x) is not list or len(x) != self.nin or hasattr(x[0], "__len__"):
            x = as_inputs(x, self.nin, "Layer")
        outputs = [neuron.respond(x) if type(neuron) is Neuron else neuron(x) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(repr, self.neurons))}]"


class MLP(Module):
    """A multilayer perceptron: each layer's outputs are the next one's inputs.

    Args:
        nin: Number of inputs.
        nouts: Number of neurons in each layer; the last is the number of outputs.
        activation: A name for the hidden layers, the last being linear; or a list with one name for each layer.
        rng: As for Neuron.

    Raises:
        TypeError: a size is not a whole number, or `nouts` not a list of them.
        ValueError: a size is below 1, `nouts` is empty, an activation is unknown, or their list has another length.

    >>> model = MLP(3, [4, 1])
    >>> model
    MLP of [Layer of [ReLUNeuron(3), ReLUNeuron(3), ReLUNeuron(3), ReLUNeuron(3)], Layer of [LinearNeuron(4)]]
    >>> len(model.parameters())
    21
    >>> model([1.0, 2.0])
    Traceback (most recent call last):
    ValueError: MLP expects 3 inputs, got 2
    """

    def __init__(
        self, nin: int, nouts: Sequence[int], activation: str | Sequence[str] = "relu", *, rng: Any = None
    ) -> None:
        if isinstance(nouts, (str, bytes)) or not hasattr(nouts, "__len__"):
            raise TypeError(f"MLP: nouts: expected a list of layer sizes, got {type(nouts).__name__} {brief(nouts)}")
        sizes = [as_size(nin, "MLP: nin"), *(as_size(n, f"MLP: nouts[{i}]") for i, n in enumerate(nouts))]
        n = len(nouts)
        if n == 0:
            raise ValueError("MLP: nouts is empty: give the size of at least one layer")
        if isinstance(activation, str):
            names = [*[activation] * (n - 1), "linear"]
        else:
            names = as_list(activation, "MLP: activation, a name or a list with one for each layer")
        if len(names) != n:
            raise ValueError(f"MLP: {n} layers need as many activations, got {len(names)}: {names}")
        names = [as_activation(name) for name in names]
        source = as_generator(rng)
        self.nin = sizes[0]
        self.layers = [Layer(sizes[i], sizes[i + 1], names[i], rng=source) for i in range(n)]

    def __call__(self, x: Sequence[Any]) -> Any:
        """The outputs for one sample: a list of Values, or the Value itself if there is one output."""
        signal: Any = as_inputs(x, self.nin, "MLP")
        for layer in self.layers:
            signal = layer(signal)
        return signal

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(repr, self.layers))}]"


def as_inputs(x: Any, n: int, what: str) -> list[Any]:
    """One sample as a list of `n` numbers and Values; a lone number or Value is a sample of one.

    Raises:
        TypeError: `x` is None, text, or a batch of samples.
        ValueError: there are not `n` of them.

    >>> as_inputs((1.0, 2.0), 2, "MLP")
    [1.0, 2.0]
    """
    if x is None or isinstance(x, (str, bytes)):
        raise TypeError(f"{what} expects a list of {n} input{'s' * (n != 1)}, got {type(x).__name__} {brief(x)}")
    if type(x) is not list:
        if hasattr(x, "tolist"):
            x = x.tolist()  # NumPy's numbers become Python's once, not once per neuron
        x = list(x) if hasattr(x, "__iter__") else [x]
    if (
        len(x)
        and not isinstance(x[0], (str, bytes))
        and hasattr(x[0], "__len__")
        and getattr(x[0], "shape", None) != ()
    ):
        raise TypeError(
            f"{what} expects one sample of {n} input{'s' * (n != 1)}, got a batch of {len(x)}: call it on each, as in "
            "[model(x) for x in xs]"
        )
    if len(x) != n:
        raise ValueError(f"{what} expects {n} input{'s' * (n != 1)}, got {len(x)}")
    return x  # type: ignore[no-any-return]
