"""How messages speak of what they were given: in one line, whole words, and never so long that it hides the rest."""

import re
from typing import Any

__all__ = ["brief", "shortened"]


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
