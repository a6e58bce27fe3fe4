"""Stand-in."""
from autograd.graphs.graph import Graph
from autograd.graphs.names import Names


def name_of(graph: Graph, names: Names, i: int) -> str:
    return names.given.get(i) or graph.id(i)


def formula_of(graph: Graph, names: Names, i: int) -> str:
    if graph.kind(i) != "operation":
        return ""
    op = graph.name_of_operation(i)
    xs = []
    for use in graph.uses(i):
        x = use.operand
        if isinstance(x, float):
            xs.append(f"{x:g}")
        elif graph.kind(x) == "constant":
            xs.append(f"{graph.data(x):g}")
        else:
            xs.append(name_of(graph, names, x))
    if op.isidentifier() or len(xs) != 2:
        return f"{op}({', '.join(xs)})"
    return f"{xs[0]} {op} {xs[1]}"


def partial_formulas(graph: Graph, names: Names, i: int) -> list[str]:
    return []


def summary(view) -> str:
    n = view.graph.count
    return f"{n:,} value{'s' * (n != 1)}"


def listing(view, limit: int = 40) -> str:
    return "\n".join(f"{name_of(view.graph, view.names, b.node)} = {formula_of(view.graph, view.names, b.node)}" for b in view.boxes[:limit] if b.group is None)
