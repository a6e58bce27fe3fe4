"""Names and numbers in LaTeX's mathematics, whatever characters a label has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograd.algebra.expressions import AND
from autograd.calculus import table
from autograd.calculus.names import one_line
from autograd.calculus.notation import Piece, latex_applied, latex_name, latex_number
from autograd.calculus.primitive import Primitive
from autograd.graphs.pieces import cut

__all__ = ["latex_digits", "latex_label", "latex_of", "latex_text", "shown_in_latex"]

SIGNS = {AND: r"\wedge", "==": "=", "!=": r"\neq", "<=": r"\leq", ">=": r"\geq", "<": "<", ">": ">"}
ESCAPED = {
    "\\": r"\backslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_",
    "^": r"{\wedge}", "~": r"{\sim}", " ": r"\ ", "<": "{<}", ">": "{>}", "`": "{\u2018}",
    "\N{REPLACEMENT CHARACTER}": "?", "\N{HORIZONTAL ELLIPSIS}": r"{\ldots}",
}  # fmt: skip
"""What means something in LaTeX, or in the Markdown around it."""
ATOM, COMPARED, JOINED = 8, 2, 1
LONGEST = 3000
"""A formula of more characters is no use in a cell of a notebook."""


def latex_label(label: str) -> str:
    r"""A label as mathematics: an index below, letters upright if there are several, what LaTeX would read escaped.

    >>> latex_label("w[3]"), latex_label("x1"), latex_label("loss"), latex_label("50%")
    ('w_{3}', 'x_{1}', '\\mathrm{loss}', '\\mathrm{50\\%}')
    """
    found = re.fullmatch(r"([A-Za-z]+)(?:\[(\d+)\]|[_.]?(\d+))", label)
    if found and len(label) <= 24:
        return rf"{latex_name(found[1])}_{{{found[2] or found[3]}}}"
    return latex_name(label) if label.isalpha() and label.isascii() and len(label) <= 24 else latex_text(label)


def latex_text(text: str) -> str:
    """Text within mathematics, letter by letter."""
    return rf"\mathrm{{{''.join(ESCAPED.get(c, c) for c in one_line(cut(text)))}}}"


def latex_of(head: Primitive | str, args: Sequence[Piece]) -> Piece:
    r"""A row, a comparison or "&" of operands.

    >>> latex_of("<", [("a", 8), ("b", 8)])[0], latex_of(table.where, [("c", 8), ("a", 8), ("b", 8)])[0]
    ('a < b', '\\begin{cases} a & c \\\\ b & \\text{else} \\end{cases}')
    """
    if isinstance(head, Primitive):
        if head is table.where:
            condition, yes, no = (text for text, _ in args)
            return rf"\begin{{cases}} {yes} & {condition} \\ {no} & \text{{else}} \end{{cases}}", JOINED
        return latex_applied(head, args)
    own = JOINED if head == AND else COMPARED
    left, right = (text if binding > own else rf"\left({text}\right)" for text, binding in args)
    return f"{left} {SIGNS[head]} {right}", own


def latex_digits(x: float, digits: int = 6) -> str:
    """A number in so many digits."""
    return latex_number(float(f"{x:.{digits}g}"))[0]


def shown_in_latex(text: str) -> str | None:
    """What a notebook shows of a formula; None, so that it shows the text, if it is too long."""
    return rf"$\displaystyle {text}$" if len(text) <= LONGEST else None
