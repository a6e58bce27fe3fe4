"""Functions by formulas of others, as accurate: for whoever has few functions for doubles, as onnxruntime.

They are written in the words of the table, and run on whatever its rows are applied to.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

from autograd.calculus import elementary, normals, special
from autograd.calculus import table as t

__all__ = ["FORMULAS"]

LN2, LN10, PI, SQRT_HALF, INF = math.log(2.0), math.log(10.0), math.pi, math.sqrt(0.5), math.inf


# --- exponentials and logarithms ----------------------------------------------------------------------------------


def expm1(x: Any) -> Any:
    """By what `exp(x)` is off by, which its logarithm tells (Kahan)."""
    u = t.exp(x)
    found = t.where(t.equal(u - 1.0, -1.0), -1.0, (u - 1.0) * (x / t.log(u)))
    return t.where(t.equal(u, 1.0), x, t.where(t.equal(u, INF), INF, found))


def log1p(x: Any) -> Any:
    """By what `1 + x` is off by."""
    u = 1.0 + x
    off = ((u - 1.0) - x) / u  # nan at the ends
    return t.log(u) - t.where(t.equal(off, off), off, 0.0)


def cbrt(x: Any) -> Any:
    """A power of 1/3, and a step of Newton's."""
    size = t.abs(x)
    y = t.pow(size, 1.0 / 3.0)
    found = y - (y * y * y - size) / (3.0 * y * y)
    return special.copysign(t.where(t.less(0.0, size) & t.less(size, INF), found, size), x)


def sinh(x: Any) -> Any:
    """By `expm1`, and far out by the exponential of half of it."""
    size = t.abs(x)
    e, far = t.expm1(size), t.exp(0.5 * size)
    found = t.where(size > 20.0, 0.5 * far * far, 0.5 * (e + e / (e + 1.0)))
    return special.copysign(found, x)


def cosh(x: Any) -> Any:
    """By the exponential of half of it, which overflows no sooner."""
    far = t.exp(0.5 * t.abs(x))
    return 0.5 * far * far + 0.5 / far / far


def asinh(x: Any) -> Any:
    """By `log1p`, and far out by `log`."""
    size = t.abs(x)
    near = t.log1p(size + size * size / (1.0 + t.sqrt(1.0 + size * size)))
    return special.copysign(t.where(size > 1e8, t.log(size) + LN2, near), x)


def acosh(x: Any) -> Any:
    """By `log1p`, and far out by `log`."""
    above = x - 1.0
    return t.where(x > 1e8, t.log(x) + LN2, t.log1p(above + t.sqrt(above) * t.sqrt(above + 2.0)))


def atanh(x: Any) -> Any:
    """By `log1p`."""
    size = t.abs(x)
    return special.copysign(0.5 * t.log1p(2.0 * size / (1.0 - size)), x)


# --- angles -------------------------------------------------------------------------------------------------------

TERMS = 14
"""Of the arc tangent's series below tan(pi/16), where the next is below 1e-20."""


def atan(x: Any) -> Any:
    """Of the smaller of `x` and `1/x`, halved twice, by Taylor's series."""
    size = t.abs(x)
    far = size > 1.0
    z = t.where(far, 1.0 / size, size)
    for _ in range(2):
        z = z / (1.0 + t.sqrt(1.0 + z * z))
    square, total = z * z, 0.0
    for k in range(TERMS, 0, -1):
        total = square * (total + (-1.0) ** k / (2.0 * k + 1.0))
    angle = 4.0 * (z + z * total)
    return special.copysign(t.where(far, 0.5 * PI - angle, angle), x)


def asin(x: Any) -> Any:
    """Of the half angle's tangent."""
    return 2.0 * t.atan(x / (1.0 + t.sqrt((1.0 - x) * (1.0 + x))))


def acos(x: Any) -> Any:
    """Of the half angle's tangent, which is infinite at -1."""
    return 2.0 * t.atan(t.sqrt(1.0 - x) / t.sqrt(1.0 + x))


def atan2(y: Any, x: Any) -> Any:
    """Of the quotient of the smaller by the larger, in the octant where the point is."""
    high, wide = t.abs(y), t.abs(x)
    steep, top = high > wide, t.maximum(high, wide)
    ratio = t.where(steep, wide, high) / top
    angle = t.atan(t.where(t.equal(top, 0.0), 0.0, t.where(t.equal(high, wide), 1.0, ratio)))
    angle = t.where(steep, 0.5 * PI - angle, angle)
    angle = t.where(t.equal(special.copysign(1.0, x), 1.0), angle, PI - angle)
    return special.copysign(angle, y) + 0.0 * (t.minimum(top, 0.0))  # nan, if one of them is


def copysign(x: Any, y: Any) -> Any:
    """By the sign of y, or of 1/y where that is 0."""
    below = t.where(t.equal(y, 0.0), t.less(1.0 / y, 0.0), t.less(y, 0.0))
    return t.where(below, -t.abs(x), t.abs(x))


