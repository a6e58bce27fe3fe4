"""Starting points for weights that keep signals at one scale from layer to layer.

Each function takes a neuron, a layer or any module, finds the tables of weights in it, however deep, and draws each
anew: the weights of neurons side by side, a row each; those of a neuron alone; the rows of an embedding. Biases become
0. Norms are left as they are: their weights start at 1.

A row's inputs are what PyTorch calls fan_in, the number of rows fan_out. The gain is that of the activation: the
neuron's own, else that of the step after it in a `Sequential`; `gain=` overrides it, a number or the name of an
activation.
"""

from math import ceil, erf, sqrt
from typing import Any

import numpy as np

from nn.chance import as_generator
from nn.checks import as_finite
from nn.layers.tables import as_spread, draw, drawn_normally, drawn_uniformly, fans, gain_of, tables_of

__all__ = [
    "constant", "kaiming_normal", "kaiming_uniform", "lecun_normal", "lecun_uniform", "micrograd", "normal",
    "orthogonal", "sparse", "truncated_normal", "uniform", "xavier_normal", "xavier_uniform", "zeros",
]  # fmt: skip


# --- by the number of inputs and outputs -----------------------------------------------------------------------------


def kaiming_uniform(module: Any, rng: Any = None, *, gain: Any = None) -> None:
    """Draw weights uniformly between ±gain·√(3/nin), biases 0: He's start, for relu and its kin.

    micrograd's ±1 suits two or three inputs. With 64, sums come out √64 times too large, and training starts badly.

    Args:
        module: A neuron, a layer, or any module that holds neurons, however deep.
        rng: As for Neuron.
        gain: A number, or an activation whose gain is taken; None takes that of each neuron's.

    Raises:
        TypeError: there is no neuron in `module`.

    Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers" (2015), §2.2.

    >>> from nn import Neuron
    >>> neuron = Neuron(600, rng=1)
    >>> kaiming_uniform(neuron, rng=1)
    >>> max(abs(w.data) for w in neuron.w) <= 0.1
    True
    """
    draw(
        module,
        rng,
        "kaiming_uniform",
        lambda source, table, kind: drawn_uniformly(source, gain_of(gain, kind) * sqrt(3.0 / fans(table)[0])),
    )


def kaiming_normal(module: Any, rng: Any = None, *, gain: Any = None) -> None:
    """Draw weights normally with standard deviation gain/√nin, biases 0: He's start, for relu and its kin.

    Args:
        module, rng, gain: As for `kaiming_uniform`.

    Raises:
        TypeError: there is no neuron in `module`.

    Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers" (2015), §2.2.

    >>> from nn import Neuron
    >>> neuron = Neuron(600, rng=1)
    >>> kaiming_normal(neuron, rng=1)
    >>> 0.05 < (sum([w * w for w in neuron.w]).data / 600) ** 0.5 < 0.065
    True
    """
    draw(
        module,
        rng,
        "kaiming_normal",
        lambda source, table, kind: drawn_normally(source, gain_of(gain, kind) / sqrt(fans(table)[0])),
    )


def xavier_uniform(module: Any, rng: Any = None, *, gain: Any = 1.0) -> None:
    """Draw weights uniformly between ±gain·√(6/(nin + nout)), biases 0: Glorot's start, for tanh and its kin.

    Args:
        module, rng, gain: As for `kaiming_uniform`, but that a gain of 1 is taken where none is given, as in the paper;
            None takes that of each neuron's activation.

    Raises:
        TypeError: there is no neuron in `module`.

    Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010), eq. 16.

    >>> from nn import Layer
    >>> layer = Layer(3, 3)
    >>> xavier_uniform(layer, rng=1)
    >>> max(abs(p.data) for p in layer.parameters()) <= 1.0
    True
    """
    draw(
        module,
        rng,
        "xavier_uniform",
        lambda source, table, kind: drawn_uniformly(source, gain_of(gain, kind) * sqrt(6.0 / sum(fans(table)))),
    )


def xavier_normal(module: Any, rng: Any = None, *, gain: Any = 1.0) -> None:
    """Draw weights normally with standard deviation gain·√(2/(nin + nout)), biases 0: Glorot's start.

    Args:
        module, rng, gain: As for `xavier_uniform`.

    Raises:
        TypeError: there is no neuron in `module`.

    Source: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010), eq. 12.

    >>> from nn import Layer
    >>> layer = Layer(3, 3)
    >>> xavier_normal(layer, rng=1)
    >>> layer.neurons[0].b.data
    0.0
    """
    draw(
        module,
        rng,
        "xavier_normal",
        lambda source, table, kind: drawn_normally(source, gain_of(gain, kind) * sqrt(2.0 / sum(fans(table)))),
    )


