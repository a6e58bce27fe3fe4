"""Expressions as one writes them by hand: like terms collected, powers for repeated factors, signs in front.

A form is a sum of terms, a term a number times powers: `3 * x ** 2 / y`. What goes beyond arithmetic, `sin(...)` say,
is a factor as a name is. Terms are collected in the real numbers: on floats the result may differ by rounding, and
where something is not finite. So `0 * e` is 0 here, and `e - e` too; but `x / x` stays, as 1 would be wrong at 0. What
has a pole keeps it: `x / x ** 2` is `1 / x`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from autograd.algebra.expressions import Expression, Expressions, evaluated, needed
from autograd.calculus import table
from autograd.calculus.primitive import Primitive

__all__ = ["agree", "collected", "simplified"]

Coefficient: TypeAlias = Fraction | float
"""A whole number or a ratio of such; else a float."""
Factor = tuple[int, float]
"""An expression by its number, and its power."""
Form = dict[tuple[Factor, ...], Coefficient]
"""Terms, each by its factors, and what it is multiplied by; the number 1 has no factors."""

FEW = 8
"""A form has no more terms, and a term no more factors: beyond, what is there becomes one of them."""
LARGEST = 2**53
"""Whole numbers up to it are floats to the bit."""
FINEST = 1024
"""A float that is so many parts of 1 may become a ratio: 0.5, in `2 * 0.5`."""
CLOSE = 1e-13
"""So near in proportion is what was simplified to what was not."""


class OutOfRange(Exception):
    """A coefficient that is no number any more."""


# --- numbers before factors ------------------------------------------------------------------------------------------


def coefficient(x: float) -> Coefficient:
    """A float as a coefficient.

    Raises:
        OutOfRange: it is not finite.
    """
    if x - x != 0.0:
        raise OutOfRange
    return Fraction(int(x)) if x == int(x) and abs(x) < LARGEST else x


def ratio(x: Coefficient) -> Fraction | None:
    """A coefficient as a ratio of small numbers, if it is one."""
    found = Fraction(x)
    return found if max(abs(found.numerator), found.denominator) <= FINEST else None


def checked(x: Coefficient, is_zero: bool) -> Coefficient:
    """What two coefficients make; a ratio if it is one of numbers that floats hold, else a float.

    Raises:
        OutOfRange: it has become 0 or infinite.
    """
    if isinstance(x, Fraction):
        if max(abs(x.numerator), x.denominator) < LARGEST:
            return x
        x = float(x)
    if (x == 0.0) != is_zero:
        raise OutOfRange
    return coefficient(x)


def times(x: Coefficient, y: Coefficient) -> Coefficient:
    """The product of two coefficients, none of them 0."""
    if type(x) is not type(y):
        if abs(x) == 1 or abs(y) == 1:
            return float(x) * float(y)
        exact = ratio(x), ratio(y)
        if exact[0] is not None and exact[1] is not None:
            return checked(exact[0] * exact[1], False)
        x, y = float(x), float(y)
    return checked(x * y, False)


def plus(x: Coefficient, y: Coefficient) -> Coefficient:
    """The sum of two coefficients."""
    if type(x) is not type(y):
        x, y = float(x), float(y)
    return checked(x + y, x == -y)


# --- factors ---------------------------------------------------------------------------------------------------------


def joins(a: float, b: float) -> bool:
    """Whether `x ** a * x ** b` is `x ** (a + b)` wherever the first is a number, and has a pole where that has none.

    Not `x * x ** -1`, which is no number at 0, nor `x ** 0.5 * x ** 0.5`, which is none below.
    """
    whole = (a.is_integer() and b.is_integer()) or not (a + b).is_integer()
    return whole and (a * b > 0.0 or a + b < 0.0)


def multiplied(one: tuple[Factor, ...], other: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """The factors of a product of two terms."""
    powers: dict[int, list[float]] = {}
    for base, power in (*one, *other):
        held = powers.setdefault(base, [])
        for k, had in enumerate(held):
            if joins(had, power):
                held[k] = had + power
                break
        else:
            held.append(power)
    return tuple(sorted((base, power) for base, held in powers.items() for power in held))


def is_above(base: int, factors: tuple[Factor, ...]) -> bool:
    """Whether a term is multiplied by a factor, whatever it is divided by."""
    return any(held == base and power > 0.0 for held, power in factors)


# --- forms -----------------------------------------------------------------------------------------------------------


class Algebra:
    """Simplifies expressions of one set.

    Attributes:
        within: The set.
        forms: The form of each expression that has been looked at, by its number.
    """

    def __init__(self, within: Expressions) -> None:
        self.within = within
        self.forms: dict[int, Form] = {}

    def form(self, expression: Expression) -> Form:
        """The form of an expression whose arguments have theirs."""
        head, args = expression.head, [self.forms[x.number] for x in expression.args]
        if expression.is_number:
            return self.of_number(expression)
        if head is table.add or head is table.sub:
            return self.sum(args[0], args[1], Fraction(1 if head is table.add else -1))
        if head is table.neg:
            return scaled(args[0], Fraction(-1))
        if head is table.mul:
            return self.product(args[0], args[1])
        if head is table.div and args[1]:
            return self.product(args[0], self.power(args[1], -1.0))
        if head is table.pow and expression.args[1].is_number:
            exponent = float_of(expression.args[1])
            if exponent - exponent == 0.0 and (args[0] or exponent > 0.0):
                return self.power(args[0], exponent)
        packed = [self.packed(x) for x in args]
        if head is table.where:
            return self.choice(packed, args)
        if isinstance(head, Primitive):
            return self.atom(self.within.apply(head, packed))
        return self.atom(self.within.compare(str(head), *packed) if packed else expression)

    def of_number(self, expression: Expression) -> Form:
        """A number's; what is not finite is a factor."""
        x = float_of(expression)
        if x - x != 0.0:
            return {((expression.number, 1.0),): Fraction(1)}
        return {(): coefficient(x)} if x else {}

    def atom(self, expression: Expression) -> Form:
        """The form of what is a factor as it stands."""
        return self.of_number(expression) if expression.is_number else {((expression.number, 1.0),): Fraction(1)}

    def sum(self, one: Form, other: Form, sign: Fraction) -> Form:
        """A form and another, or less that."""
        one, other = (self.short(x) if len(one) + len(other) > FEW else x for x in (one, other))
        found = dict(one)
        for factors, number in other.items():
            found[factors] = plus(found.get(factors, Fraction(0)), times(sign, number))
            if found[factors] == 0:
                del found[factors]
        return self.without_poles(found) if len(found) > 1 else found

    def without_poles(self, form: Form) -> Form:
        """A sum in which `x * y / x` is `y`, if another term is divided by x: at 0 it is no number anyway."""
        poles = {base for factors in form for base, power in factors if power < 0.0 and not is_above(base, factors)}
        if not poles:
            return form
        found: Form = {}
        for factors, number in form.items():
            held = dict.fromkeys((base for base, power in factors if base in poles and is_above(base, factors)), 0.0)
            if held and all(power.is_integer() for base, power in factors if base in held):
                for base, power in factors:
                    if base in held:
                        held[base] += power
                kept = [(base, power) for base, power in factors if base not in held]
                factors = tuple(sorted([*kept, *((base, power) for base, power in held.items() if power)]))
            found[factors] = plus(found.get(factors, Fraction(0)), number)
        return {factors: number for factors, number in found.items() if number}

    def product(self, one: Form, other: Form) -> Form:
        """The product of two forms, of which a sum becomes a factor."""
        if not one or not other:
            return {}
        if list(one) == [()] and abs(one[()]) == 1:
            return scaled(other, one[()])
        if list(other) == [()] and abs(other[()]) == 1:
            return scaled(one, other[()])
        [(first, x)], [(second, y)] = self.single(one).items(), self.single(other).items()
        return self.chosen(multiplied(first, second), times(x, y))

    def chosen(self, factors: tuple[Factor, ...], number: Coefficient) -> Form:
        """A term; times `where(c, 1, 0)` it is chosen by that."""
        for k, (base, power) in enumerate(factors):
            choice = self.within.all[base]
            if power == 1.0 and choice.head is table.where and all(x.is_number for x in choice.args[1:]):
                condition, yes, no = choice.args
                rest: Form = {(*factors[:k], *factors[k + 1 :]): number}
                if (yes.is_(0.0) or no.is_(0.0)) and (len(factors) > 1 or number != 1):
                    sides = [self.packed(self.product(self.of_number(x), rest)) for x in (yes, no)]
                    return self.atom(self.within.apply(table.where, (condition, *sides)))
        return {factors: number}

    def power(self, form: Form, exponent: float) -> Form:
        """A form to the power of a number."""
        if not form:
            return {}
        [(factors, number)] = self.single(form).items()
        whole = exponent.is_integer() and all(power.is_integer() for _, power in factors)
        plain = isinstance(number, Fraction) and (abs(number) == 1 or abs(exponent) <= FEW)
        if whole and (plain or exponent == -1.0) and (exponent > 0.0 or all(power > 0.0 for _, power in factors)):
            scale = number ** int(exponent) if isinstance(number, Fraction) else 1.0 / number
            return {tuple((base, power * exponent) for base, power in factors): checked(scale, False)}
        return {((self.packed(form).number, exponent),): Fraction(1)}

    def choice(self, packed: list[Expression], args: list[Form]) -> Form:
        """The form of a `where`; one that keeps `c * e` from where c is 0 is that product."""
        if not args[2] and len(args[1]) == 1:
            [factors] = args[1]
            if (packed[0].number, 1.0) in factors:
                return args[1]
        return self.atom(self.within.apply(table.where, packed))

    def single(self, form: Form) -> Form:
        """A form of one term, with few factors."""
        if len(form) > 1:
            return self.atom(self.packed(form))
        [(factors, number)] = form.items()
        if len(factors) <= FEW:
            return form
        return {((self.packed({factors: Fraction(1)}).number, 1.0),): number}

    def short(self, form: Form) -> Form:
        """A form, as one term if it has several."""
        return self.atom(self.packed(form)) if len(form) > 1 else form

    # --- and back ---

    def packed(self, form: Form) -> Expression:
        """The expression that a form is written as: what is subtracted comes last, a number before that."""
        order = sorted(form, key=lambda factors: (form[factors] < 0, not factors))
        if not order:
            return self.within.number(0.0)
        found = self.term(order[0], form[order[0]])
        for factors in order[1:]:
            number, row = form[factors], table.add
            if number < 0:
                number, row = -number, table.sub
            found = self.within.apply(row, (found, self.term(factors, number)))
        return found

    def term(self, factors: tuple[Factor, ...], number: Coefficient) -> Expression:
        """The expression of a term: the number, then the factors, over those that it is divided by."""
        apply = self.within.apply
        above: list[Expression] = []
        below: list[Expression] = []
        upper, lower = (number.numerator, number.denominator) if isinstance(number, Fraction) else (number, 1)
        for base, power in factors:
            operand = self.within.all[base]
            (above if power > 0.0 else below).append(apply(table.pow, (operand, abs(power))))
        if abs(upper) != 1 or not above:
            above.insert(0, self.within.number(float(upper)))
        elif upper < 0:
            above[0] = apply(table.neg, (above[0],))
        if lower != 1:
            below.insert(0, self.within.number(float(lower)))
        return apply(table.div, (self.chain(above), self.chain(below))) if below else self.chain(above)

    def chain(self, factors: list[Expression]) -> Expression:
        """Their product."""
        found = factors[0]
        for factor in factors[1:]:
            found = self.within.apply(table.mul, (found, factor))
        return found


