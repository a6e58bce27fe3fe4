"""Names of Values as Python's: `w[0]` is `w_0`, and no two are the same."""

from __future__ import annotations

import builtins
import re
import unicodedata
from keyword import kwlist

from autograd.calculus.names import as_name, beside
from autograd.calculus.table import TABLE

__all__ = ["Identifiers", "as_identifier"]

LONGEST = 40
RESERVED = {*kwlist, *dir(builtins), "inf", "nan", *(name for row in TABLE for name in (row.name, *row.alias))}
"""What a Value is not called by: functions of the table, and what Python has a meaning for."""


class Identifiers:
    """Gives out names that are different from one another.

    >>> names = Identifiers()
    >>> [names.give(label) for label in ("w[0]", "w[0]", "sin", "", "3 x")]
    ['w_0', 'w_0_2', 'sin_', 'x1', 'x_3_x']
    """

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.tried: dict[str, int] = {}

    def give(self, label: str) -> str:
        """A name for what has this label, or none."""
        stem = as_identifier(label)
        if stem:
            stem = beside(stem, RESERVED)
            name = stem if stem not in self.taken else self.counted(f"{stem}_", 2)
        else:
            name = self.counted("x", 1)
        self.taken.add(name)
        return name

    def counted(self, stem: str, first: int) -> str:
        """A stem with the next number that makes a name of it."""
        number = self.tried.get(stem, first)
        while f"{stem}{number}" in self.taken:
            number += 1
        self.tried[stem] = number + 1
        return f"{stem}{number}"


def as_identifier(label: str) -> str:
    """A label as a name: what is no letter and no digit becomes `_`; nothing, if nothing is left.

    >>> as_identifier("model.layers.0.b"), as_identifier("two words"), as_identifier("?!")
    ('model_layers_0_b', 'two_words', '')
    """
    spelled = unicodedata.normalize("NFKC", label[: 4 * LONGEST])
    words = re.sub(r"\W+", "_", spelled).strip("_")[:LONGEST].strip("_")
    return as_name(words) or as_name(f"x_{words}" if words else "")
