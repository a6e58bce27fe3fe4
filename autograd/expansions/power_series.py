"""Power series whose functions are those of the table: each row's derivatives say how its series goes on.

For z = row(x, y, ...) of series in t the chain rule is z' = Σ partial(x, y, ..., z) · x'. A partial is written by rows
again, so it is a series too, and coefficient n of z needs no more of it than coefficient n - 1:

    z[n] = (1/n) Σ_j j · x[j] · partial[n - j]

So each row goes on along with its partials, their partials, and so on, coefficient by coefficient. Most come back to
what is there: sin to cos and cos to sin, exp to itself. What does not (polygamma of a higher order each time) goes on,
each level one coefficient behind the last. Only arithmetic has formulas of its own here, which are those of series.

Source: Griewank and Walther, Evaluating Derivatives, §13.2, where each function has a recurrence of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.calculus import table
from autograd.calculus.arithmetic import COMPARISONS, Arithmetic, Comparison
from autograd.calculus.homogeneous import HOMOGENEOUS, slopes_apart
from autograd.calculus.primitive import Primitive
from autograd.expansions.recurrences import LAW, PRODUCT, QUOTIENT

__all__ = ["Expansion", "Group", "Series", "moves"]

STILL = -1
"""Of a series that does not depend on t: the kinds are those of steps, and this."""
GIVEN = -2
"""Of an operand, all of whose coefficients are known."""
LARGEST_POWER = 2.0**20
"""Powers that are whole numbers up to here are products."""
SMALL = 1e-290
"""From here on numbers are divided by without loss: x ** (y - 1) is x ** y / x then."""
STRAIGHT = (table.add, table.sub, table.neg, table.sum)
"""Rows whose partials are numbers."""


def head_of(x: Any) -> Any:
    """The coefficient 0 of an operand: a number, or a Value."""
    return x.head if isinstance(x, Series) else x


def moves(x: Any) -> bool:
    """Whether an operand depends on t."""
    return isinstance(x, Series) and x.kind != STILL


class Series(Arithmetic):
    """A power series, as an operand of rows. It compares as its coefficient 0 does: at t = 0 a partial decides.

    Args:
        space: Where it belongs.
        kind: How it goes on.
        row, operands: What made it, if a row did.
        head: Coefficient 0.

    Attributes:
        coefficients: From 0 on, over Values; see `routines.py`.
        curved: Pairs of series that both depend on t; what they are for is said by its kind.
        straight: Series, each with a number that it is multiplied by; they are added up.
        powers: The series that are powers of it.
        is_placed: Whether it has its turn among what goes on.
    """

    __slots__ = (
        "coefficients",
        "curved",
        "head",
        "is_placed",
        "kind",
        "operands",
        "powers",
        "row",
        "space",
        "straight",
    )

    def __init__(
        self, space: Expansion, kind: int, head: Any, row: Primitive | None = None, operands: tuple[Any, ...] = ()
    ) -> None:
        self.space, self.kind, self.head, self.row, self.operands = space, kind, head, row, operands
        self.coefficients: list[Any] = [head]
        self.curved: list[tuple[Any, Any]] = []
        self.straight: list[tuple[Any, Any]] = []
        self.powers: tuple[Series, ...] = ()
        self.is_placed = False

    def __apply_primitive__(self, primitive: Primitive, operands: Sequence[Any]) -> Any:
        return self.space.apply(primitive, tuple([float(x) if type(x) is bool else x for x in operands]))

    def __hash__(self) -> int:
        return id(self)

    def partials(self) -> list[tuple[Any, Any]]:
        """The operands that move, each with the partial towards it: a number or a series."""
        row, xs = self.row, self.operands
        assert row is not None
        moving = [i for i, x in enumerate(xs) if moves(x)]
        if row in HOMOGENEOUS:
            return list(zip([xs[i] for i in moving], slopes_apart(row, xs, moving), strict=True))
        edge = len(moving) > 1 and row.together and any(self.space.asked(is_zero, xs[i]) for i in moving)
        derive = row.moved_together if edge else row.derive  # which closes sooner: x ** (y - 1) is z / x
        return [(xs[i], derive(i, xs, self)) for i in moving]

    def derive(self) -> list[Any]:
        """Find what coefficient 1 and those after it are made of; of that, what is to go on as well."""
        if self.kind != LAW or self.straight:
            return []
        for x, partial in self.partials():
            (self.curved if moves(partial) else self.straight).append((x, partial))
        return [partial for _, partial in self.curved]


def _comparison(how: Comparison) -> Callable[[Series, Any], bool]:
    return lambda x, other: x.space.asked(how.function, x, other)


for _how in COMPARISONS:
    setattr(Series, f"__{_how.method}__", _comparison(_how))


def is_divisor(x: Any, _: Any = None) -> bool:
    """Whether a coefficient is neither 0 nor near to where doubles end."""
    size = abs(x)
    return bool(size > SMALL) and bool(size < 1.0 / SMALL)


def is_zero(x: Any, _: Any = None) -> bool:
    """Whether a coefficient is 0."""
    return bool(x == 0.0)


Group = tuple[int, list[Series]]
"""How many coefficients some series are behind, and these, each after what it needs the same coefficient of."""


class Expansion:
    """The series that one function of operands needs, each row of the same operands once.

    Attributes:
        made: All of them, in order.
        questions: What partials asked of coefficients 0: a function, what it was asked of, and the answer.

    >>> space = Expansion()
    >>> x = space.given(0.0)
    >>> z = space.function(table.sin, (x,), 0.0)
    >>> [(behind, [s.row.name for s in group]) for behind, group in space.groups(z, 20)]
    [(0, ['sin']), (1, ['cos']), (2, ['neg'])]
    """

    def __init__(self) -> None:
        self.made: list[Series] = []
        self.known: dict[Any, Any] = {}  # what a row of operands gave, by its name and theirs
        self.questions: list[tuple[Callable[[Any, Any], Any], Series, Any, bool]] = []

    def series(self, kind: int, head: Any, row: Primitive | None = None, operands: tuple[Any, ...] = ()) -> Series:
        """A new series."""
        found = Series(self, kind, head, row, operands)
        self.made.append(found)
        return found

    def given(self, head: Any) -> Series:
        """An operand that moves."""
        found = self.series(GIVEN, head)
        found.is_placed = True
        return found

    def still(self, head: Any) -> Series:
        """An operand that does not."""
        return self.series(STILL, head)

    def asked(self, question: Callable[[Any, Any], Any], x: Series, other: Any = None) -> bool:
        """The answer to a question about coefficients 0; it is noted, since others would have another series."""
        answer = bool(question(x.head, head_of(other)))
        self.questions.append((question, x, other, answer))
        return answer

    def apply(self, row: Primitive, operands: tuple[Any, ...]) -> Any:
        """The row of operands in a partial."""
        key = key_of(row, operands)
        if key not in self.known:
            lower = self.lowered(*operands) if row is table.pow else None
            self.known[key] = self.made_of(row, operands, row(*map(head_of, operands))) if lower is None else lower
        return self.known[key]

    def function(self, row: Primitive, operands: tuple[Any, ...], head: Any) -> Any:
        """The row of operands in a graph, which is there up to coefficient 0."""
        found = self.known[key_of(row, operands)] = self.made_of(row, operands, head)
        return found

    def made_of(self, row: Primitive, operands: tuple[Any, ...], head: Any) -> Any:
        """What the row of operands is."""
        moving = [x for x in operands if moves(x)]
        if not moving:
            return self.series(STILL, head, row, operands)
        if row.selects:
            return self.selected(row, operands, head)
        if row is table.mul:
            return self.multiplied(operands, head, moving)
        if row is table.pow:
            return self.raised(operands, head)
        found = self.series(QUOTIENT if row is table.div else LAW, head, row, operands)
        if row is table.div:
            found.curved = [operands]
        elif row in STRAIGHT:
            found.straight = [(x, row.derive(i, operands, None)) for i, x in enumerate(operands) if moves(x)]
        return found

    def selected(self, row: Primitive, operands: tuple[Any, ...], head: Any) -> Any:
        """What selects, of its operands: those that it takes at t = 0."""
        partials = [(x, row.derive(i, operands, head)) for i, x in enumerate(operands) if moves(x)]
        taken = [(x, partial) for x, partial in partials if partial != 0.0]
        if not taken:
            return self.series(STILL, head, row, operands)
        if len(taken) == 1 and type(taken[0][1]) is float and taken[0][1] == 1.0:
            return taken[0][0]
        found = self.series(LAW, head, row, operands)
        found.straight = taken
        return found

    def multiplied(self, operands: tuple[Any, ...], head: Any, moving: list[Series]) -> Any:
        """A product. One with a number and its inverse is what was multiplied: tanh comes back to itself by that."""
        x = moving[0]
        if len(moving) == 2:
            found = self.series(PRODUCT, head, table.mul, operands)
            found.curved = [(x, moving[1])]
            return found
        factor = operands[0] if operands[1] is x else operands[1]
        if x.row is table.mul and type(factor) is float:
            for number, inner in (x.operands, x.operands[::-1]):
                if type(number) is float and number * factor == 1.0:
                    return inner
        found = self.series(LAW, head, table.mul, operands)
        found.straight = [(x, factor)]
        return found

    def raised(self, operands: tuple[Any, ...], head: Any) -> Any:
        """A power. One by a whole number is a product, exact where the base is 0, and of its degree."""
        base, exponent = operands
        if type(exponent) is float and exponent == 1.0:
            return base
        if type(exponent) is float and exponent.is_integer() and 1.0 < exponent <= LARGEST_POWER:
            half = exponent // 2.0
            x = self.apply(table.pow, (base, half))
            y = x if half + half == exponent else self.apply(table.pow, (base, half + 1.0))
            found = self.series(PRODUCT, head, table.pow, operands)
            found.curved = [(x, y)]
            return found
        found = self.series(LAW, head, table.pow, operands)
        if isinstance(base, Series):
            base.powers = (*base.powers, found)
        return found

    def lowered(self, base: Any, exponent: Any) -> Any:
        """base ** exponent where base ** (exponent + 1) is known, by a division; None where that would not do."""
        if not isinstance(base, Series):
            return None
        if type(exponent) is float and exponent.is_integer() and exponent >= 0.0:
            return None
        for higher in base.powers:
            above = higher.operands[1]
            if type(exponent) is float:
                is_next = type(above) is float and above - 1.0 == exponent
            else:
                is_next = self.known.get(key_of(table.sub, (above, 1.0))) is exponent
            if is_next and self.asked(is_divisor, higher) and self.asked(is_divisor, base):
                return self.apply(table.div, (higher, base))
        return None

    def placed(self, series: Sequence[Any]) -> list[Series]:
        """Those that go on with some series, and have not had a place yet: each after what it needs."""
        found: list[Series] = []
        stack = [(x, False) for x in reversed(series)]
        while stack:
            x, is_ready = stack.pop()
            if is_ready:
                found.append(x)
            elif moves(x) and not x.is_placed:
                x.is_placed = True
                stack.append((x, True))
                needed = x.operands if x.kind == LAW else x.curved[0]
                stack.extend([(y, False) for y in needed])
        return found

    def groups(self, series: Any, order: int) -> list[Group]:
        """All that goes on with a series; a group needs nothing of a later one but the coefficient before."""
        found: list[Group] = []
        new = self.placed([series])
        for k in range(order):
            if not new:
                break
            found.append((k, new))
            new = self.placed([x for each in new for x in each.derive()])
        return found


def key_of(row: Primitive, operands: tuple[Any, ...]) -> Any:
    """By what a row of operands is known."""
    return row.name, *[x.hex() if type(x) is float else id(x) for x in operands]
