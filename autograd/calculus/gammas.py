"""The gamma function, its logarithm and their derivatives on floats: what `translation` reads and writes in C.

Sources: NIST's DLMF §5.5 (recurrence, reflection), §5.7 (the series about 2), §5.11 (Stirling's series), §5.15
(polygamma), §5.12 (beta), §25.11 (Hurwitz's zeta function by Euler and Maclaurin). Tables of numbers are made of
Bernoulli's numbers B₂ₖ and of values of zeta, the last first.
"""

from math import inf, nan

from autograd.calculus.ieee import copysign, exp, expm1, fabs, floor, log, log1p, pow, rint, sin, sqrt, tan

__all__ = ["beta", "betaln", "digamma", "gamma", "lgamma", "polygamma", "polygamma_rise"]

PI = 3.141592653589793
LOG_PI = 1.1447298858494002
HALF_LOG_2PI = 0.9189385332046728
SQRT_2PI = 2.5066282746310007
ONE_LESS_EULER = 0.42278433509846713
# fmt: off
ABOUT_TWO = (  # (-1)**k (zeta(k) - 1) / k
    3.1044247747322276e-11, -6.4229645638381e-11, 1.330476437424449e-10, -2.7595228851242334e-10, 5.731367241678862e-10,
    -1.1921401405860912e-09, 2.4836745438024785e-09, -5.183475041970047e-09, 1.0838659214896955e-08,
    -2.2711094608943164e-08, 4.7698101693639804e-08, -1.0043224823968099e-07, 2.1207184805554665e-07,
    -4.492469198764566e-07, 9.55141213040742e-07, -2.039215753801366e-06, 4.374866789907488e-06, -9.439488275268397e-06,
    2.050721277567069e-05, -4.492623673813314e-05, 9.945751278180853e-05, -0.00022315475845357939,
    0.0005096695247430425, -0.001192753911703261, 0.0028905103307415234, -0.007385551028673986, 0.020580808427784546,
    -0.0673523010531981, 0.3224670334241132,
)
STIRLING = (  # B₂ₖ / (2k (2k - 1))
    0.17964437236883057, -0.029550653594771242, 0.00641025641025641, -0.0019175269175269176, 0.0008417508417508417,
    -0.0005952380952380953, 0.0007936507936507937, -0.002777777777777778, 0.08333333333333333,
)
OF_DIGAMMA = (  # B₂ₖ / 2k
    -26.456212121212122, 3.0539543302701198, -0.4432598039215686, 0.08333333333333333, -0.021092796092796094,
    0.007575757575757576, -0.004166666666666667, 0.003968253968253968, -0.008333333333333333, 0.08333333333333333,
)
MACLAURIN = (  # B₂ₖ / (2k)!, the first first
    0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07, 2.08767569878681e-08,
    -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13, 8.586062056277845e-15,
    -2.174868698558062e-16, 5.5090028283602295e-18, -1.3954464685812522e-19, 3.534707039629467e-21,
)
# fmt: on


def log_gamma_about_two(t: float) -> float:
    """`lgamma(2 + t)` for |t| <= 1/2, exact at its zero."""
    total = 0.0
    for c in ABOUT_TWO:
        total = total * t + c
    return t * (ONE_LESS_EULER + t * total)


def correction(x: float) -> float:
    """What Stirling's formula lacks of `lgamma(x)`, for x >= 10."""
    total, t = 0.0, (1.0 / x) * (1.0 / x)
    for c in STIRLING:
        total = total * t + c
    return total / x


def sine_of_pi(x: float) -> float:
    """`sin(pi * x)`, accurate beside its zeros."""
    r = x - 2.0 * rint(0.5 * x)
    if r > 0.5:
        r = 1.0 - r
    elif r < -0.5:
        r = -1.0 - r
    return sin(PI * r)


