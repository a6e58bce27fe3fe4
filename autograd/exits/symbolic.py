"""A program as expressions of SymPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from autograd.calculus.primitive import Primitive
from autograd.programs.program import Program

__all__ = ["expressions", "rows_of"]

FINEST = 2.0**10
"""A number with no more than these parts of 1 is a fraction of whole numbers; another is a float of 53 bits."""
WHOLE = 1e15

Row = Callable[..., Any]


def expressions(program: Program, symbols: Any, shared: bool) -> Any:
    """The outputs as expressions; see `Tape.to_sympy`."""
    try:
        sympy = import_module("sympy")
    except ImportError as error:
        raise ImportError(f"to_sympy: SymPy is not installed here ({error}): pip install sympy") from error
    writer = Writer(sympy, program, named(sympy, program, symbols))
    try:
        for row, operands in program.listed:
            writer.write(row, operands, shared)
        found = [writer.restricted(writer.slots[k]) for k in program.outputs]
    except RecursionError:
        raise ValueError(
            f"to_sympy: after {len(writer.slots):,} steps this tape's expressions are too deep for SymPy: ask for "
            "shared=True, by which each step has a symbol"
        ) from None
    result = found[0] if program.single else tuple(found)
    return (writer.definitions, result) if shared else result


def named(sympy: Any, program: Program, symbols: Any) -> list[Any]:
    """What stands for the inputs.

    Raises:
        ValueError: there are more or fewer than inputs.
    """
    n = len(program.labels)
    if symbols is None:
        return [sympy.Symbol(name, real=True) for name in program.names()[:n]]
    found = list(symbols) if isinstance(symbols, (list, tuple)) else [symbols]
    if len(found) != n:
        raise ValueError(f"to_sympy: this tape has {n} inputs, got {len(found)} symbols")
    return [sympy.sympify(x) for x in found]


class Writer:
    """Expressions of the slots of a program, one after the other.

    Args:
        sympy: The library.
        program: What is written.
        inputs: What stands for its inputs.

    Attributes:
        slots: An expression of each.
        conditions: Of those that are 1 or 0, when they are 1.
        definitions: Symbols and what they stand for, where what is shared has a name.
    """

    def __init__(self, sympy: Any, program: Program, inputs: Sequence[Any]) -> None:
        self.sympy, self.program, self.slots = sympy, program, list(inputs)
        self.rows, self.conditions = rows_of(sympy), dict[int, Any]()
        self.definitions: list[tuple[Any, Any]] = []
        self.names = program.names()

    def write(self, row: Primitive | None, operands: Any, shared: bool) -> None:
        """Add the slot of a step."""
        sympy, k = self.sympy, len(self.slots)
        if row is None:
            self.slots.append(number(sympy, operands))
            return
        xs = [self.slots[i] for i in operands]
        if row.name == "where":
            found = sympy.Piecewise((xs[1], self.condition(operands[0])), (xs[2], True))
        elif row.name in ("less", "less_equal", "equal", "both"):
            self.conditions[k] = self.compared(row.name, operands, xs)
            found = sympy.Piecewise((sympy.S.One, self.conditions[k]), (sympy.S.Zero, True))
        else:
            found = self.rows[row.name](*xs)
        if shared and not found.is_Atom:
            symbol = sympy.Symbol(self.names[k], real=True)
            self.definitions.append((symbol, found))
            found = symbol
        self.slots.append(found)

    def compared(self, name: str, operands: Sequence[int], xs: Sequence[Any]) -> Any:
        """What a row decides."""
        sympy = self.sympy
        if name == "both":
            return sympy.And(*[self.condition(k) for k in operands])
        return {"less": sympy.Lt, "less_equal": sympy.Le, "equal": sympy.Eq}[name](*xs)

    def condition(self, k: int) -> Any:
        """That a slot is not 0."""
        found = self.conditions.get(k)
        return self.sympy.Ne(self.slots[k], 0) if found is None else found

    def restricted(self, expression: Any) -> Any:
        """An expression where the guards hold; elsewhere there is none, which is nan."""
        guards = [self.condition(k) if holds else self.sympy.Not(self.condition(k)) for k, holds in self.program.guards]
        return self.sympy.Piecewise((expression, self.sympy.And(*guards))) if guards else expression


def number(sympy: Any, x: float) -> Any:
    """A number, exactly: whole and as a fraction where it is a short one."""
    if x != x:
        return sympy.nan
    if abs(x) == float("inf"):
        return sympy.oo if x > 0.0 else -sympy.oo
    if abs(x) < WHOLE and x * FINEST == int(x * FINEST):
        return sympy.Rational(*x.as_integer_ratio())
    return sympy.Float(x, precision=53)


def rows_of(sympy: Any) -> dict[str, Row]:
    """Each row by SymPy's functions, but for those that decide; conventions at kinks are SymPy's where it has its own.

    >>> import sympy
    >>> rows_of(sympy)["logit"](sympy.Symbol("p"))
    log(p/(1 - p))
    """
    s, half = sympy, sympy.Rational(1, 2)
    exp, log, sqrt, sign, piecewise = s.exp, s.log, s.sqrt, s.sign, s.Piecewise

    def choose(condition: Any, yes: Any, no: Any) -> Any:
        return piecewise((yes, condition), (no, True))

    def order(name: str, n: Any) -> int:
        if not n.is_number or not n.is_finite:
            raise ValueError(
                f"to_sympy: {name} of order {n}: SymPy takes derivatives of an order that is a number only"
            )
        return int(s.floor(n))

    def derived(name: str, function: Row) -> Row:
        """A row of the derivatives of a function, by order."""

        def found(n: Any, x: Any) -> Any:
            t = s.Dummy("t", real=True)
            return s.diff(function(t), t, order(name, n)).subs(t, x)

        return found

    def scaled(name: str, bessel: int, odd: bool) -> Row:
        """A row of the derivatives of `exp(-abs(x)) * besseli(bessel, x)`: of the side x > 0, and mirrored."""

        def found(n: Any, x: Any) -> Any:
            t, count = s.Dummy("t", positive=True), order(name, n)
            there = s.diff(exp(-t) * s.besseli(bessel, t), t, count).subs(t, s.Abs(x))
            return there if (count + odd) % 2 == 0 else sign(x) * there

        return found

    def polygamma(n: Any, x: Any) -> Any:
        return s.polygamma(s.floor(n), x)

    def lgamma(x: Any) -> Any:
        return choose(x > 0, s.loggamma(x), log(s.Abs(s.gamma(x))))

    def trunc(x: Any) -> Any:
        return sign(x) * s.floor(s.Abs(x))

    def rint(x: Any) -> Any:
        up = s.floor(x + half)
        return choose(s.And(s.Eq(up, x + half), s.Eq(s.Mod(up, 2), 1)), up - 1, up)

    def hypot(x: Any, y: Any) -> Any:
        return sqrt(x * x + y * y)

    def ndtr(x: Any) -> Any:
        return s.erfc(-x / sqrt(2)) / 2

    def erfcx(x: Any) -> Any:
        return exp(x * x) * s.erfc(x)

    def cbrt(x: Any) -> Any:
        return sign(x) * s.Abs(x) ** s.Rational(1, 3)

    return {
        "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
        "pow": lambda x, y: x**y, "neg": lambda x: -x, "abs": s.Abs,
        "exp": exp, "expm1": lambda x: exp(x) - 1, "exp2": lambda x: 2**x,
        "log": log, "log1p": lambda x: log(1 + x), "log2": lambda x: log(x) / log(2),
        "log10": lambda x: log(x) / log(10),
        "sqrt": sqrt, "cbrt": cbrt,
        "sin": s.sin, "cos": s.cos, "tan": s.tan, "asin": s.asin, "acos": s.acos, "atan": s.atan,
        "sinh": s.sinh, "cosh": s.cosh, "tanh": s.tanh, "asinh": s.asinh, "acosh": s.acosh, "atanh": s.atanh,
        "atan2": s.atan2, "hypot": hypot, "erf": s.erf, "erfc": s.erfc,
        "sigmoid": lambda x: 1 / (1 + exp(-x)), "softplus": lambda x: log(1 + exp(x)),
        "relu": lambda x: s.Max(x, 0), "maximum": s.Max, "minimum": s.Min,
        "step": lambda x: choose(x > 0, s.S.One, s.S.Zero), "sign": sign, "floor": s.floor, "detach": lambda x: x,
        "ceil": s.ceiling, "trunc": trunc, "rint": rint, "fmod": lambda x, y: x - y * trunc(x / y),
        "floor_divide": lambda x, y: s.floor(x / y), "remainder": lambda x, y: x - y * s.floor(x / y),
        "copysign": lambda x, y: s.Abs(x) * choose(y >= 0, 1, -1),
        "degrees": lambda x: x * 180 / s.pi, "radians": lambda x: x * s.pi / 180,
        "lgamma": lgamma, "gamma": s.gamma, "digamma": lambda x: s.polygamma(0, x), "polygamma": polygamma,
        "polygamma_rise": lambda n, x, y: polygamma(n, x + y) - polygamma(n, x),
        "beta": lambda x, y: s.gamma(x) * s.gamma(y) / s.gamma(x + y),
        "betaln": lambda x, y: lgamma(x) + lgamma(y) - lgamma(x + y),
        "norm_pdf": lambda x: exp(-x * x / 2) / sqrt(2 * s.pi), "ndtr": ndtr, "log_ndtr": lambda x: log(ndtr(x)),
        "ndtri": lambda p: sqrt(2) * s.erfinv(2 * p - 1), "erfinv": s.erfinv,
        "erfcx": erfcx, "erfcx_derivative": derived("erfcx_derivative", erfcx),
        "xlogy": lambda x, y: choose(s.Eq(x, 0), s.S.Zero, x * log(y)),
        "xlog1py": lambda x, y: choose(s.Eq(x, 0), s.S.Zero, x * log(1 + y)),
        "logit": lambda x: log(x / (1 - x)), "share": lambda x, z: exp(x - z),
        "sinc": lambda x: s.sinc(s.pi * x), "sinc_derivative": derived("sinc_derivative", lambda t: s.sinc(s.pi * t)),
        "sigmoid_slope": lambda x: exp(-x) / (1 + exp(-x)) ** 2, "one_less_square": lambda x: 1 - x * x,
        "direction": lambda x, y: choose(s.And(s.Eq(x, 0), s.Eq(y, 0)), s.S.Zero, x / hypot(x, y)),
        "inversion": lambda x, y: x / (x * x + y * y), "xdivy": lambda x, y: choose(s.Eq(x, 0), s.S.Zero, x / y),
        "pow_slope": lambda x, y: choose(s.Eq(y, 0), s.S.Zero, y * x ** (y - 1)),
        "pow_log": lambda x, y: choose(s.And(s.Eq(x, 0), y >= 0), s.S.Zero, x**y * log(x)),
        "pow_curvature": lambda x, y: choose(s.Or(s.Eq(y, 0), s.Eq(y, 1)), s.S.Zero, y * (y - 1) * x ** (y - 2)),
        "pow_mixed": lambda x, y: x ** (y - 1) * (1 + y * log(x)),
        "pow_log_squared": lambda x, y: choose(s.And(s.Eq(x, 0), y >= 0), s.S.Zero, x**y * log(x) ** 2),
        "atan_slope": lambda x: 1 / (1 + x * x), "cbrt_slope": lambda x: s.Abs(x) ** s.Rational(-2, 3) / 3,
        "j0": lambda x: s.besselj(0, x), "j1": lambda x: s.besselj(1, x), "jv": lambda n, x: s.besselj(s.floor(n), x),
        "i0": lambda x: s.besseli(0, x), "i1": lambda x: s.besseli(1, x), "iv": lambda n, x: s.besseli(s.floor(n), x),
        "i0e": lambda x: exp(-s.Abs(x)) * s.besseli(0, x), "i1e": lambda x: exp(-s.Abs(x)) * s.besseli(1, x),
        "i0e_derivative": scaled("i0e_derivative", 0, False), "i1e_derivative": scaled("i1e_derivative", 1, True),
        "sum": s.Add, "dot": lambda *xs: s.Add(*[x * y for x, y in zip(xs[::2], xs[1::2], strict=True)]),
        "logsumexp": lambda *xs: log(s.Add(*map(exp, xs))), "norm": lambda *xs: sqrt(s.Add(*[x * x for x in xs])),
    }  # fmt: skip
