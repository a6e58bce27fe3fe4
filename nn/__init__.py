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

from typing import Any

from nn._installed import check_installation

check_installation()

# ruff: noqa: E402  (what the rest imports is looked at before)
from autograd import relu, sigmoid, softplus, tanh
from nn import metrics, models
from nn._elsewhere import answer_for, answer_imports
from nn.chance import update
from nn.data.batches import Batches, buckets, minibatches
from nn.data.categories import LabelEncoder, OneHot
from nn.data.csv import read_csv
from nn.data.curves import make_line, make_sine, make_steps, make_surface
from nn.data.names import Vocabulary, load_names
from nn.data.scaling import MinMax, Standardiser
from nn.data.sklearn import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from nn.data.splits import Parts, Split, split
from nn.data.tables import Table, as_table
from nn.data.toy import make_blobs, make_checkerboard, make_circles, make_moons, make_spirals, make_xor
from nn.data.transforms import Chain, Transform
from nn.diagnosis.diagnose import Diagnosis, diagnose
from nn.diagnosis.measures import measure
from nn.diagnosis.verdicts import Verdict, verdicts_of
from nn.files.exchange import load_torch_state, to_torch_state
from nn.files.load import load, notes_of
from nn.files.save import save
from nn.film.recorder import Recorder
from nn.layers import init
from nn.layers.activations import (
    ACTIVATIONS,
    Activation,
    elu,
    gelu,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    log_softmax,
    mish,
    relu6,
    selu,
    silu,
    softmax,
    softsign,
)  # fmt: skip
from nn.layers.attention import CausalSelfAttention, KeyValueCache
from nn.layers.dense import MLP, Layer, Linear, Neuron
from nn.layers.dropout import Dropout
from nn.layers.embedding import Embedding
from nn.layers.init import kaiming_uniform
from nn.layers.norm import BatchNorm, LayerNorm, RMSNorm
from nn.layers.recurrent import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell
from nn.layers.sequential import Sequential
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
from nn.metrics.decisions import accuracy, f1, precision, recall
from nn.metrics.distances import r2
from nn.metrics.ranking import auc
from nn.modules.module import Module
from nn.modules.summary import Summary, summary
from nn.optimisers.accumulation import Accumulation
from nn.optimisers.adam import Adam, AdamW
from nn.optimisers.adaptive import Adadelta, Adagrad, RMSProp, RMSprop
from nn.optimisers.averaging import ExponentialMovingAverage
from nn.optimisers.clipping import clip_grad_norm, clip_grad_norm_, clip_grad_value, clip_grad_value_
from nn.optimisers.lbfgs import LBFGS
from nn.optimisers.optimiser import Optimiser
from nn.optimisers.rectified import NAdam, RAdam
from nn.optimisers.sgd import SGD
from nn.parts.buffers import buffer
from nn.plots.boundary import decision_boundary
from nn.plots.confusion import confusion_matrix
from nn.plots.curves import loss_curves
from nn.plots.description import Picture, describe
from nn.plots.gradients import gradient_flow
from nn.plots.histograms import histograms
from nn.plots.network import network
from nn.plots.points import labelled_points
from nn.prediction.labels import Labels
from nn.prediction.predict import decide, evaluate, predict, predict_proba, predict_scores
from nn.schedules.composition import ChainedScheduler, SequentialLR, WarmUp
from nn.schedules.plateau import ReduceLROnPlateau
from nn.schedules.rates import (
    constant_rate,
    cosine_rate,
    cosine_restarts_rate,
    exponential_rate,
    linear_rate,
    multi_step_rate,
    one_cycle_rate,
    polynomial_rate,
    step_rate,
    warm_up_rate,
)
from nn.schedules.schedule import Schedule
from nn.schedules.shapes import (
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    StepLR,
)
from nn.training.callbacks import EarlyStopping, Record, StopTraining
from nn.training.fit import fit
from nn.training.history import History
from nn.training.train import train

__all__ = [
    "ACTIVATIONS", "GRU", "LBFGS", "LSTM", "MLP", "RNN", "SGD", "Accumulation", "Activation", "Adadelta", "Adagrad",
    "Adam", "AdamW", "BatchNorm", "Batches", "CausalSelfAttention", "Chain", "ChainedScheduler", "ConstantLR",
    "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "Diagnosis", "Dropout", "EarlyStopping", "Embedding",
    "ExponentialLR", "ExponentialMovingAverage", "GRUCell", "History", "KeyValueCache", "LSTMCell", "LabelEncoder",
    "Labels", "LambdaLR", "Layer", "LayerNorm", "Linear", "LinearLR", "MinMax", "Module", "MultiStepLR", "NAdam",
    "Neuron", "OneCycleLR", "OneHot", "Optimiser", "Parts", "Picture", "PolynomialLR", "RAdam", "RMSNorm", "RMSProp",
    "RMSprop", "RNNCell", "Record", "Recorder", "ReduceLROnPlateau", "Schedule", "Sequential", "SequentialLR", "Split",
    "Standardiser", "StepLR", "StopTraining", "Summary", "Table", "Transform", "Verdict", "Vocabulary", "WarmUp",
    "accuracy", "as_table", "auc", "binary_cross_entropy", "binary_cross_entropy_with_logits", "buckets", "buffer",
    "clip_grad_norm", "clip_grad_norm_", "clip_grad_value", "clip_grad_value_", "confusion_matrix", "constant_rate",
    "cosine_rate", "cosine_restarts_rate", "cross_entropy", "decide", "decision_boundary", "describe", "diagnose",
    "elastic_net", "elu", "evaluate", "exponential_rate", "f1", "fit", "gaussian_nll", "gaussian_nll_loss", "gelu",
    "gradient_flow", "hardsigmoid", "hardswish", "hardtanh", "hinge", "histograms", "huber", "huber_loss", "init",
    "kaiming_uniform", "kl_div", "kl_divergence", "l1", "l1_loss", "l2", "labelled_points", "leaky_relu",
    "linear_rate", "load", "load_breast_cancer", "load_diabetes", "load_digits", "load_iris", "load_names",
    "load_torch_state", "load_wine", "log_cosh", "log_softmax", "loss_curves", "mae", "make_blobs",
    "make_checkerboard", "make_circles", "make_line", "make_moons", "make_sine", "make_spirals", "make_steps",
    "make_surface", "make_xor", "measure", "metrics", "minibatches", "mish", "models", "mse", "mse_loss",
    "multi_step_rate", "network", "nll", "nll_loss", "notes_of", "one_cycle_rate", "poisson_nll", "poisson_nll_loss",
    "polynomial_rate", "precision", "predict", "predict_proba", "predict_scores", "r2", "read_csv", "recall", "relu",
    "relu6", "save", "selu", "sigmoid", "silu", "smooth_l1", "smooth_l1_loss", "softmax", "softplus", "softsign",
    "split", "squared_hinge", "step_rate", "summary", "tanh", "to_torch_state", "train", "update", "verdicts_of",
    "warm_up_rate",
]  # fmt: skip

answer_imports(__all__)


def __getattr__(name: str) -> Any:
    """Nothing.

    Raises:
        AttributeError: there is no such name; of one that PyTorch, Keras or scikit-learn has, with what to write here.
    """
    raise AttributeError(answer_for(name, __all__))
