"""Bessel functions of whole orders on floats: for `translation`.

Sources: NIST's DLMF §10.2 and §10.25 (the power series), §10.17 and §10.40 (far out), §10.6 (the recurrence, forward),
§3.6 with 10.12.4 (backward, and what its sum is), §10.39 (`exp(-x) * I` by Kummer's function), §13.2, §13.3 and §13.7
(that function: its series after its exponential is taken out, its derivatives, far out).
"""

from math import inf, nan

from autograd.calculus.ieee import cbrt, copysign, cos, exp, fabs, floor, sin, sqrt

__all__ = [
    "i0", "i0e", "i0e_derivative", "i1", "i1e", "i1e_derivative", "iv", "j0", "j1", "jv",
]  # fmt: skip

MOST = 1000.0  # of orders, which are counted up to
HIGHEST = 100.0  # of derivatives
FAR = 25.0  # from here on the series of §10.17 has terms below a double's last digit
LARGE = 1e250
ONE_OVER_SQRT_PI, ONE_OVER_SQRT_2PI = 0.5641895835477563, 0.3989422804014327


def parity(n: float) -> float:
    """1 for an odd whole number, 0 for an even one."""
    return n - 2.0 * floor(0.5 * n)


def jv_series(n: float, x: float) -> float:
    """`jv` for n >= 0 and 0 <= x <= 2 by its power series, the last term first."""
    t, total, m = -0.25 * x * x, 1.0, 20.0
    while m >= 1.0:
        total = 1.0 + t / (m * (m + n)) * total
        m = m - 1.0
    k = 1.0
    while k <= n:
        total = total * (0.5 * x / k)
        k = k + 1.0
    return total


def jv_far(n: float, x: float) -> float:
    """`jv` of the orders 0 and 1 for x >= FAR."""
    even, odd, term, k = 0.0, 0.0, 1.0, 0.0
    while k < 40.0:  # what stands beside the cosine, and beside the sine
        even = even + term
        term = term * ((4.0 * n - (2.0 * k + 1.0) * (2.0 * k + 1.0)) / (8.0 * (k + 1.0) * x))
        odd = odd + term
        term = -term * ((4.0 * n - (2.0 * k + 3.0) * (2.0 * k + 3.0)) / (8.0 * (k + 2.0) * x))
        k = k + 2.0
    sine, cosine = sin(x), cos(x)
    if n == 0.0:
        sine, cosine = sine - cosine, cosine + sine
    else:
        sine, cosine = -(cosine + sine), sine - cosine
    return ONE_OVER_SQRT_PI / sqrt(x) * (even * cosine - odd * sine)


def jv_backward(n: float, x: float) -> float:
    """`jv` for n >= 0 and x > 2 by its recurrence from an order far above, where nearly nothing is left of it."""
    k = n if n > x else floor(x)
    k = k + 20.0 + floor(15.0 * cbrt(k))
    k = k + parity(k)
    above, now, total, found = 0.0, 1e-300, 0.0, 0.0
    while k > 0.0:
        if parity(k) == 0.0:
            total = total + 2.0 * now
        if k == n:
            found = now
        above, now = now, (2.0 * k / x) * now - above
        if fabs(now) > LARGE:
            above, now, total, found = above / LARGE, now / LARGE, total / LARGE, found / LARGE
        k = k - 1.0
    if n == 0.0:
        found = now
    return found / (total + now)


def jv(n: float, x: float) -> float:
    """The Bessel function of the first kind of order n, a whole one; nan of others, and where |n| > MOST."""
    if x != x or n != floor(n) or not fabs(n) <= MOST:
        return nan
    odd = parity(n)
    if n < 0.0:
        return -jv(-n, x) if odd == 1.0 else jv(-n, x)
    if x < 0.0:
        return -jv(n, -x) if odd == 1.0 else jv(n, -x)
    if x == inf:
        return 0.0
    if x <= 2.0:
        return jv_series(n, x)
    if x < FAR or n > x:
        return jv_backward(n, x)
    before, now, k = jv_far(0.0, x), jv_far(1.0, x), 1.0
    if n == 0.0:
        return before
    while k < n:
        before, now = now, (2.0 * k / x) * now - before
        k = k + 1.0
    return now


def j0(x: float) -> float:
    """`jv(0, x)`."""
    return jv(0.0, x)


def j1(x: float) -> float:
    """`jv(1, x)`."""
    return jv(1.0, x)


