"""Small networks of scalar Values: modules, losses, an optimiser, data, training and pictures of it.

    >>> from nn import MLP, SGD, hinge, make_moons, predict, train
    >>> model = MLP(2, [16, 16, 1], rng=1)
    >>> points, labels = make_moons(100, rng=1)
    >>> history = train(model, points, labels, hinge, SGD(model.parameters(), lr=0.5), epochs=40)
    >>> history.accuracy[-1] > 0.9
    True
    >>> predict(model, [(0.0, 1.0), (1.0, -0.5)])
    [-1, 1]

Code written for micrograd's `MLP`, `Layer` and `Neuron` runs with its import changed. `python -m nn` trains two
examples and draws them.
"""

from nn._installed import check_installation

check_installation()

# ruff: noqa: E402  (what the rest imports is looked at before)
from nn.data import Split, load_digits, make_moons, minibatches
from nn.init import kaiming_uniform
from nn.layers import MLP, Layer, Neuron
from nn.losses import cross_entropy, hinge, l2, mse
from nn.module import Module
from nn.optim import SGD
from nn.plot import confusion_matrix, decision_boundary, loss_curves
from nn.train import History, decide, evaluate, predict, train

__all__ = [
    "MLP", "SGD", "History", "Layer", "Module", "Neuron", "Split", "confusion_matrix", "cross_entropy", "decide",
    "decision_boundary", "evaluate", "hinge", "kaiming_uniform", "l2", "load_digits", "loss_curves", "make_moons",
    "minibatches", "mse", "predict", "train",
]  # fmt: skip