# --- whole numbers ------------------------------------------------------------------------------------------------


def trunc(x: Any) -> Any:
    """Down above 0, up below."""
    return t.where(t.less(x, 0.0), special.ceil(x), t.floor(x))


def remainder(x: Any, y: Any) -> Any:
    """As Python has it."""
    r = special.fmod(x, y)
    apart = t.both(t.less(r, 0.0), t.less(0.0, y)) + t.both(t.less(0.0, r), t.less(y, 0.0))
    return t.where(t.equal(r, 0.0), special.copysign(0.0, y), t.where(apart, r + y, r))


def floor_divide(x: Any, y: Any) -> Any:
    """As Python has it."""
    r = special.fmod(x, y)
    q = (x - r) / y
    apart = t.both(t.less(r, 0.0), t.less(0.0, y)) + t.both(t.less(0.0, r), t.less(y, 0.0))
    q = q - t.where(apart, 1.0, 0.0)
    low = t.floor(q)
    found = t.where(t.equal(q, 0.0), special.copysign(0.0, x / y), t.where(t.less(0.5, q - low), low + 1.0, low))
    return t.where(t.equal(y, 0.0), x / y, found)


# --- the error function and its like ------------------------------------------------------------------------------

CENTRE, NODES = 3.75, 26
"""Of the map `(x - CENTRE) / (x + CENTRE)` of [0, inf) to [-1, 1], and terms of Chebyshev's series there."""


@cache
def series() -> tuple[float, ...]:
    """Coefficients of `(1 + 2 x) * erfcx(x)` by Chebyshev's polynomials, from its values at their nodes.

    Source: Shepherd and Laframboise, Math. Comp. 36 (1981), for the map and the factor.
    """
    angles = [PI * (j + 0.5) / NODES for j in range(NODES)]
    values = []
    for angle in angles:
        x = CENTRE * (1.0 + math.cos(angle)) / (1.0 - math.cos(angle))
        values.append((1.0 + 2.0 * x) * normals.erfcx(x))
    return tuple([
        2.0 / NODES * math.fsum([v * math.cos(k * angle) for v, angle in zip(values, angles, strict=True)])
        for k in range(NODES)
    ])  # fmt: skip


def scaled_tail(x: Any) -> Any:
    """`erfcx` of the magnitude of x, by Clenshaw's recurrence."""
    size = t.abs(x)
    place = 1.0 - 2.0 * CENTRE / (size + CENTRE)
    first, *others = series()
    later, now = 0.0, 0.0
    for c in reversed(others):
        now, later = 2.0 * place * now - later + c, now
    return (place * now - later + 0.5 * first) / (1.0 + 2.0 * size)


def exp_of_square(x: Any, factor: float) -> Any:
    """`exp(factor * x * x)`, the square in two parts, of which the large one is exact."""
    near = special.rint(x * 16.0) / 16.0
    found = t.exp(factor * near * near) * t.exp(factor * (x - near) * (x + near))
    return t.where(t.abs(x) > 100.0, t.exp(factor * x * x), found)


def erf(x: Any) -> Any:
    """By Taylor's series near 0, else from 1."""
    square, total = x * x, 0.0
    for k in range(16, 0, -1):
        total = (total + 1.0 / (2.0 * k + 1.0)) * (-1.0 / k) * square
    near = 2.0 / math.sqrt(PI) * (x + x * total)
    return t.where(t.abs(x) < 0.5, near, special.copysign(1.0 - t.erfc(t.abs(x)), x))


def erfc(x: Any) -> Any:
    """By `erfcx`, and mirrored below 0."""
    tail = exp_of_square(x, -1.0) * scaled_tail(x)
    return t.where(t.less(x, 0.0), 2.0 - tail, tail)


def erfcx(x: Any) -> Any:
    """By its series, and mirrored below 0."""
    tail = scaled_tail(x)
    return t.where(t.less(x, 0.0), 2.0 * exp_of_square(x, 1.0) - tail, tail)


def ndtr(x: Any) -> Any:
    """By `erfcx` in the lower tail, where the square is of x itself."""
    low = 0.5 * exp_of_square(x, -0.5) * scaled_tail(x * SQRT_HALF)
    return t.where(t.less(x, -1.0), low, 0.5 * t.erfc(-x * SQRT_HALF))


def log_ndtr(x: Any) -> Any:
    """By `erfcx` in the lower tail, and `log1p` in the upper."""
    low = t.log(0.5 * scaled_tail(x * SQRT_HALF)) - 0.5 * x * x
    return t.where(t.less(x, -1.0), low, t.log1p(-0.5 * t.erfc(x * SQRT_HALF)))


def norm_pdf(x: Any) -> Any:
    """By the exponential of a square."""
    return normals.ONE_OVER_SQRT_2PI * exp_of_square(x, -0.5)