def lgamma(x: float) -> float:
    """`log(abs(gamma(x)))`; inf at its poles 0, -1, -2, ..."""
    if x != x:
        return x
    if fabs(x) == inf:
        return inf
    if x <= 0.0:
        if x == floor(x):
            return inf
        if x > -1e-5:
            return lgamma(1.0 + x) - log(-x)
        return (LOG_PI - log(fabs(sine_of_pi(x)))) - (lgamma(-x) + log(-x))
    if x < 0.5:
        return (log_gamma_about_two(x) - log1p(x)) - log(x)
    if x < 1.5:
        return log_gamma_about_two(x - 1.0) - log1p(x - 1.0)
    if x < 13.0:
        product = 1.0
        while x > 2.5:
            x = x - 1.0
            product = product * x
        return log_gamma_about_two(x - 2.0) + log(product)
    if x > 1e306:
        return x * (log(x) - 1.0)
    return ((x - 0.5) * (log(x) - 1.0) + (HALF_LOG_2PI - 0.5)) + correction(x)


def root_of_gamma(x: float) -> float:
    """`sqrt(gamma(x))` for x >= 10, where gamma itself may be too large."""
    return pow(x, 0.5 * x - 0.25) * exp(-0.5 * x) * sqrt(SQRT_2PI * exp(correction(x)))


def gamma(x: float) -> float:
    """The gamma function: inf at 0, with its sign, and nan at the other poles, as C's tgamma."""
    if x != x or x == inf:
        return x
    if x == 0.0:
        return copysign(inf, x)
    if x < 0.0 and x == floor(x):
        return nan
    if x > 172.0:
        return inf
    if x >= 10.0:
        root = root_of_gamma(x)
        return root * root
    if x > -10.0:
        product = 1.0
        while x > 2.5:
            x = x - 1.0
            product = product * x
        if x >= 1.5:
            return product * exp(log_gamma_about_two(x - 2.0))
        while x < -0.5:
            product = product * x
            x = x + 1.0
        if x < 0.5:
            return exp(log_gamma_about_two(x)) / ((1.0 + x) * x) / product
        return exp(log_gamma_about_two(x - 1.0)) / x / product
    if x < -190.0:
        return copysign(0.0, sine_of_pi(x))
    root = root_of_gamma(-x)
    return -PI / (x * sine_of_pi(x)) / root / root


def digamma(x: float) -> float:
    """The slope of `lgamma`: infinite at 0, nan at the poles below."""
    if x != x or x == inf:
        return x
    if x == 0.0:
        return copysign(inf, -x)
    if x < 0.0:
        if x == floor(x) or x == -inf:
            return nan
        return digamma(1.0 - x) - PI / tan(PI * (x - rint(x)))
    total = 0.0
    while x < 10.0:
        total = total - 1.0 / x
        x = x + 1.0
    series, t = 0.0, (1.0 / x) * (1.0 / x)
    for c in OF_DIGAMMA:
        series = series * t + c
    return total + (log(x) - (0.5 / x + t * series))


def zeta_in_units(s: float, x: float) -> float:
    """Hurwitz's `zeta(s, x)`, the sum over k >= 0 of `(x + k)**-s`, divided by its first term; for s >= 2 and x > 0."""
    total, a = 1.0, x + 12.0
    for k in range(1, 12):
        total = total + pow(x / (x + k), s)
    series, term, rising = 0.0, s / a, s
    for c in MACLAURIN:
        series = series + c * term
        term = term * ((rising + 1.0) / a) * ((rising + 2.0) / a)
        rising = rising + 2.0
    return total + pow(x / a, s) * (a / (s - 1.0) + 0.5 + series)


def zeta(s: float, x: float) -> float:
    """Hurwitz's zeta function, for s >= 2 and x > 0; far out it is about `x**(1 - s)`."""
    return pow(x, 1.0 - s) * (zeta_in_units(s, x) / x)


def polygamma(n: float, x: float) -> float:
    """The n-th derivative of `digamma`; nan unless n is whole, n >= 0, and where its sides differ at a pole."""
    if x != x or n != floor(n) or not n >= 0.0 or n == inf:
        return nan
    if n == 0.0:
        return digamma(x)
    odd = n - 2.0 * floor(0.5 * n)
    sign, s = 2.0 * odd - 1.0, n + 1.0
    if x == inf:
        return sign * 0.0
    if x > 0.0:
        if n <= 20.0:
            return sign * (gamma(s) * zeta(s, x))
        return sign * exp(lgamma(s) - s * log(x) + log(zeta_in_units(s, x)))
    if x == -inf:
        return nan
    if x == floor(x):
        return inf if odd == 1.0 else copysign(inf, -x) if x == 0.0 else nan
    below, above = zeta(s, x - floor(x)), zeta(s, -x - floor(-x))
    return sign * gamma(s) * (below + sign * (above - zeta(s, 1.0 - x)))


