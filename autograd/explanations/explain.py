"""The chain rule for one Value of one graph, told: paths, partials, their products, and their sum, the gradient."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from autograd.algebra.formula import place_of
from autograd.border.wording import brief
from autograd.explanations.account import Account
from autograd.explanations.routes import Contribution, Path, Routes
from autograd.explanations.steps import steps
from autograd.explanations.telling import told
from autograd.graphs.graph import graph_of
from autograd.graphs.names import Labels, names_of, scope_of
from autograd.values.value import Value

__all__ = ["Explanation", "explain"]

LISTED = 8
"""So many paths are listed, if there are no more."""
LARGEST = 3
"""Of more, so many."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a gradient is what it is; `str()` of it is the text, and a notebook shows it in Markdown.

    Attributes:
        root, x: What is differentiated, and by what.
        gradient: ∂root/∂x: the contributions, added to 0.0 one after the other, to the bit.
        contributions: What each use of x adds, in the order of the sweep.
        count: How many paths lead from the root to x, however many those are.
        paths: All of them, if they are not more than eight; else the three largest.
        before, after: The `grad` of x now, and after `backward()` of the root: of a leaf their sum, else the gradient.
        text, markdown: All of it in words.
        latex: The sum in LaTeX's mathematics.
    """

    root: Value
    x: Value
    gradient: float
    contributions: tuple[Contribution, ...]
    count: int
    paths: tuple[Path, ...]
    before: float
    after: float
    text: str
    markdown: str
    latex: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Explanation({brief(self.text.partition(chr(10))[0], 100)})"

    def _repr_markdown_(self) -> str:
        return self.markdown


def explain(root: Value, x: Value, *, labels: Labels = "auto") -> Explanation:
    """Why ∂root/∂x is what it is: the chain rule for this graph, with its numbers, as text, Markdown and LaTeX.

    Each path from the root down to x is a product of partials, with the formula of each from the table; the gradient is
    the sum of all. Of more than eight paths the three largest are told, and each use of x with the number of paths that
    come to it. What is added up are the contributions of the uses, in the order of the sweep and in all their digits:
    begun at 0.0, the sum is what `backward()` adds to `x.grad`, to the last bit.

    No `grad` is changed, and none need be there. A `_backward` closure is run once, to see what it adds.

    Args:
        root: What is differentiated, a loss.
        x: By what: a leaf, or anything that the root was computed from.
        labels: Where names are from, as in `draw`: "auto" takes labels, places of parameters in modules, and variables
            of the caller; "given" labels alone; None nothing; or a dict of Values and names.

    Raises:
        TypeError: one of them is not a Value.
        ValueError: the root was not computed from x, or one of them is a constant, or nothing below can learn.
        RecordingError: a function is being recorded here.

    Cost: linear in nodes and edges, in Python, but for the digits of the number of paths; no recursion.

    >>> w, x, y = Value(2.0, label="w"), Value(5.0, label="x"), Value(12.0, label="y")
    >>> e = w * x - y
    >>> e.label = "e"
    >>> print(explain(e**2, w))
    ∂loss/∂w = -20.0, by the chain rule: 1 use of w, 1 path
    <BLANKLINE>
    values
      w = 2
      x = 5
      v1 = w * x = 10
      e = v1 - y = -2
      loss = e ** 2 = 4
    <BLANKLINE>
    partials, with their formulas
      ∂loss/∂e = 2 * e = -4
      ∂e/∂v1 = 1
      ∂v1/∂w = x = 5
    <BLANKLINE>
    paths: partials from loss on, and their product
      loss ← e ← v1 ← w: (-4) · 1 · 5 = -20.0
    <BLANKLINE>
    sum of the contributions, in the order of the sweep
      -20.0
    """
    if not isinstance(root, Value):
        raise TypeError(f"explain: expected a Value, got {type(root).__name__} {brief(root)}")
    graph = graph_of(root, "explain")
    place = place_of(graph, x, "explain")
    routes = Routes(steps(root), root, x)
    paths = routes.largest(LISTED if routes.count <= LISTED else LARGEST)
    gradient = 1.0 if x is root else 0.0
    for contribution in routes.contributions:
        gradient += contribution.number
    names = names_of(graph, labels, scope_of(sys._getframe(1), labels))
    account = Account(graph, names, graph.place(root), place)
    words = told(account, root, x, routes.contributions, paths, routes.count, gradient)
    before = x.grad
    after = gradient if x.operands else before + gradient
    shares = tuple(routes.contributions)
    return Explanation(root, x, gradient, shares, routes.count, tuple(paths), before, after, *words)
