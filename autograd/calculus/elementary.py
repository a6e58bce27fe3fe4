"""Elementary functions that C's `math.h` lacks, on floats, accurate beside their zeros and in their tails: for
`translation`.

Where it costs little both sides of a choice are computed and one is taken, so that lanes go by vectors.
"""

from math import inf, nan, pi

from autograd.calculus.ieee import atanh, cbrt, copysign, div, exp, fabs, floor, fmod, hypot, log, log1p, pow, sqrt

__all__ = [
    "DEGREES", "RADIANS", "atan_slope", "cbrt_slope", "copied_sign", "degrees", "direction", "floor_divide",
    "inversion", "logit", "one_less_square", "pow_curvature", "pow_log", "pow_log_squared", "pow_mixed", "pow_slope",
    "radians", "remainder", "share", "sigmoid_slope", "xdivy", "xlog1py", "xlogy",
]  # fmt: skip

DEGREES, RADIANS = 180.0 / pi, pi / 180.0
SMALL, LARGE, FAR, NEAR = 2.0**-520, 2.0**600, 2.0**510, 2.0**-450


def copied_sign(x: float, y: float) -> float:
    """`copysign(x, y)` of C's `math.h`; where y is nan, whose sign differs between machines, the size of x."""
    return copysign(x, y) if y == y else fabs(x)


def remainder(x: float, y: float) -> float:
    """`x % y` as Python has it: with the sign of `y`, 0 too; `nan` for `y` = 0."""
    r = fmod(x, y)
    if r == 0.0:
        return copysign(0.0, y)
    if r < 0.0 and y > 0.0:
        return r + y
    if r > 0.0 and y < 0.0:
        return r + y
    return r


def floor_divide(x: float, y: float) -> float:
    """`x // y` as Python has it, a whole number with `x = y * (x // y) + x % y`; infinite or `nan` for `y` = 0."""
    if y == 0.0:
        if x == 0.0 or x != x:
            return nan
        return copysign(inf, x) * copysign(1.0, y)
    r = fmod(x, y)
    q = (x - r) / y
    if (r < 0.0 and y > 0.0) or (r > 0.0 and y < 0.0):
        q = q - 1.0
    if q == 0.0:
        return copysign(0.0, x / y)
    if q - floor(q) > 0.5:
        return floor(q) + 1.0
    return floor(q)


def degrees(x: float) -> float:
    """An angle of radians in degrees."""
    return x * DEGREES


def radians(x: float) -> float:
    """An angle of degrees in radians."""
    return x * RADIANS


def xlogy(x: float, y: float) -> float:
    """`x * log(y)`, and 0 where x is 0, whatever y but nan."""
    product = x * log(y)
    return 0.0 if x == 0.0 and y == y else product


def xlog1py(x: float, y: float) -> float:
    """`x * log(1 + y)`, and 0 where x is 0, whatever y but nan."""
    product = x * log1p(y)
    return 0.0 if x == 0.0 and y == y else product


def xdivy(x: float, y: float) -> float:
    """`x / y`, and 0 where x is 0, whatever y but nan."""
    quotient = div(x, y)
    return 0.0 if x == 0.0 and y == y else quotient


def pow_slope(x: float, y: float) -> float:
    """`y * x**(y - 1)`; 0 where y is 0."""
    return 0.0 if y == 0.0 else y * pow(x, y - 1.0)


def pow_log(x: float, y: float) -> float:
    """`x**y * log(x)`; 0 where x is 0 and y is not below it."""
    return 0.0 if x == 0.0 and y >= 0.0 else pow(x, y) * log(x)


def pow_curvature(x: float, y: float) -> float:
    """`y * (y - 1) * x**(y - 2)`; 0 where y is 0 or 1."""
    return 0.0 if y == 0.0 or y == 1.0 else y * (y - 1.0) * pow(x, y - 2.0)


def pow_mixed(x: float, y: float) -> float:
    """`x**(y - 1) * (1 + y*log(x))`; where x is 0 the limit from x > 0."""
    power = pow(x, y - 1.0)
    if power == 0.0:
        return power + y * pow_log(x, y - 1.0)
    return power if x == 0.0 and y == 0.0 else power * (1.0 + y * log(x))


def pow_log_squared(x: float, y: float) -> float:
    """`x**y * log(x)**2`; 0 where x is 0 and y is not below it."""
    return 0.0 if x == 0.0 and y >= 0.0 else pow(x, y) * log(x) * log(x)


def logit(x: float) -> float:
    """`log(x / (1 - x))`, accurate beside its zero 1/2."""
    near, far = 2.0 * atanh(2.0 * x - 1.0), log(x) - log1p(-x)
    return near if x > 0.25 and x < 0.75 else far


def sigmoid_slope(x: float) -> float:
    """`sigmoid(x) * sigmoid(-x)`."""
    e = exp(-fabs(x))
    return e / ((1.0 + e) * (1.0 + e))


def one_less_square(x: float) -> float:
    """`1 - x*x`, accurate beside its zeros."""
    return (1.0 - x) * (1.0 + x)


def direction(x: float, y: float) -> float:
    """`x / hypot(x, y)`, the cosine of the angle of the point (x, y); 0 at the origin."""
    most = fabs(x) if fabs(x) > fabs(y) else fabs(y)
    scale = SMALL if most > FAR else LARGE if most < NEAR else 1.0  # a power of 2, by which squares are no extremes
    a, b = x * scale, y * scale
    size = div(fabs(a), sqrt(a * a + b * b))
    found = 1.0 if fabs(x) == inf and fabs(y) < inf else size
    return 0.0 if x == 0.0 and y == 0.0 else copysign(found, x)


def inversion(x: float, y: float) -> float:
    """`x / (x*x + y*y)` without overflow; 0 where x is infinite."""
    size = hypot(x, y)
    found = div(div(x, size), size)
    return copysign(0.0, x) if fabs(x) == inf and y == y else found


def atan_slope(x: float) -> float:
    """The slope of atan."""
    return 1.0 / (1.0 + x * x)


def cbrt_slope(x: float) -> float:
    """The slope of cbrt; inf at 0."""
    return div(1.0, 3.0 * (cbrt(x) * cbrt(x)))


def share(x: float, z: float) -> float:
    """`exp(x - z)`, what x has in `exp(z)`, a sum: nothing of one that is 0, and nan of one that both have made inf."""
    e = exp(x - z)
    return 0.0 if x == -inf and z == z else e
