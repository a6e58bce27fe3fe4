"""Networks on a batch, per engine: the loss and its gradient in all weights, which are matrices and vectors.

    data = moons_data() or classes_data(sizes) or regression_data(sizes)
    call = torch_network(data)      loss, gradient = call()

The hidden layers are relu. The loss is one of LOSSES; each library gets it the way its users write it.
"""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from tests.benchmarks.workloads import SIZES, max_margin_loss, moons, weights

PENALTY = 1e-4


class Network(NamedTuple):
    """What is timed: `layers` of (matrix, bias), inputs by row, targets, and which loss."""

    layers: list[Any]
    inputs: Any
    targets: Any
    loss: str


def moons_data():
    """The network and the points that the eager benchmark has."""
    layers = [
        (np.array([w for w, _ in layer]), np.array([b for _, b in layer])) for layer in weights(float)
    ]  # fmt: skip
    points, labels = moons()
    return Network(layers, np.array(points), np.array(labels), "margin")


def classes_data(sizes, n=64):
    """Random samples in random classes, one-hot, for softmax and cross-entropy."""
    rng = np.random.default_rng(0)
    targets = np.eye(sizes[-1])[rng.integers(sizes[-1], size=n)]
    return Network(random_layers(rng, sizes), rng.normal(size=(n, sizes[0])), targets, "entropy")


def regression_data(sizes, n=64):
    """Random samples and targets, for the mean squared error."""
    rng = np.random.default_rng(0)
    return Network(random_layers(rng, sizes), rng.normal(size=(n, sizes[0])), rng.normal(size=n), "squared")


def random_layers(rng, sizes):
    return [
        (rng.normal(size=(fan_out, fan_in)) / fan_in**0.5, rng.normal(size=fan_out) * 0.1)
        for fan_in, fan_out in pairwise(sizes)
    ]


def chainrule_network(data):
    """One sample is recorded; the batch is replayed."""
    import autograd

    fast = autograd.compile(SAMPLE_LOSSES[data.loss], in_axes=(None, 0, 0), reduce="mean", threads=1)
    return lambda: fast.value_and_grad(data.layers, data.inputs, data.targets)


def scores_of_one(layers, x):
    """The last layer's outputs for one sample: a node per neuron, and its relu."""
    from autograd import dot, relu

    for k, (matrix, bias) in enumerate(layers):
        x = [dot(row, x, start=b) for row, b in zip(matrix, bias, strict=True)]
        if k < len(layers) - 1:
            x = [relu(z) for z in x]
    return x


def margin_of_one(layers, x, y):
    from autograd import dot, relu

    everything = [p for matrix, bias in layers for p in (*matrix.ravel(), *bias)]
    return relu(1.0 - y * scores_of_one(layers, x)[0]) + PENALTY * dot(everything, everything)


def entropy_of_one(layers, x, y):
    from autograd import dot, logsumexp

    scores = scores_of_one(layers, x)
    return logsumexp(scores) - dot(y, scores)


def squared_of_one(layers, x, y):
    error = scores_of_one(layers, x)[0] - y
    return error * error


SAMPLE_LOSSES = {"margin": margin_of_one, "entropy": entropy_of_one, "squared": squared_of_one}


