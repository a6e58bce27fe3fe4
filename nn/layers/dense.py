"""Neurons, layers of neurons, and layers of layers: the multilayer perceptron.

Each is called on one sample, or on a batch of them: a list of samples, a 2-D array, a DataFrame.
"""

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Any

from autograd import Value, dot
from autograd.border.wording import brief
from nn.chance import as_generator
from nn.checks import as_flag, as_list, as_size
from nn.layers.activations import (
    ACTIVATIONS,
    Activation,
    activated,
    as_activation,
    function_of,
    is_whole_layers,
    row_of,
)
from nn.layers.signals import as_signal, each_of, in_our_words, is_batch, shortened
from nn.modules.module import Module

__all__ = ["MLP", "Layer", "Linear", "Neuron"]


class Neuron(Module):
    """activation(w·x + b): the weighted sum is one node, the activation another.

    Weights are drawn uniformly from (-1, 1), the bias is 0, as in micrograd and in its order.

    Args:
        nin: Number of inputs.
        activation: "relu", "tanh", "linear" or None for none, or another name of `nn.layers.activations`, in any usual
            spelling; a row of one's own; a function of one Value.
        nonlin: micrograd's name for the choice: False makes the neuron linear, whatever the activation.
        bias: Whether there is a b; if not, it is None.
        rng: An int seed, a random.Random or a numpy.random.Generator; None takes Python's global generator.

    Raises:
        TypeError: `nin` is not a whole number.
        ValueError: `nin` is below 1, or there is no such activation.

    >>> neuron = Neuron(2, "tanh", rng=1)
    >>> neuron
    TanhNeuron(2)
    >>> neuron([1.0, -2.0]).data
    -0.9716503888845...
    """

    w: list[Any]
    b: Any

    @in_our_words
    def __init__(
        self, nin: int, activation: Any = "relu", *, nonlin: bool | None = None, bias: bool = True, rng: Any = None
    ) -> None:
        draw = as_generator(rng).uniform
        activation = as_activation(activation, nonlin)
        self.w = [Value(draw(-1, 1)) for _ in range(as_size(nin, "Neuron: nin"))]
        self.b = Value(0.0) if as_flag(bias, "Neuron: bias") else None
        self.activation = activation

    @property
    def nonlin(self) -> bool:
        """Whether there is an activation at all: micrograd's name."""
        return bool(self.activation != "linear")

    def __call__(self, x: Any) -> Any:
        """The neuron's output for one sample: a Value; for a batch, a list of them."""
        found = as_signal(x, len(self.w), "Neuron")
        return each_of(self, found) if is_batch(found, x) else self.respond(fitting(found, len(self.w), "Neuron"))

    def respond(self, x: list[Any]) -> Any:
        """The output for a list that is known to fit: a layer checks its inputs once, not once per neuron.

        >>> Neuron(1, "linear", rng=1).respond([0.0]).data
        0.0
        """
        activation = self.activation
        row = ACTIVATIONS.get(activation) if type(activation) is str else None  # by far the most usual
        activate = function_of(activation) if row is None or row.whole else row.function
        total = dot(self.w, x) if self.b is None else dot(self.w, x, self.b)
        return total if activate is None else activate(total)

    def add_up(self, x: list[Any]) -> Any:
        """w·x + b, of a list that is known to fit.

        >>> Neuron(1, "relu", rng=1).add_up([0.0]).data
        0.0
        """
        return dot(self.w, x) if self.b is None else dot(self.w, x, self.b)

    def __repr__(self) -> str:
        return f"{row_of(self.activation).spelling}Neuron({len(self.w)}{'' if self.b is not None else ', bias=False'})"


