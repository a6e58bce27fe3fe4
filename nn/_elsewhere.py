"""What is called here what PyTorch, Keras and scikit-learn call otherwise, for who asks `nn` for their names."""

import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["answer_for", "answer_imports"]

ACTIVATION = '"{0}" is a step of nn.Sequential, and an argument of nn.Layer and nn.MLP'
ACTIVATIONS = {
    "ReLU": "relu", "LeakyReLU": "leaky_relu", "PReLU": "leaky_relu", "ELU": "elu", "SELU": "selu", "GELU": "gelu",
    "SiLU": "silu", "Swish": "silu", "Mish": "mish", "Tanh": "tanh", "Sigmoid": "sigmoid", "Hardtanh": "hardtanh",
    "Hardsigmoid": "hardsigmoid", "Hardswish": "hardswish", "ReLU6": "relu6", "Softplus": "softplus",
    "Softsign": "softsign", "Softmax": "softmax", "LogSoftmax": "log_softmax", "Identity": "linear",
}  # fmt: skip

LOSS = "losses are functions: nn.{0}(scores, labels)"
LOSSES = {
    "CrossEntropyLoss": "cross_entropy", "CategoricalCrossentropy": "cross_entropy",
    "SparseCategoricalCrossentropy": "cross_entropy", "MSELoss": "mse", "MeanSquaredError": "mse", "L1Loss": "mae",
    "MeanAbsoluteError": "mae", "HuberLoss": "huber", "SmoothL1Loss": "smooth_l1", "BCELoss": "binary_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_with_logits", "BinaryCrossentropy": "binary_cross_entropy",
    "NLLLoss": "nll", "KLDivLoss": "kl_divergence", "PoissonNLLLoss": "poisson_nll", "GaussianNLLLoss": "gaussian_nll",
    "HingeEmbeddingLoss": "hinge", "MultiMarginLoss": "cross_entropy", "LogCosh": "log_cosh",
}  # fmt: skip

METRICS = {
    "accuracy_score": "accuracy", "balanced_accuracy_score": "balanced_accuracy", "f1_score": "f1",
    "precision_score": "precision", "recall_score": "recall", "r2_score": "r2", "roc_auc_score": "auc",
    "mean_squared_error": "mse", "mean_absolute_error": "mae", "log_loss": "log_loss",
}  # fmt: skip

STARTS = ("xavier_uniform", "xavier_normal", "kaiming_normal", "normal", "uniform", "constant", "zeros", "orthogonal")