def float_of(expression: Expression) -> float:
    """What is a number, as one."""
    assert type(expression.head) is float
    return expression.head


def scaled(form: Form, sign: Coefficient) -> Form:
    """A form times 1 or -1."""
    return {factors: times(sign, number) for factors, number in form.items()}


def collected(root: Expression) -> Expression:
    """An expression with like terms collected; as it is, where a number in it leaves the range of floats.

    >>> x = Expressions().named("x")
    >>> found = collected(x * x + x * (3.0 - 1.0) * x)
    >>> found.head, found.args[0].head, found.args[1].args[1].head
    (<primitive mul>, 3.0, 2.0)

    Cost: linear; no recursion.
    """
    algebra = Algebra(root.within)
    try:
        for expression in needed(root):
            algebra.forms[expression.number] = algebra.form(expression)
        return algebra.packed(algebra.forms[root.number])
    except (OutOfRange, OverflowError):
        return root


def agree(x: float, y: float) -> bool:
    """Whether two numbers are the same up to a few roundings, or both none."""
    return x == y or (x != x and y != y) or math.isclose(x, y, rel_tol=CLOSE, abs_tol=0.0)


def simplified(root: Expression, numbers: Mapping[str, float]) -> Expression:
    """An expression with like terms collected, if it is the same number for these numbers; else as it is."""
    found = collected(root)
    return found if agree(evaluated(found, numbers), evaluated(root, numbers)) else root