def numpy_network(data):
    """Backpropagation written by hand."""
    layers, targets, n = data.layers, data.targets, len(data.inputs)

    def margin(scores):
        margins = 1.0 - targets * scores[:, 0]
        loss = np.maximum(margins, 0.0).mean() + PENALTY * sum((p * p).sum() for layer in layers for p in layer)
        return loss, np.where(margins > 0.0, -targets / n, 0.0)[:, None]

    def entropy(scores):
        shifted = scores - scores.max(axis=1, keepdims=True)
        powers = np.exp(shifted)
        totals = powers.sum(axis=1, keepdims=True)
        return (np.log(totals[:, 0]) - (targets * shifted).sum(axis=1)).mean(), (powers / totals - targets) / n

    def squared(scores):
        errors = scores[:, 0] - targets
        return (errors * errors).mean(), (2.0 / n * errors)[:, None]

    loss_and_adjoint = {"margin": margin, "entropy": entropy, "squared": squared}[data.loss]

    def call():
        activations = [data.inputs]
        for k, (matrix, bias) in enumerate(layers):
            z = activations[-1] @ matrix.T + bias
            activations.append(np.maximum(z, 0.0) if k < len(layers) - 1 else z)
        loss, adjoint = loss_and_adjoint(activations.pop())
        gradient = []
        for k in range(len(layers) - 1, -1, -1):
            matrix, bias = layers[k]
            gradient.append([adjoint.T @ activations[k], adjoint.sum(axis=0)])
            if data.loss == "margin":
                gradient[-1][0] += 2.0 * PENALTY * matrix
                gradient[-1][1] += 2.0 * PENALTY * bias
            if k:
                adjoint = (adjoint @ matrix) * (activations[k] > 0.0)
        return loss, gradient[::-1]

    return call


def torch_network(data):
    """Tensors, eagerly."""
    import torch
    from torch.nn import functional

    layers = [[torch.tensor(p, requires_grad=True) for p in layer] for layer in data.layers]
    leaves = [p for layer in layers for p in layer]
    inputs, targets = torch.tensor(data.inputs), torch.tensor(data.targets)
    classes = targets.argmax(dim=1) if data.loss == "entropy" else None

    def loss_of(scores):
        if data.loss == "margin":
            return torch.relu(1.0 - targets * scores[:, 0]).mean() + PENALTY * sum((p * p).sum() for p in leaves)
        if data.loss == "entropy":
            return functional.cross_entropy(scores, classes)
        return functional.mse_loss(scores[:, 0], targets)

    def call():
        x = inputs
        for k, (matrix, bias) in enumerate(layers):
            x = functional.linear(x, matrix, bias)
            if k < len(layers) - 1:
                x = torch.relu(x)
        loss = loss_of(x)
        return loss.detach(), torch.autograd.grad(loss, leaves)

    return call


def jax_network(data):
    """Arrays, compiled by XLA; the samples are arguments, as in training."""
    import jax

    def loss_of(layers, x, targets):
        for k, (matrix, bias) in enumerate(layers):
            x = x @ matrix.T + bias
            if k < len(layers) - 1:
                x = jax.nn.relu(x)
        if data.loss == "margin":
            penalty = PENALTY * sum((p * p).sum() for layer in layers for p in layer)
            return jax.nn.relu(1.0 - targets * x[:, 0]).mean() + penalty
        if data.loss == "entropy":
            return (jax.nn.logsumexp(x, axis=1) - (targets * x).sum(axis=1)).mean()
        return ((x[:, 0] - targets) ** 2).mean()

    step = jax.jit(jax.value_and_grad(loss_of))
    arguments = jax.device_put((data.layers, data.inputs, data.targets))
    return lambda: jax.block_until_ready(step(*arguments))


def whole_batch(xs, m):
    """The loss of all the moons' points as one scalar function of the flat list of weights, for engines of scalars."""
    points, labels = moons()
    given = iter(xs)
    layers = [
        [([next(given) for _ in w], next(given)) for w, _ in layer] for layer in weights(float, SIZES)
    ]  # fmt: skip
    return max_margin_loss(layers, points, labels, m.relu)


def flat_weights(data):
    """The numbers that `whole_batch` takes, in its order."""
    return np.concatenate([np.column_stack(layer).ravel() for layer in data.layers])


def chainrule_whole_batch(data):
    """All points recorded as one tape, which is replayed with one lane."""
    import autograd

    fast = autograd.compile(lambda xs: whole_batch(xs, autograd), threads=1)
    xs = flat_weights(data)
    return lambda: fast.value_and_grad(xs)
