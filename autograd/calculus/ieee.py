"""The functions of C's `math.h` on Python floats, with IEEE 754 results and no exceptions.

`math.log(0.0)` raises and `1.0 / 0.0` raises; here they are `-inf` and `inf`, as they are in C, NumPy and on paper.
Where a name exists in `math.h` it means the same function, so the compiled kernel calls C's and gets the same bits.
The functions below the line have no C twin: the kernel is traced from the very Python written here.
"""

import math
from collections.abc import Callable, Sequence
from functools import reduce
from math import inf, nan
from operator import add, mul
from typing import Any

__all__ = [
    "MATH_H", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "both", "cbrt", "ceil", "copysign", "cos",
    "cosh", "div", "dot", "equal", "erf", "erfc", "exp", "exp2", "expm1", "fabs", "floor", "fmod", "fold", "hypot",
    "less", "less_equal", "log", "log10", "log1p", "log2", "logsumexp", "maximum", "minimum", "norm", "pow", "relu",
    "rint", "same", "sigmoid", "sign", "sin", "sinh", "softplus", "sqrt", "step", "sum", "tan", "tanh", "trunc",
    "where",
]  # fmt: skip


def _quiet(function: Callable[[float], float], domain_error: float = nan) -> Callable[[float], float]:
    """`function` with `inf` for an overflow and `domain_error` where it has no real value."""

    def quiet(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return inf
        except ValueError:
            return domain_error

    quiet.__name__ = function.__name__
    quiet.__doc__ = f"`{function.__name__}(x)` of C's `math.h`."
    return quiet


def _odd_overflow(function: Callable[[float], float]) -> Callable[[float], float]:
    """The same for an odd function, whose overflow has the sign of its operand."""

    def quiet(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return math.copysign(inf, x)

    quiet.__name__ = function.__name__
    quiet.__doc__ = f"`{function.__name__}(x)` of C's `math.h`."
    return quiet


def _log_like(function: Callable[[float], float], pole: float) -> Callable[[float], float]:
    """The same for a logarithm: `-inf` at its pole, `nan` below."""

    def quiet(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return -inf if x == pole else nan

    quiet.__name__ = function.__name__
    quiet.__doc__ = f"`{function.__name__}(x)` of C's `math.h`."
    return quiet


exp, exp2, expm1, cosh = _quiet(math.exp), _quiet(math.exp2), _quiet(math.expm1), _quiet(math.cosh)
sinh = _odd_overflow(math.sinh)
log, log2, log10, log1p = (_log_like(math.log, 0.0), _log_like(math.log2, 0.0),
                           _log_like(math.log10, 0.0), _log_like(math.log1p, -1.0))  # fmt: skip
sqrt, asin, acos, acosh = _quiet(math.sqrt), _quiet(math.asin), _quiet(math.acos), _quiet(math.acosh)
sin, cos, tan = _quiet(math.sin), _quiet(math.cos), _quiet(math.tan)
atan, tanh, asinh, cbrt = math.atan, math.tanh, math.asinh, math.cbrt
erf, erfc, atan2, copysign, fabs = math.erf, math.erfc, math.atan2, math.copysign, math.fabs


def atanh(x: float) -> float:
    """`atanh(x)` of C's `math.h`: infinite at ±1."""
    return math.copysign(inf, x) if x in (1.0, -1.0) else math.atanh(x) if -1.0 < x < 1.0 else nan


def floor(x: float) -> float:
    """`floor(x)` of C's `math.h`: a float, and `-0.0` stays `-0.0`."""
    return x // 1.0 if math.isfinite(x) else x


def ceil(x: float) -> float:
    """`ceil(x)` of C's `math.h`: a float, and above -1 it is `-0.0`."""
    return -floor(-x)


def trunc(x: float) -> float:
    """`trunc(x)` of C's `math.h`: towards zero, with the sign of `x`."""
    return math.copysign(floor(abs(x)), x)


def rint(x: float) -> float:
    """`rint(x)` of C's `math.h`: to the nearest whole number, halves to the even one, with the sign of `x`."""
    return math.copysign(float(round(x)), x) if math.isfinite(x) else x


def fmod(x: float, y: float) -> float:
    """`fmod(x, y)` of C's `math.h`: what `x` leaves, with its sign; `nan` where there is no such number."""
    try:
        return math.fmod(x, y)
    except ValueError:
        return nan


def pow(x: float, y: float) -> float:
    """`pow(x, y)` of C's `math.h`, but squares and square roots exactly rounded, which that may miss by a last digit.

    `nan` for a negative base with a fractional exponent, never complex.
    """
    if y == 2.0:
        return x * x
    if y == 0.5:
        return inf if x == -inf else sqrt(x + 0.0)  # of -0.0 the root is -0.0, and this power 0.0
    try:
        return math.pow(x, y)
    except OverflowError:
        return -inf if x < 0.0 and y % 2.0 == 1.0 else inf
    except ValueError:
        if x == 0.0:  # 0 ** negative: a pole, signed for odd integers
            return math.copysign(inf, x) if y % 2.0 == 1.0 else inf
        return nan


def div(x: float, y: float) -> float:
    """`x / y` in one rounding, with `±inf` or `nan` where `y` is zero."""
    try:
        return x / y
    except ZeroDivisionError:
        return nan if x == 0.0 or x != x else math.copysign(inf, x) * math.copysign(1.0, y)


MATH_H = frozenset(
    (exp, exp2, expm1, cosh, sinh, log, log2, log10, log1p, sqrt, asin, acos, acosh, sin, cos, tan, atan, tanh, asinh,
     cbrt, erf, erfc, atan2, copysign, fabs, atanh, floor, ceil, trunc, rint, fmod)
)  # fmt: skip
"""The functions that the compiled kernel takes from `math.h` by name."""

# --- functions without a twin in C: plain Python that the generator of the kernel traces, `if` by `if` ---------------


def hypot(x: float, y: float) -> float:
    """`sqrt(x*x + y*y)` without overflow, within 2 ulp. The same bits on every platform, which libm's is not."""
    x = fabs(x)
    y = fabs(y)
    if x == inf or y == inf:
        return inf
    if x < y:
        x, y = y, x
    if x == 0.0:
        return y
    r = y / x
    return x * sqrt(1.0 + r * r)


def maximum(x: float, y: float) -> float:
    """The larger operand; `nan` if either is, as in NumPy."""
    if x > y or x != x:
        return x
    return y


def minimum(x: float, y: float) -> float:
    """The smaller operand; `nan` if either is, as in NumPy."""
    if x < y or x != x:
        return x
    return y


def relu(x: float) -> float:
    """`max(0, x)`; `nan` stays `nan`."""
    if x <= 0.0:
        return 0.0
    return x


def sigmoid(x: float) -> float:
    """`1 / (1 + exp(-x))` through the exponential that does not overflow."""
    if x < 0.0:
        e = exp(x)
        return e / (1.0 + e)
    return 1.0 / (1.0 + exp(-x))


def softplus(x: float) -> float:
    """`log(1 + exp(x))` without overflow, accurate where it is tiny."""
    if x > 0.0:
        return x + log1p(exp(-x))
    return log1p(exp(x))


def where(c: float, x: float, y: float) -> float:
    """`x` where the condition holds, else `y`."""
    if c:
        return x
    return y


def less(x: float, y: float) -> float:
    """1 where `x < y`, else 0."""
    if x < y:
        return 1.0
    return 0.0


def less_equal(x: float, y: float) -> float:
    """1 where `x <= y`, else 0."""
    if x <= y:
        return 1.0
    return 0.0


def equal(x: float, y: float) -> float:
    """1 where `x == y`, else 0."""
    if x == y:
        return 1.0
    return 0.0


def both(x: float, y: float) -> float:
    """1 where neither is 0, else 0: `x and y` without a branch."""
    if x != 0.0 and y != 0.0:
        return 1.0
    return 0.0


def sign(x: float) -> float:
    """-1, 0 or 1; `nan` stays `nan`."""
    if x > 0.0:
        return 1.0
    if x < 0.0:
        return -1.0
    return x


def same(x: float) -> float:
    """X itself."""
    return x


def step(x: float) -> float:
    """1 where `x > 0`, else 0; `nan` stays `nan`. The derivative of relu, so 0 at the kink."""
    if x > 0.0:
        return 1.0
    if x <= 0.0:
        return 0.0
    return x


# --- functions of any number of operands: each goes through them by `fold`, which is a loop in C ---------------------


def fold(
    step: Callable[..., Any],
    start: float,
    xs: Sequence[float],
    term: Callable[..., Any] | None = None,
    pairs: bool = False,
) -> Any:
    """`start`, then `z = step(z, x)` operand by operand, or `step(z, term(x))`; of pairs `step(z, term(x, y))`.

    Over what stands for any operands, which the generator of the kernel gives, it is a loop to be written.
    """
    if hasattr(xs, "__fold__"):
        return xs.__fold__(step, start, term, pairs)
    if term is None:
        return reduce(step, xs, start)
    return reduce(step, map(term, xs[::2], xs[1::2]) if pairs else map(term, xs), start)


def sum(xs: Sequence[float]) -> float:
    """`xs[0] + xs[1] + ...`, from left to right; 0 if there are none."""
    if not xs:
        return 0.0
    total: float = fold(add, -0.0, xs)  # to which adding anything changes nothing
    return total


def dot(xs: Sequence[float]) -> float:
    """`xs[0]*xs[1] + xs[2]*xs[3] + ...`, from left to right; 0 if there are none."""
    if not xs:
        return 0.0
    total: float = fold(add, -0.0, xs, mul, pairs=True)
    return total


def logsumexp(xs: Sequence[float]) -> float:
    """`log(exp(xs[0]) + exp(xs[1]) + ...)` with the largest operand taken out; -inf if there are none.

    What the others add is summed apart from it, so that its digits remain however little that is.
    """
    top: float = fold(top_of, -inf, xs)
    alike: float = fold(lambda z, x: z + 1.0 if x == top else z, -1.0, xs)
    others: float = fold(lambda z, x: z if x == top else z + exp(x - top), 0.0, xs)
    if top - top == 0.0:  # it is finite
        return top + log1p(alike + others)
    return top


def top_of(x: float, y: float) -> float:
    """The larger of two numbers; `nan`, the last of them, if one is that."""
    if y > x or y != y:
        return y
    return x


def norm(xs: Sequence[float]) -> float:
    """`sqrt(xs[0]**2 + xs[1]**2 + ...)`, without overflow; 0 if there are none."""
    top: float = fold(lambda z, x: top_of(z, fabs(x)), 5e-324, xs)  # by which 0 can be divided
    total: float = fold(lambda z, x: z + (x / top) * (x / top), 0.0, xs)
    if top - top == 0.0:  # it is finite
        return top * sqrt(total)
    return top
