"""What an explanation calls nodes, and the formulas of their partials in these names."""

from __future__ import annotations

from typing import NamedTuple

from autograd.algebra.expressions import Expression, Expressions
from autograd.algebra.latex import latex_label
from autograd.algebra.simplification import simplified
from autograd.algebra.spelling import spelled
from autograd.engine.reading import all_operands
from autograd.graphs.columns import BARE
from autograd.graphs.formula import formulas, operands_of
from autograd.graphs.graph import Graph
from autograd.graphs.names import Names
from autograd.graphs.pieces import displayed
from autograd.values.value import Value

__all__ = ["Account", "Partial"]


class Partial(NamedTuple):
    """∂node/∂operand as a formula; nothing where there is none."""

    text: str
    latex: str


class Account:
    """Names for the nodes of a graph that are spoken of, each of its own, and what is said of these nodes.

    A node that nobody named gets a short name, `v3`, when it is first spoken of.

    Attributes:
        spoken: The nodes that have been spoken of, by number, with their names.
    """

    def __init__(self, graph: Graph, names: Names, root: int, x: int) -> None:
        self.graph, self.names = graph, names
        self.find = graph.finder()
        self.spoken: dict[int, str] = {}
        self.taken: set[str] = set()
        self.given = set(names.given.values())
        self.fresh = 0
        for node, wish in ((root, "loss"), (x, "x")):
            self.speak_of(node, wish)

    def speak_of(self, i: int, wish: str = "") -> str:
        """The name of a node, by number."""
        if i not in self.spoken:
            name = self.names.given.get(i, "") or wish or self.short()
            stem, k = name, 1
            while displayed(name) in self.taken or (k > 1 and name in self.given):
                k += 1
                name = f"{stem}_{k}"
            self.spoken[i] = name
            self.taken.add(displayed(name))
        return self.spoken[i]

    def short(self) -> str:
        """A short name that nothing has."""
        while True:
            self.fresh += 1
            if (name := f"v{self.fresh}") not in self.given:
                return name

    def name(self, value: Value) -> str:
        """The name of a node as text shows it."""
        return displayed(self.speak_of(self.find(value)))

    def latex(self, value: Value) -> str:
        """The name of a node in LaTeX."""
        return latex_label(self.speak_of(self.find(value)))

    def formulas(self) -> list[tuple[str, str, float]]:
        """Of each node that was spoken of its name, its formula if it was computed, and its number."""
        shown = sorted(self.spoken)
        given = {**self.names.given, **self.spoken}
        found = formulas(self.graph, Names(given, self.names.parts, self.names.owners), shown).texts
        return [(displayed(self.spoken[i]), found.get(i, ""), self.graph.data(i)) for i in shown]

    def partial(self, value: Value, place: int) -> Partial:
        """The formula of ∂node/∂operand, from the table; what is in it is spoken of from now on.

        Args:
            value: The node.
            place: Where the operand is among its `operands`, which bare numbers are not.
        """
        i = self.find(value)
        row = self.graph.row(i)
        if row is None:
            return Partial("", "")
        within, operands = Expressions(), operands_of(self.graph, i)
        place = [k for k, x in enumerate(all_operands(value)) if not isinstance(x, float)][place]
        marks = [self.mark(within, x) for x in operands]
        try:
            found = row.derive(place, marks, within.named(f"{i}"))
        except Exception:
            if row.code is not None:
                raise
            return Partial("", "")  # a user's own, that is for Values alone
        numbers = {f"{k}": self.graph.data(k) for k in {i, *(x for x in operands if isinstance(x, int) and x != BARE)}}
        expression = simplified(within.of(found), numbers)
        spoken = {name: self.speak_of(int(name)) for name in names_in(expression)}
        shown = {name: (displayed(said), latex_label(said)) for name, said in spoken.items()}
        written = spelled(expression, shown, whole=True)
        return Partial(written.text, written.latex)

    def mark(self, within: Expressions, x: int | float) -> Expression:
        """An operand in an expression: a node's number is its name, until it is spoken of."""
        if isinstance(x, float):
            return within.number(x)
        if self.graph.kind(x) == "constant" and x not in self.names.given:
            return within.number(self.graph.data(x))
        return within.named(f"{x}")


def names_in(expression: Expression) -> list[str]:
    """The names in an expression, in the order in which they are read."""
    found: dict[str, None] = {}
    stack = [expression]
    while stack:
        part = stack.pop()
        if isinstance(part.head, str) and not part.args:
            found[part.head] = None
        stack += reversed(part.args)
    return list(found)
