"""How messages speak of what they were given: in one line, whole words, and never so long that it hides the rest."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["Misspelt", "brief", "refuse_misspelt", "shortened", "slips"]


def brief(x: Any, most: int = 60) -> str:
    """What `repr` says of an object, in one short line; of one that cannot say it, the type.

    >>> brief(list(range(100)), 30), brief("a" * 100, 12)
    ('[0, 1, 2, 3, 4, 5, 6, 7, ...', "'aaaaaaaa...")
    """
    try:
        text = repr(x)
    except Exception:  # an int too long to be written out, or an object of a user's that fails at it
        return f"<{type(x).__name__}>"
    return shortened(text, most)


def shortened(text: str, most: int) -> str:
    """A text in one line of at most so many characters, ending in dots after a whole word if there was more.

    >>> shortened("Layer of [ReLUNeuron(2), ReLUNeuron(2)]", 30)
    'Layer of [ReLUNeuron(2), ...'
    """
    line = re.sub(r"\s*\n\s*", " ", text.strip())
    if len(line) <= most:
        return line
    words = line[: most - 3].rpartition(" ")[0] + " "
    return (words if 2 * len(words) > most else line[: most - 3]) + "..."


def slips(name: str) -> set[str]:
    """A name as fingers write it that slip: a letter left out, written twice, or in the place of its neighbour.

    >>> sorted(slips("ab"))
    ['a', 'aab', 'abb', 'b', 'ba']
    """
    left_out = {name[:i] + name[i + 1 :] for i in range(len(name))}
    twice = {name[:i] + name[i] + name[i:] for i in range(len(name))}
    swapped = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)}
    return (left_out | twice | swapped) - {name}


class Misspelt:
    """An attribute that no object of a class has: reading or setting it says what to write.

    Args:
        what: What such an object is.
        name: What the attribute is called.
        meant: What to write.
    """

    def __init__(self, what: str, name: str, meant: str) -> None:
        self.what, self.name, self.meant = what, name, meant

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        raise AttributeError(f"{self.what} has no {self.name}: {self.meant}")

    def __set__(self, instance: Any, x: Any) -> None:
        raise AttributeError(f"{self.what} has no {self.name}, setting it would do nothing: {self.meant}")


def refuse_misspelt(kind: type, what: str, meant: Mapping[str, Iterable[str]]) -> None:
    """Have objects of a class refuse names: `meant` has what to write, and the names in whose place."""
    for said, names in meant.items():
        for name in names:
            setattr(kind, name, Misspelt(what, name, said))
