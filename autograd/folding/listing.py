"""What is to be seen of a graph as text: a program that somebody could have typed, one statement per node.

It runs where `Value` and the functions of `autograd` have their names, and gives the same numbers, unless something is
left out: what a group stands for, operands beyond the part that was asked for, the middle of a long text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from keyword import kwlist
from typing import NamedTuple

import numpy as np

from autograd.border.wording import shortened
from autograd.calculus._codes import FIRST_CODE
from autograd.calculus.names import as_name, beside, one_line
from autograd.calculus.table import TABLE
from autograd.engine.reading import all_operands, rule_of
from autograd.folding.view import Box, View
from autograd.graphs.formula import operands_of
from autograd.graphs.graph import Graph, reached
from autograd.graphs.pieces import applied, cut, exact, number_text
from autograd.values.value import Value

__all__ = ["listing", "number", "summary"]

TAKEN = frozenset({*kwlist, "__debug__", "Value", "float", *(row.name for row in TABLE)})
"""What nodes cannot be called, since the program means something else by it."""
SHORTEST = 16
"""A line has at least so many bytes, its end included."""
DOTS = "..."
FEW = 8
"""So many operands are counted at sight."""


def number(x: float, *, plain: bool = False) -> str:
    """`x` in a few characters: four decimals where they tell something, four significant digits elsewhere.

    Args:
        x: Any float.
        plain: Leave out zeros at the end.

    >>> number(2.0), number(1e-300), number(-123456789.0), number(float("nan")), number(12.0, plain=True)
    ('2.0000', '1e-300', '-1.235e+08', 'nan', '12')
    """
    if x == 0.0 or 1e-4 <= abs(x) < 1e6:
        text = f"{x:.4f}"
        return text.rstrip("0").rstrip(".") if plain else text
    return f"{x:.4g}"


def summary(what: Graph | View) -> str:
    """A graph in half a sentence. Constants are no values of their own.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> summary(graph_of(Value(2.0, label="w") * 3))
    '2 values, 1 operation, mul2 = 6.0000'
    """
    graph = what if isinstance(what, Graph) else what.graph
    given = {i: graph.label(i) for i in graph.roots[:3]} if isinstance(what, Graph) else what.names.given
    codes, starts = graph.columns.codes, graph.columns.starts
    n, operations = graph.count, int(np.count_nonzero((np.diff(starts) > 0) | (codes >= FIRST_CODE)))
    numbers = isinstance(what, Graph) or what.numbers
    ends = [
        (cut(given.get(i, "")) or graph.id(i)) + (f" = {number(graph.data(i))}" if numbers else "")
        for i in graph.roots[:3]
    ]
    ends += [DOTS] * (len(graph.roots) > 3)
    return ", ".join([counted(n, "value"), counted(operations, "operation"), *ends])


def counted(n: int, what: str) -> str:
    """So many of something."""
    return f"{n:,} {what}{'s' * (n != 1)}"


class Statement(NamedTuple):
    """A statement, in lines that end within brackets but for the last, and a comment on it."""

    lines: list[str]
    comment: str


def listing(view: View, limit: int = 4096, width: int = 120) -> str:
    """A view as the text of a program, with what each node holds as a comment.

    Args:
        view: What is to be seen. A group is a line of comment.
        limit: How many bytes the text has at most, in UTF-8; the middle is left out of a longer one.
        width: How many characters a line has at most, not less than 60.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> from autograd.graphs.names import names_of
    >>> from autograd.folding.view import unfolded
    >>> w, x = Value(2.0, label="w"), Value(5.0, label="x")
    >>> z = (w * x - 12).tanh()
    >>> z.backward()
    >>> graph = graph_of(z)
    >>> print(listing(unfolded(graph, names_of(graph))))
    w = Value(2.0)       # grad 0.353254
    x = Value(5.0)       # grad 0.141302
    mul2 = w * x         # data 10.0  grad 0.0706508
    sub4 = mul2 - 12     # data -2.0  grad 0.0706508
    tanh5 = tanh(sub4)   # data -0.964028  grad 1.0

    Cost: linear in what is printed, after one look at all edges.
    """
    n, most = len(view.boxes), limit // SHORTEST // 2
    kept = range(n) if n <= 2 * most else [*range(most), *range(n - most, n)]
    typist = Typist(view, [view.boxes[k] for k in kept], limit // 3, max(width, 60))
    statements = [typist.statement(view.boxes[k]) for k in kept]
    while True:
        more, middle = n - len(statements), (len(statements) + 1) // 2
        between = [Statement([f"# {DOTS} {more:,} more {DOTS}"], "")] if more else []
        text = "\n".join(aligned([*statements[:middle], *between, *statements[middle:]], max(width, 60)))
        excess = len(text.encode()) - limit
        if excess <= 0 or not statements:
            return text
        fewer = min(len(statements), 1 + excess // (2 * width))
        first = (len(statements) - fewer + 1) // 2
        del statements[first : first + fewer]


def aligned(statements: Sequence[Statement], width: int) -> list[str]:
    """The lines of statements with their comments below each other, or above a statement that leaves no room."""
    ends = [len(statement.lines[-1]) for statement in statements if statement.comment]
    column = max((end for end in ends if end <= width // 2), default=0)
    lines = []
    for statement in statements:
        *above, last = statement.lines
        line = f"{last:{column}}   # {statement.comment}" if statement.comment else last
        fits = len(line) <= width
        lines += [*above, line] if fits else [f"# {statement.comment}", *statement.lines]
    return lines


class Typist:
    """Types statements for boxes.

    Args:
        view: What is to be seen.
        boxes: Those that may be typed.
        most: How many characters a statement has at most; operands are left out of a longer one.
        width: How many characters a line has at most.
    """

    def __init__(self, view: View, boxes: Sequence[Box], most: int, width: int) -> None:
        self.graph, self.owners, self.most, self.width = view.graph, view.names.owners, most, width
        self.numbers = view.numbers
        shown = {box.node for box in view.boxes if box.group is None}
        typed = {box.node for box in boxes if box.group is None}
        wanted = typed | {x for i in typed for x in self.graph.operands(i) if x in shown}
        self.words = words_for(self.graph, view.names.given, wanted, min(32, (width - 10) // 3))
        self.reached = reached(self.graph)

    def statement(self, box: Box) -> Statement:
        """What makes a node, or what is in a group."""
        if box.group is not None:
            return Statement([shortened(one_line(f"# {self.content(box)}"), self.width)], "")
        i = box.node
        count = len(all_operands(self.graph.values[i]))
        code = self.code(i) if count <= self.most else ""
        if not code or len(code) > self.most:
            code = self.code(i, 4)
        note = f"{count:,} operands  " if count > FEW and DOTS in code else ""
        return Statement(broken(f"{self.words[i]} = {code}", self.width), (note + self.comment(i)).rstrip())

    def content(self, box: Box) -> str:
        """What is in a group: `model.layers.0: 4,864 values, 272 parameters, mean |grad| 0.01`."""
        group, nodes = box.group, np.asarray(box.nodes)
        title = "" if group is None else f"{group.title} x{group.times}" if group.times > 1 else group.title
        parameters = [int(i) for i in nodes if int(i) in self.owners] if self.owners else []
        grads = np.abs(self.graph.columns.grads[parameters or nodes])
        grad = f"{np.mean(grads):.3g}" if np.any(self.reached[nodes]) or np.any(grads != 0.0) else "–"
        owned = [counted(len(parameters), "parameter")] if parameters else []
        size = [f"mean |grad| {grad}"] if self.numbers else []
        return ", ".join([f"{title}: {counted(len(nodes), 'value')}", *owned, *size])

    def comment(self, i: int) -> str:
        """The numbers of a node that its statement does not say."""
        if not self.numbers:
            return ""
        kind, grad = self.graph.kind(i), self.graph.grad(i)
        data = f"data {digits(self.graph.data(i))}  " if kind == "operation" else ""
        if kind == "constant":
            return ""
        return f"{data}grad {digits(grad) if self.reached[i] or grad != 0.0 else '–'}"

    def code(self, i: int, most: int = 0) -> str:
        """The expression that makes a node, with so many operands of a list if `most` is given."""
        kind, row = self.graph.kind(i), self.graph.row(i)
        data = f"Value({'' if kind == 'operation' else typed(self.graph.data(i), whole=False)})"
        if kind != "operation":
            return f"{data}.detach()" if kind == "constant" else data
        texts = self.operands(i, most)
        if row is None:
            return self.own(i, texts, most)
        if row.name == "dot":
            return self.dot(i, texts, most)
        if row.partials:
            return applied(row, row.name, [number_text(text) for text in texts]).text
        return f"{row.name}([{listed(texts, most)}])"

    def operands(self, i: int, most: int = 0) -> list[str]:
        """The operands of a node: by name, as numbers, or dots for what is not shown. One at least is a Value.

        If `most` is given, of many only those that a list of so many needs.
        """
        held, numbers, found = all_operands(self.graph.values[i]), operands_of(self.graph, i), []
        ends = 2 * most + 4  # of pairs, and of one that may be apart
        if most > 0 and 2 * ends < len(held):
            held, numbers = (*held[:ends], *held[-ends:]), [*numbers[:ends], *numbers[-ends:]]
        for x in numbers:
            if isinstance(x, float):
                found.append(typed(x))
            elif x in self.words:
                found.append(self.words[x])
            else:
                is_number = x >= 0 and self.graph.kind(x) == "constant"
                found.append(typed(self.graph.data(x)) if is_number else DOTS)
        nodes = [k for k, x in enumerate(held) if isinstance(x, Value)]
        if nodes and not any(found[k] == DOTS or found[k].isidentifier() for k in nodes):
            found[nodes[0]] = f"Value({found[nodes[0]]})"
        return found

    def own(self, i: int, texts: list[str], most: int) -> str:
        """The node of a rule that is no row: its number, operands and name, and its partials if it has them."""
        value = self.graph.values[i]
        texts = [text if text.isidentifier() or text[0] in ".V" else f"Value({text})" for text in texts]
        # A comma in a string is not to be taken for one between arguments, after which lines are broken.
        name = repr(cut(self.graph.name_of_operation(i))).replace(", ", ",\\x20")
        slopes = [typed(x) for x in value.partials] if rule_of(value) is None else []
        given = f", local_grads={in_tuple(slopes, most)}" if slopes else ""
        return f"Value({typed(self.graph.data(i), whole=False)}, {in_tuple(texts, most)}, {name}{given})"

    def dot(self, i: int, texts: list[str], most: int) -> str:
        """A sum of products, `dot([w0, w1], [x0, x1], b)`."""
        held, start = all_operands(self.graph.values[i]), ""
        if type(held[1]) is float and held[1] == 1.0 and texts[0] not in ("0", "-0.0"):
            start, texts = f", {texts[0]}", texts[2:]
        return f"dot([{listed(texts[::2], most)}], [{listed(texts[1::2], most)}]{start})"


def words_for(graph: Graph, given: dict[int, str], nodes: Collection[int], most: int) -> dict[int, str]:
    """An identifier for each of some nodes, all different: their names as far as these can be one, else their ids."""
    taken = set(TAKEN)
    words: dict[int, str] = {}
    named = {i: word for i in sorted(nodes) if (word := identifier(given.get(i, ""), most))}
    for i in [*named, *sorted(set(nodes) - set(named))]:
        word = named.get(i, graph.id(i))
        words[i] = beside(f"{word}_{i}" if word in taken - TAKEN else word, taken)
        taken.add(words[i])
    return words


def identifier(name: str, most: int) -> str:
    """A name as an identifier, `w_3` for `w[3]`, without its middle if it is long; nothing if it comes to none."""
    word = as_name(name) or as_name(re.sub(r"\W+", "_", name).strip("_"))
    return word if len(word) <= most else as_name(f"{word[: most // 2 - 1]}_{word[-(most - most // 2) :]}")


def typed(x: float, whole: bool = True) -> str:
    """A number as it is typed, to the bit; without `.0` if `whole`."""
    if x - x != 0.0:
        return f'{"-" * (x < 0.0)}float("{abs(x)}")'
    return exact(x) if whole else repr(x)


def listed(texts: Sequence[str], most: int) -> str:
    """Texts with commas; the first and the last with dots between them if they are more than so many, and not 0.

    Where nothing is shown of more than a few, dots stand for all.
    """
    if len(texts) > FEW and all(text == DOTS for text in texts):
        texts = texts[:1]
    return ", ".join([*texts[: most - 1], DOTS, texts[-1]] if 0 < most < len(texts) else texts)


def in_tuple(texts: Sequence[str], most: int) -> str:
    """The same in a tuple."""
    return f"({listed(texts, most)}{',' * (len(texts) == 1)})"


def broken(code: str, width: int) -> list[str]:
    """A statement in lines that are not too long, broken after commas: all of them are in brackets."""
    lines = [""]
    for piece in re.split(r"(?<=,) ", code):
        if lines[-1] and len(lines[-1]) + 1 + len(piece) > width:
            lines.append(f"    {piece}")
        else:
            lines[-1] += f" {piece}" if lines[-1] else piece
    return lines


def digits(x: float) -> str:
    """A number in six significant digits."""
    return repr(float(f"{x:.6g}"))
