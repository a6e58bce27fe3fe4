"""The named rows of the table as functions.

Generated from calculus/table.py by `python autograd/calculus/_generate.py`; do not edit.

Each takes floats, Values, NumPy scalars, or arrays of these (element by element, with broadcasting), and gives back a
float, a Value or an array. All are dimensionless. What is not a real number raises TypeError.
"""

from typing import Any

from autograd.calculus import table
from autograd.values.folds import apply, apply1, apply2, fold_list

__all__ = [
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "both",
    "cbrt",
    "cos",
    "cosh",
    "detach",
    "equal",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "hypot",
    "less",
    "less_equal",
    "log",
    "log10",
    "log1p",
    "log2",
    "logsumexp",
    "maximum",
    "minimum",
    "relu",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "step",
    "tan",
    "tanh",
    "where",
]


def abs(x: Any) -> Any:
    """The magnitude of x.

    Rule: dz/dx = sign(x).

    >>> round(abs(1.0), 12)
    1.0
    """
    return apply1(table.abs.code, x)


def exp(x: Any) -> Any:
    """The exp(x) of C's math.h.

    Rule: dz/dx = z.

    >>> round(exp(1.0), 12)
    2.718281828459
    """
    return apply1(table.exp.code, x)


def expm1(x: Any) -> Any:
    """Exp(x) - 1, accurate near 0.

    Rule: dz/dx = exp(x).

    >>> round(expm1(1.0), 12)
    1.718281828459
    """
    return apply1(table.expm1.code, x)


def exp2(x: Any) -> Any:
    """The exp2(x) of C's math.h.

    Rule: dz/dx = z * 0.6931471805599453.

    >>> round(exp2(1.0), 12)
    2.0
    """
    return apply1(table.exp2.code, x)


def log(x: Any) -> Any:
    """The log(x) of C's math.h.

    Rule: dz/dx = 1 / x.

    >>> round(log(1.0), 12)
    0.0
    """
    return apply1(table.log.code, x)


def log1p(x: Any) -> Any:
    """Log(1 + x), accurate near 0.

    Rule: dz/dx = 1 / (1 + x).

    >>> round(log1p(1.0), 12)
    0.69314718056
    """
    return apply1(table.log1p.code, x)


def log2(x: Any) -> Any:
    """The log2(x) of C's math.h.

    Rule: dz/dx = 1 / (x * 0.6931471805599453).

    >>> round(log2(1.0), 12)
    0.0
    """
    return apply1(table.log2.code, x)


def log10(x: Any) -> Any:
    """The log10(x) of C's math.h.

    Rule: dz/dx = 1 / (x * 2.302585092994046).

    >>> round(log10(1.0), 12)
    0.0
    """
    return apply1(table.log10.code, x)


def sqrt(x: Any) -> Any:
    """The sqrt(x) of C's math.h.

    Rule: dz/dx = 0.5 / z.

    >>> round(sqrt(1.0), 12)
    1.0
    """
    return apply1(table.sqrt.code, x)


def cbrt(x: Any) -> Any:
    """The cbrt(x) of C's math.h.

    Rule: dz/dx = 1 / (3 * (z * z)).

    >>> round(cbrt(1.0), 12)
    1.0
    """
    return apply1(table.cbrt.code, x)


def sin(x: Any) -> Any:
    """The sin(x) of C's math.h.

    Rule: dz/dx = cos(x).

    >>> round(sin(1.0), 12)
    0.841470984808
    """
    return apply1(table.sin.code, x)


def cos(x: Any) -> Any:
    """The cos(x) of C's math.h.

    Rule: dz/dx = -sin(x).

    >>> round(cos(1.0), 12)
    0.540302305868
    """
    return apply1(table.cos.code, x)


def tan(x: Any) -> Any:
    """The tan(x) of C's math.h.

    Rule: dz/dx = 1 + z * z.

    >>> round(tan(1.0), 12)
    1.557407724655
    """
    return apply1(table.tan.code, x)