def scaled_far(n: float, z: float) -> float:
    """`exp(-x) * iv(n, x) * sqrt(2 pi x)` by its series in 1 / z, where z is 2x; after some z terms they grow again."""
    total, term, k = 0.0, 1.0, 1.0
    while fabs(term) > 1e-18 * total and k < z:
        total = total + term
        term = -term * ((2.0 * n - 2.0 * k + 1.0) * (2.0 * n + 2.0 * k - 1.0) / (4.0 * k * z))
        k = k + 1.0
    return total


def iv(n: float, x: float) -> float:
    """The modified Bessel function of the first kind of order n, a whole one; nan of others, and where |n| > MOST."""
    if x != x or n != floor(n) or not fabs(n) <= MOST:
        return nan
    n = fabs(n)
    if x < 0.0:
        return -iv(n, -x) if parity(n) == 1.0 else iv(n, -x)
    if x > 720.0 + n:
        return inf
    if x > 20.0 + n * n:
        half = exp(0.5 * x)  # the whole may be too large
        return half * (scaled_far(n, 2.0 * x) * (ONE_OVER_SQRT_2PI / sqrt(x))) * half
    t, total, m = 0.25 * x * x, 1.0, floor(1.5 * x) + 20.0
    while m >= 1.0:
        total = 1.0 + t / (m * (m + n)) * total
        m = m - 1.0
    k = 1.0
    while k <= n:
        total = total * (0.5 * x / k)
        k = k + 1.0
    return total


def i0(x: float) -> float:
    """`iv(0, x)`."""
    return iv(0.0, x)


def i1(x: float) -> float:
    """`iv(1, x)`."""
    return iv(1.0, x)


def falling(n: float, x: float) -> float:
    """`(-1)**n` times the n-th derivative of `i0e` for x >= 0, and from above at 0: Kummer's function, of one sign."""
    z = 2.0 * x
    if z > 40.0 + 4.0 * n:
        total, term, k, factor = 0.0, 1.0, 0.0, 1.0
        while term > 1e-18 * total and k < z:
            total = total + term
            term = term * ((n + k + 0.5) * (k + 0.5) / ((k + 1.0) * z))
            k = k + 1.0
        k = 0.0
        while k < n:
            factor = factor * ((2.0 * k + 1.0) / z)
            k = k + 1.0
        return factor * total * (ONE_OVER_SQRT_2PI / sqrt(x))
    total, m, factor = 1.0, floor(z + 10.0 * sqrt(z)) + 30.0, exp(-z)
    while m >= 1.0:
        total = 1.0 + z * ((m - 0.5) / (m * (n + m))) * total
        m = m - 1.0
    k = 0.0
    while k < n:
        factor = factor * ((2.0 * k + 1.0) / (k + 1.0))
        k = k + 1.0
    return factor * total


def i0e_derivative(n: float, x: float) -> float:
    """The n-th derivative of `i0e`, at 0 the mean of both sides; nan unless n is whole, 0 <= n <= HIGHEST."""
    if x != x or n != floor(n) or not (n >= 0.0 and n <= HIGHEST):
        return nan
    if parity(n) == 0.0:
        return falling(n, fabs(x))
    return 0.0 if x == 0.0 else copysign(falling(n, fabs(x)), -x)


def i1e_derivative(n: float, x: float) -> float:
    """The n-th derivative of `i1e`, at 0 the mean of both sides; nan unless n is whole, 0 <= n <= HIGHEST."""
    if x != x or n != floor(n) or not (n >= 0.0 and n <= HIGHEST):
        return nan
    odd, z = parity(n), 2.0 * fabs(x)
    if x == 0.0 and odd == 0.0:
        return x if n == 0.0 else 0.0
    if z > 40.0 + 4.0 * (n + 1.0):
        total = falling(n, fabs(x)) - falling(n + 1.0, fabs(x))
    else:  # the same series, in which what the two have in common is taken off
        total, m, k = 0.0, floor(z + 10.0 * sqrt(z)) + 30.0 + n, 0.0
        while m >= 0.0:
            total = (m - n) + z * ((m + 0.5) / ((m + 1.0) * (n + 2.0 + m))) * total
            m = m - 1.0
        total = total * (exp(-z) / (n + 1.0))
        while k < n:
            total = total * ((2.0 * k + 1.0) / (k + 1.0))
            k = k + 1.0
    return -total if odd == 1.0 or x < 0.0 else total


def i0e(x: float) -> float:
    """`exp(-abs(x)) * i0(x)`."""
    return i0e_derivative(0.0, x)


def i1e(x: float) -> float:
    """`exp(-abs(x)) * i1(x)`."""
    return i1e_derivative(0.0, x)
