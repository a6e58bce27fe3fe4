"""Names: a GPT that learns how they are written, letter by letter, and makes up some."""

from math import exp
from random import Random
from typing import Any

from autograd.border.console import say
from nn.command.data import NAMES, Data
from nn.data.names import Vocabulary, load_names

__all__ = ["as_sequences", "load_letters", "made_up", "say_made_up", "surprise"]

SAMPLES = 2000
"""So many names are learnt from where no number is given: the most frequent ones."""


def load_letters(samples: int | None) -> Data:
    """The names; they are samples and labels at once.

    Raises:
        ValueError: there are not so many.

    >>> load_letters(3).xs
    ['emma', 'liam', 'olivia']
    """
    names = load_names(samples or SAMPLES)
    return Data(NAMES, names, names, [], "")


def as_sequences(names: list[str], vocabulary: Vocabulary, block: int) -> tuple[list[list[int]], list[list[int]]]:
    """Names as numbers: what the model is called on, and what is to follow each of them.

    >>> as_sequences(["ab"], Vocabulary("ab"), 16)
    ([[2, 0, 1]], [[0, 1, 2]])
    """
    numbers = [vocabulary.encode(name)[: block + 1] for name in names]
    return [row[:-1] for row in numbers], [row[1:] for row in numbers]


def made_up(model: Any, vocabulary: Vocabulary, count: int, temperature: float, rng: Any) -> list[str]:
    """Names that the model makes up.

    Args:
        model: A GPT of such characters.
        vocabulary: Its characters.
        count: How many.
        temperature: 1 as they were learnt, less the likelier ones.
        rng: A seed.

    >>> from nn.models.gpt import GPT
    >>> len(made_up(GPT(3, 4, 2, rng=1), Vocabulary("ab"), 2, 1.0, 1))
    2
    """
    source = Random(rng)
    mark = vocabulary.bos
    return [
        vocabulary.decode(model.generate(mark, model.block - 1, temperature, source, stop=mark)) for _ in range(count)
    ]


def say_made_up(names: list[str], known: list[str]) -> None:
    """Print names, with which of them are new."""
    old = set(known)
    new = sum(name not in old for name in names)
    say(f"names made up ({new} of {len(names)} are none of those learnt from):\n  {', '.join(names)}")


def surprise(loss: float) -> str:
    """A loss in words: among how many letters the model is undecided.

    >>> surprise(0.0)
    '1.0'
    """
    return f"{exp(min(loss, 700.0)):.1f}"
