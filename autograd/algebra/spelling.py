"""Expressions written down: as one expression of Python, and in LaTeX.

What is short is written out wherever it is used. What is long and used twice, or deep within, is given a name first, as
Python's `:=` does it: `(v1 := exp(x), v1 / (1 + v1))[-1]` is one expression, and never longer than its parts together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from typing import NamedTuple

from autograd.algebra.expressions import Expression, needed
from autograd.algebra.latex import ATOM, latex_label, latex_of
from autograd.calculus.names import beside
from autograd.calculus.notation import Piece, latex_number
from autograd.calculus.primitive import Primitive, Variadic
from autograd.graphs.pieces import Text, applied, call, exact, infix, number_text

__all__ = ["Definition", "Spelled", "spelled"]

SHORT = 8
"""So many characters are written again wherever they are used."""
WHOLE = 100
"""An expression of so many characters in all is written without definitions."""
LONG, DEEP = 60, 8
"""Of so many characters, or so many operations deep, a part of another one is given a name."""


class Definition(NamedTuple):
    """A name for a part of an expression, and what it stands for."""

    name: str
    text: str
    latex: str


class Spelled(NamedTuple):
    """An expression in Python and in LaTeX, and what it needs to have been defined, in this order."""

    text: str
    latex: str
    definitions: tuple[Definition, ...]

    def __str__(self) -> str:
        if not self.definitions:
            return self.text
        lines = [*(f"{name} := {text}" for name, text, _ in self.definitions), self.text]
        joint = ", " if sum(map(len, lines)) < WHOLE else ",\n "
        return f"({joint.join(lines)})[-1]"

    def in_latex(self) -> str:
        """The whole in LaTeX, definitions below."""
        if not self.definitions:
            return self.latex
        lines = [f"{latex_label(name)} &= {latex}" for name, _, latex in self.definitions]
        rows = " \\\\\n".join([rf"& {self.latex} \\ \text{{where}}\quad {lines[0]}", *lines[1:]])
        return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"


def spelled(
    root: Expression,
    names: Mapping[str, tuple[str, str]] | None = None,
    wishes: Mapping[int, str] | None = None,
    reserved: Sequence[str] = (),
    whole: bool = False,
) -> Spelled:
    """An expression written down.

    Args:
        root: The expression.
        names: How its names are written in text and in LaTeX, if not as they are and as labels.
        wishes: What parts of it may be called, by number.
        reserved: Names that no part may have.
        whole: Whether all is written out, however long it is.

    Cost: linear, unless it is all written out; no recursion.
    """
    parts = needed(root)
    used = Counter(x.number for part in parts for x in part.args)
    out = whole or is_short(parts)
    taken = {*reserved, *(str(part.head) for part in parts if not part.args)}
    numbers, wishes, names = count(1), wishes or {}, names or {}
    texts: dict[int, Text] = {}
    formulas: dict[int, Piece] = {}
    depths: dict[int, int] = {}
    definitions = []
    for part in parts:
        at = part.number
        texts[at] = written(part, [texts[x.number] for x in part.args], names)
        formulas[at] = latex_written(part, [formulas[x.number] for x in part.args], names)
        below = [depths[x.number] + (k > 0 or x.head is not part.head) for k, x in enumerate(part.args)]
        depths[at] = max(below, default=0)  # what goes on to the left needs no parentheses
        size = len(texts[at].text)
        again = used[at] > 1 and size > SHORT
        if part is not root and not out and part.args and (again or size > LONG or depths[at] > DEEP):
            wish = wishes.get(at, "")
            name = wish if wish and wish not in taken else beside(f"v{next(numbers)}", taken)
            taken.add(name)
            definitions.append(Definition(name, texts[at].text, formulas[at][0]))
            texts[at], formulas[at], depths[at] = Text(name), (latex_label(name), ATOM), 0
    return Spelled(texts[root.number].text, formulas[root.number][0], tuple(definitions))


def is_short(parts: list[Expression]) -> bool:
    """Whether an expression is short enough to be written out, each of its parts wherever it is used."""
    sizes: dict[int, int] = {}
    for part in parts:
        below = sum(sizes[x.number] + 3 for x in part.args)
        own = len(part.head.name) if isinstance(part.head, Primitive) and not part.head.symbol else 0
        sizes[part.number] = min(below + own if part.args else len(str(part.head)), 2 * WHOLE)
    return sizes[parts[-1].number] <= WHOLE


def written(part: Expression, texts: Sequence[Text], names: Mapping[str, tuple[str, str]]) -> Text:
    """An expression in Python, of arguments that are written."""
    head = part.head
    if isinstance(head, float):
        return number_text(exact(head)) if head - head == 0.0 else Text(f'float("{head}")')
    if isinstance(head, str):
        return infix(head, texts) if texts else Text(names.get(head, (head,))[0])
    if isinstance(head, Variadic):
        return call(head.name, [Text(f"[{', '.join(text.text for text in texts)}]")])
    return applied(head, head.name, texts)


def latex_written(part: Expression, pieces: Sequence[Piece], names: Mapping[str, tuple[str, str]]) -> Piece:
    """The same in LaTeX."""
    head = part.head
    if isinstance(head, float):
        return latex_number(head)
    if isinstance(head, str) and not pieces:
        return names[head][1] if head in names else latex_label(head), ATOM
    return latex_of(head, pieces)