def asin(x: Any) -> Any:
    """The asin(x) of C's math.h.

    Rule: dz/dx = 1 / sqrt((1 - x) * (1 + x)).

    >>> round(asin(1.0), 12)
    1.570796326795
    """
    return apply1(table.asin.code, x)


def acos(x: Any) -> Any:
    """The acos(x) of C's math.h.

    Rule: dz/dx = -1 / sqrt((1 - x) * (1 + x)).

    >>> round(acos(1.0), 12)
    0.0
    """
    return apply1(table.acos.code, x)


def atan(x: Any) -> Any:
    """The atan(x) of C's math.h.

    Rule: dz/dx = 1 / (1 + x * x).

    >>> round(atan(1.0), 12)
    0.785398163397
    """
    return apply1(table.atan.code, x)


def sinh(x: Any) -> Any:
    """The sinh(x) of C's math.h.

    Rule: dz/dx = cosh(x).

    >>> round(sinh(1.0), 12)
    1.175201193644
    """
    return apply1(table.sinh.code, x)


def cosh(x: Any) -> Any:
    """The cosh(x) of C's math.h.

    Rule: dz/dx = sinh(x).

    >>> round(cosh(1.0), 12)
    1.543080634815
    """
    return apply1(table.cosh.code, x)


def tanh(x: Any) -> Any:
    """The tanh(x) of C's math.h.

    Rule: dz/dx = 4 * (sigmoid(2 * x) * sigmoid(-2 * x)).

    >>> round(tanh(1.0), 12)
    0.761594155956
    """
    return apply1(table.tanh.code, x)


def asinh(x: Any) -> Any:
    """The asinh(x) of C's math.h.

    Rule: dz/dx = 1 / hypot(x, 1).

    >>> round(asinh(1.0), 12)
    0.88137358702
    """
    return apply1(table.asinh.code, x)


def acosh(x: Any) -> Any:
    """The acosh(x) of C's math.h.

    Rule: dz/dx = 1 / (sqrt(x - 1) * sqrt(x + 1)).

    >>> round(acosh(1.0), 12)
    0.0
    """
    return apply1(table.acosh.code, x)


def atanh(x: Any) -> Any:
    """The atanh(x) of C's math.h.

    Rule: dz/dx = 1 / ((1 - x) * (1 + x)).

    >>> round(atanh(1.0), 12)
    inf
    """
    return apply1(table.atanh.code, x)


def atan2(y: Any, x: Any) -> Any:
    """The angle of the point (x, y), as atan2(y, x).

    Rule: ∂z/∂y = x / hypot(x, y) / hypot(x, y).
    Rule: ∂z/∂x = -y / hypot(x, y) / hypot(x, y).

    >>> round(atan2(1.0, 2.0), 12)
    0.463647609001
    """
    return apply2(table.atan2.code, y, x)


def hypot(x: Any, y: Any) -> Any:
    """The function hypot(x, y).

    Rule: ∂z/∂x = where(z == 0, 0, x / z).
    Rule: ∂z/∂y = where(z == 0, 0, y / z).

    >>> round(hypot(1.0, 2.0), 12)
    2.2360679775
    """
    return apply2(table.hypot.code, x, y)


def erf(x: Any) -> Any:
    """The erf(x) of C's math.h.

    Rule: dz/dx = 1.1283791670955126 * exp(-(x * x)).

    >>> round(erf(1.0), 12)
    0.84270079295
    """
    return apply1(table.erf.code, x)