ANSWERS = {
    **{name: ACTIVATION.format(ours) for name, ours in ACTIVATIONS.items()},
    **{name: LOSS.format(ours) for name, ours in LOSSES.items()},
    **{name: f"it is nn.metrics.{ours}" for name, ours in METRICS.items()},
    **{f"{name}_": f"nn.init.{name} sets the weights of a module" for name in (*STARTS, "kaiming_uniform")},
    **{name: f"nn.init.{name} sets the weights of a module" for name in STARTS},
    **dict.fromkeys(("optim", "optimizers"), "optimisers stand in nn itself, as nn.SGD and nn.Adam"),
    **dict.fromkeys(("functional", "F"), "functions stand in nn itself, as nn.relu and nn.cross_entropy"),
    "utils": "what others have there stands in nn itself, as nn.clip_grad_norm and nn.Batches",
    "lr_scheduler": "schedules stand in nn itself, as nn.StepLR",
    "callbacks": "callbacks are functions of a record, given to nn.fit; nn.EarlyStopping is one",
    "datasets": "data are made and loaded by functions, as nn.make_moons and nn.load_digits",
    "activations": 'activations have names, as "relu"; nn.ACTIVATIONS lists them',
    "preprocessing": "what is done to data stands in nn itself, as nn.Standardiser",
    "model_selection": "nn.split parts data",
    "Optimizer": "it is nn.Optimiser",
    **dict.fromkeys(("Dense", "FullyConnected"), 'nn.Layer(2, 4, "relu") has an activation, nn.Linear(2, 4) none'),
    **dict.fromkeys(("Input", "InputLayer"), "each layer is told how many inputs it has, as in nn.Layer(2, 4)"),
    **dict.fromkeys(("Flatten", "Reshape", "Unflatten"),
                    "a sample is a list; a function of one's own may be a step of nn.Sequential"),
    "Lambda": "a function is a step of nn.Sequential as it is",
    **dict.fromkeys(("BatchNorm1d", "BatchNorm2d", "BatchNormalization"), "it is nn.BatchNorm"),
    "LayerNormalization": "it is nn.LayerNorm",
    "SimpleRNN": "it is nn.RNN",
    **dict.fromkeys(("MultiheadAttention", "MultiHeadAttention", "Attention"), "there is nn.CausalSelfAttention"),
    **dict.fromkeys(("Transformer", "TransformerEncoder", "TransformerEncoderLayer", "TransformerDecoder"),
                    "there is nn.models.GPT"),
    **dict.fromkeys(("ModuleList", "ModuleDict", "ParameterList", "ParameterDict"),
                    "a nn.Module finds what is in its lists and dicts: plain ones do"),
    **dict.fromkeys(("Parameter", "Variable", "Tensor", "tensor"),
                    "numbers that learn are Values: `from autograd import Value`"),
    **dict.fromkeys(("no_grad", "grad"), "it is autograd's: `import autograd`"),
    "compile": "nn.fit compiles by itself; of functions, `autograd.compile`",
    **dict.fromkeys(("Conv1d", "Conv2d", "Conv3d", "MaxPool2d", "AvgPool2d"),
                    "there are no convolutions here: nn.Linear on windows of a sample does what one does"),
    **dict.fromkeys(("DataLoader", "Dataset", "TensorDataset"),
                    "nn.fit takes (X, y); nn.Batches cuts it into batches"),
    **dict.fromkeys(("train_test_split", "random_split", "StratifiedShuffleSplit"), "it is nn.split"),
    **dict.fromkeys(("StandardScaler", "Standardizer", "Normalizer", "Normalization"), "it is nn.Standardiser"),
    "MinMaxScaler": "it is nn.MinMax",
    **dict.fromkeys(("OneHotEncoder", "LabelBinarizer", "one_hot"), "it is nn.OneHot"),
    **dict.fromkeys(("Pipeline", "make_pipeline"), "transforms are put in a row by nn.Chain"),
    **dict.fromkeys(("MLPClassifier", "MLPRegressor", "Model"), "make a nn.MLP, and train it by nn.fit"),
    "ModelCheckpoint": "nn.fit(..., checkpoint=path) keeps a run",
    "LearningRateScheduler": "nn.fit(..., schedule=) takes a function, as nn.cosine_rate, or an object, as nn.StepLR",
    "CyclicLR": "there are nn.OneCycleLR and nn.CosineAnnealingWarmRestarts",
    "load_model": "it is nn.load",
    "save_model": "it is nn.save",
    "read_table": "it is nn.read_csv",
    "make_classification": "there are nn.make_blobs, nn.make_moons and others",
    "make_regression": "there are nn.make_line, nn.make_sine and others",
    **dict.fromkeys(("load_mnist", "mnist", "MNIST"), "there is nn.load_digits"),
}  # fmt: skip
"""Names of others, and what to write here; each answer is the end of a sentence."""


def answer_for(name: str, known: Iterable[str] = ()) -> str:
    """What to tell who asks `nn` for a name that it has not.

    Args:
        name: The name.
        known: Those that it has.

    >>> print(answer_for("BatchNorm1d"))
    nn has no 'BatchNorm1d': it is nn.BatchNorm
    >>> print(answer_for("Leyer", ["Layer", "Linear"]))
    nn has no 'Leyer': did you mean nn.Layer?
    """
    if name in ANSWERS:
        return f"nn has no {name!r}: {ANSWERS[name]}"
    bare = {other.lower().replace("_", ""): other for other in [*ANSWERS, *known]}
    asked = name.lower().replace("_", "")
    near = get_close_matches(asked, bare, 1, 0.75) if not name.startswith("__") else []
    if not near:
        return f"module 'nn' has no attribute {name!r}"
    found = bare[near[0]]
    return f"nn has no {name!r}: " + ANSWERS.get(found, f"did you mean nn.{found}?")


class Elsewhere:
    """Answers `from nn import x` and `import nn.x` of what there is not. It is asked last, of what was found nowhere.

    Args:
        known: The names that there are.
    """

    def __init__(self, known: Sequence[str]) -> None:
        self.known = known

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing.

        Raises:
            ModuleNotFoundError: another library has it, or one of ours is spelt nearly so. Python asks for a module
                where `from nn import x` finds no x.
        """
        package, _, rest = name.partition(".")
        if package == "nn" and (answer := answer_for(rest, self.known)).startswith("nn "):
            raise ModuleNotFoundError(answer)
        return None


def answer_imports(known: Sequence[str]) -> None:
    """Have imports of others' names answered, and of those that are nearly ours."""
    if not any(type(finder).__name__ == Elsewhere.__name__ for finder in sys.meta_path):
        sys.meta_path.append(Elsewhere(known))