class Layer(Module):
    """Neurons that share their inputs.

    Args:
        nin: Number of inputs.
        nout: Number of neurons.
        activation: As for Neuron; or "softmax" or "log_softmax", which are of all outputs together.
        nonlin, bias, rng: As for Neuron.

    Raises:
        TypeError: a size is not a whole number.
        ValueError: a size is below 1, or there is no such activation.

    >>> layer = Layer(3, 2)
    >>> layer
    Layer of [ReLUNeuron(3), ReLUNeuron(3)]
    >>> len(layer([1.0, 2.0, 3.0]))
    2
    """

    neurons: list[Any]

    @in_our_words
    def __init__(
        self,
        nin: int,
        nout: int,
        activation: Any = "relu",
        *,
        nonlin: bool | None = None,
        bias: bool = True,
        rng: Any = None,
    ) -> None:
        source = as_generator(rng)
        self.nin = as_size(nin, "Layer: nin")
        nout, bias = as_size(nout, "Layer: nout"), as_flag(bias, "Layer: bias")
        self.neurons = [Neuron(nin, activation, nonlin=nonlin, bias=bias, rng=source) for _ in range(nout)]

    def __call__(self, x: Any) -> Any:
        """The outputs for one sample: a list of Values, or the Value itself if there is one neuron.

        For a batch, a list of what there is for each sample.
        """
        if type(x) is not list or len(x) != self.nin or hasattr(x[0], "__len__"):
            found = as_signal(x, self.nin, "Layer")
            if is_batch(found, x):
                return each_of(self, found)
            x = fitting(found, self.nin, "Layer")
        outputs = self.respond(x)
        return outputs[0] if len(outputs) == 1 else outputs

    def respond(self, x: list[Any]) -> list[Any]:
        """The outputs for a list that is known to fit, in a list.

        Raises:
            ValueError: some of the neurons have an activation that is of the whole layer, and others another.

        >>> len(Layer(2, 1).respond([1.0, 2.0]))
        1
        """
        first = getattr(self.neurons[0], "activation", None) if self.neurons else None
        if is_whole_layers(first):
            return self.respond_together(x, first)
        activate = None if first is None else function_of(first)  # looked up once, not once per neuron
        outputs = []
        watched = Neuron.watched  # by hooks
        for neuron in self.neurons:
            if watched or type(neuron) is not Neuron:
                outputs.append(neuron(x))
            elif neuron.activation is first:
                b = neuron.b
                total = dot(neuron.w, x) if b is None else dot(neuron.w, x, b)
                outputs.append(total if activate is None else activate(total))
            else:
                outputs.append(neuron.respond(x))
        return outputs

    def respond_together(self, x: list[Any], activation: Any) -> list[Any]:
        """The outputs where the activation is of all of them together.

        >>> round(sum(Layer(2, 3, "softmax", rng=1).respond_together([1.0, 2.0], "softmax")).data, 12)
        1.0
        """
        if any(getattr(neuron, "activation", None) != activation for neuron in self.neurons):
            raise ValueError(
                f"Layer: {row_of(activation).name} is of all outputs together, but not all neurons have it: set the "
                "activation of each"
            )
        found: list[Any] = activated(activation, [neuron.add_up(x) for neuron in self.neurons])
        return found

    def __repr__(self) -> str:
        return f"Layer of {shortened(list(map(repr, self.neurons)))}"