def erfc(x: Any) -> Any:
    """1 - erf(x), accurate where it is tiny.

    Rule: dz/dx = -1.1283791670955126 * exp(-(x * x)).

    >>> round(erfc(1.0), 12)
    0.15729920705
    """
    return apply1(table.erfc.code, x)


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)).

    Rule: dz/dx = z * sigmoid(-x).

    >>> round(sigmoid(1.0), 12)
    0.73105857863
    """
    return apply1(table.sigmoid.code, x)


def softplus(x: Any) -> Any:
    """Log(1 + exp(x)).

    Rule: dz/dx = sigmoid(x).

    >>> round(softplus(1.0), 12)
    1.313261687518
    """
    return apply1(table.softplus.code, x)


def relu(x: Any) -> Any:
    """Max(0, x).

    Rule: dz/dx = step(x).

    >>> round(relu(1.0), 12)
    1.0
    """
    return apply1(table.relu.code, x)


def maximum(x: Any, y: Any) -> Any:
    """The larger operand; nan if either is.

    Rule: ∂z/∂x = where(x > y, 1, where(x < y, 0, 0.5)).
    Rule: ∂z/∂y = where(y > x, 1, where(y < x, 0, 0.5)).

    >>> round(maximum(1.0, 2.0), 12)
    2.0
    """
    return apply2(table.maximum.code, x, y)


def minimum(x: Any, y: Any) -> Any:
    """The smaller operand; nan if either is.

    Rule: ∂z/∂x = where(x < y, 1, where(x > y, 0, 0.5)).
    Rule: ∂z/∂y = where(y < x, 1, where(y > x, 0, 0.5)).

    >>> round(minimum(1.0, 2.0), 12)
    1.0
    """
    return apply2(table.minimum.code, x, y)


def where(c: Any, x: Any, y: Any) -> Any:
    """X where the condition c is not 0, else y; less(x, y) gives such conditions.

    Rule: ∂z/∂c = 0.
    Rule: ∂z/∂x = where(c, 1, 0).
    Rule: ∂z/∂y = where(c, 0, 1).

    >>> round(where(1.0, 2.0, 3.0), 12)
    2.0
    """
    return apply(table.where.code, (c, x, y))


def step(x: Any) -> Any:
    """1 where x > 0, else 0.

    Rule: dz/dx = 0.

    >>> round(step(1.0), 12)
    1.0
    """
    return apply1(table.step.code, x)


def sign(x: Any) -> Any:
    """-1, 0 or 1.

    Rule: dz/dx = 0.

    >>> round(sign(1.0), 12)
    1.0
    """
    return apply1(table.sign.code, x)


def floor(x: Any) -> Any:
    """Rounded down, a float.

    Rule: dz/dx = 0.

    >>> round(floor(1.0), 12)
    1.0
    """
    return apply1(table.floor.code, x)


def detach(x: Any) -> Any:
    """X as a constant: gradients stop here.

    Rule: dz/dx = 0.

    >>> round(detach(1.0), 12)
    1.0
    """
    return apply1(table.detach.code, x)


def less(x: Any, y: Any) -> Any:
    """1 where x < y, else 0.

    Rule: ∂z/∂x = 0.
    Rule: ∂z/∂y = 0.

    >>> round(less(1.0, 2.0), 12)
    1.0
    """
    return apply2(table.less.code, x, y)


def less_equal(x: Any, y: Any) -> Any:
    """1 where x <= y, else 0.

    Rule: ∂z/∂x = 0.
    Rule: ∂z/∂y = 0.

    >>> round(less_equal(1.0, 2.0), 12)
    1.0
    """
    return apply2(table.less_equal.code, x, y)


def equal(x: Any, y: Any) -> Any:
    """1 where x == y, else 0.

    Rule: ∂z/∂x = 0.
    Rule: ∂z/∂y = 0.

    >>> round(equal(1.0, 2.0), 12)
    0.0
    """
    return apply2(table.equal.code, x, y)


def both(x: Any, y: Any) -> Any:
    """1 where neither x nor y is 0, else 0.

    Rule: ∂z/∂x = 0.
    Rule: ∂z/∂y = 0.

    >>> round(both(1.0, 2.0), 12)
    1.0
    """
    return apply2(table.both.code, x, y)


def logsumexp(xs: Any) -> Any:
    """Log(exp(xs[0]) + exp(xs[1]) + ...) without overflow.

    Rule: ∂z/∂xsᵢ = exp(xsᵢ - z).

    Cost: one node, however many operands.

    >>> round(logsumexp([1.0, 2.0]), 12)
    2.313261687518
    """
    return fold_list(table.logsumexp.code, xs)