def lecun_uniform(module: Any, rng: Any = None) -> None:
    """Draw weights uniformly between ±√(3/nin), biases 0: LeCun's start; that of selu too.

    Args:
        module, rng: As for `kaiming_uniform`.

    Raises:
        TypeError: there is no neuron in `module`.

    Source: LeCun, Bottou, Orr, Müller, "Efficient backprop" (1998), §4.6.

    >>> from nn import Neuron
    >>> neuron = Neuron(300, rng=1)
    >>> lecun_uniform(neuron, rng=1)
    >>> max(abs(w.data) for w in neuron.w) <= 0.1
    True
    """
    draw(
        module,
        rng,
        "lecun_uniform",
        lambda source, table, kind: drawn_uniformly(source, sqrt(3.0 / fans(table)[0])),
    )


def lecun_normal(module: Any, rng: Any = None) -> None:
    """Draw weights normally with standard deviation 1/√nin, biases 0: LeCun's start; that of selu too.

    Args:
        module, rng: As for `kaiming_uniform`.

    Raises:
        TypeError: there is no neuron in `module`.

    Source: LeCun, Bottou, Orr, Müller, "Efficient backprop" (1998), §4.6; Klambauer et al. (2017) for selu.

    >>> from nn import Layer
    >>> layer = Layer(2, 2)
    >>> lecun_normal(layer, rng=1)
    >>> layer.neurons[1].b.data
    0.0
    """
    draw(
        module,
        rng,
        "lecun_normal",
        lambda source, table, kind: drawn_normally(source, 1.0 / sqrt(fans(table)[0])),
    )


def micrograd(module: Any, rng: Any = None) -> None:
    """Draw weights uniformly between ±1, biases 0, as micrograd does and `MLP` when it is made.

    Args:
        module, rng: As for `kaiming_uniform`.

    Raises:
        TypeError: there is no neuron in `module`.

    Source: Karpathy, micrograd (2020).

    >>> from nn import MLP
    >>> model = MLP(2, [3, 1])
    >>> micrograd(model, rng=1)
    >>> model.state_dict() == MLP(2, [3, 1], rng=1).state_dict()
    True
    """
    draw(module, rng, "micrograd", lambda source, table, kind: drawn_uniformly(source, 1.0))


# --- whatever the number of inputs -----------------------------------------------------------------------------------


def uniform(module: Any, low: float = 0.0, high: float = 1.0, rng: Any = None) -> None:
    """Draw weights uniformly between two numbers, biases 0.

    Args:
        module, rng: As for `kaiming_uniform`.
        low, high: The ends.

    Raises:
        TypeError: there is no neuron in `module`, or an end is no number.

    >>> from nn import Neuron
    >>> neuron = Neuron(2)
    >>> uniform(neuron, -0.1, 0.1, rng=1)
    >>> max(abs(w.data) for w in neuron.w) <= 0.1
    True
    """
    ends = as_finite(low, "uniform: low"), as_finite(high, "uniform: high")
    draw(module, rng, "uniform", lambda source, table, kind: lambda: source.uniform(*ends))


def normal(module: Any, mean: float = 0.0, std: float = 1.0, rng: Any = None) -> None:
    """Draw weights from a normal distribution, biases 0.

    Args:
        module, rng: As for `kaiming_uniform`.
        mean, std: Of the distribution.

    Raises:
        TypeError: there is no neuron in `module`, or one is no number.
        ValueError: `std` is below 0.

    >>> from nn import Neuron
    >>> neuron = Neuron(2)
    >>> normal(neuron, std=0.0)
    >>> [w.data for w in neuron.w]
    [0.0, 0.0]
    """
    centre, spread = as_finite(mean, "normal: mean"), as_spread(std, "normal")
    draw(module, rng, "normal", lambda source, table, kind: drawn_normally(source, spread, centre))


def truncated_normal(module: Any, mean: float = 0.0, std: float = 1.0, cut: float = 2.0, rng: Any = None) -> None:
    """Draw weights from a normal distribution without its tails, biases 0.

    Args:
        module, rng: As for `kaiming_uniform`.
        mean, std: Of the distribution before it is cut.
        cut: How many standard deviations are left on each side.

    Raises:
        TypeError: there is no neuron in `module`, or one is no number.
        ValueError: `std` is below 0, or `cut` is not above 0.

    >>> from nn import Neuron
    >>> neuron = Neuron(100)
    >>> truncated_normal(neuron, rng=1)
    >>> max(abs(w.data) for w in neuron.w) < 2.0
    True
    """
    centre, spread = as_finite(mean, "truncated_normal: mean"), as_spread(std, "truncated_normal")
    ends = as_finite(cut, "truncated_normal: cut")
    if ends <= 0.0:
        raise ValueError(f"truncated_normal: cut: expected a number above 0, got {ends}")
    if erf(ends * sqrt(0.5)) < 0.01:  # of a hundred draws one would be kept
        uniform(module, centre - ends * spread, centre + ends * spread, rng)
        return

    def within(source: Any) -> float:
        while abs(found := source.gauss(0.0, 1.0)) > ends:
            pass
        return float(centre + spread * found)

    draw(module, rng, "truncated_normal", lambda source, table, kind: lambda: within(source))


