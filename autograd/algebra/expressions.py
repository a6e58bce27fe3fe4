"""Expressions that share what they have in common: each is kept once, however often it is used.

A derivative uses what it is made of again and again. As a tree it may be of exponential size; kept so it has as many
nodes as it took operations to make. What is decided by numbers alone is decided as an expression is made, and nothing
else: computed on floats it gives the bits that the engine gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd.calculus import table
from autograd.calculus.arithmetic import COMPARISONS, Arithmetic
from autograd.calculus.primitive import Primitive, Variadic

__all__ = ["AND", "COMPARED", "Expression", "Expressions", "evaluated", "needed"]

COMPARED = {comparison.symbol: comparison.function for comparison in COMPARISONS}
AND = "&"


class Expression(Arithmetic):
    """A name, a number, or a row of the table, a comparison or "&" over others, of one set of expressions.

    Attributes:
        head: A name without arguments, a float, a Primitive, or the sign of a comparison.
        args: What it is of.
        number: Its place among the expressions of its set; what it is of has smaller ones.
        within: The set.
    """

    __slots__ = ("args", "head", "number", "within")

    def __init__(
        self, within: Expressions, head: Primitive | str | float, args: tuple[Expression, ...], number: int
    ) -> None:
        self.within, self.head, self.args, self.number = within, head, args, number

    def __apply_primitive__(self, primitive: Primitive, operands: Sequence[Any]) -> Expression:
        return self.within.apply(primitive, operands)

    def __bool__(self) -> bool:
        raise TypeError("an expression has no truth value: a partial of the table chooses with where, not with if")

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return type(self.head) is float

    def is_(self, x: float) -> bool:
        """Whether it is this number."""
        return type(self.head) is float and self.head == x


def comparison(sign: str) -> Any:
    """A method that compares."""
    return lambda x, y: x.within.compare(sign, x, y)


for _name, _sign in [("and", AND), *((how.method, how.symbol) for how in COMPARISONS)]:
    setattr(Expression, f"__{_name}__", comparison(_sign))


class Expressions:
    """A set of expressions, each once.

    >>> within = Expressions()
    >>> x = within.named("x")
    >>> x * x is x * x, (x * 1.0) is x, (x * 0.0).args[1].head
    (True, True, 0.0)
    """

    def __init__(self) -> None:
        self.all: list[Expression] = []
        self.known: dict[tuple[Any, ...], Expression] = {}

    def made(self, head: Primitive | str | float, *args: Expression) -> Expression:
        """The expression with this head and these arguments, as it stands."""
        key = (repr(head) if type(head) is float else head, type(head) is float, *[x.number for x in args])
        if key not in self.known:
            self.known[key] = found = Expression(self, head, args, len(self.all))
            self.all.append(found)
        return self.known[key]

    def named(self, name: str) -> Expression:
        """A name."""
        return self.made(name)

    def number(self, x: float) -> Expression:
        """A number."""
        return self.made(float(x))

    def of(self, x: Any) -> Expression:
        """What is an expression already, and a number as one."""
        return x if type(x) is Expression else self.number(x)

    def compare(self, sign: str, x: Any, y: Any) -> Expression:
        """A comparison, or both of two conditions; a number, if numbers decide it."""
        x, y = self.of(x), self.of(y)
        if sign == AND:
            known, other = (x, y) if x.is_number else (y, x)
            if known.is_number:
                return self.number(0.0) if known.is_(0.0) else other
        elif x.is_number and y.is_number:
            return self.number(float(COMPARED[sign](x.head, y.head)))
        return self.made(sign, x, y)

    def apply(self, row: Primitive, operands: Iterable[Any]) -> Expression:
        """A row of operands: what numbers decide is decided, to the bit, but for the sign of a zero."""
        args = [self.of(x) for x in operands]
        if isinstance(row, Variadic) and row.added:
            return self.total(args[::2], args[1::2]) if row.pairs else self.total(args, [])
        numbers = [x.head for x in args if type(x.head) is float]
        if len(numbers) == len(args):
            return self.number(row.evaluate(numbers))
        found = self.decided(row, args)
        return self.made(row, *args) if found is None else found

    def total(self, xs: list[Expression], ys: list[Expression]) -> Expression:
        """The sum of some, or of the products of pairs, in their order."""
        terms = [self.apply(table.mul, pair) for pair in zip(xs, ys, strict=True)] if ys else xs
        found = terms[0] if terms else self.number(0.0)
        for term in terms[1:]:
            found = self.apply(table.add, (found, term))
        return found

    def decided(self, row: Primitive, args: list[Expression]) -> Expression | None:
        """What is left of a row where one of its operands is a number that says so; None if it stays."""
        x, y = args[0], args[-1]
        if row is table.add and (x.is_(0.0) or y.is_(0.0)):
            return y if x.is_(0.0) else x
        if row is table.sub and (x.is_(0.0) or y.is_(0.0)):
            return x if y.is_(0.0) else self.apply(table.neg, (y,))
        if row is table.mul and (x.is_(1.0) or y.is_(1.0)):
            return y if x.is_(1.0) else x
        if row is table.mul and (x.is_(-1.0) or y.is_(-1.0)):
            return self.apply(table.neg, (y if x.is_(-1.0) else x,))
        if row in (table.div, table.pow) and y.is_(1.0):
            return x
        if row is table.pow and y.is_(0.0):
            return self.number(1.0)
        if row is table.neg and x.head is table.neg:
            return x.args[0]
        if row is table.where:
            if x.is_number:
                return args[2] if x.is_(0.0) else args[1]
            return args[1] if args[1] is args[2] else None
        return None


def needed(root: Expression) -> list[Expression]:
    """An expression and all that it is made of, arguments before what they are arguments of.

    Cost: linear; no recursion.
    """
    found, stack = {root.number: root}, [root]
    while stack:
        for x in stack.pop().args:
            if x.number not in found:
                found[x.number] = x
                stack.append(x)
    return [found[number] for number in sorted(found)]


def evaluated(root: Expression, numbers: Mapping[str, float]) -> float:
    """The number that an expression has where its names have these; as the table computes, with infinities and nan.

    >>> x = Expressions().named("x")
    >>> evaluated(1.0 / (x * x - 4.0), {"x": 3.0}), evaluated(1.0 / x, {"x": 0.0})
    (0.2, inf)
    """
    found: dict[int, float] = {}
    for expression in needed(root):
        head, xs = expression.head, [found[x.number] for x in expression.args]
        if isinstance(head, Primitive):
            number = head.evaluate(xs)
        elif not xs:
            number = numbers[head] if isinstance(head, str) else head
        elif head == AND:
            number = float(xs[0] != 0.0 and xs[1] != 0.0)
        else:
            number = float(COMPARED[str(head)](*xs))
        found[expression.number] = number
    return found[root.number]
