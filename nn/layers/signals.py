"""Signals: what layers are called with, one sample or many, in lists."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from difflib import get_close_matches
from functools import wraps
from inspect import signature
from itertools import groupby
from typing import Any, ParamSpec, TypeVar

from autograd.border.wording import brief
from nn.modules.hooks import quietly

__all__ = ["as_signal", "each_of", "in_our_words", "is_batch", "shortened"]

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

OTHER_WORDS = {
    **dict.fromkeys(("in_features", "input_size", "input_dim", "in_channels"), "the number of inputs comes first"),
    **dict.fromkeys(("out_features", "units", "hidden_size"), "how many numbers come out stands second"),
    **dict.fromkeys(("normalized_shape", "num_features", "embed_dim"), "the size, a whole number, comes first"),
    "num_embeddings": "how many rows there are comes first", "embedding_dim": "the size of a row stands second",
    "num_heads": "it is called heads here", "elementwise_affine": "it is called affine here",
    "nonlinearity": "it is called activation here", "use_bias": "it is called bias here",
    "dropout": "a Dropout is a layer of its own", "inplace": "nothing is changed in place here",
    **dict.fromkeys(("device", "dtype"), "all numbers are doubles, in memory"),
    "batch_first": "a sequence is a list of samples, a batch a list of sequences",
    **dict.fromkeys(("kernel_initializer", "bias_initializer"), "nn.init has functions that set a module's weights"),
}  # fmt: skip
"""Arguments of PyTorch's and Keras' layers that are called otherwise here, or are not there."""


def as_signal(x: Any, n: int, what: str) -> list[Any]:
    """What a layer is called with as a list: of numbers and Values, or of samples; a lone number is a sample of one.

    Args:
        x: A list, tuple, array, DataFrame, iterator, number or Value.
        n: How many numbers a sample has, for the message.
        what: Who asks.

    Raises:
        TypeError: it is None or text.

    >>> as_signal((1.0, 2.0), 2, "MLP"), as_signal(3.0, 1, "MLP")
    ([1.0, 2.0], [3.0])
    """
    if type(x) is list:
        return x
    if x is None or isinstance(x, (str, bytes)):
        raise TypeError(f"{what} expects a list of {n} input{'s' * (n != 1)}, got {type(x).__name__} {brief(x)}")
    if hasattr(x, "tolist"):
        x = x.tolist()  # NumPy's numbers become Python's once, not once per neuron
    elif hasattr(x, "to_numpy"):  # a DataFrame; what is iterated of one are its columns
        x = x.to_numpy().tolist()
    return list(x) if hasattr(x, "__iter__") else [x]


def in_our_words(create: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Decorate the `__init__` of a layer: arguments that PyTorch and Keras have are answered with what to write.

    >>> class Twice:
    ...     @in_our_words
    ...     def __init__(self, size):
    ...         self.size = size
    >>> Twice(units=3)
    Traceback (most recent call last):
    TypeError: Twice has no argument 'units': how many numbers come out stands second, as in Twice(size)
    """
    known = [name for name in signature(create).parameters if name != "self"]

    @wraps(create)
    def created(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        for name in kwargs:
            if name not in known:
                what = type(args[0]).__name__
                call = f"{what}({', '.join(known)})"
                near = get_close_matches(name, known, 1, 0.7)
                told = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
                if name == "activation":
                    told = 'nn.Layer has one, as in Layer(2, 4, "relu"); in nn.Sequential it is a step of its own'
                elif name in OTHER_WORDS:
                    told = f"{OTHER_WORDS[name]}, as in {call}"
                raise TypeError(f"{what} has no argument {name!r}: {told}")
        return create(*args, **kwargs)

    return created


def is_nested(x: list[Any]) -> bool:
    """Whether the first of a list is a list itself, or an array or tuple.

    >>> is_nested([[1.0]]), is_nested([1.0]), is_nested([])
    (True, False, False)
    """
    if not x or not hasattr(x[0], "__len__"):
        return False
    return not isinstance(x[0], (str, bytes)) and getattr(x[0], "shape", None) != ()


def is_batch(found: list[Any], given: Any) -> bool:
    """Whether a signal is a list of samples: what `as_signal` found in what was given.

    >>> is_batch([[1.0, 2.0], [3.0, 4.0]], None), is_batch([1.0, 2.0], None)
    (True, False)
    """
    return is_nested(found) or (not found and len(getattr(given, "shape", ())) == 2)


def each_of(module: Callable[[Any], Any], samples: list[Any]) -> list[Any]:
    """What a module gives for each of some samples.

    Raises:
        TypeError, ValueError: those of the module, with the number of the sample.

    >>> each_of(abs, [-1.0, 2.0])
    [1.0, 2.0]
    """
    found = []
    with quietly(module) if getattr(module, "watched", False) else nullcontext():
        for i, x in enumerate(samples):
            try:
                found.append(module(x))
            except (TypeError, ValueError) as error:
                if type(error) not in (TypeError, ValueError):
                    raise
                raise type(error)(f"sample {i}: {error}") from None
    return found


SPELT, MOST = 600, 1000
"""How many characters a repr has before what is alike in it is counted, and before its middle is left out.

micrograd's own example, of two layers of 16 neurons, is spelt out as it is there.
"""

ALIKE = re.compile(r"(?P<one>\w+\([^()]*\))(?:, (?P=one))+")
"""The same neuron several times, in a repr."""


def shortened(texts: list[str]) -> str:
    """A list of reprs, spelt out if it is short; else runs of what is alike are counted, and the middle left out.

    >>> shortened(["a", "b"]), shortened(["Neuron(64)"] * 200)
    ('[a, b]', '[200 × Neuron(64)]')
    """
    runs = [(text, len(list(run))) for text, run in groupby(texts)]
    whole = f"[{', '.join(texts)}]"
    if len(whole) <= SPELT and all(n <= 16 for _, n in runs):
        return whole
    for least in (9, 2):
        counted = [counting(text, n, least) for text, n in runs]
        whole = f"[{', '.join(counted)}]"
        if len(whole) <= MOST and len(counted) <= 12:
            return whole
    for kept in (9, 6, 3):
        end = kept // 3
        if len(counted) > kept:
            left_out = sum(n for _, n in runs[kept - end : -end])
            whole = f"[{', '.join([*counted[: kept - end], f'… {left_out} more …', *counted[-end:]])}]"
        if len(whole) <= MOST:
            return whole
    return f"{whole[: 2 * MOST // 3]} … {whole[-MOST // 4 :]}"


def counting(text: str, n: int, least: int) -> str:
    """A repr as often as it is there, with runs of so many and more counted, in it too.

    >>> counting("a", 2, 3), counting("a", 3, 3), counting("[b(1), b(1), b(1)]", 1, 3)
    ('a, a', '3 × a', '[3 × b(1)]')
    """

    def counted(found: re.Match[str]) -> str:
        times = (len(found[0]) + 2) // (len(found["one"]) + 2)
        return f"{times} × {found['one']}" if times >= least else found[0]

    inside = ALIKE.sub(counted, text)
    return f"{n} × {inside}" if n >= least else ", ".join([inside] * n)
