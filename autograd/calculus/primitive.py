"""An elementary function, as a row of the table has it: its name, its value, a partial derivative per operand."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, ClassVar

__all__ = ["FIRST_CODE", "MOST_OPERANDS", "Named", "Primitive", "Variadic", "code_of", "gathered"]

FIRST_CODE = 3
"""Codes of rows start here: 0 is a constant, 1 a leaf, 2 a node whose rule a user wrote; -1 one that may be used no
more, since the recording is over that made it."""
MOST_OPERANDS = 3
"""A row has no more of them, unless it takes any number."""


class Primitive:
    """An elementary function: name, value on floats, one partial derivative per operand.

    One that is a row of the table has a code there, by which nodes, tapes and C know it. One of your own has none, and
    works on floats.

    Args:
        name: What is printed, and its name in Python unless it is an operator's.
        value: The function on floats, IEEE and without exceptions.
        partials: `∂z/∂xᵢ` as functions of the operands and the result, one per operand.
        together: The same partials, to the bit, once more, where those have wrong slopes of their own at an edge if
            several operands move. See `moved_together`.
        symbol: The operator that writes it, if it has one.
        domain: Where tests sample the operands, an open interval per operand. Dimensionless.
        ordered: Whether the first operand is an order, a whole number, by which nothing is differentiated.
        selects: Whether an operand with partial 0 was not taken and receives nothing, rather than 0 times the adjoint.
        commutes: Whether its operands may change places, to the bit.
        alias: Further names (NumPy's ufuncs: `arcsin`).
        latex: How LaTeX writes it, with `%s` for the operand, if not as a function of its name.
        about: One line for the reader, when the name does not say it all.

    >>> from autograd.calculus.table import exp
    >>> exp.value(0.0), exp.partials[0](0.0, 1.0)
    (1.0, 1.0)
    """

    __slots__ = (
        "about", "alias", "code", "commutes", "domain", "home", "latex", "name", "ordered", "partials", "selects",
        "symbol", "together", "value",
    )  # fmt: skip
    code: Any  # a number; None of one of your own
    home: str

    def __init__(
        self,
        name: str,
        value: Callable[..., float],
        *partials: Callable[..., Any],
        together: Sequence[Callable[..., Any]] = (),
        symbol: str = "",
        domain: Sequence[tuple[float, float]] = ((-3.0, 3.0),),
        ordered: bool = False,
        selects: bool = False,
        commutes: bool = False,
        alias: tuple[str, ...] = (),
        latex: str = "",
        about: str = "",
    ) -> None:
        self.name, self.value, self.partials, self.symbol = name, value, partials, symbol
        self.together = tuple(together)
        self.domain = tuple(domain) * (len(partials) if len(domain) == 1 else 1)
        self.ordered, self.selects, self.commutes = ordered, selects, commutes
        self.alias, self.latex, self.about = alias, latex, about
        self.code = None

    def __call__(self, *operands: Any) -> Any:
        """The function of any operands: floats give a float, a traced operand (Value, Symbol) its own kind.

        Raises:
            TypeError: there is an array among them, or a traced operand, and this is no row of the table.
        """
        for operand in operands:
            if type(operand) is not float:
                if hasattr(operand, "__apply_primitive__"):
                    return operand.__apply_primitive__(self, operands)
                if getattr(operand, "shape", ()):
                    raise TypeError(f"{self.name}: expected numbers or Values, got an array: apply it to each element")
        return self.evaluate(operands)

    def evaluate(self, xs: Sequence[float]) -> float:
        """The value on floats."""
        return self.value(*xs)

    def takes(self, count: int) -> bool:
        """Whether it can be applied to so many operands."""
        return count == len(self.partials)

    def inside(self, shares: Sequence[float]) -> list[float]:
        """A point of the domain, for a share of each interval between 0 and 1; an order is whole."""
        point = [low + (high - low) * t for (low, high), t in zip(self.domain, shares, strict=True)]
        return [float(int(point[0])), *point[1:]] if self.ordered else point

    def derive(self, i: int, xs: Sequence[Any], z: Any) -> Any:
        """∂z/∂xsᵢ over any number type; a float where it does not depend on the operands."""
        return self.partials[i](*xs, z)

    def moved_together(self, i: int, xs: Sequence[Any], z: Any) -> Any:
        """The same, to be differentiated again where other operands than `xs[i]` may move as well."""
        return self.together[i](*xs, z) if self.together else self.derive(i, xs, z)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> Any:
        code_of(self)  # what is in no table cannot be found again
        return row_at, (self.home, self.name)


class Variadic(Primitive):
    """A primitive of any number of operands, one node however many.

    `partial(x, partner, z)` gives ∂z/∂x of any of them; its partner is the other one of the pair that it belongs to.

    Args:
        name, value, partial, about: As above; `value` takes a sequence of floats, and goes through it by `ieee.fold`.
        pairs: Whether operands come in pairs.
        added: Whether it is their sum, or that of the products of pairs, and written so.
    """

    __slots__ = ("added", "pairs", "partial")

    def __init__(
        self,
        name: str,
        value: Callable[..., float],
        partial: Callable[..., Any],
        pairs: bool = False,
        added: bool = False,
        about: str = "",
    ) -> None:
        super().__init__(name, value, about=about)
        self.partial, self.pairs, self.added = partial, pairs, added

    def evaluate(self, xs: Sequence[float]) -> float:
        """The value on floats."""
        return self.value(xs)

    def takes(self, count: int) -> bool:
        """Whether it can be applied to so many operands."""
        return count > 0 and not (self.pairs and count % 2)

    def derive(self, i: int, xs: Sequence[Any], z: Any) -> Any:
        """∂z/∂xsᵢ over any number type."""
        return self.partial(xs[i], xs[i ^ 1] if i ^ 1 < len(xs) else xs[i], z)


class Named:
    """A row by its name, for rules in a file that the one with that row imports; called, it is the row."""

    __slots__ = ("name",)
    found: ClassVar[dict[str, Primitive]] = {}

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *operands: Any) -> Any:
        """The row of these operands."""
        return self.found[self.name](*operands)


def gathered(names: Mapping[str, Any], *more: Mapping[str, Any]) -> tuple[Primitive, ...]:
    """The rows among the names of modules, in their order. Each gets its code, by which nodes, tapes and C know it."""
    rows: list[Primitive] = []
    for module in (names, *more):
        for row in module.values():
            if isinstance(row, Primitive) and row not in rows:
                row.code, row.home = FIRST_CODE + len(rows), module["__name__"]
                rows.append(row)
    Named.found.update({row.name: row for row in rows})
    return tuple(rows)


def code_of(row: Primitive) -> int:
    """The row's code, where one may have been given that has none.

    Raises:
        TypeError: it is no row of the table.
    """
    if row.code is None:
        raise TypeError(
            f"{row.name!r} is no row of the table, so that no graph and no tape can hold it: apply it to floats, or "
            "add it to autograd/calculus/table.py"
        )
    code: int = row.code
    return code


def row_at(home: str, name: str) -> Any:
    """The row of that name in a module: what a pickle holds of it."""
    return getattr(import_module(home), name)
