"""The normal distribution's functions, those of the error function, and sinc, on floats: for `translation`.

Sources: NIST's DLMF §7.12 (erfc far out), §7.18 (the repeated integrals of erfc: derivatives of `exp(x*x) * erfc(x)`,
their three-term recurrence and its continued fraction); Abramowitz and Stegun 26.2.23 (where the search for a quantile
begins).
"""

from math import inf, nan

from autograd.calculus.gammas import PI, sine_of_pi
from autograd.calculus.ieee import cos, erf, erfc, exp, fabs, floor, log, log1p, rint, sin, sqrt

__all__ = [
    "erfcx", "erfcx_derivative", "erfinv", "log_ndtr", "ndtr", "ndtri", "norm_pdf", "sinc", "sinc_derivative",
]  # fmt: skip

MOST = 100.0  # of orders, which are counted up to
SQRT_2, SQRT_HALF, SQRT_PI = 1.4142135623730951, 0.7071067811865476, 1.772453850905516
TWO_OVER_SQRT_PI, ONE_OVER_SQRT_2PI = 1.1283791670955126, 0.3989422804014327


def exp_of_square(x: float, factor: float) -> float:
    """`exp(factor * x * x)`, the factor a power of 2: the square in two parts, of which the large one is exact."""
    if fabs(x) > 100.0:
        return exp(factor * x * x)
    near = rint(x * 16.0) / 16.0
    return exp(factor * near * near) * exp(factor * (x - near) * (x + near))


def norm_pdf(x: float) -> float:
    """The density of the standard normal distribution."""
    return ONE_OVER_SQRT_2PI * exp_of_square(x, -0.5)


def erfcx(x: float) -> float:
    """`exp(x*x) * erfc(x)`."""
    if x < 10.0:
        return inf if x < -27.0 else exp_of_square(x, 1.0) * erfc(x)
    total, t = 1.0, (0.5 / x) / x
    for k in range(12, 0, -1):
        total = 1.0 - (2.0 * k - 1.0) * t * total
    return total / x / SQRT_PI


def erfcx_derivative(n: float, x: float) -> float:
    """The n-th derivative of `erfcx`; nan unless n is whole, 0 <= n <= MOST."""
    if x != x or n != floor(n) or not (n >= 0.0 and n <= MOST):
        return nan
    if n == 0.0:
        return erfcx(x)
    if x < 0.0:  # forward: all terms of a step have one sign
        before, now, k = erfcx(x), 2.0 * x * erfcx(x) - TWO_OVER_SQRT_PI, 1.0
        while k < n:
            before, now = now, 2.0 * x * now + 2.0 * k * before
            k = k + 1.0
        return now
    if x < 0.5:  # Taylor's series; the derivatives at 0 follow each other by the same steps
        before, now, k = 1.0, -TWO_OVER_SQRT_PI, 1.0
        while k <= n:
            before, now = now, 2.0 * k * before
            k = k + 1.0
        total, power, m = 0.0, 1.0, 0.0
        while m < 60.0:
            total = total + before * power
            before, now = now, 2.0 * (n + m + 1.0) * before
            m = m + 1.0
            power = power * x / m
        return total
    ratio, product, k = 0.0, TWO_OVER_SQRT_PI, n + 30.0 + floor(180.0 / x / x)
    while k >= 0.0:  # the continued fraction for the ratio of two orders, backward
        ratio = 1.0 / (2.0 * x + 2.0 * (k + 1.0) * ratio)
        if k == 0.0:
            product = product * ratio
        elif k <= n:
            product = product * (-2.0 * k * ratio)
        k = k - 1.0
    return product


def ndtr(x: float) -> float:
    """The distribution function of the standard normal distribution."""
    if x < -1.0:
        return 0.5 * exp_of_square(x, -0.5) * erfcx(-x * SQRT_HALF)
    return 0.5 * erfc(-x * SQRT_HALF)


