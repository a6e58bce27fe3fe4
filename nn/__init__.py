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
from nn.data.batches import minibatches
from nn.data.digits import Split, load_digits
from nn.data.names import Vocabulary, load_names
from nn.data.toy import make_moons
from nn.layers.dense import MLP, Layer, Neuron
from nn.layers.init import kaiming_uniform
from nn.losses.classification import cross_entropy, hinge
from nn.losses.penalties import l2
from nn.losses.regression import mse
from nn.modules.module import Module
from nn.optimisers.sgd import SGD
from nn.plots.boundary import decision_boundary
from nn.plots.confusion import confusion_matrix
from nn.plots.curves import loss_curves
from nn.plots.description import Picture, describe
from nn.plots.histograms import histograms
from nn.plots.network import network
from nn.plots.points import labelled_points
from nn.training.history import History
from nn.training.prediction import decide, evaluate, predict
from nn.training.train import train

__all__ = [
    "MLP", "SGD", "History", "Layer", "Module", "Neuron", "Picture", "Split", "Vocabulary", "confusion_matrix",
    "cross_entropy", "decide", "decision_boundary", "describe", "evaluate", "hinge", "histograms", "kaiming_uniform",
    "l2", "labelled_points", "load_digits", "load_names", "loss_curves", "make_moons", "minibatches", "mse", "network",
    "predict", "train",
]  # fmt: skip
