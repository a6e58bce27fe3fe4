"""Losses of small networks, written in ways that folding has to find its way through."""

import builtins

import nn
from autograd import Value
from autograd.graphs.graph import graph_of
from autograd.graphs.names import names_of


def named(root, **scope):
    """A graph, and what is known of its nodes where these variables are in sight."""
    graph = graph_of(root)
    return graph, names_of(graph, scope=[scope])


def operator_by_operator(model, x):
    """What the model gives for a sample, as micrograd's own code computes it."""
    for layer in model.layers:
        outputs = []
        for neuron in layer.neurons:
            total = builtins.sum((w * xi for w, xi in zip(neuron.w, x, strict=True)), neuron.b)
            outputs.append(total.relu() if neuron.activation == "relu" else total)
        x = outputs
    return x[0]


def moons(by_operator, samples=100, hidden=(16, 16)):
    """A model, and the loss of a demo's network: hinge and a penalty."""
    points, labels = nn.make_moons(samples, noise=0.1, rng=1)
    model = nn.MLP(2, [*hidden, 1], rng=1)
    if by_operator:
        losses = [(1 + -y * operator_by_operator(model, x)).relu() for x, y in zip(points, labels, strict=True)]
        penalty = builtins.sum(p * p for p in model.parameters())
        return model, builtins.sum(losses) * (1.0 / samples) + 1e-4 * penalty
    return model, nn.hinge([model(x) for x in points], labels) + nn.l2(model.parameters(), 1e-4)


def twice():
    """A layer applied twice, with something else between."""
    layer = nn.Layer(4, 4, "tanh", rng=1)
    once = layer([1.0, 2.0, 3.0, 4.0])
    return {"layer": layer}, builtins.sum(layer([2 * y for y in once]))


def interleaved():
    """Two layers that each see the other's output."""
    left, right = nn.Layer(3, 3, "tanh", rng=1), nn.Layer(3, 3, "tanh", rng=2)
    a = b = [0.1, 0.2, 0.3]
    for _ in range(3):
        a, b = left(b), right(a)
    return {"left": left, "right": right}, builtins.sum(a) + builtins.sum(b)


def residual():
    """Blocks that add to what they are given."""
    blocks = [nn.MLP(4, [4, 4], "tanh", rng=k) for k in range(6)]
    x = [Value(0.1 * k) for k in range(4)]
    for block in blocks:
        x = [a + b for a, b in zip(x, block(x), strict=True)]
    return {"blocks": blocks}, builtins.sum(x)


def tied():
    """An encoder whose weights are the decoder's too."""
    encoder = nn.Layer(6, 3, "tanh", rng=1)
    x = [0.1 * k for k in range(6)]
    code = encoder(x)
    decoded = [builtins.sum(n.w[k] * h for n, h in zip(encoder.neurons, code, strict=True)) for k in range(6)]
    return {"encoder": encoder}, builtins.sum((d - xi) ** 2 for d, xi in zip(decoded, x, strict=True))


def recurrence(steps):
    """One cell, over and over."""
    cell = nn.Layer(6, 4, "tanh", rng=1)
    state = [0.0] * 4
    for t in range(steps):
        state = cell([*state, 0.1 * t, 1.0])
    return {"cell": cell}, builtins.sum(h * h for h in state)


HARD = {
    "twice": twice,
    "interleaved": interleaved,
    "residual": residual,
    "tied": tied,
    "recurrence of 50": lambda: recurrence(50),
}
