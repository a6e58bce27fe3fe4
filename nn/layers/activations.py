"""The activations, a row each: all that is known of one stands here.

Each is a function of a number, a Value or an array; the two softmaxes are functions of a whole layer. None branches, so
each can be recorded. At a kink the slope is PyTorch's.
"""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from math import pi, sqrt
from typing import Any, NamedTuple

from autograd import abs, erfc, exp, expm1, less, less_equal, logsumexp, relu, sigmoid, sign, softplus, tanh, where
from autograd.border.wording import brief

__all__ = [
    "ACTIVATIONS", "Activation", "activated", "as_activation", "elu", "function_of", "gelu", "gelu_tanh",
    "hardsigmoid", "hardswish", "hardtanh", "is_whole_layers", "leaky_relu", "log_softmax", "mish", "relu6", "row_of",
    "selu", "silu", "softmax", "softsign",
]  # fmt: skip


class Activation(NamedTuple):
    """What a neuron may do to its weighted sum. A row of one's own is given as it is, or put into `ACTIVATIONS`.

    Attributes:
        name: What users write.
        function: Of one Value, or of a list of them where `whole`; None is nothing.
        gain: By how much weights are enlarged to make up for what it takes from a signal's variance.
        spelling: In the repr of a neuron.
        described: What it is, and where it comes from.
        spellings: Other names. Capitals, hyphens, underscores and blanks make no difference anyway.
        whole: It is of a layer's outputs together.

    >>> ACTIVATIONS["tanh"].spelling, ACTIVATIONS["softmax"].whole
    ('Tanh', True)
    """

    name: str
    function: Callable[[Any], Any] | None
    gain: float
    spelling: str
    described: str = ""
    spellings: tuple[str, ...] = ()
    whole: bool = False


# --- functions that autograd has not ---------------------------------------------------------------------------------


def leaky_relu(x: Any, slope: float = 0.01) -> Any:
    """x above 0, else slope * x.

    >>> leaky_relu(3.0), leaky_relu(-3.0)
    (3.0, -0.03)
    """
    return where(less(0.0, x), x, slope * x)


def elu(x: Any, alpha: float = 1.0) -> Any:
    """x above 0, else alpha * (exp(x) - 1).

    >>> elu(3.0), round(elu(-1.0), 6)
    (3.0, -0.632121)
    """
    below = expm1(x)
    return where(less(0.0, x), x, below if alpha == 1.0 else alpha * below)


ALPHA, SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
"""Of selu: with these, mean 0 and variance 1 are a fixed point."""


def selu(x: Any) -> Any:
    """1.0507 * x above 0, else 1.7581 * (exp(x) - 1).

    >>> round(selu(1.0), 6), round(selu(-1.0), 6)
    (1.050701, -1.111331)
    """
    return where(less(0.0, x), SCALE * x, (SCALE * ALPHA) * expm1(x))


def gelu(x: Any) -> Any:
    """x * Φ(x), Φ the normal distribution's; by erfc, accurate where it is tiny.

    >>> round(gelu(1.0), 6), round(gelu(-1.0), 6)
    (0.841345, -0.158655)
    """
    return (0.5 * x) * erfc(-sqrt(0.5) * x)


def gelu_tanh(x: Any) -> Any:
    """x * (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2: gelu as GPT-2 has it, within 5e-4.

    >>> round(gelu_tanh(1.0), 6), round(gelu_tanh(-1.0), 6)
    (0.841192, -0.158808)
    """
    scale = 2.0 * sqrt(2.0 / pi)  # (1 + tanh(u)) / 2 is sigmoid(2u)
    return x * sigmoid(x * (scale + (0.044715 * scale) * (x * x)))


def silu(x: Any) -> Any:
    """x * sigmoid(x).

    >>> round(silu(1.0), 6)
    0.731059
    """
    return x * sigmoid(x)


def mish(x: Any) -> Any:
    """x * tanh(softplus(x)).

    >>> round(mish(1.0), 6)
    0.865098
    """
    return x * tanh(softplus(x))


def hardtanh(x: Any) -> Any:
    """x between -1 and 1, else the nearer of them.

    >>> hardtanh(0.25), hardtanh(-3.0)
    (0.25, -1.0)
    """
    return where(less(abs(x), 1.0), x, sign(x))


def relu6(x: Any) -> Any:
    """x between 0 and 6, else the nearer of them.

    >>> relu6(3.0), relu6(-3.0), relu6(7.0)
    (3.0, 0.0, 6.0)
    """
    return where(less_equal(6.0, x), 6.0, relu(x))


def hardsigmoid(x: Any) -> Any:
    """relu6(x + 3) / 6: a sigmoid of three straight lines.

    >>> hardsigmoid(0.0), hardsigmoid(-3.0), hardsigmoid(9.0)
    (0.5, 0.0, 1.0)
    """
    return relu6(x + 3.0) / 6.0