def constant(module: Any, number: float, bias: float = 0.0) -> None:
    """Set all weights to one number, and all biases to another. Neurons that start alike stay alike.

    Args:
        module: As for `kaiming_uniform`.
        number, bias: What they are set to.

    Raises:
        TypeError: there is no neuron in `module`, or one is no number.

    >>> from nn import Neuron
    >>> neuron = Neuron(2)
    >>> constant(neuron, 0.5, bias=1.0)
    >>> neuron.state_dict()
    {'w.0': 0.5, 'w.1': 0.5, 'b': 1.0}
    """
    weight, offset = as_finite(number, "constant: number"), as_finite(bias, "constant: bias")
    draw(module, None, "constant", lambda source, table, kind: lambda: weight)
    for table in tables_of(module):
        for b in table.biases:
            b.data = offset


def zeros(module: Any) -> None:
    """Set all weights and biases to 0: for a last layer that is to say nothing at first.

    Args:
        module: As for `kaiming_uniform`.

    Raises:
        TypeError: there is no neuron in `module`.

    >>> from nn import Neuron
    >>> neuron = Neuron(2)
    >>> zeros(neuron)
    >>> neuron([1.0, 2.0]).data
    0.0
    """
    constant(module, 0.0)


# --- of whole tables -------------------------------------------------------------------------------------------------


def orthogonal(module: Any, rng: Any = None, *, gain: Any = None) -> None:
    """Draw each table of weights as an orthogonal matrix times the gain, biases 0: lengths and angles are kept.

    Rows are orthogonal if there are no more of them than inputs, else columns are. All such matrices are equally
    likely.

    Args:
        module, rng, gain: As for `kaiming_uniform`.

    Raises:
        TypeError: there is no neuron in `module`.

    Source: Saxe, McClelland, Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks" (2014); signs as in Mezzadri, "How to generate random matrices from the classical compact groups" (2007).

    >>> from nn import Linear
    >>> layer = Linear(3, 2)
    >>> orthogonal(layer, rng=1)
    >>> u, v = (np.array([w.data for w in neuron.w]) for neuron in layer.neurons)
    >>> bool(abs(u @ v) < 1e-12), round(float(u @ u), 12)
    (True, 1.0)
    """
    source = as_generator(rng)
    for table in tables_of(module, "orthogonal"):
        nin, nout = fans(table)
        tall = np.array([[source.gauss(0.0, 1.0) for _ in range(min(nin, nout))] for _ in range(max(nin, nout))])
        q, r = np.linalg.qr(tall)
        q *= np.where(np.diag(r) < 0.0, -1.0, 1.0)
        for row, numbers, kind in zip(table.rows, q if nout >= nin else q.T, table.activations, strict=True):
            scale = gain_of(gain, kind)
            for w, number in zip(row, numbers.tolist(), strict=True):
                w.data = scale * number
        for b in table.biases:
            b.data = 0.0


def sparse(module: Any, sparsity: float = 0.9, std: float = 1.0, rng: Any = None) -> None:
    """Draw for each neuron a few weights normally, and set the others and the biases to 0.

    A neuron's sum then has the same scale however many inputs there are.

    Args:
        module, rng: As for `kaiming_uniform`.
        sparsity: The share of each neuron's weights that are 0, rounded up; below 1, one is kept at least.
        std: The standard deviation of the others.

    Raises:
        TypeError: there is no neuron in `module`, or one is no number.
        ValueError: `sparsity` is not between 0 and 1, or `std` below 0.

    Source: Martens, "Deep learning via Hessian-free optimization" (2010), §5.

    >>> from nn import Neuron
    >>> neuron = Neuron(100)
    >>> sparse(neuron, rng=1)
    >>> len([w for w in neuron.w if w.data != 0.0])
    10
    """
    share, spread = as_finite(sparsity, "sparse: sparsity"), as_spread(std, "sparse")
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"sparse: sparsity: expected a share from 0 to 1, got {share}")
    source = as_generator(rng)
    for table in tables_of(module, "sparse"):
        for row in table.rows:
            n = len(row)
            kept = set(source.sample(range(n), max(n - ceil(share * n), share < 1.0)))
            for place, w in enumerate(row):
                w.data = source.gauss(0.0, spread) if place in kept else 0.0
        for b in table.biases:
            b.data = 0.0