def log_ndtr(x: float) -> float:
    """The logarithm of `ndtr`."""
    if x < -1.0:
        return log(0.5 * erfcx(-x * SQRT_HALF)) - 0.5 * x * x if x > -1e150 else -0.5 * x * x
    return log1p(-0.5 * erfc(x * SQRT_HALF))


def inner_erfinv(y: float) -> float:
    """The inverse of erf where |y| <= 1/2: Halley's steps from a cubic."""
    x = 0.5 * SQRT_PI * y * (1.0 + 0.2617993877991494 * y * y)
    for _k in range(4):
        step = (erf(x) - y) / (TWO_OVER_SQRT_PI * exp(-x * x))
        x = x - step / (1.0 + x * step)
    return x


def outer_ndtri(p: float) -> float:
    """The inverse of ndtr where 0 < p <= 1/4: Halley's steps on its logarithm."""
    t = sqrt(-2.0 * log(p))
    x = (2.515517 + t * (0.802853 + 0.010328 * t)) / (1.0 + t * (1.432788 + t * (0.189269 + 0.001308 * t))) - t
    target = log(p)
    for _k in range(4):
        slope = 2.0 * SQRT_HALF / SQRT_PI / erfcx(-x * SQRT_HALF)
        step = (log_ndtr(x) - target) / slope
        x = x - step / (1.0 + 0.5 * step * (x + slope))
    return x


def erfinv(y: float) -> float:
    """The inverse of erf; nan outside of [-1, 1]."""
    if fabs(y) <= 0.5:
        return inner_erfinv(y)
    if fabs(y) < 1.0:
        found = -SQRT_HALF * outer_ndtri(0.5 - 0.5 * fabs(y))
        return -found if y < 0.0 else found
    return inf if y == 1.0 else -inf if y == -1.0 else nan


def ndtri(p: float) -> float:
    """The inverse of ndtr; nan outside of [0, 1]."""
    if p <= 0.25:
        return outer_ndtri(p) if p > 0.0 else -inf if p == 0.0 else nan
    if p <= 0.75:
        return SQRT_2 * inner_erfinv(2.0 * p - 1.0)
    return -outer_ndtri(1.0 - p) if p < 1.0 else inf if p == 1.0 else nan


def cosine_of_pi(x: float) -> float:
    """`cos(pi * x)`, accurate beside its zeros."""
    r = fabs(x - 2.0 * rint(0.5 * x))
    return sin(PI * (0.5 - r)) if r > 0.25 and r < 0.75 else cos(PI * r)


def sinc(x: float) -> float:
    """`sin(pi * x) / (pi * x)`, 1 at 0."""
    return sinc_derivative(0.0, x)


def sinc_derivative(n: float, x: float) -> float:
    """The n-th derivative of `sinc`; nan unless n is whole, 0 <= n <= MOST."""
    if x != x or n != floor(n) or not (n >= 0.0 and n <= MOST):
        return nan
    if fabs(x) == inf:
        return 0.0
    z, k, scale = PI * x, 0.0, 1.0
    while k < n:
        k = k + 1.0
        scale = scale * PI
    if fabs(z) > 1.0 and fabs(z) > n:  # by the n-th derivative of z * (sin(z) / z), forward
        sine, cosine = sine_of_pi(x), cosine_of_pi(x)
        now, k = sine / z, 0.0
        while k < n:
            k = k + 1.0
            sine, cosine = cosine, -sine
            now = (sine - k * now) / z
        return scale * now
    order = n - 4.0 * floor(0.25 * n)  # Taylor's series; its first term is of the power 0 or 1
    term = -1.0 if order == 1.0 or order == 2.0 else 1.0
    odd = order - 2.0 * floor(0.5 * order)
    term = term * (z if odd == 1.0 else 1.0) / (n + odd + 1.0)
    total, m = 0.0, odd
    while m < 80.0:
        total = total + term
        term = -term * (z / (m + 1.0)) * (z / (m + 2.0)) * ((n + m + 1.0) / (n + m + 3.0))
        m = m + 2.0
    return scale * total
