"""First names to learn from, letter by letter: a small corpus, and the numbers of its characters."""

import operator
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograd.border.wording import brief
from nn.checks import as_size, is_whole

__all__ = ["Vocabulary", "load_names"]


def load_names(n: int | None = None) -> list[str]:
    """The 29,910 first names of children born in the United States in 2017, in lower case, the most frequent first.

    The letters are those from a to z, two to fifteen of them. The file lies beside this one, with its source.

    Args:
        n: How many, from the most frequent on; None takes all.

    Raises:
        ValueError: there are not so many.

    Source: Social Security Administration, "Beyond the Top 1000 Names" (public domain).

    >>> load_names(5)
    ['emma', 'liam', 'olivia', 'noah', 'ava']
    >>> len(load_names())
    29910
    """
    names = Path(__file__).with_name("names.txt").read_text(encoding="ascii").split()
    if n is None:
        return names
    if as_size(n, "load_names: n") > len(names):
        raise ValueError(f"load_names: {n} names were asked for; there are {len(names)}")
    return names[:n]


class Vocabulary:
    """The characters of some texts, each with a number, and one number more: where a text begins and ends.

    Characters have the numbers from 0 on, in the order of their code points; the mark comes last. Its texts are those a
    model of characters learns from, as in microgpt.

    Args:
        texts: What is to be written with it: texts, or one text of all its characters.

    Attributes:
        characters: Its characters, in order.
        bos: The number of the mark.

    Raises:
        TypeError: what is given is no text.
        ValueError: there is not one character.

    >>> vocabulary = Vocabulary(["emma", "ava"])
    >>> vocabulary.characters, len(vocabulary)
    ('aemv', 5)
    >>> vocabulary.encode("emma")
    [4, 1, 2, 2, 0, 4]
    >>> vocabulary.decode([4, 1, 2, 2, 0, 4])
    'emma'
    """

    def __init__(self, texts: Iterable[str]) -> None:
        found: set[str] = set()
        for place, text in enumerate([texts] if isinstance(texts, str) else texts):
            if not isinstance(text, str):
                raise TypeError(f"Vocabulary: expected texts, got {type(text).__name__} {brief(text)} at place {place}")
            found.update(text)
        if not found:
            raise ValueError("Vocabulary: no characters: give at least one text that is not empty")
        self.characters = "".join(sorted(found))
        self.bos = len(self.characters)
        self._numbers = {character: number for number, character in enumerate(self.characters)}

    def encode(self, text: str, marks: bool = True) -> list[int]:
        """The numbers of a text's characters, between two marks.

        Args:
            text: A text.
            marks: Whether marks are put around it.

        Raises:
            TypeError: it is no text.
            ValueError: it has a character that the vocabulary has not.

        >>> Vocabulary("abc").encode("cab", marks=False)
        [2, 0, 1]
        """
        if not isinstance(text, str):
            raise TypeError(f"encode: expected a text, got {type(text).__name__} {brief(text)}")
        try:
            numbers = [self._numbers[character] for character in text]
        except KeyError as error:
            unknown = error.args[0]
            raise ValueError(
                f"encode: {unknown!r} at place {text.index(unknown)} of {brief(text)} is none of the "
                f"{len(self.characters)} characters {brief(self.characters)}"
            ) from None
        return [self.bos, *numbers, self.bos] if marks else numbers

    def decode(self, numbers: Iterable[int]) -> str:
        """The text of such numbers, without its marks.

        Raises:
            TypeError: one of them is no whole number.
            ValueError: one of them is no character's, nor the mark.

        >>> Vocabulary("abc").decode([3, 2, 0, 1])
        'cab'
        """
        found = []
        for number in numbers:
            if not is_whole(number):
                raise TypeError(f"decode: expected whole numbers, got {type(number).__name__} {brief(number)}")
            if not 0 <= number <= self.bos:
                raise ValueError(f"decode: {number} is no character's number; they are 0 to {self.bos}")
            if number != self.bos:
                found.append(self.characters[operator.index(number)])
        return "".join(found)

    def to_dict(self) -> dict[str, Any]:
        """The vocabulary as plain data, to be kept with a model.

        >>> Vocabulary("ab").to_dict()
        {'kind': 'Vocabulary', 'characters': 'ab'}
        """
        return {"kind": "Vocabulary", "characters": self.characters}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Vocabulary":
        """The vocabulary that such data is of.

        Raises:
            ValueError: the data is of none.

        >>> Vocabulary.from_dict({"kind": "Vocabulary", "characters": "ab"})
        Vocabulary('ab')
        """
        characters = data.get("characters") if isinstance(data, dict) and data.get("kind") == "Vocabulary" else None
        if not isinstance(characters, str) or not characters:
            raise ValueError(f"Vocabulary: {brief(data)} is no vocabulary: expected what to_dict gives")
        return cls(characters)

    def __len__(self) -> int:
        return self.bos + 1

    def __contains__(self, character: object) -> bool:
        return character in self._numbers

    def __eq__(self, other: object) -> bool:
        return self.characters == other.characters if isinstance(other, Vocabulary) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.characters)

    def __repr__(self) -> str:
        return f"Vocabulary({brief(self.characters)})"
