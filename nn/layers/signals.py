"""Signals: what layers are called with, one sample or many, in lists."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from itertools import groupby
from typing import Any

from autograd.border.wording import brief
from nn.modules.hooks import quietly

__all__ = ["as_signal", "each_of", "is_batch", "shortened"]


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
