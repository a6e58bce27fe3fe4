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
from nn.data.categories import LabelEncoder, OneHot
from nn.data.names import Vocabulary, load_names
from nn.data.scaling import MinMax, Standardiser
from nn.data.sklearn import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from nn.data.splits import Parts, Split, split
from nn.data.toy import make_moons
from nn.data.transforms import Chain, Transform
from nn.files.load import load, notes_of
from nn.files.save import save
from nn.layers.dense import MLP, Layer, Linear, Neuron
from nn.layers.init import kaiming_uniform
from nn.losses.classification import cross_entropy, hinge, nll, squared_hinge
from nn.losses.likelihoods import gaussian_nll, poisson_nll
from nn.losses.naming import (
    gaussian_nll_loss,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    nll_loss,
    poisson_nll_loss,
    smooth_l1_loss,
)
from nn.losses.penalties import elastic_net, l1, l2
from nn.losses.probabilities import binary_cross_entropy, binary_cross_entropy_with_logits, kl_divergence
from nn.losses.regression import huber, log_cosh, mae, mse, smooth_l1
from nn.modules.module import Module
from nn.optimisers.adam import Adam, AdamW
from nn.optimisers.adaptive import Adadelta, Adagrad, RMSprop
from nn.optimisers.lbfgs import LBFGS
from nn.optimisers.optimiser import Optimiser
from nn.optimisers.rectified import NAdam, RAdam
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
    "MLP", "SGD", "LBFGS", "Adadelta", "Adagrad", "Adam", "AdamW", "NAdam", "RAdam", "RMSprop", "Chain", "History", "LabelEncoder", "Layer", "Linear", "MinMax", "Module", "Neuron",
    "OneHot", "Optimiser", "Parts", "Picture", "Split", "Standardiser", "Transform", "Vocabulary",
    "binary_cross_entropy_with_logits", "confusion_matrix", "cross_entropy", "decide", "decision_boundary", "describe",
    "evaluate", "hinge", "histograms", "kaiming_uniform", "l2", "labelled_points", "load", "load_breast_cancer",
    "load_diabetes", "load_digits", "load_iris", "load_names", "load_wine", "loss_curves", "make_moons", "minibatches",
    "mse", "network", "nll", "binary_cross_entropy", "elastic_net", "gaussian_nll", "gaussian_nll_loss", "huber", "huber_loss",
    "kl_div", "kl_divergence", "l1", "l1_loss", "log_cosh", "mae", "mse_loss", "nll_loss", "poisson_nll",
    "poisson_nll_loss", "smooth_l1", "smooth_l1_loss", "notes_of", "predict", "save", "split", "squared_hinge", "train",
]  # fmt: skip
