"""A module as a tree that a notebook folds and unfolds: sizes, how large the numbers are, and their paths.

Plain HTML, without scripts and styles of its own, so that it is shown where a notebook is not trusted too.
"""

from collections import deque
from html import escape
from typing import Any

import numpy as np

from autograd import values_to_vector
from autograd.border.wording import brief
from nn.checks import as_label
from nn.parts.outline import Part, outline

__all__ = ["foldable"]

MOST_LINES, MOST_ALIKE, MOST_DEPTH = 400, 50, 24
"""How much is written at most: lines in all, siblings that are alike, levels."""

MOST_PATH = 120


class Line:
    """A line of the tree: one part, or several that are alike and follow each other.

    Args:
        parts: Those it stands for.
        title: What they are.

    Attributes:
        lines: Those that are unfolded below it.
        left_out: Of how many parts there is no line below it.
    """

    def __init__(self, parts: list[Part], title: str) -> None:
        self.parts, self.title = parts, title
        self.lines: list[Line] = []
        self.left_out = 0

    def below(self) -> list["Line"]:
        """What there is to be unfolded: the members of a run, else what a module holds."""
        if len(self.parts) > 1:
            self.left_out = len(self.parts[MOST_ALIKE:])
            return [Line([part], self.title) for part in self.parts[:MOST_ALIKE]]
        found: list[Line] = []
        for part in self.parts[0].nearest() if self.parts[0].kind == "module" else ():
            title = title_of(part)
            if found and title == found[-1].title and continues(found[-1].parts[-1], part):
                found[-1].parts.append(part)
            else:
                found.append(Line([part], title))
        return found


def foldable(module: Any) -> str:
    """The HTML of a module.

    Siblings of one kind and size are one line; at most 400 lines are written, those of upper levels first.

    Cost: a walk over the module, and not much more.

    >>> from nn import MLP
    >>> text = foldable(MLP(2, [3, 1], rng=1))
    >>> "<b>ReLUNeuron(2)</b> ×3" in text, text.count("<details")
    (True, 8)
    """
    whole, parameters = outline(module)
    data, grads = (np.abs(values_to_vector(parameters, of)) for of in ("data", "grad"))
    swept = bool(grads.any())
    return written(unfolded(Line([whole], title_of(whole))), data, grads if swept else None)


def unfolded(root: Line) -> Line:
    """A line with those below it, as many as there may be: level by level, so that none is used up by another."""
    waiting = deque([(root, 1)])
    lines = 1
    while waiting:
        line, depth = waiting.popleft()
        below = line.below()
        line.lines = below[: MOST_LINES - lines if depth < MOST_DEPTH else 0]
        line.left_out += sum(len(x.parts) for x in below[len(line.lines) :])
        lines += len(line.lines)
        waiting += [(x, depth + 1) for x in line.lines]
    return root


def written(line: Line, data: Any, grads: Any, opened: str = " open") -> str:
    """A line and those below it as HTML; `grads` is None where no sweep has been."""
    text = summary(line, data, grads)
    if not line.lines and not line.left_out:
        return f"<div>{text}</div>"
    below = [written(x, data, grads, "") for x in line.lines]
    if line.left_out:
        below.append(f"<div>… and {line.left_out:,} more</div>")
    return (
        f'<details{opened}><summary>{text}</summary><div style="padding-left:1.5em">{"".join(below)}</div></details>\n'
    )


def summary(line: Line, data: Any, grads: Any) -> str:
    """What a line says: title, number of parameters, their means, its path."""
    first, last = line.parts[0], line.parts[-1]
    mine = slice(first.begin, last.end)
    n = last.end - first.begin
    times = f" ×{len(line.parts):,}" if len(line.parts) > 1 else ""
    texts = [f"<b>{escape(line.title)}</b>{times}", f"{n:,} parameter{'s' * (n != 1)}" if n else "no parameters"]
    if n:
        texts.append(f"mean |w| {mean(data[mine])}")
        texts.append(f"mean |grad| {'–' if grads is None else mean(grads[mine])}")
    if first.path:
        ends = [first.path] if first is last else [first.path, last.path]
        texts.append(" to ".join(f"<code>{escape(as_label(path, MOST_PATH))}</code>" for path in ends))
    return " · ".join(texts)


def mean(sizes: Any) -> str:
    """The mean of some numbers; of those that are not finite, how many there are."""
    strange = len(sizes) - int(np.isfinite(sizes).sum())
    if strange:
        return f"<b>not finite: {strange:,} of {len(sizes):,}</b>"
    with np.errstate(over="ignore"):
        return f"{sizes.mean():.3g}"


def title_of(part: Part) -> str:
    """What a part is called: a module by its repr if it holds no others, else by its class; an attribute by its name.

    A layer's repr spells out every neuron.
    """
    if part.kind != "module":
        return as_label(part.name)
    cls: Any = type(part.thing)
    speaks = cls.__repr__ is not object.__repr__ and not part.holds_modules()
    return as_label(brief(part.thing) if speaks else cls.__name__, 60)


def continues(one: Part, other: Part) -> bool:
    """Whether two modules of one title are of one class and size, and nothing is between them."""
    if one.kind != "module" or other.kind != "module" or one.end != other.begin:
        return False
    return type(one.thing) is type(other.thing) and one.end - one.begin == other.end - other.begin
