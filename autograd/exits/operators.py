"""Rows of the table in ONNX: by its operators for doubles, or by formulas that are as accurate.

onnxruntime has few operators for doubles: no `Tan`, no `Atan`, no `Erf`. What it lacks is composed of what it has, and
written as a graph when the formulas are run on tensors. What is plain Python without loops, such as `hypot`, is traced
as it is for C.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, reduce
from math import inf
from typing import Any

from autograd.calculus import table as t
from autograd.calculus.arithmetic import COMPARISONS
from autograd.calculus.primitive import Primitive
from autograd.calculus.symbols import Branch, Symbol, operand_names, trace
from autograd.exits.formulas import FORMULAS
from autograd.exits.tensors import Graph, Tensor

__all__ = ["apply"]

OPERATORS = {
    "add": "Add", "sub": "Sub", "mul": "Mul", "div": "Div", "neg": "Neg", "abs": "Abs", "exp": "Exp", "log": "Log",
    "sqrt": "Sqrt", "sin": "Sin", "cos": "Cos", "tanh": "Tanh", "floor": "Floor", "ceil": "Ceil", "rint": "Round",
}  # fmt: skip
"""Rows that ONNX has, for doubles too."""
DECIDING = {"less": "Less", "less_equal": "LessOrEqual", "equal": "Equal"}

Formula = Callable[..., Any]


def apply(graph: Graph, row: Primitive, operands: Sequence[Tensor]) -> Tensor:
    """A row of tensors, written in their graph.

    Raises:
        NotImplementedError: it is neither an operator of ONNX nor composed of them.
    """
    numbers = [x.what for x in operands if isinstance(x.what, float)]
    if len(numbers) == len(operands):
        return graph.tensor(row.evaluate(numbers))
    if row.name in OPERATORS:
        return operands[0].by(OPERATORS[row.name], *operands[1:])
    if row.name in DECIDING:
        return operands[0].decided(DECIDING[row.name], *operands[1:])
    formula = COMPOSED.get(row.name)
    if formula is not None:
        return graph.tensor(formula(*operands))
    if row.name in TRACED:
        return graph.tensor(taken(traced(row), dict(zip(operand_names(row), operands, strict=True))))
    raise NotImplementedError(
        f"to_onnx: ONNX has no operator for {row.name!r}, and it is not composed here of those there are: make what it "
        "gives an input of the tape"
    )


# --- what is traced -----------------------------------------------------------------------------------------------

TRACED = ("hypot", "maximum", "minimum", "relu", "sigmoid", "softplus", "sign", "step")
"""Rows whose value in Python says all, with `if`."""


@cache
def traced(row: Primitive) -> Branch | Symbol:
    """What a row computes."""
    return trace(row.value, *map(Symbol, operand_names(row)))


def taken(tree: Branch | Symbol, names: Mapping[str, Tensor]) -> Any:
    """What was traced, of tensors: both sides of each `if`, and a choice of them."""
    if isinstance(tree, Branch):
        return t.where(taken(tree.condition, names), taken(tree.yes, names), taken(tree.no, names))
    head, args = tree.head, [taken(x, names) for x in tree.args]
    if isinstance(head, Primitive):
        return head(*args)
    if isinstance(head, float):
        return head
    if not args:
        return names[head]
    return compared(head, *args)


def compared(sign: str, x: Any, y: Any) -> Any:
    """A comparison that was traced."""
    if sign == "&":
        return t.both(x, y)
    how = next(how for how in COMPARISONS if how.symbol == sign)
    found = how.row(y, x) if how.swapped else how.row(x, y)
    return found if how.holds else negated(found)


def negated(x: Tensor) -> Tensor:
    """That a condition does not hold."""
    return Tensor(x.graph, x.graph.node("Not", x.condition), truth=True)


# --- rows of ONNX that are more than one operator -----------------------------------------------------------------


def pow(x: Tensor, y: Tensor) -> Any:
    """As the table has it: squares and square roots are exactly rounded."""
    if y.what == 2.0:
        return x * x
    if y.what == 0.5:
        return t.where(t.equal(x, -inf), inf, t.sqrt(x + 0.0))
    return x.by("Pow", y)


def where(c: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """By ONNX's choice."""
    if isinstance(c.what, float):
        return x if c.what else y
    return Tensor(c.graph, c.graph.node("Where", c.condition, x.number, y.number))


def both(x: Tensor, y: Tensor) -> Tensor:
    """By ONNX's `And`."""
    return Tensor(x.graph, x.graph.node("And", x.condition, y.condition), truth=True)


def added(*xs: Any) -> Any:
    """All in one node, where there are more than two."""
    if len(xs) <= 2:
        return reduce(lambda x, y: x + y, xs)
    first = next(x for x in xs if isinstance(x, Tensor))
    first, *others = [first.graph.tensor(x) for x in xs]
    return first.by("Sum", *others)


def dot(*xs: Any) -> Any:
    """Products, and their sum."""
    return added(*[x * y for x, y in zip(xs[::2], xs[1::2], strict=True)])


def logsumexp(*xs: Any) -> Any:
    """With the largest operand taken out, and what the others add apart from it."""
    top = reduce(t.maximum, xs)
    alike = added(*[t.equal(x, top) for x in xs]) - 1.0
    others = added(*[t.where(t.equal(x, top), 0.0, t.exp(x - top)) for x in xs])
    return t.where(t.equal(top - top, 0.0), top + t.log1p(alike + others), top)


def norm(*xs: Any) -> Any:
    """With the largest operand taken out."""
    top = reduce(t.maximum, [5e-324, *map(t.abs, xs)])
    total = added(*[(x / top) * (x / top) for x in xs])
    return t.where(t.equal(top - top, 0.0), top * t.sqrt(total), top)


def fmod(x: Tensor, y: Tensor) -> Tensor:
    """By ONNX's `Mod`, as C has it."""
    return x.by("Mod", y, fmod=1)


COMPOSED: dict[str, Formula] = {
    **FORMULAS,
    **{function.__name__: function for function in (pow, where, both, dot, logsumexp, norm, fmod)},
    "sum": added,
    "detach": lambda x: x,
}
"""Rows that are composed."""