def hardswish(x: Any) -> Any:
    """x * relu6(x + 3) / 6.

    >>> hardswish(3.0), hardswish(-1.5)
    (3.0, -0.375)
    """
    return x * hardsigmoid(x)


def softsign(x: Any) -> Any:
    """x / (1 + |x|).

    >>> softsign(3.0)
    0.75
    """
    return x / (1.0 + abs(x))


def softmax(xs: Iterable[Any]) -> list[Any]:
    """exp(xs[i]) / Σ exp(xs[j]) of each, without overflow: probabilities of one per class.

    Cost: a node, and two for each.

    >>> [round(x, 9) for x in softmax([1000.0, 1000.0])]
    [0.5, 0.5]
    """
    found = list(xs)
    total = logsumexp(found)
    return [exp(x - total) for x in found]


def log_softmax(xs: Iterable[Any]) -> list[Any]:
    """xs[i] - log Σ exp(xs[j]) of each: the logarithms of softmax, finite where that is 0.

    Cost: a node, and one for each.

    >>> [round(x, 6) for x in log_softmax([0.0, 1000.0])]
    [-1000.0, 0.0]
    """
    found = list(xs)
    total = logsumexp(found)
    return [x - total for x in found]


# --- the table -------------------------------------------------------------------------------------------------------

# Gains of relu, leaky_relu, tanh, selu, sigmoid and linear are those of `torch.nn.init.calculate_gain`, the others
# 1/√E[f(z)²] for a normal z, which is how relu's comes about (He et al. 2015); softmaxes end a network and have none.
ROWS = (
    Activation("relu", relu, sqrt(2.0), "ReLU", "max(0, x); Nair, Hinton 2010", ("rectifier", "ramp")),
    Activation("tanh", tanh, 5.0 / 3.0, "Tanh", "the hyperbolic tangent; LeCun et al. 1998", ("tanhyperbolic",)),
    Activation("sigmoid", sigmoid, 1.0, "Sigmoid", "1 / (1 + exp(-x)); Verhulst 1838", ("logistic", "expit")),
    Activation("linear", None, 1.0, "Linear", "x: no activation", ("identity", "none")),
    Activation("leaky_relu", leaky_relu, sqrt(2.0 / 1.0001), "LeakyReLU",
               "x above 0, else x/100; Maas, Hannun, Ng 2013"),
    Activation("elu", elu, 1.2451983007007066, "ELU", "x above 0, else exp(x) - 1; Clevert et al. 2016"),
    Activation("selu", selu, 0.75, "SELU", "elu, scaled to normalise itself; Klambauer et al. 2017"),
    Activation("gelu", gelu, 1.5335304411955352, "GELU", "x Φ(x); Hendrycks, Gimpel 2016", ("gelu_erf", "gelu_exact")),
    Activation("gelu_tanh", gelu_tanh, 1.5335805216661469, "GELUTanh",
               "gelu approximated by tanh; Hendrycks, Gimpel 2016", ("gelu_new", "gelu_pytorch_tanh", "gelu_approx")),
    Activation("silu", silu, 1.6765324703310912, "SiLU",
               "x sigmoid(x); Elfwing et al. 2018, Ramachandran et al. 2017", ("swish",)),
    Activation("mish", mish, 1.4868475812732081, "Mish", "x tanh(softplus(x)); Misra 2019"),
    Activation("hardtanh", hardtanh, 1.3920361404483098, "Hardtanh", "x cut off at -1 and 1; Collobert 2004"),
    Activation("hardsigmoid", hardsigmoid, 1.897840424729559, "Hardsigmoid",
               "relu6(x + 3) / 6; Howard et al. 2019"),
    Activation("hardswish", hardswish, 1.7366572127665416, "Hardswish", "x relu6(x + 3) / 6; Howard et al. 2019",
               ("hard_silu",)),
    Activation("relu6", relu6, 1.4142135650950737, "ReLU6", "x cut off at 0 and 6; Krizhevsky 2010"),
    Activation("softplus", softplus, 1.0418668355353017, "Softplus", "log(1 + exp(x)); Dugas et al. 2001"),
    Activation("softsign", softsign, 2.3375333631085397, "Softsign", "x / (1 + |x|); Turian et al. 2009"),
    Activation("softmax", softmax, 1.0, "Softmax", "exp(x) over the layer's sum of them; Bridle 1990", (), True),
    Activation("log_softmax", log_softmax, 1.0, "LogSoftmax", "the logarithm of softmax; Bridle 1990", (), True),
)  # fmt: skip

ACTIVATIONS = {row.name: row for row in ROWS}
"""The rows by name. One more is known wherever an activation is named."""


