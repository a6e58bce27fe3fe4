"""A graph as text: one line per node, as a program that somebody could have typed."""

from __future__ import annotations

from collections import Counter

from autograd.calculus.names import beside, is_word, one_line
from autograd.graphs.graph import Edge, Graph, Node

__all__ = ["listing", "number", "summary"]


def number(x: float, *, plain: bool = False) -> str:
    """`x` in a few characters: four decimals where they tell something, four significant digits elsewhere.

    Args:
        x: Any float.
        plain: Leave out zeros at the end, as one writes a constant.

    >>> number(2.0), number(1e-300), number(-123456789.0), number(float("nan")), number(12.0, plain=True)
    ('2.0000', '1e-300', '-1.235e+08', 'nan', '12')
    """
    if x == 0.0 or 1e-4 <= abs(x) < 1e6:
        text = f"{x:.4f}"
        return text.rstrip("0").rstrip(".") if plain else text
    return f"{x:.4g}"


def summary(graph: Graph) -> str:
    """The graph in half a sentence.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> summary(graph_of(Value(2.0, label="w") * 3))
    '3 values, 1 operation, mul2 = 6.0000'
    """
    n, ops = len(graph.nodes), sum(node.kind == "op" for node in graph.nodes)
    ending = frozenset(graph.roots)
    ends = [f"{one_line(node.label) or node.id} = {number(node.data)}" for node in graph.nodes if node.id in ending]
    ends = ends[:3] + ["..."] * (len(ends) > 3)
    return ", ".join([f"{n:,} value{'s' * (n != 1)}", f"{ops:,} operation{'s' * (ops != 1)}", *ends])


def listing(graph: Graph, limit: int = 40) -> str:
    """One line per node: its name, how it was made, its data and grad; the middle is left out of a long one.

    Args:
        graph: What `graph_of` returned.
        limit: How many lines to print at most, of nodes; at least 2.

    >>> from autograd import Value
    >>> from autograd.graphs.graph import graph_of
    >>> w, x = Value(2.0, label="w"), Value(5.0, label="x")
    >>> z = (w * x).relu()
    >>> z.backward()
    >>> print(listing(graph_of(z)))
    w                    data 2.0000   grad 5.0000
    x                    data 5.0000   grad 2.0000
    mul2  = w * x        data 10.0000  grad 1.0000
    relu3 = relu(mul2)   data 10.0000  grad 1.0000
    """
    head = len(graph.nodes) if len(graph.nodes) <= limit else limit // 2
    tail = 0 if len(graph.nodes) <= limit else limit - head
    shown = [*graph.nodes[:head], *graph.nodes[len(graph.nodes) - tail :]]
    wanted = {node.id for node in shown}
    operands: dict[str, list[Edge]] = {node.id: [] for node in shown}
    for edge in graph.edges:
        if edge.head in wanted:
            operands[edge.head].append(edge)
            wanted.add(edge.tail)
    repeats = Counter(node.label for node in graph.nodes)
    labels = frozenset(node.label for node in graph.nodes if node.label)
    names = {node.id: name(node, repeats, labels) for node in graph.nodes if node.id in wanted}

    rows = []
    for node in shown:
        if node.kind != "constant" or node.label:
            made = formula(node, [names[edge.tail] for edge in operands[node.id]])
            grad = "" if node.kind == "constant" else f"grad {number(node.grad)}"
            rows.append((names[node.id], made, f"data {number(node.data)}", grad))
        else:
            rows.append(("", "", "", ""))  # it appears where it is used
    left = max((len(row[0]) for row in rows), default=0)
    middle = max((len(row[1]) for row in rows), default=0)
    right = max((len(row[2]) for row in rows), default=0)
    lines = [
        f"{a:{left}}{' = ' if b else '   '}{b:{middle}}   {c:{right}}  {d}".rstrip() if a else "" for a, b, c, d in rows
    ]
    if tail:
        lines.insert(head, f"... {len(graph.nodes) - limit:,} more ...")
    return "\n".join(line for line in lines if line)


def name(node: Node, repeats: Counter[str], labels: frozenset[str]) -> str:
    """The label if it is a word and nobody else's; a constant's number; else the id, which no label is."""
    if repeats[node.label] == 1 and is_word(node.label):
        return node.label
    return number(node.data, plain=True) if node.kind == "constant" else beside(node.id, labels)


def formula(node: Node, operands: list[str]) -> str:
    """`a * b`, `-a`, `tanh(a)`; nothing for a leaf."""
    if node.kind != "op":
        return ""
    if node.cut:
        operands = ["..."]
    if node.op.isidentifier():
        return f"{node.op}({', '.join(operands)})"
    op = one_line(node.op)
    if len(operands) == 2:
        return f"{operands[0]} {op} {operands[1]}"
    return f"{op}({', '.join(operands)})"