def sinc(x: Any) -> Any:
    """With the sine of what is left of x beside the nearest whole number."""
    r = x - 2.0 * special.rint(0.5 * x)
    inner = t.where(t.abs(r) > 0.5, special.copysign(1.0, r) * (1.0 - t.abs(r)), r)
    found = t.sin(PI * inner) / (PI * x)
    return t.where(t.equal(x, 0.0), 1.0, t.where(t.equal(t.abs(x), INF), 0.0, found))


# --- slopes, and what else is short -------------------------------------------------------------------------------


def xlogy(x: Any, y: Any) -> Any:
    """0 where x is 0, whatever y but nan."""
    return t.where(t.both(t.equal(x, 0.0), t.equal(y, y)), 0.0, x * t.log(y))


def xlog1py(x: Any, y: Any) -> Any:
    """0 where x is 0, whatever y but nan."""
    return t.where(t.both(t.equal(x, 0.0), t.equal(y, y)), 0.0, x * t.log1p(y))


def logit(x: Any) -> Any:
    """By `atanh` beside 1/2."""
    near, far = 2.0 * t.atanh(2.0 * x - 1.0), t.log(x) - t.log1p(-x)
    return t.where(t.both(t.less(0.25, x), t.less(x, 0.75)), near, far)


def sigmoid_slope(x: Any) -> Any:
    """By the exponential that does not overflow."""
    e = t.exp(-t.abs(x))
    return e / ((1.0 + e) * (1.0 + e))


def direction(x: Any, y: Any) -> Any:
    """0 at the origin."""
    found = t.where(t.both(t.equal(t.abs(x), INF), t.less(t.abs(y), INF)), special.copysign(1.0, x), x / t.hypot(x, y))
    return t.where(t.both(t.equal(x, 0.0), t.equal(y, 0.0)), 0.0, found)


def inversion(x: Any, y: Any) -> Any:
    """0 where x is infinite."""
    size = t.hypot(x, y)
    far = t.both(t.equal(t.abs(x), INF), t.equal(y, y))
    return t.where(far, special.copysign(0.0, x), x / size / size)


def xdivy(x: Any, y: Any) -> Any:
    """0 where x is 0, whatever y but nan."""
    return t.where(t.both(t.equal(x, 0.0), t.equal(y, y)), 0.0, x / y)


def pow_slope(x: Any, y: Any) -> Any:
    """0 where y is 0."""
    return t.where(t.equal(y, 0.0), 0.0, y * t.pow(x, y - 1.0))


def pow_log(x: Any, y: Any) -> Any:
    """0 where x is 0 and y is not below it."""
    return t.where(t.both(t.equal(x, 0.0), t.less_equal(0.0, y)), 0.0, t.pow(x, y) * t.log(x))


def pow_log_squared(x: Any, y: Any) -> Any:
    """0 where x is 0 and y is not below it."""
    edge = t.both(t.equal(x, 0.0), t.less_equal(0.0, y))
    return t.where(edge, 0.0, t.pow(x, y) * t.log(x) * t.log(x))


def pow_curvature(x: Any, y: Any) -> Any:
    """0 where y is 0 or 1."""
    twice = y * (y - 1.0)
    return t.where(t.equal(twice, 0.0), 0.0, twice * t.pow(x, y - 2.0))


def pow_mixed(x: Any, y: Any) -> Any:
    """Where x is 0 the limit from x > 0."""
    power = t.pow(x, y - 1.0)
    inside = t.where(t.equal(power, 0.0), power + y * pow_log(x, y - 1.0), power * (1.0 + y * t.log(x)))
    return t.where(t.both(t.equal(x, 0.0), t.equal(y, 0.0)), power, inside)


def share(x: Any, z: Any) -> Any:
    """0 where both are -inf."""
    return t.where(t.both(t.equal(x, -INF), t.equal(z, z)), 0.0, t.exp(x - z))


FORMULAS: dict[str, Callable[..., Any]] = {
    **{function.__name__: function for function in (
        expm1, log1p, cbrt, sinh, cosh, asinh, acosh, atanh, atan, asin, acos, atan2, copysign, trunc,
        remainder, floor_divide, erf, erfc, erfcx, ndtr, log_ndtr, norm_pdf, sinc, xlogy, xlog1py, logit,
        sigmoid_slope, direction, share, inversion, xdivy, pow_slope, pow_log, pow_curvature,
        pow_mixed, pow_log_squared,
    )},
    "exp2": lambda x: t.pow(2.0, x),
    "log2": lambda x: t.log(x) / LN2,
    "log10": lambda x: t.log(x) / LN10,
    "tan": lambda x: t.sin(x) / t.cos(x),
    "degrees": lambda x: x * elementary.DEGREES,
    "radians": lambda x: x * elementary.RADIANS,
    "one_less_square": lambda x: (1.0 - x) * (1.0 + x),
    "atan_slope": lambda x: 1.0 / (1.0 + x * x),
    "cbrt_slope": lambda x: 1.0 / (3.0 * (t.cbrt(x) * t.cbrt(x))),
}  # fmt: skip
"""Each by its name."""