def as_activation(activation: Any, nonlin: bool | None = None) -> Any:
    """What stands for an activation: its name in the table, or a row or function that is not in it.

    Args:
        activation: A name in any usual spelling; a row; a function of one Value; None for none. A bool is micrograd's
            `nonlin`.
        nonlin: micrograd's choice: False is linear, whatever the activation.

    Raises:
        ValueError: there is no such activation; the message says which name is near.

    >>> as_activation("Leaky-ReLU"), as_activation("swish"), as_activation(None), as_activation(tanh)
    ('leaky_relu', 'silu', 'linear', 'tanh')
    >>> as_activation("relu", nonlin=False), as_activation(False)
    ('linear', 'linear')
    >>> as_activation("rellu")
    Traceback (most recent call last):
    ValueError: activation: no 'rellu'; did you mean 'relu'? Choose one of relu, tanh, ... a function of one Value
    """
    if isinstance(activation, bool):
        activation = "relu" if activation else "linear"
    found: Any = None
    if activation is None:
        found = "linear"
    elif isinstance(activation, str):
        found = activation if activation in ACTIVATIONS else named(activation)
    elif isinstance(activation, Activation):
        found = activation.name if ACTIVATIONS.get(activation.name) == activation else activation
    elif callable(activation):
        found = next((name for name, row in ACTIVATIONS.items() if row.function is activation), activation)
    if found is None:
        raise ValueError(f"activation: no {brief(activation)}; {hint(activation)}")
    return "linear" if nonlin is False else found


def row_of(activation: Any) -> Activation:
    """The row of an activation, whatever stands for it; of a function of one's own, one with a gain of 1.

    Raises:
        ValueError: there is no such activation.

    >>> row_of("relu").spelling, row_of(lambda x: x * x).spelling, row_of(silu).name
    ('ReLU', 'Function', 'silu')
    """
    found = as_activation(activation)
    if isinstance(found, Activation):
        return found
    if isinstance(found, str):
        return ACTIVATIONS[found]
    name = getattr(found, "__name__", type(found).__name__)
    spelling = name if name.isidentifier() else "Function"
    return Activation(name, found, 1.0, spelling[0].upper() + spelling[1:])


def function_of(activation: Any) -> Callable[[Any], Any] | None:
    """The function of one Value that an activation is, found fast; None for none.

    >>> function_of("relu") is relu, function_of(None) is None
    (True, True)
    """
    if type(activation) is str:
        row = ACTIVATIONS.get(activation) or row_of(activation)
    elif callable(activation):
        return activation  # type: ignore[no-any-return]  # one's own
    else:
        row = row_of(activation)
    whole: Any = row.function
    return (lambda x: whole([x])[0]) if row.whole else row.function


def is_whole_layers(activation: Any) -> bool:
    """Whether an activation is of a layer's outputs together.

    >>> is_whole_layers("softmax"), is_whole_layers("relu")
    (True, False)
    """
    row = ACTIVATIONS.get(activation) if type(activation) is str else activation
    return isinstance(row, Activation) and row.whole


def activated(activation: Any, x: Any) -> Any:
    """What an activation makes of a signal: of a number or Value, of each in a list, of each list in a list.

    >>> activated("relu", [[-1.0, 2.0], [3.0, -4.0]]), activated("softmax", [1.0]), activated("relu", -1.0)
    ([[0.0, 2.0], [3.0, 0.0]], [1.0], 0.0)
    """
    row = row_of(activation)
    return x if row.function is None else applied(row.function, row.whole, x)


def applied(function: Callable[[Any], Any], whole: bool, x: Any) -> Any:
    """What a function makes of a signal."""
    if not hasattr(x, "__len__") or getattr(x, "shape", None) == ():
        return function([x])[0] if whole else function(x)
    found = x.tolist() if hasattr(x, "tolist") else list(x)
    if found and hasattr(found[0], "__len__"):
        return [applied(function, whole, part) for part in found]
    return function(found) if whole else [function(part) for part in found]


def key_of(name: str) -> str:
    """A name without what spellings differ in."""
    return "".join([c for c in name.casefold() if c.isalnum()])


def keys() -> dict[str, str]:
    """The name of each row under each of its spellings."""
    found = {}
    for name, row in reversed(ACTIVATIONS.items()):  # the first row of a spelling has it
        for other in (*row.spellings, row.spelling, row.name, name):
            found[key_of(other)] = name
    return found


def named(name: str) -> str | None:
    """The name of an activation in the table, from any spelling; None if there is none."""
    return keys().get(key_of(name))


def hint(activation: Any) -> str:
    """What to write in place of an activation that there is not."""
    near = []
    if isinstance(activation, str):
        known = keys()
        near = [known[key] for key in get_close_matches(key_of(activation), known, n=1)]
    start = f"did you mean {near[0]!r}? C" if near else "c"
    return f"{start}hoose one of {', '.join(ACTIVATIONS)}, or give a function of one Value"
