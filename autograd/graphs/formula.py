"""What an operation computes, in the names that its reader has: `e - 1`, `w·x + b`.

An operand without a name is written as its own formula, if that is short and used nowhere else; else it gets a short
name, `v3`, that its box must show. What many operands went into is written by what their names have in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograd.calculus import table
from autograd.calculus.arithmetic import COMPARISONS
from autograd.calculus.names import beside
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.symbols import Symbol, operand_names
from autograd.engine.reading import all_operands, data_of
from autograd.graphs.columns import BARE
from autograd.graphs.graph import Graph
from autograd.graphs.names import Names
from autograd.graphs.pieces import (
    LEFT_OUT,
    LOOSE,
    NEGATION,
    SUM,
    Text,
    applied,
    call,
    constant,
    cut,
    displayed,
    exact,
    infix,
    last_word,
    number_text,
    stem,
    sum_of_products,
    total,
)

__all__ = ["Formulas", "formulas", "operands_of", "partial_formulas"]

LONGEST = 28
"""With operands written out as formulas, one has no more characters."""
DEEPEST = 2
"""How many operations deep one is written out."""
FEW = 8
"""Of so many operands the partials are written out."""
COMPARED = {comparison.symbol: comparison.function for comparison in COMPARISONS}


class Formulas(NamedTuple):
    """What operations compute, and what is called by a short name there.

    Attributes:
        texts: The formula of each operation, by node.
        short: Nodes that nobody named, and the names that formulas call them by.
    """

    texts: dict[int, str]
    short: dict[int, str]


TOO_DEEP = Text("?" * (LONGEST + 1), written_out=True)
"""In place of an operand that is not written out, within one that then is too long to be."""


@dataclass(frozen=True)
class Writer:
    """Writes operations of a graph in names. A node in need of a short name is a mark until all are written."""

    graph: Graph
    given: dict[int, str]
    owners: Collection[int]
    shown: Collection[int]

    def operation(self, i: int, depth: int = 0) -> Text:
        """What made a node."""
        row, operands = self.graph.row(i), operands_of(self.graph, i)
        if isinstance(row, Variadic):
            return self.dot(operands, depth) if row.pairs else self.many(row.name, operands, depth, row.added)
        name = cut(self.graph.name_of_operation(i))
        if row is None and len(operands) > 3:
            return self.many(name, operands, depth)
        return self.fitted(operands, depth, lambda texts: applied(row, name, texts))

    def fitted(self, operands: Sequence[int | float], depth: int, put: Callable[[list[Text]], Text]) -> Text:
        """What operands are put into; too long, the longest of those that are written out is named instead."""
        texts = [self.operand(x, depth) for x in operands]
        while True:
            whole = put(texts)
            out = [k for k, text in enumerate(texts) if text.written_out]
            if depth or not out or length(whole.text) <= LONGEST:
                return whole
            k = max(out, key=lambda k: length(texts[k].text))
            texts[k] = self.reference(int(operands[k]))

    def operand(self, x: int | float, depth: int) -> Text:
        """An operand by its name, as a number, as the formula of what made it, or by a short name."""
        if isinstance(x, float):
            return number_text(constant(x))
        if x == BARE:
            return Text(LEFT_OUT)
        kind, named = self.graph.kind(x), x in self.given
        if kind == "constant" and not (named and x in self.shown):
            return number_text(constant(self.graph.data(x)))
        if named:
            return Text(displayed(self.given[x]))
        if kind == "operation" and self.graph.used(x) == 1:
            return self.operation(x, depth + 1)._replace(written_out=True) if depth < DEEPEST else TOO_DEEP
        return self.reference(x)

    def reference(self, x: int) -> Text:
        """A node that has no name, by a short one; dots if it has no box to show it."""
        return Text(f"\0{x}\0" if x in self.shown else LEFT_OUT)

    def many(self, name: str, operands: list[int | float], depth: int, added: bool = False) -> Text:
        """A function of any number of operands: all of them if they are few, else how many, the first and the last."""
        if len(operands) <= FEW:
            whole = self.fitted(operands, depth, lambda texts: total(texts) if added else call(name, texts))
            if length(whole.text) <= LONGEST:
                return whole
        ends = [self.name(x) for x in (operands[0], operands[-1])]
        text = f"{name} of {len(operands):,}"
        return Text(f"{text}: {ends[0]}, {LEFT_OUT}, {ends[1]}" if all(ends) else text, LOOSE)

    def name(self, x: int | float) -> str:
        """What an operand is called, or its number; nothing if it is neither."""
        if isinstance(x, float):
            return constant(x)
        return displayed(self.given[x]) if x in self.given else ""

    def dot(self, operands: list[int | float], depth: int) -> Text:
        """A sum of products. What it starts with is multiplied by the bare number 1: `w * x + b`, `w·x + b`."""
        pairs = list(zip(operands[::2], operands[1::2], strict=True))
        begins = is_one(pairs[0][1]) and not self.is_one_of([x for x, _ in pairs], [y for _, y in pairs[1:]])
        products, lone = (pairs[1:], [pairs[0][0]]) if begins else (pairs, [])
        if any(not isinstance(x, float) for x, _ in products):  # else these are inputs
            lone = lone + [y for x, y in products if is_one(x)]
            products = [pair for pair in products if not is_one(pair[0])]
        if len(products) < 2 or not self.is_neuron([x for x, _ in products]):
            factors = [pair for pair in pairs if not any(is_one(x) for x in pair)]
            terms = [x if is_one(y) else y for x, y in pairs if is_one(x) or is_one(y)]
            if len(factors) <= 2 and len(terms) <= 2:
                flat = [x for pair in factors for x in pair] + terms
                whole = self.fitted(flat, depth, lambda texts: sum_of_products(texts, len(factors)))
                if length(whole.text) <= LONGEST and "\0" not in whole.text:
                    return whole
            if not factors:
                return self.many("sum", terms, depth, added=True)
        return self.product_of_vectors(products, lone)

    def product_of_vectors(self, products: list[tuple[int | float, int | float]], lone: list[int | float]) -> Text:
        """`w·x + b`, by what the names on each side have in common; `a·b` if they have nothing."""
        lefts, rights = [x for x, _ in products], [y for _, y in products]
        left, right, trained = self.common_name(lefts), self.common_name(rights), self.are_parameters(lefts)
        if BARE not in lefts and all(type(x) is type(y) and x == y for x, y in products):
            right = left = left or ("w" if trained else "a")
        else:
            if len(lone) == 1 and trained:
                left = left or "w"
            right = right or (beside("x", frozenset({left})) if left else "")
            if not left or left == right:
                left, right = "a", "b"
        if not lone:
            return Text(f"{left}·{right}", NEGATION)
        if len(lone) > 1:
            return Text(f"{left}·{right} + {LEFT_OUT}", SUM)
        return Text(f"{left}·{right} + {self.bias(lone[0], trained)}", SUM)

    def is_neuron(self, weights: list[int | float]) -> bool:
        """Whether all are parameters of modules, called by their places there; not if their author named each."""
        return all(x in self.owners and not self.given.get(int(x), "").isidentifier() for x in weights)

    def is_one_of(self, xs: list[int | float], others: list[int | float]) -> bool:
        """Whether the first is an element of the same vector as the rest, judged by names that others do not share."""
        stems = {stem(self.given.get(x, "")) if not isinstance(x, float) else "" for x in xs}
        shared = {stem(self.given.get(x, "")) for x in others if not isinstance(x, float)}
        return len(xs) > 1 and len(stems) == 1 and "" not in stems and stems != shared

    def bias(self, x: int | float, trained: bool) -> str:
        """What is added to a product of vectors, of parameters or not, by the last word of its name."""
        if not isinstance(x, float) and x in self.given:
            return displayed(last_word(self.given[x]))
        if trained and self.are_parameters([x]):
            return "b"
        is_number = isinstance(x, float) or (x >= 0 and self.graph.kind(x) == "constant")
        return (self.operand(x, 0) if is_number else self.reference(int(x))).text

    def common_name(self, xs: Collection[int | float]) -> str:
        """The name of the vector that all these are elements of, judged by their names: `w` for `w[0]` and `w[1]`."""
        found = ""
        for x in xs:
            name = "" if isinstance(x, float) else stem(self.given.get(x, ""))
            if not name or name != (found or name):
                return ""
            found = name
        return displayed(last_word(found))

    def are_parameters(self, xs: Collection[int | float]) -> bool:
        """Whether all are leaves, which a sweep leaves gradients in."""
        return all(isinstance(x, int) and x >= 0 and self.graph.kind(x) == "leaf" for x in xs)


def formulas(graph: Graph, names: Names, shown: Collection[int]) -> Formulas:
    """What operations compute, written as one would type it.

    Args:
        graph: The graph.
        names: What its nodes are called.
        shown: The nodes that have a box of their own, which shows their name; these get formulas.

    Cost: linear in the operands of what is shown, after one look at all edges.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> from autograd.graphs.names import names_of
    >>> e, x = Value(3.0, label="e"), Value(2.0)
    >>> graph = graph_of(((e - 1) ** 2 / x).exp())
    >>> formulas(graph, names_of(graph), range(len(graph)))
    Formulas(texts={2: 'e - 1', 4: '(e - 1) ** 2', 6: '(e - 1) ** 2 / v1', 7: 'exp(v2)'}, short={5: 'v1', 6: 'v2'})
    """
    shown = frozenset(shown)
    writer = Writer(graph, names.given, names.owners, shown)
    marked = {i: writer.operation(i).text for i in sorted(shown) if graph.kind(i) == "operation"}
    wanted = dict.fromkeys(int(node) for text in marked.values() for node in re.findall("\0(\\d+)\0", text))
    taken = frozenset(names.given.values())
    numbers = (name for k in range(1, len(wanted) + len(taken) + 1) if (name := f"v{k}") not in taken)
    short = dict(zip(wanted, numbers, strict=False))
    return Formulas({i: filled(text, short) for i, text in marked.items()}, short)


def partial_formulas(graph: Graph, names: Names, i: int, taken: Set[str] | None = None) -> list[str]:
    """The formula of ∂node/∂operand for each of the first eight operands of a node, from the table.

    Nothing for a number or a constant, and for a rule of somebody's own that is no arithmetic.

    Args:
        graph: The graph.
        names: What its nodes are called; add what `formulas` calls by short names.
        i: The node.
        taken: All of these names, for who asks of many nodes.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> from autograd.graphs.names import names_of
    >>> graph = graph_of(Value(3.0, label="x") ** 2 / Value(5.0, label="y"))
    >>> names = names_of(graph)
    >>> partial_formulas(graph, names, 2), partial_formulas(graph, names, 4)
    (['2 * x', ''], ['1 / y', '-(x ** 2 / y) / y'])
    """
    row, operands = graph.row(i), operands_of(graph, i)[:FEW]
    if row is None:
        return [""] * len(operands)
    writer = Writer(graph, names.given, names.owners, ())
    taken = frozenset(names.given.values()) if taken is None else taken
    letters = operand_names(row) if row.partials else [f"x{k + 1}" for k in range(FEW)]
    known: dict[str, Text] = {}
    symbols = []
    for k, x in enumerate(operands):
        if isinstance(x, float) or (x >= 0 and graph.kind(x) == "constant"):
            symbols.append(Symbol(x if isinstance(x, float) else graph.data(x)))
        else:
            text = writer.operand(x, 0)
            known[f"{k}"] = Text(beside(letters[k], taken)) if LEFT_OUT in text.text else text
            symbols.append(Symbol(f"{k}"))
    result = Text(displayed(names.given[i])) if i in names.given else writer.operation(i)
    known["z"] = Text(beside("z", taken)) if LEFT_OUT in result.text else result
    try:
        found = [row.derive(k, symbols, Symbol("z")) for k in range(len(symbols))]
    except Exception:
        if row.code is not None:
            raise
        return [""] * len(operands)  # a user's own, that is for Values alone
    texts = [written(simplified(as_symbol(partial)), known).text for partial in found]
    return [text if isinstance(symbol.head, str) else "" for text, symbol in zip(texts, symbols, strict=True)]


def operands_of(graph: Graph, i: int) -> list[int | float]:
    """The operands of a node, by number; a bare number as it is, which is a float; `BARE` for what was left out."""
    held = all_operands(graph.values[i])
    return [x if x >= 0 else unnumbered(held[k]) for k, x in enumerate(graph.operands(i) or [BARE] * len(held))]


def unnumbered(x: Any) -> int | float:
    """An operand that is no node of the graph: its number if that is all there is to it."""
    if isinstance(x, float):
        return x
    return data_of(x) if x.is_constant else BARE


def as_symbol(x: Any) -> Symbol:
    """A number as an expression."""
    return x if isinstance(x, Symbol) else Symbol(float(x))


def simplified(symbol: Symbol) -> Symbol:
    """An expression without what its constants decide: `x ** (2 - 1)` is `x`."""
    head, args = symbol.head, [simplified(x) for x in symbol.args]
    if not args:
        return symbol
    numbers = [x.head if isinstance(x.head, float) else None for x in args]
    known = [x for x in numbers if x is not None]
    if len(known) == len(args) and isinstance(head, Primitive) and head in (table.add, table.sub, table.neg, table.mul):
        return Symbol(head.evaluate(known))
    if len(known) == len(args) and head in COMPARED:
        return Symbol(float(COMPARED[head](*known)))
    if head == "&" and known:
        return Symbol(0.0) if known[0] == 0.0 else args[numbers[0] is not None]
    if head is table.where and numbers[0] is not None:
        return args[1 if numbers[0] != 0.0 else 2]
    if head is table.mul and 1.0 in known:
        return args[numbers[0] == 1.0]
    if head in (table.div, table.pow) and numbers[1] == 1.0:
        return args[0]
    if head is table.pow and numbers[1] == 0.0:
        return Symbol(1.0)
    return Symbol(head, *args)


def written(symbol: Symbol, known: dict[str, Text]) -> Text:
    """An expression with what is known for its variables; every digit of its numbers."""
    head, args = symbol.head, [written(x, known) for x in symbol.args]
    if isinstance(head, float):
        return number_text(exact(head))
    if isinstance(head, str):
        return infix(head, args) if args else known[head]
    if isinstance(head, Variadic) and head.added:
        return sum_of_products(args, len(args) // 2) if head.pairs else total(args)
    return applied(head, head.name, args)


def is_one(x: int | float) -> bool:
    """Whether an operand is the bare number 1."""
    return isinstance(x, float) and x == 1.0


def length(text: str) -> int:
    """How long a text is, with two characters for a short name."""
    return len(re.sub("\0\\d+\0", "v1", text))


def filled(text: str, short: dict[int, str]) -> str:
    """A text with its short names."""
    return re.sub("\0(\\d+)\0", lambda found: short[int(found[1])], text)