def power_rise(a: float, rise: float, p: float) -> float:
    """`(a + y)**-p - a**-p`, where `rise` is `log(1 + y / a)`."""
    return pow(a, -p) * expm1(-p * rise)


def digamma_rise(x: float, y: float) -> float:
    """`digamma(x + y) - digamma(x)` without cancellation, for x > 0 and y >= 0."""
    total = 0.0
    while x < 10.0:
        total = total + y / (x + y) / x
        x = x + 1.0
    rise = log1p(y / x)
    series, p = 0.0, 20.0
    for c in OF_DIGAMMA:
        series = series - c * power_rise(x, rise, p)
        p = p - 2.0
    return total + (rise + (0.5 * (y / (x + y) / x) + series))


def zeta_rise(s: float, x: float, y: float) -> float:
    """`zeta(s, x + y) - zeta(s, x)` without cancellation, for x > 0 and y >= 0."""
    total, a = 0.0, x
    for _k in range(12):
        total = total + power_rise(a, log1p(y / a), s)
        a = a + 1.0
    rise = log1p(y / a)
    series, factor, p = 0.0, s, s + 1.0
    for c in MACLAURIN:
        series = series + c * factor * power_rise(a, rise, p)
        factor = factor * p * (p + 1.0)
        p = p + 2.0
    return total + (power_rise(a, rise, s - 1.0) / (s - 1.0) + (0.5 * power_rise(a, rise, s) + series))


def polygamma_rise(n: float, x: float, y: float) -> float:
    """`polygamma(n, x + y) - polygamma(n, x)` without cancellation between the two where x and x + y are positive."""
    z = x + y
    if n != floor(n) or not (x > 0.0 and z > 0.0 and z < inf and n >= 0.0):
        return polygamma(n, z) - polygamma(n, x)
    if y < 0.0:
        return -polygamma_rise(n, z, -y)
    if n == 0.0:
        return digamma_rise(x, y)
    if n > 20.0:
        return polygamma(n, z) - polygamma(n, x)
    odd = n - 2.0 * floor(0.5 * n)
    return (2.0 * odd - 1.0) * gamma(n + 1.0) * zeta_rise(n + 1.0, x, y)


def betaln(x: float, y: float) -> float:
    """`log(abs(beta(x, y)))`."""
    if x < y:
        x, y = y, x
    if not (y > 0.0 and x < inf):
        if y > 0.0 or x != x or y != y:
            return -inf if x == x and y == y else nan
        return lgamma(x) + lgamma(y) - lgamma(x + y)
    if x < 10.0:
        return lgamma(x) + lgamma(y) - lgamma(x + y)
    ratio = y / x  # lgamma(x) - lgamma(x + y), by Stirling's formula, in which the large terms cancel
    part = correction(x) - correction(x + y) - (x - 0.5) * log1p(ratio)
    if y < 10.0:
        return lgamma(y) + (part + y * (1.0 - log(x + y)))
    return (part + (HALF_LOG_2PI + correction(y))) + ((y - 0.5) * log(ratio / (1.0 + ratio)) - 0.5 * log(x + y))


def beta(x: float, y: float) -> float:
    """`gamma(x) * gamma(y) / gamma(x + y)`; 0 where only the denominator has a pole."""
    z = x + y
    if fabs(x) < 20.0 and fabs(y) < 20.0:
        if z <= 0.0 and z == floor(z) and x != floor(x) and y != floor(y):
            return 0.0
        if z != 0.0:
            return gamma(x) / gamma(z) * gamma(y)
    if x > 0.0 and y > 0.0:
        return exp(betaln(x, y))
    return sign_of_gamma(x) * sign_of_gamma(y) * sign_of_gamma(z) * exp(betaln(x, y))


def sign_of_gamma(x: float) -> float:
    """1 or -1; nan at the poles below 0."""
    if x > 0.0:
        return 1.0
    if x == 0.0:
        return copysign(1.0, x)
    if x != x or x == floor(x):
        return nan
    return 1.0 if floor(x) == 2.0 * floor(0.5 * floor(x)) else -1.0