class Linear(Layer):
    """W·x + b, as PyTorch's: a layer without activation, whose outputs are a list even where there is one.

    Weights and biases are drawn uniformly between ±1/√nin, PyTorch's start.

    Args:
        nin: Number of inputs.
        nout: Number of outputs.
        bias: Whether something is added to each output.
        rng: As for Neuron.

    Raises:
        TypeError: a size is not a whole number.
        ValueError: a size is below 1.

    Cost: a node for each output.

    >>> layer = Linear(3, 1, rng=1)
    >>> layer
    Linear(3, 1)
    >>> layer([0.0, 0.0, 0.0])[0].data == layer.neurons[0].b.data
    True
    >>> [len(outputs) for outputs in layer([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])]
    [1, 1]
    """

    @in_our_words
    def __init__(self, nin: int, nout: int, bias: bool = True, *, rng: Any = None) -> None:
        source = as_generator(rng)
        self.nin = as_size(nin, "Linear: nin")
        if not isinstance(bias, bool) and (callable(bias) or isinstance(bias, (str, Activation))):
            name = row_of(as_activation(bias)).name
            call = f'Layer({nin}, {nout}, "{name}")'
            raise TypeError(f"Linear: bias is {brief(bias)}; a layer with an activation is nn.{call}")
        bias = as_flag(bias, "Linear: bias")
        bound = 1.0 / sqrt(self.nin)
        self.neurons = [neuron_of(self.nin, bias, source, bound) for _ in range(as_size(nout, "Linear: nout"))]

    def __call__(self, x: Any) -> Any:
        """The outputs for one sample: a list of Values; for a batch, a list of such lists."""
        if type(x) is not list or len(x) != self.nin or hasattr(x[0], "__len__"):
            found = as_signal(x, self.nin, "Linear")
            if is_batch(found, x):
                return each_of(self, found)
            x = fitting(found, self.nin, "Linear")
        return self.respond(x)

    def __repr__(self) -> str:
        bias = self.neurons and getattr(self.neurons[0], "b", None) is None
        return f"Linear({self.nin}, {len(self.neurons)}{', bias=False' if bias else ''})"


def neuron_of(nin: int, bias: bool, source: Any, bound: float) -> Neuron:
    """A linear neuron whose numbers are drawn uniformly between ±bound."""
    neuron: Neuron = object.__new__(Neuron)
    neuron.w = [Value(source.uniform(-bound, bound)) for _ in range(nin)]
    neuron.b = Value(source.uniform(-bound, bound)) if bias else None
    neuron.activation = "linear"
    return neuron


def fitting(x: list[Any], n: int, what: str) -> list[Any]:
    """A sample that has `n` numbers.

    Raises:
        ValueError: it has not.
    """
    if len(x) != n:
        raise ValueError(f"{what} expects {n} input{'s' * (n != 1)}, got {len(x)}")
    return x


class MLP(Module):
    """A multilayer perceptron: each layer's outputs are the next one's inputs.

    Args:
        nin: Number of inputs.
        nouts: Number of neurons in each layer; the last is the number of outputs.
        activation: One for the hidden layers, the last being linear; or a list with one for each layer. Each as for
            Neuron.
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

    @in_our_words
    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        activation: str | Callable[[Any], Any] | Sequence[Any] | None = "relu",
        *,
        rng: Any = None,
    ) -> None:
        if isinstance(nouts, (str, bytes)) or not hasattr(nouts, "__len__"):
            raise TypeError(f"MLP: nouts: expected a list of layer sizes, got {type(nouts).__name__} {brief(nouts)}")
        sizes = [as_size(nin, "MLP: nin"), *(as_size(n, f"MLP: nouts[{i}]") for i, n in enumerate(nouts))]
        n = len(nouts)
        if n == 0:
            raise ValueError("MLP: nouts is empty: give the size of at least one layer")
        if activation is None or isinstance(activation, (str, Activation)) or callable(activation):
            names: list[Any] = [*[activation] * (n - 1), "linear"]
        else:
            names = as_list(activation, "MLP: activation, a name or a list with one for each layer")
        if len(names) != n:
            raise ValueError(f"MLP: {n} layers need as many activations, got {len(names)}: {names}")
        names = [as_activation(name) for name in names]
        source = as_generator(rng)
        self.nin = sizes[0]
        self.layers = [Layer(sizes[i], sizes[i + 1], names[i], rng=source) for i in range(n)]

    def __call__(self, x: Any) -> Any:
        """The outputs for one sample: a list of Values, or the Value itself if there is one output.

        For a batch, a list of what there is for each sample.
        """
        if type(x) is tuple:
            x = [*x]
        if type(x) is not list or len(x) != self.nin or hasattr(x[0], "__len__"):
            found = as_signal(x, self.nin, "MLP")
            if is_batch(found, x):
                return each_of(self, found)
            x = fitting(found, self.nin, "MLP")
        signal: Any = x
        for layer in self.layers:
            signal = layer(signal)
        return signal

    def __repr__(self) -> str:
        return f"MLP of {shortened(list(map(repr, self.layers)))}"
